"""What was seen of what a function returns, while it is read. Pure."""

from dataclasses import dataclass, field

from blinkdecl.model.detection import Word


@dataclass
class Seen:
    """What was seen so far: the parts of a `Returns`, with repetitions."""

    literals: list[tuple[Word, ...] | None] = field(default_factory=list)
    unknown: str = ""
    named: list[Word] = field(default_factory=list)
    wrong: list[Word] = field(default_factory=list)

    def add(self, other: "Seen") -> None:
        """Add what else may be given."""
        self.literals += other.literals
        self.named += other.named
        self.wrong += other.wrong
        self.unknown = self.unknown or other.unknown

    @property
    def names(self) -> list[Word]:
        """Every literal part."""
        return [*self.named, *(word for each in self.literals for word in each or ())]

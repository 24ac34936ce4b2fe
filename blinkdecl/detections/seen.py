"""What was seen of what a function returns, while it is read. Pure."""

import ast
from dataclasses import dataclass, field
from typing import Literal

from blinkdecl.model.detection import Word

# What literals are: lists of destinations, or the word of a severity.
Kind = Literal["lists", "words"]
# What is none to Panther.
_NEITHER: dict[type[ast.AST], str] = {
    ast.Tuple: "a tuple",
    ast.Set: "a set",
    ast.SetComp: "a set",
    ast.Dict: "a dict",
    ast.DictComp: "a dict",
    ast.GeneratorExp: "a generator",
    ast.Lambda: "a function",
}
WRONG: dict[Kind, dict[type[ast.AST], str]] = {
    "lists": {**_NEITHER, ast.JoinedStr: "a text"},
    "words": {**_NEITHER, ast.List: "a list", ast.ListComp: "a list"},
}


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

"""A Panther detection, as far as its files describe it. Frozen data, no I/O."""

from collections.abc import Mapping
from dataclasses import dataclass

from blinkdecl.diagnostics import Position

# A text and the line that it is on, from 1.
Word = tuple[str, int]

# Panther's kinds of analysis that raise alerts, and the type of those alerts.
ALERT_TYPE_OF: Mapping[str, str] = {
    "rule": "RULE",
    "scheduled_rule": "SCHEDULED_RULE",
    "correlation_rule": "CORRELATION_RULE",
    "policy": "POLICY",
}


def words_of(value: tuple[Word, ...] | None) -> tuple[str, ...] | None:
    """Return a literal without its lines."""
    return None if value is None else tuple(text for text, _ in value)


@dataclass(frozen=True, slots=True)
class Returns:
    """The distinct literal returns, in order; a string is a list of one. `dynamic` = there may be others."""

    literals: tuple[tuple[Word, ...] | None, ...]
    dynamic: bool


@dataclass(frozen=True, slots=True)
class Detection:
    """A detection that raises alerts.

    `override` are the entries of its OutputIds with their places. `returned` and `generated` are what its
    ``destinations()`` and ``severity()`` return (None = not defined); `code` is the Python file that defines them.
    """

    id: str
    position: Position
    alert_type: str
    severity: str
    log_types: tuple[str, ...] = ()
    enabled: bool = True
    override: tuple[tuple[str, Position], ...] = ()
    returned: Returns | None = None
    generated: Returns | None = None
    code: str = ""

    @property
    def dynamic(self) -> bool:
        """Whether its own code decides when the alert is raised."""
        return any(each is not None and each.dynamic for each in (self.returned, self.generated))

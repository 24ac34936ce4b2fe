"""A Panther detection, as far as its files describe it. Frozen data, no I/O."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from blinkdecl.diagnostics import Position

# A text and where it is written.
Word = tuple[str, Position]

# Panther's kinds of analysis that raise alerts, and the type of those alerts.
ALERT_TYPE_OF: Mapping[str, str] = {
    "rule": "RULE",
    "scheduled_rule": "SCHEDULED_RULE",
    "correlation_rule": "CORRELATION_RULE",
    "policy": "POLICY",
}
# What `severity()` may say for the static severity.
DEFAULT = "DEFAULT"


def words_of(value: tuple[Word, ...] | None) -> tuple[str, ...] | None:
    """Return a literal without its places."""
    return None if value is None else tuple(text for text, _ in value)


@dataclass(frozen=True, slots=True)
class Returns:
    """What a function returns, as far as its text says so.

    `literals` are the distinct literal returns, in order; a string is a list of one. `wrong` are returns that Panther
    takes for an error, in words (``a tuple``): they count as None, which is then among the literals. `unknown` says why
    there may be other returns; "" = there are none. `named` are the literal parts of such returns.
    """

    literals: tuple[tuple[Word, ...] | None, ...] = ()
    unknown: str = ""
    named: tuple[Word, ...] = ()
    wrong: tuple[Word, ...] = ()

    @property
    def dynamic(self) -> bool:
        """Whether it is only known when the alert is raised."""
        return bool(self.unknown)


@dataclass(frozen=True, slots=True)
class Detection:
    """A detection, whether or not it raises alerts.

    `severity` is the static one; None = not known. `signal` = it raises no alerts (``CreateAlert: false``). `withheld`
    is a Status with which panther_analysis_tool uploads nothing, "" for others. `override` are the entries of its
    OutputIds, `changed_to` the severities that its DynamicSeverities change to. `returned` and `generated` are what its
    ``destinations()`` and ``severity()`` return (None = not defined). `expected` are the destinations that its unit
    tests expect, by the test's name. `parts` are the ids of the rules that a
    correlation rule looks for. `unknown` says what else is not known of it, a phrase each.

    `keeps_known` = of a returned list the known entries are reached, whatever the others are: PyPanther's way.
    """

    id: str
    position: Position
    alert_type: str
    severity: str | None
    log_types: tuple[str, ...] = ()
    enabled: bool = True
    signal: bool = False
    withheld: str = ""
    override: tuple[Word, ...] = ()
    changed_to: tuple[Word, ...] = ()
    returned: Returns | None = None
    generated: Returns | None = None
    expected: tuple[tuple[str, tuple[Word, ...]], ...] = ()
    parts: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    keeps_known: bool = False

    @property
    def not_known(self) -> tuple[str, ...]:
        """What is not known of the ways that its alerts go, a phrase each."""
        return tuple(dict.fromkeys((*self.unknown, *(each.unknown for each in self._functions() if each.unknown))))

    @property
    def dynamic(self) -> bool:
        """Whether its own code decides when the alert is raised."""
        return any(each.dynamic for each in self._functions())

    def _functions(self) -> Iterator[Returns]:
        yield from (each for each in (self.returned, self.generated) if each is not None)

"""Which destinations an alert reaches, and why. Pure; the one place that knows Panther's order of precedence:

1. what the detection's ``destinations()`` returned: a list is final; an empty one, or one that holds ``SKIP``,
   reaches nobody; only the first ten entries count; ``None`` moves on to 2
2. the detection's static override (``OutputIds`` in its YAML), which is final too; an empty one moves on to 3
3. the destinations' own settings: severity, alert type and log type

Entries of 1 and 2 are ids or display names, and are not filtered by 3. The versions of Panther differ in one thing: in
the code of 2021, a list of 1 in which no entry is known moves on to 2; in later versions it reaches nobody.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from blinkdecl.model.resource import accepts_type
from blinkdecl.routing.receiver import Receiver

SKIP = "SKIP"
MOST_RETURNED = 10
RoutingRules = Literal["current", "2021"]
Decider = Literal["returned", "override", "settings"]


@dataclass(frozen=True, slots=True)
class RoutedAlert:
    """What routing looks at in an alert.

    `severity` is what ``severity()`` generated, otherwise the static one. `log_types` is empty for policies, which
    have resource types, and for system errors, which have neither. `override` and `returned`: None = the detection has
    none; entries are ids or display names.
    """

    severity: str
    type: str
    log_types: tuple[str, ...] = ()
    override: tuple[str, ...] | None = None
    returned: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether a destination is reached, and why or why not, in a sentence without a full stop."""

    receiver: Receiver
    reached: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Route:
    """Who gets an alert. `unknown` = entries of the deciding list that name no existing destination."""

    decided_by: Decider
    decisions: tuple[Decision, ...]
    unknown: tuple[str, ...] = ()

    @property
    def reached(self) -> tuple[Receiver, ...]:
        """The destinations that get the alert, each once."""
        return tuple(each.receiver for each in self.decisions if each.reached)


def route(alert: RoutedAlert, receivers: Sequence[Receiver], rules: RoutingRules = "current") -> Route:
    """Return who gets an alert among these destinations; `decisions` are in the same order."""
    if alert.returned is not None:
        known = _known(alert.returned, receivers)
        if known or rules == "current" or SKIP in alert.returned or not alert.returned:
            return _named("returned", "destinations()", alert.returned, receivers)
    if alert.override:
        return _named("override", "OutputIds", alert.override, receivers)
    return Route("settings", tuple(Decision(each, *_accepts(each, alert)) for each in receivers))


def _named(decider: Decider, source: str, entries: tuple[str, ...], receivers: Sequence[Receiver]) -> Route:
    """Return the route of a list that is final."""
    verb = "returned" if decider == "returned" else "is"
    if SKIP in entries or not entries:
        reason = f"{source} {verb} {SKIP if entries else 'an empty list'}: nobody gets it"
        return Route(decider, tuple(Decision(each, reached=False, reason=reason) for each in receivers))
    counted = entries[:MOST_RETURNED] if decider == "returned" else entries
    unknown = tuple(dict.fromkeys(each for each in counted if not _known((each,), receivers)))
    decisions = []
    for each in receivers:
        if _is_named(each, counted):
            decisions.append(Decision(each, reached=True, reason=f"{source} names it"))
        elif _is_named(each, entries):
            decisions.append(Decision(each, reached=False, reason=f"{source} names it after the first {MOST_RETURNED}"))
        else:
            decisions.append(Decision(each, reached=False, reason=f"{source} does not name it, and decides alone"))
    return Route(decider, tuple(decisions), unknown)


def _known(entries: Iterable[str], receivers: Iterable[Receiver]) -> bool:
    named = frozenset(entries)
    return any(each.display_name in named or each.id in named for each in receivers)


def _is_named(receiver: Receiver, entries: tuple[str, ...]) -> bool:
    return receiver.display_name in entries or receiver.id in entries


def _accepts(receiver: Receiver, alert: RoutedAlert) -> tuple[bool, str]:
    """Return whether a destination's own settings take the alert, and why."""
    if alert.severity not in receiver.severities:
        return False, f"severity {alert.severity} is not among {_listed(receiver.severities)}"
    if not accepts_type(receiver.alert_types, alert.type):
        return False, f"alert type {alert.type} is not among {_listed(receiver.alert_types)}"
    if not receiver.log_types:
        return True, f"severity {alert.severity} and alert type {alert.type} are accepted, from every log"
    shared = [each for each in alert.log_types if each in receiver.log_types]
    if shared:
        return True, f"severity {alert.severity}, alert type {alert.type} and log type {shared[0]} are accepted"
    if not alert.log_types:
        return False, f"it takes {_listed(receiver.log_types)} only, and the alert has no log type"
    return False, f"log type {_listed(alert.log_types)} is not among {_listed(receiver.log_types)}"


def _listed(values: tuple[str, ...]) -> str:
    return ", ".join(values) or "none"

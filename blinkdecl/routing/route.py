"""Which destinations an alert reaches, and why. Pure; the one place that knows Panther's order of precedence:

1. what the detection's ``destinations()`` returned:
     an empty list reaches nobody, and so does one with ``SKIP``, as the documentation says of it
     a list in which every entry is a destination, and none is there twice, reaches the first ten of them
     any other list is discarded whole; like ``None``, it moves on to 2
2. the detection's static override (``OutputIds`` in its YAML): ``SKIP`` reaches nobody, otherwise the entries that
   exist are reached; an empty list moves on to 3
3. the destinations' own settings: severity, alert type and log type; of a system error, which is always CRITICAL, only
   type and log type: as the documentation says, who takes system errors gets them without taking CRITICAL, too

Entries of 1 are ids or display names, those of 2 are ids: that names work there, too, is not proved, but assumed. They
are not filtered by 3. Panther of 2021 differs in two things: in 2 only ids count there, and a list of which no id
exists moves on to 3 (what becomes of it today is not documented: it is taken to reach nobody).

The facts are those of panther_core 0.16.3, the published package that runs detections. It takes ``SKIP`` in a list of
1 for one more unknown name, which only an empty list avoids for certain.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from blinkdecl.model.resource import SYSTEM_ERROR, accepts_severity, accepts_type
from blinkdecl.routing.receiver import Receiver

SKIP = "SKIP"
MOST_RETURNED = 10
RoutingRules = Literal["current", "2021"]
Decider = Literal["returned", "override", "settings"]
# What is said of entries in a sentence names this many.
_TOLD = 3


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
    """Who gets an alert.

    `unknown` = entries of the alert's lists that name no existing destination, as far as they were looked at.
    `discarded` = what was not heeded and why, in a sentence without a full stop; "" = nothing.
    """

    decided_by: Decider
    decisions: tuple[Decision, ...]
    unknown: tuple[str, ...] = ()
    discarded: str = ""

    @property
    def reached(self) -> tuple[Receiver, ...]:
        """The destinations that get the alert, each once."""
        return tuple(each.receiver for each in self.decisions if each.reached)


class Known:
    """The destinations among which alerts are routed, by their names and ids."""

    def __init__(self, receivers: Sequence[Receiver]) -> None:
        self.receivers = receivers
        places = range(len(receivers) - 1, -1, -1)  # of two with one name, the first counts
        self._ids = {found: place for place in places if (found := receivers[place].id)}
        self._names = {receivers[place].display_name: place for place in places} | self._ids

    def unknown(self, entries: Iterable[str], rules: RoutingRules | None = None) -> tuple[str, ...]:
        """Return the entries that are neither a name nor an id, each once; in an override of 2021, no id."""
        names = self._ids if rules == "2021" else self._names
        return tuple(dict.fromkeys(each for each in entries if each not in names))

    def places(self, entries: Iterable[str], rules: RoutingRules | None = None) -> list[int]:
        """Return the index of each entry that is known."""
        names = self._ids if rules == "2021" else self._names
        return [names[each] for each in entries if each in names]

    def flaw(self, entries: Sequence[str]) -> str:
        """Return why a list that ``destinations()`` returned is discarded, "" where it is not."""
        if unknown := self.unknown(entries):
            return f"no destination is called {_quoted(unknown)}"
        seen: dict[int, str] = {}
        for each, place in zip(entries, self.places(entries), strict=True):
            if place in seen:
                also = "" if seen[place] == each else f", also as {_quoted((seen[place],))}"
                return f"{_quoted((each,))} is there twice{also}"
            seen[place] = each
        return ""


def route(alert: RoutedAlert, receivers: Sequence[Receiver] | Known, rules: RoutingRules = "current") -> Route:
    """Return who gets an alert among these destinations; `decisions` are in the same order."""
    known = receivers if isinstance(receivers, Known) else Known(receivers)
    discarded = ""
    unknown: tuple[str, ...] = ()
    if alert.returned is not None:
        if not alert.returned or SKIP in alert.returned:
            return _skipped(alert.returned, known)
        if not (flaw := known.flaw(alert.returned)):
            return _named(alert.returned, known)
        discarded = f"what destinations() returned is discarded, since {flaw}"
        unknown = known.unknown(alert.returned)
    if alert.override:
        strangers = known.unknown((each for each in alert.override if each != SKIP), rules)
        unknown = tuple(dict.fromkeys((*unknown, *strangers)))
        if SKIP in alert.override or rules == "current" or len(strangers) < len(set(alert.override)):
            return _overridden(alert.override, known, rules, Route("override", (), unknown, discarded))
        passed = "OutputIds is passed over, since no destination has one of its ids"
        discarded = f"{discarded}; {passed}" if discarded else passed
    decisions = (Decision(each, *_accepts(each, alert)) for each in known.receivers)
    return Route("settings", tuple(_after(discarded, each) for each in decisions), unknown, discarded)


def _skipped(entries: tuple[str, ...], known: Known) -> Route:
    """Return the route of a list that means nobody."""
    reason = "destinations() returned an empty list: nobody gets it"
    if entries:
        reason = f"destinations() returned {SKIP}: it is meant for nobody, and only an empty list is certain to be"
    decisions = tuple(Decision(each, reached=False, reason=reason) for each in known.receivers)
    return Route("returned", decisions, known.unknown(each for each in entries if each != SKIP))


def _named(entries: tuple[str, ...], known: Known) -> Route:
    """Return the route of a list that ``destinations()`` returned and that is final."""
    places = known.places(entries)
    reached, late = set(places[:MOST_RETURNED]), set(places[MOST_RETURNED:])
    reasons = dict.fromkeys(reached, "destinations() names it")
    reasons |= dict.fromkeys(late, f"destinations() names it after the first {MOST_RETURNED}")
    no = "destinations() does not name it, and decides alone"
    decisions = (Decision(each, at in reached, reasons.get(at, no)) for at, each in enumerate(known.receivers))
    return Route("returned", tuple(decisions))


def _overridden(entries: tuple[str, ...], known: Known, rules: RoutingRules, so_far: Route) -> Route:
    """Return the route of OutputIds."""
    reached = set(known.places(entries, rules)) if SKIP not in entries else set()
    if SKIP in entries:
        no = f"OutputIds is {SKIP}: nobody gets it"
    elif reached:
        no = "OutputIds does not name it, and decides alone"
    else:
        no = f"OutputIds names nobody who exists ({_quoted(entries)}): what happens then is not documented"
    decisions = []
    for at, each in enumerate(known.receivers):
        by = "OutputIds names it" if each.id in entries else "OutputIds has its name, where only ids are proved to work"
        decisions.append(_after(so_far.discarded, Decision(each, at in reached, by if at in reached else no)))
    return Route("override", tuple(decisions), so_far.unknown, so_far.discarded)


def _after(discarded: str, decision: Decision) -> Decision:
    """Return the decision with what was discarded before it."""
    if not discarded:
        return decision
    return Decision(decision.receiver, decision.reached, f"{discarded}; {decision.reason}")


def _accepts(receiver: Receiver, alert: RoutedAlert) -> tuple[bool, str]:
    """Return whether a destination's own settings take the alert, and why."""
    if not accepts_severity(receiver.severities, alert.severity, alert.type):
        return False, f"severity {alert.severity} is not among {_listed(receiver.severities)}"
    if not accepts_type(receiver.alert_types, alert.type):
        return False, f"alert type {alert.type} is not among {_listed(receiver.alert_types)}"
    if not receiver.log_types and alert.type == SYSTEM_ERROR:
        return True, f"alert type {alert.type} is accepted, whatever the severities, from every log"
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


def _quoted(entries: Sequence[str]) -> str:
    more = ", ..." if len(entries) > _TOLD else ""
    return ", ".join(f'"{each}"' for each in entries[:_TOLD]) + more

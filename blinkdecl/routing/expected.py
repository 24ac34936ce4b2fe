"""Which destinations must get an observed alert, and which may. Pure.

Between the two is what nobody can know: which of a detection's log types an alert has, what its code decided, what it
looked like before it was changed. Sets of destinations are bit masks, as in `cells`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from blinkdecl.model.observed import Knowledge, ObservedAlert
from blinkdecl.model.resource import ALERT_TYPES, LOGLESS, SEVERITIES
from blinkdecl.routing.cells import mask_of
from blinkdecl.routing.receiver import Receiver
from blinkdecl.routing.route import SKIP, Known, RoutedAlert, route

# A log type that no destination names.
_ANY_OTHER = ""
# Why nothing is expected for certain: what `Knowledge` has, and what this version does not know.
Doubt = Knowledge | Literal["new-kind"]


@dataclass(frozen=True, slots=True)
class Kind:
    """What alerts have in common that are routed alike; fields as in `ObservedAlert`."""

    severity: str
    type: str
    knowledge: Knowledge
    log_types: tuple[str, ...] | None
    override: tuple[str, ...]


def kind_of_alert(alert: ObservedAlert) -> Kind:
    """Return the kind of an alert."""
    return Kind(alert.severity, alert.type, alert.knowledge, alert.log_types, alert.override)


@dataclass(frozen=True, slots=True)
class Expected:
    """Who gets alerts of a kind: `must` is part of `may`.

    `by_settings` = the destinations' own settings decide, so that the alert says something about these. `doubt` is why
    everything is possible, None where it is not. `skipped` = the detection wants nobody to get them.
    """

    must: int
    may: int
    by_settings: bool = False
    doubt: Doubt | None = None
    skipped: bool = False


def doubt_of(kind: Kind) -> Doubt | None:
    """Return why nobody can say who gets alerts of a kind, None where it can be said."""
    if kind.severity not in SEVERITIES or kind.type not in ALERT_TYPES:
        return "new-kind"
    return kind.knowledge if kind.knowledge != "known" else None


class Expectations:
    """What is expected of some destinations; each kind of alert is routed once.

    `logs` = log types to tell apart beside those that the destinations name.
    """

    def __init__(self, receivers: Sequence[Receiver], logs: Iterable[str] = ()) -> None:
        self._known = Known(receivers)
        self._all = mask_of(range(len(receivers)), len(receivers))
        self._ids = {each.id: 1 << place for place, each in enumerate(receivers) if each.id}
        self._logs = tuple(dict.fromkeys((*logs, *(log for each in receivers for log in each.log_types))))
        self._routed: dict[RoutedAlert, int] = {}
        self._found: dict[Kind, Expected] = {}

    def of(self, kind: Kind) -> Expected:
        """Return who must and who may get alerts of a kind."""
        if kind not in self._found:
            self._found[kind] = self._expected(kind)
        return self._found[kind]

    def cases(self, kind: Kind) -> tuple[int, ...]:
        """Return who gets alerts of a kind in each case that is possible; of a doubtful kind, in the extreme ones.

        Which case is which depends on the kind and on `logs` alone, if these name every log type of the destinations:
        the cases of two sets of destinations can be held against each other.
        """
        if doubt_of(kind) is not None:
            return 0, self._all
        if SKIP in kind.override:
            return (0,)
        return self._overridden(kind) if kind.override else self._by_settings(kind)

    def _expected(self, kind: Kind) -> Expected:
        must, may = self._all, 0
        for mask in self.cases(kind):
            must, may = must & mask, may | mask
        doubt, skipped = doubt_of(kind), SKIP in kind.override
        if doubt is not None:
            return Expected(must, may, doubt=doubt)
        return Expected(must, may, by_settings=not kind.override, skipped=skipped)

    def _overridden(self, kind: Kind) -> tuple[int, ...]:
        """Return who gets what OutputIds names: only ids are proved to work, and a list of strangers may not count."""
        by_id = 0
        for each in kind.override:
            by_id |= self._ids.get(each, 0)
        by_name = self._reached(RoutedAlert(kind.severity, kind.type, override=kind.override))
        return by_name | by_id, by_id, *(by_id or mask for mask in self._by_settings(kind))

    def _by_settings(self, kind: Kind) -> tuple[int, ...]:
        return tuple(
            self._reached(RoutedAlert(kind.severity, kind.type, (log,) if log is not None else ()))
            for log in self._possible(kind)
        )

    def _possible(self, kind: Kind) -> Sequence[str | None]:
        """Return the log types that alerts of a kind may have, None for no log type."""
        if kind.type in LOGLESS:
            return (None,)
        return kind.log_types or (None, _ANY_OTHER, *self._logs)

    def _reached(self, alert: RoutedAlert) -> int:
        if alert not in self._routed:
            decisions = route(alert, self._known).decisions
            self._routed[alert] = mask_of((at for at, each in enumerate(decisions) if each.reached), len(decisions))
        return self._routed[alert]

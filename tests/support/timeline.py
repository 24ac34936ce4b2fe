"""What a tenant held after each change, and whether anybody was left without alerts meanwhile."""

import threading
from collections.abc import Iterable, Mapping
from itertools import pairwise

from blinkdecl.model.live import LiveObject
from blinkdecl.model.resource import ALERT_TYPES, LOGLESS, SEVERITIES, Attributes
from blinkdecl.sandbox.panther.timeline import Moment
from blinkdecl.secret.value import Secret
from tests.support.doubles import MemoryProvider

Cell = tuple[str, str, str | None]
# A log type that no destination names.
ANY_OTHER = "Any.Other"


def receives(attributes: Attributes, cell: Cell) -> bool:
    """Whether a destination of these attributes gets such alerts: written down again, to be compared with."""
    severity, alert_type, log = cell
    severities, types, logs = (attributes[each] for each in ("severities", "alert_types", "log_types"))
    assert isinstance(severities, tuple)
    assert isinstance(types, tuple)
    assert isinstance(logs, tuple)
    heard = severity in severities or alert_type == "SYSTEM_ERROR"
    return heard and (not types or alert_type in types) and (not logs or log in logs)


def cells(logs: Iterable[str]) -> list[Cell]:
    """Return every kind of alert, with these log types and another one."""
    found: list[Cell] = [("CRITICAL", "SYSTEM_ERROR", None)]
    found += [(severity, kind, None) for severity in SEVERITIES for kind in LOGLESS if kind != "SYSTEM_ERROR"]
    with_log = [each for each in ALERT_TYPES if each not in LOGLESS]
    found += [(severity, kind, log) for severity in SEVERITIES for kind in with_log for log in (*logs, ANY_OTHER)]
    return found


def stored(moment: Moment) -> list[Attributes]:
    """Return what the sandbox's Panther held at a moment of its timeline, as far as it decides who gets what."""
    return [
        {"severities": each.severities, "alert_types": each.alert_types, "log_types": each.log_types}
        for each in moment.destinations
    ]


def unkept(
    moments: Iterable[Iterable[Attributes]],
    before: Iterable[Attributes],
    after: Iterable[Attributes],
    logs: Iterable[str] = (),
) -> list[Cell]:
    """Return the cells that somebody got before and was to get after, and nobody got at some moment."""
    first, last, between = list(before), list(after), [list(each) for each in moments]
    kept = [each for each in cells(logs) if _somebody(first, each) and _somebody(last, each)]
    return [each for each in kept if not all(_somebody(moment, each) for moment in between)]


def _somebody(side: Iterable[Attributes], cell: Cell) -> bool:
    return any(receives(each, cell) for each in side)


class TimelineProvider(MemoryProvider):
    """A tenant that keeps what it held after each change; changes are made one at a time."""

    def __init__(self, objects: tuple[LiveObject, ...] = ()) -> None:
        super().__init__(objects)
        self.timeline: list[tuple[LiveObject, ...]] = [self.list()]
        self.given: list[tuple[str, Attributes | None]] = []
        self._order = threading.Lock()

    def create(self, attributes: Attributes, secrets: Mapping[str, Secret]) -> LiveObject:
        """Make a destination, and keep what there is then."""
        with self._order:
            try:
                return super().create(attributes, secrets)
            finally:
                self.given.append(("", attributes))
                self.timeline.append(self.list())

    def update(self, object_id: str, attributes: Attributes, secrets: Mapping[str, Secret]) -> LiveObject:
        """Change a destination, and keep what there is then."""
        with self._order:
            try:
                return super().update(object_id, attributes, secrets)
            finally:
                self.given.append((object_id, attributes))
                self.timeline.append(self.list())

    def delete(self, object_id: str) -> None:
        """Remove a destination, and keep what there is then."""
        with self._order:
            try:
                super().delete(object_id)
            finally:
                self.given.append((object_id, None))
                self.timeline.append(self.list())

    def gaps(self, before: Iterable[LiveObject], after: Iterable[Attributes], logs: Iterable[str]) -> list[Cell]:
        """Return the cells that somebody got before and was to get after, and nobody got at some moment."""
        moments = [[each.attributes for each in moment] for moment in self.timeline]
        return unkept(moments, [each.attributes for each in before], after, logs)

    def given_up(self, before: Iterable[LiveObject], after: Iterable[Attributes], logs: Iterable[str]) -> list[Cell]:
        """Return the cells that a call took from one destination while nobody else got them, and somebody was to.

        What the tenant itself takes, by storing less than it was asked to, is not ours.
        """
        was_there, wanted = [each.attributes for each in before], tuple(after)
        kept = [each for each in cells(logs) if _somebody(was_there, each) and _somebody(wanted, each)]
        found = []
        for (was, becomes), (object_id, asked) in zip(pairwise(self.timeline), self.given, strict=True):
            there = [each.attributes for each in was if each.id == object_id]
            taken = [
                each
                for each in kept
                if any(receives(held, each) for held in there) and not (asked and receives(asked, each))
            ]
            found += [each for each in taken if not _somebody([other.attributes for other in becomes], each)]
        return found

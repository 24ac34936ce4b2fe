"""What a tenant held after each change: the changes are kept, and what there was is put together when it is asked for.

So it costs no more than the changes, however many destinations there are.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, Self

from blinkdecl.sandbox.panther.destination import Destination

Operation = Literal["start", "create", "update", "delete"]


@dataclass(frozen=True, slots=True)
class Event:
    """One change, by whom, of which destination, and what is stored of it since then (None = deleted)."""

    at: str
    operation: Operation
    by: str
    id: str
    stored: Destination | None = None


@dataclass(frozen=True, slots=True)
class Moment:
    """All that was stored right after a change; ``start`` is what there was before the first."""

    at: str
    operation: Operation
    by: str
    id: str
    destinations: tuple[Destination, ...]

    def shown(self) -> dict[str, object]:
        """Return it as JSON shows it: what decides who receives what, and neither URLs nor secrets."""
        rows = [
            {
                "id": each.id,
                "display_name": each.display_name,
                "severities": list(each.severities),
                "alert_types": list(each.alert_types),
                "log_types": list(each.log_types),
                "allow_manual_dispatch": each.allow_manual_dispatch,
            }
            for each in self.destinations
        ]
        told = {"at": self.at, "operation": self.operation, "by": self.by, "id": self.id}
        return {**told, "destinations": rows}


class Timeline:
    """The changes of a tenant, oldest first; not safe to use from several threads."""

    def __init__(self, start: Iterable[Destination], events: Iterable[Event] = ()) -> None:
        self._start = tuple(start)
        self._events = list(events)

    def add(self, event: Event) -> None:
        """Note a change that was just made."""
        self._events.append(event)

    def copy(self) -> Self:
        """Return one that later changes do not alter."""
        return type(self)(self._start, self._events)

    def __len__(self) -> int:
        return 1 + len(self._events)

    def __iter__(self) -> Iterator[Moment]:
        """Yield what there was at the start and after each change."""
        held = {each.id: each for each in self._start}
        yield Moment("", "start", "", "", self._start)
        for event in self._events:
            if event.stored is None:
                held.pop(event.id, None)
            else:
                held[event.id] = event.stored
            yield Moment(event.at, event.operation, event.by, event.id, tuple(held.values()))

"""Which steps may start now: each after all that it waits for.

A change is one step, or two where the plan splits it. What waits for a change that is split waits for its first step;
a trigger that goes waits for the whole change. The change's own step comes after its first.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from blinkdecl.model.plan import Action, Change
from blinkdecl.model.resource import SYSTEM_ERROR, Attributes, accepts_type

_Key = tuple[str, bool]


@dataclass(frozen=True, slots=True)
class Step:
    """One call: a change, or the `first` step of one that is split."""

    change: Change
    first: bool = False

    @property
    def key(self) -> tuple[str, bool]:
        """The address, and which of its steps."""
        return self.change.address, self.first


class Schedule:
    """Which steps may start now; those that wait for one that failed never become ready."""

    def __init__(self, changes: Collection[Change], failed: Collection[str] = ()) -> None:
        """Schedule these changes; those at the addresses that `failed` already, and what waits for them, stay out.

        A first step that serves nothing but what stays out is left out as well.
        """
        steps = {step.key: step for each in changes for step in _steps(each)}
        waits = {key: _waits(step, steps.keys()) for key, step in steps.items()}
        out = _doomed(waits, failed)
        served = {ahead for key, before in waits.items() if key not in out for ahead in before if ahead[0] != key[0]}
        idle = {key for key in steps if key[1] and key not in served}
        self._steps = {key: step for key, step in steps.items() if key not in out | idle}
        self._missing: dict[_Key, int] = {}
        self._followers: dict[_Key, list[_Key]] = {}
        for key in self._steps:
            ahead = waits[key] & self._steps.keys()
            self._missing[key] = len(ahead)
            for each in ahead:
                self._followers.setdefault(each, []).append(key)

    def ready(self) -> list[Step]:
        """Return the steps that wait for nothing."""
        return [self._steps[key] for key, count in self._missing.items() if count == 0]

    def released(self, step: Step) -> list[Step]:
        """Return the steps that may start because this one succeeded."""
        ready = []
        for follower in self._followers.get(step.key, ()):
            self._missing[follower] -= 1
            if self._missing[follower] == 0:
                ready.append(self._steps[follower])
        return ready


def awaited(changes: Collection[Change]) -> frozenset[str]:
    """Return the addresses of which it must be known at once what is stored there.

    Something waits for their change, or for its first step; or they are to go on receiving what others give up.
    """
    found: set[str] = set()
    for each in changes:
        found.update(each.depends_on)
        found.update(each.first.depends_on if each.first is not None else ())
    given_up = {kind for each in changes for kind in _heard(each.before) if _gives_up(each)}
    keeping = (each for each in changes if each.after is not None and given_up.intersection(_heard(each.after)))
    return frozenset(found.union(each.address for each in keeping))


def _gives_up(change: Change) -> bool:
    filters = ("severities", "alert_types", "log_types")
    return change.action is Action.DELETE or any(each.name in filters for each in change.differences)


def _heard(attributes: Attributes | None) -> tuple[str, ...]:
    """Return the severities that a destination takes, and system errors where it takes those."""
    value = (attributes or {}).get("severities")
    if attributes is None or not isinstance(value, tuple):
        return ()
    return (*value, SYSTEM_ERROR) if accepts_type(attributes["alert_types"], SYSTEM_ERROR) else value


def _steps(change: Change) -> Iterator[Step]:
    if change.first is not None:
        yield Step(change, first=True)
    yield Step(change)


def _waits(step: Step, known: Collection[_Key]) -> set[_Key]:
    """Return the steps that one waits for, among those that are known."""
    change = step.change
    addresses: Iterable[str] = change.depends_on
    if step.first and change.first is not None:
        addresses = change.first.depends_on
    found = {(each, (each, True) in known and change.kind != "trigger") for each in addresses}
    if change.first is not None and not step.first:
        found.add((change.address, True))
    return {each for each in found if each in known}


def _doomed(waits: dict[_Key, set[_Key]], failed: Collection[str]) -> set[_Key]:
    """Return the steps of what failed, and all that waits for them, directly or through others."""
    followers: dict[_Key, list[_Key]] = {}
    for key, ahead in waits.items():
        for each in ahead:
            followers.setdefault(each, []).append(key)
    found: set[_Key] = set()
    todo = [key for key in waits if key[0] in failed]
    while todo:
        if (key := todo.pop()) not in found:
            found.add(key)
            todo += followers.get(key, ())
    return found

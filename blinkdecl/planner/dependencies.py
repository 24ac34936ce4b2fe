"""The order of changes: what waits for what, which display names are freed first, what is left out. Pure.

    trigger created, updated  <-  destination that uses it
    destination that used it  <-  trigger deleted
    display name freed        <-  display name taken

What is left of an arrow comes first. Renames can wait for one another in a circle (a swap is the smallest). Then one
of them takes a temporary name before anything else happens, so that nothing waits for it, and its own name at the end.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from blinkdecl.diagnostics import closest, did_you_mean, error
from blinkdecl.model.plan import Action, Change, Options

_RANK = {"trigger": 0, "destination": 1}
_REMOVALS = (Action.DELETE, Action.FORGET)


def arrange(changes: tuple[Change, ...], live_names: Collection[str]) -> tuple[Change, ...]:
    """Return the changes in order, with `depends_on` and `temporary_name` set; `live_names` are already taken.

    The order of `changes` makes no difference.
    """
    changes = tuple(sorted(changes, key=_sort_key))
    by_address = {change.address: change for change in changes}
    takes = handovers(changes)
    waits: dict[str, list[str]] = {change.address: [] for change in changes}
    for change in changes:
        for trigger in _triggers_used(change):
            other = by_address.get(f"trigger.{trigger}")
            if other is None or other.address == change.address:
                continue
            if other.action in _REMOVALS:
                waits[other.address].append(change.address)
            elif change.action not in _REMOVALS:
                waits[change.address].append(other.address)
    temporary = _break_circles(takes, by_address, {*live_names, *_all_names(changes)})
    for address, owner in takes.items():
        if owner not in temporary:
            waits[address].append(owner)
    linked = (
        replace(change, depends_on=tuple(sorted(waits[change.address])), temporary_name=temporary.get(change.address))
        for change in changes
    )
    return _sorted(linked)


def select(changes: tuple[Change, ...], options: Options, known: Collection[str]) -> tuple[Change, ...]:
    """Return the changes that `--target` and `--exclude` leave.

    A target brings everything it waits for; an exclusion removes everything that waits for it. Raises a `Failure`
    (``not-found``) for an address that is neither declared nor recorded.
    """
    for address in (*options.targets, *options.excludes):
        if address not in known:
            otherwise = "`blinkdecl state list` and the YAML name the addresses"
            hint = did_you_mean(closest(address, known), otherwise, quoted=False)
            raise error("not-found", f'there is no resource "{address}" to select', remedy=hint)
    chosen = {change.address for change in changes}
    if options.targets or options.excludes:
        waits = {change.address: list(change.depends_on) for change in changes}
        for owner, taker in freed_early(changes).items():
            waits[taker].append(owner)
        if options.targets:
            chosen = _closure(options.targets, waits)
        waiting: dict[str, list[str]] = {}
        for address, ahead in waits.items():
            for each in ahead:
                waiting.setdefault(each, []).append(address)
        chosen -= _closure(options.excludes, waiting)
    return tuple(change for change in changes if change.address in chosen)


def is_selected(address: str, options: Options) -> bool:
    """Whether `--target` and `--exclude` leave an address that has no change, and so waits for nothing."""
    return address not in options.excludes and (not options.targets or address in options.targets)


def freed_early(changes: Iterable[Change]) -> dict[str, str]:
    """Return which address takes the freed display name, by the address that takes the temporary one.

    No `depends_on` says so: the name is free before any change is made, but only if the temporary name could be taken.
    """
    takers = {_taken_name(change): change.address for change in changes}
    return {change.address: takers[_name(change, "before")] for change in changes if change.temporary_name is not None}


def handovers(changes: Iterable[Change]) -> dict[str, str]:
    """Return which address gives up a display name, by the address that takes it."""
    changes = tuple(changes)
    freed = _freed_names(changes)
    owners = {change.address: freed.get(_taken_name(change) or "") for change in changes}
    return {taker: owner for taker, owner in owners.items() if owner is not None and owner != taker}


def _closure(start: Iterable[str], edges: Mapping[str, Iterable[str]]) -> set[str]:
    found: set[str] = set()
    todo = list(start)
    while todo:
        address = todo.pop()
        if address not in found:
            found.add(address)
            todo.extend(edges.get(address, ()))
    return found


def _triggers_used(change: Change) -> set[str]:
    if change.kind != "destination":
        return set()
    sides = (side for side in (change.before, change.after) if side is not None)
    return {str(side["trigger"]) for side in sides if side.get("trigger")}


def _name(change: Change, side: str) -> str | None:
    attributes = change.before if side == "before" else change.after
    if attributes is None or change.kind != "destination":
        return None
    return str(attributes["display_name"])


def _taken_name(change: Change) -> str | None:
    """Return the display name that this change takes and did not have before."""
    after = _name(change, "after")
    return after if after != _name(change, "before") else None


def _freed_names(changes: Iterable[Change]) -> dict[str, str]:
    """Return the address that gives up a display name, by that name; what is already gone has none to give."""
    freed = {}
    for change in changes:
        if change.action is Action.FORGET:
            continue
        before = _name(change, "before")
        if before is not None and before != _name(change, "after"):
            freed[before] = change.address
    return freed


def _all_names(changes: Iterable[Change]) -> set[str]:
    return {name for change in changes for side in ("before", "after") if (name := _name(change, side))}


def _break_circles(
    takes: Mapping[str, str], by_address: Mapping[str, Change], names: Collection[str]
) -> dict[str, str]:
    """Return a temporary name for one member of every circle.

    A change takes at most one name, so circles are disjoint and found by walking.
    """
    temporary: dict[str, str] = {}
    settled: set[str] = set()
    for start in takes:
        path: dict[str, None] = {}
        address: str | None = start
        while address is not None and address not in settled and address not in path:
            path[address] = None
            address = takes.get(address)
        if address is not None and address in path:
            temporary[address] = _temporary_name(str(_name(by_address[address], "before")), names)
        settled.update(path)
    return temporary


def _temporary_name(name: str, names: Collection[str]) -> str:
    candidate, number = f"{name} (renaming)", 2
    while candidate in names:
        candidate, number = f"{name} (renaming {number})", number + 1
    return candidate


def _sorted(changes: Iterable[Change]) -> tuple[Change, ...]:
    """Put what must come first before each change, and otherwise keep the given order."""
    remaining = tuple(changes)
    by_address = {change.address: change for change in remaining}
    done: dict[str, Change] = {}
    for change in remaining:
        stack = [change]
        while stack:
            top = stack[-1]
            ahead = [by_address[each] for each in top.depends_on if each not in done and each in by_address]
            if ahead:
                stack.extend(ahead)
            else:
                done.setdefault(top.address, stack.pop())
    return tuple(done.values())


def _sort_key(change: Change) -> tuple[int, str]:
    rank = _RANK[change.kind]
    return 3 - rank if change.action in _REMOVALS else rank, change.address

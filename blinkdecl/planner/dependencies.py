"""The order of changes: what waits for what, what is split, which names are freed first, what is left out. Pure.

    trigger created, updated   <-  destination that uses it
    destination that used it   <-  trigger deleted
    display name freed         <-  display name taken
    alerts received by one     <-  alerts no longer received by another

What is left of an arrow comes first. `planner.order` finds the order of the last two, with as few splits as
possible: a change that is split first receives what it did and what it is to receive, under a display name that is
free (its own new one, or a temporary one), and gives up the rest in the end.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase

from blinkdecl.diagnostics import closest, did_you_mean, error
from blinkdecl.model.configuration import Configuration, CoverageRule
from blinkdecl.model.live import LiveObject
from blinkdecl.model.plan import Action, Change, FirstStep, Options
from blinkdecl.model.resource import ALERT_TYPES, SYSTEM_ERROR, Attributes, Value, accepts_type, canonical_set, words_of
from blinkdecl.planner.needs import needs_of
from blinkdecl.planner.order import in_order
from blinkdecl.planner.steps import Piece, Step
from blinkdecl.routing.impact import Sides

# What makes a pattern of a word.
_PATTERN = frozenset("*?[")
_RANK = {"trigger": 0, "destination": 1}
_REMOVALS = (Action.DELETE, Action.FORGET)


def arrange(
    changes: tuple[Change, ...],
    live: Collection[LiveObject],
    sides: Sides,
    rules: Iterable[CoverageRule] = (),
    alert_types: tuple[str, ...] = ALERT_TYPES,
) -> tuple[tuple[Change, ...], bool]:
    """Return the changes in the order in which they happen, with `depends_on` and `first` set.

    The second value is whether this order keeps in between every coverage rule that is kept before and after.
    `sides` are those of the changes (`made_sides`); `alert_types` are all that the provider knows. The order of
    `changes` makes no difference.
    """
    changes = tuple(sorted(changes, key=_sort_key))
    called = [each for each in changes if each.calls_provider]
    numbers = {each.address: number for number, each in enumerate(called)}
    steps, kept = in_order(list(map(_piece, called)), needs_of(*sides, numbers, rules))
    split = [step for step in steps if step.first]
    names = {each.display_name for each in live} | _all_names(changes) if split else set()
    firsts = {called[step.number].address: _first(called, step, names, alert_types) for step in split}
    waits = _trigger_waits(changes)
    place = {}
    for number, step in enumerate(steps):
        if not step.first:
            address = called[step.number].address
            place[address] = number
            waits[address].update(called[other].address for other in step.after)
    linked = (_linked(each, waits[each.address], firsts.get(each.address)) for each in changes)
    return tuple(sorted(linked, key=lambda each: _place(each, place))), kept


def _linked(change: Change, waits: set[str], first: FirstStep | None) -> Change:
    """Return a change that waits for these addresses. Its fields are written out: `replace` takes twice the time."""
    return Change(
        address=change.address,
        action=change.action,
        id=change.id,
        before=change.before,
        after=change.after,
        differences=change.differences,
        secrets=change.secrets,
        depends_on=tuple(sorted(waits)),
        first=_with_triggers(first, waits),
        previous_address=change.previous_address,
        recorded_only=change.recorded_only,
        awaiting=change.awaiting,
        position=change.position,
    )


def _place(change: Change, place: Mapping[str, int]) -> tuple[int, int]:
    """Return where a change comes: the calls of the provider in this order, before what only leaves the record."""
    number = place.get(change.address)
    return (_sort_key(change)[0], -1) if number is None else (_RANK["destination"], number)


def _piece(change: Change) -> Piece:
    before, after = _names(change)
    renamed = before != after
    return Piece(before if renamed else None, after if renamed else None, change.action is not Action.CREATE)


def _first(called: Sequence[Change], step: Step, names: Collection[str], alert_types: tuple[str, ...]) -> FirstStep:
    """Return the first half of a change: all that it received and is to receive, under a name that is free."""
    change = called[step.number]
    before, after = change.before or {}, change.after
    depends_on = tuple(sorted(called[number].address for number in step.after))
    if after is None:
        return FirstStep({**before, "display_name": _temporary_name(str(before["display_name"]), names)}, depends_on)
    name = after["display_name"]
    if not step.renamed:
        name = _temporary_name(str(before["display_name"]), names)
    wider = {each: _union(before[each], after[each]) for each in ("severities", "alert_types", "log_types")}
    wider["severities"] = canonical_set((*words_of(before["severities"]), *words_of(after["severities"])))
    for one, other in ((before, after), (after, before)):
        if not one["severities"] and (not _takes_system_errors(one) or _takes_system_errors(other)):
            wider = {each: other[each] for each in wider}  # it receives nothing that the other side does not
    if set(words_of(wider["alert_types"])) == set(alert_types):
        wider["alert_types"] = ()
    return FirstStep({**after, **wider, "display_name": name}, depends_on)


def _takes_system_errors(side: Attributes) -> bool:
    return accepts_type(side["alert_types"], SYSTEM_ERROR) and not side["log_types"]


def _union(one: Value, other: Value) -> Value:
    """Return what accepts all that one of two filters accepts; an empty one accepts everything."""
    return canonical_set((*words_of(one), *words_of(other))) if one and other else ()


def _trigger_waits(changes: Iterable[Change]) -> dict[str, set[str]]:
    """Return what each change waits for among triggers, and triggers that are removed among what used them."""
    by_address = {change.address: change for change in changes}
    waits: dict[str, set[str]] = {address: set() for address in by_address}
    for change in by_address.values():
        for side in (change.before, change.after) if change.kind == "destination" else ():
            other = None if side is None else by_address.get(f"trigger.{side.get('trigger')}")
            if other is None:
                continue
            if other.action in _REMOVALS:
                waits[other.address].add(change.address)
            elif change.action not in _REMOVALS:
                waits[change.address].add(other.address)
    return waits


def _with_triggers(first: FirstStep | None, waits: Iterable[str]) -> FirstStep | None:
    """Let a first half, which uses the trigger already, wait for it as well."""
    if first is None:
        return None
    triggers = {each for each in waits if each.startswith("trigger.")}
    return replace(first, depends_on=tuple(sorted({*first.depends_on, *triggers})))


def _waits_for(change: Change) -> set[str]:
    return {*change.depends_on, *(change.first.depends_on if change.first else ())}


def expanded(options: Options, desired: Configuration, recorded: Collection[str]) -> Options:
    """Return the options with addresses in place of the patterns of `--target` and `--exclude`.

    In a pattern ``*``, ``?`` and ``[...]`` stand for text, as in a file's name. Raises a `Failure` (``not-found``) for
    an address that is neither declared nor recorded, and for a pattern that matches none.
    """
    known = {*desired.resources, *recorded}
    targets, excludes = (
        tuple(dict.fromkeys(address for word in words for address in _matching(word, desired, known)))
        for words in (options.targets, options.excludes)
    )
    return replace(options, targets=targets, excludes=excludes)


def _matching(word: str, desired: Configuration, known: Collection[str]) -> list[str]:
    if word in known:
        return [word]
    otherwise = "`blinkdecl state list` and the YAML name the addresses"
    if not _PATTERN.intersection(word):
        desired.check_here(word)
        hint = did_you_mean(closest(word, known), otherwise, quoted=False)
        raise error("not-found", f'there is no resource "{word}" to select', remedy=hint)
    if found := [each for each in known if fnmatchcase(each, word)]:
        return sorted(found)
    raise error("not-found", f'no resource matches "{word}"', remedy=otherwise)


def select(changes: tuple[Change, ...], options: Options) -> tuple[Change, ...]:
    """Return the changes that `--target` and `--exclude` leave; `options` are `expanded`.

    A target brings everything it waits for; an exclusion removes everything that waits for it.
    """
    chosen = {change.address for change in changes}
    if options.targets or options.excludes:
        waits = {each.address: _waits_for(each) for each in changes}
        if options.targets:
            chosen = _closure(options.targets, waits)
        waiting: dict[str, list[str]] = {}
        for address, ahead in waits.items():
            for each in ahead:
                waiting.setdefault(each, []).append(address)
        chosen -= _closure(options.excludes, waiting)
    return tuple(change for change in changes if change.address in chosen)


def is_selected(address: str, options: Options) -> bool:
    """Whether `--target` and `--exclude` leave an address that has no change, and so waits for nothing.

    `options` are `expanded`.
    """
    return address not in options.excludes and (not options.targets or address in options.targets)


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


def _names(change: Change) -> tuple[str | None, str | None]:
    """Return the display names that a destination has before and after; a trigger has none."""
    before, after = (change.before, change.after) if change.kind == "destination" else (None, None)
    return (
        None if before is None else str(before["display_name"]),
        None if after is None else str(after["display_name"]),
    )


def _taken_name(change: Change) -> str | None:
    """Return the display name that this change takes and did not have before."""
    before, after = _names(change)
    return after if after != before else None


def _freed_names(changes: Iterable[Change]) -> dict[str, str]:
    """Return the address that gives up a display name, by that name; what is already gone has none to give."""
    freed = {}
    for change in changes:
        if change.action is Action.FORGET:
            continue
        before, after = _names(change)
        if before is not None and before != after:
            freed[before] = change.address
    return freed


def _all_names(changes: Iterable[Change]) -> set[str]:
    return {name for change in changes for name in _names(change) if name}


def _temporary_name(name: str, names: Collection[str]) -> str:
    candidate, number = f"{name} (renaming)", 2
    while candidate in names:
        candidate, number = f"{name} (renaming {number})", number + 1
    return candidate


def _sort_key(change: Change) -> tuple[int, str]:
    rank = _RANK[change.kind]
    return 3 - rank if change.action in _REMOVALS else rank, change.address

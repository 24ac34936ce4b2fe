"""What must hold at every moment of a run, whatever fails: alerts that somebody receives before and after. Pure.

A cell (`blinkdecl.routing.cells`) that somebody gets before the plan and somebody is to get after it is got by somebody
in between. A coverage rule that is kept before and after is kept in between, too, where any order does that
(`planner.order` says whether): the groups of its needs are what its destinations must not share, so that one that is
given another webhook moves from one group to another. Cells with the same destinations before and after are one need,
so that ten thousand changes of one kind are one need and not fifty million pairs.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from blinkdecl.model.configuration import CoverageRule
from blinkdecl.model.plan import OTHER, Change
from blinkdecl.model.resource import RECEIVES_NOTHING, SEVERITIES, Attributes, types_at
from blinkdecl.planner.steps import Need
from blinkdecl.routing.cells import label_of, masks_of, members, pairs
from blinkdecl.routing.gaps import gaps, rule_pairs
from blinkdecl.routing.paths import Groups, groups_of
from blinkdecl.routing.receiver import Receiver, receiver_of

# Masks of one destination need no name of it.
_LABEL = "destination"


def needs_of(
    before: Sequence[Receiver], after: Sequence[Receiver], numbers: Mapping[str, int], rules: Iterable[CoverageRule]
) -> list[Need]:
    """Return the needs among these destinations; `numbers` are those of the changes, by the labels of destinations."""
    names = sorted({label_of(each) for each in (*before, *after)})
    logs = (*sorted({log for each in (*before, *after) for log in each.log_types}), OTHER)
    old, new = masks_of(before, names, logs), masks_of(after, names, logs)
    found = {(was, becomes, 1) for was, becomes in pairs(old, new) if was and becomes}
    rules = tuple(rules)
    broken = {gap.rule for side in (before, after) for gap in gaps(rules, side)}
    independent: list[Need] = []
    for rule in rules:
        if rule in broken:
            continue
        asked = rule_pairs(rule, before, after, names)
        if rule.min_destinations == 1:
            found |= {(was, becomes, 1) for was, becomes in asked}
        else:
            independent += _needs_of_groups(rule, asked, before, after, names, numbers)
    needs = [need for each in sorted(found) if (need := _need(*each, names, numbers)) is not None]
    return [*needs, *independent]


def _needs_of_groups(
    rule: CoverageRule,
    asked: Iterable[tuple[int, int]],
    before: Sequence[Receiver],
    after: Sequence[Receiver],
    names: Sequence[str],
    numbers: Mapping[str, int],
) -> Iterator[Need]:
    """Yield the needs of a rule that asks for several destinations which are independent of each other.

    A destination that no change concerns stays where it will be. One of which it is not known what it shares helps
    with nothing: it may share that with any other.
    """
    new = groups_of(after, names, rule.independent)
    was_in = groups_of(before, names, rule.independent).of
    old = Groups(
        [mine if name in numbers else new.of[bit] for bit, (name, mine) in enumerate(zip(names, was_in, strict=True))]
    )
    left, joined = (dict(zip(names, each.of, strict=True)) for each in (old, new))
    least = rule.min_destinations
    moved = new.other_than(old)
    for was, becomes in sorted(asked):
        had, gets = was & ~old.unknown, becomes & ~new.unknown
        stays = had & gets & ~moved
        takers, givers = had & ~stays, gets & ~stays
        base = new.among(stays, least)
        if not takers or len(base) >= least or old.count(had, least) < least or new.count(gets, least) < least:
            continue
        yield Need(
            least,
            frozenset(base),
            {numbers[name]: left[name] or "" for name in members(takers, names)},
            {numbers[name]: joined[name] or "" for name in members(givers, names)},
        )


def _need(was: int, becomes: int, count: int, names: Sequence[str], numbers: Mapping[str, int]) -> Need | None:
    """Return the need of cells with these destinations before and after, None where nothing is taken from them."""
    takers = was & ~becomes
    if not takers or (was & becomes).bit_count() >= count:
        return None
    base = frozenset(members(was & becomes, names))
    return Need(count, base, _changes(takers, names, numbers), _changes(becomes & ~was, names, numbers))


def _changes(mask: int, names: Sequence[str], numbers: Mapping[str, int]) -> dict[int, str]:
    return {numbers[name]: name for name in members(mask, names)}


def handed_over(taker: Change, giver: Change) -> tuple[str, ...]:
    """Return the severities, gravest first, of alerts that one destination gives up and the other is to receive."""
    sides = [_receiver(attributes) for each in (taker, giver) for attributes in (each.before, each.after)]
    if taker.kind != "destination" or giver.kind != "destination":
        return ()
    logs = (*sorted({log for each in sides for log in each.log_types}), OTHER)
    gave, keeps, had, gets = (masks_of([each], [_LABEL], logs) for each in sides)
    return tuple(
        severity
        for severity in reversed(SEVERITIES)
        if any(
            was and not stays and not held and becomes
            for kind in types_at([severity])
            for (_, was), (_, stays), (_, held), (_, becomes) in zip(
                *(each.cells(severity, kind) for each in (gave, keeps, had, gets)), strict=True
            )
        )
    )


def _receiver(attributes: Attributes | None) -> Receiver:
    return receiver_of(_LABEL, None, RECEIVES_NOTHING if attributes is None else attributes)

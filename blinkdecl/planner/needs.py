"""What must hold at every moment of a run, whatever fails: alerts that somebody receives before and after. Pure.

A cell (`blinkdecl.routing.cells`) that somebody gets before the plan and somebody is to get after it is got by somebody
in between; a coverage rule that is kept before and after is kept in between, too. Cells with the same destinations
before and after are one need, so that ten thousand changes of one kind are one need and not fifty million pairs.
"""

from collections.abc import Iterable, Mapping, Sequence

from blinkdecl.model.configuration import CoverageRule
from blinkdecl.model.plan import OTHER, Change
from blinkdecl.model.resource import ALERT_TYPES, SEVERITIES, Attributes
from blinkdecl.planner.order import Need
from blinkdecl.routing.cells import label_of, masks_of, members, pairs
from blinkdecl.routing.coverage import gaps, rule_pairs
from blinkdecl.routing.route import Receiver, receiver_of

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
    kept = [each for each in rules if not gaps((each,), before) and not gaps((each,), after)]
    for rule in kept:
        found |= {(was, becomes, rule.min_destinations) for was, becomes in rule_pairs(rule, before, after, names)}
    return [need for each in sorted(found) if (need := _need(*each, names, numbers)) is not None]


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
            for kind in ALERT_TYPES
            for (_, was), (_, stays), (_, held), (_, becomes) in zip(
                *(each.cells(severity, kind) for each in (gave, keeps, had, gets)), strict=True
            )
        )
    )


def _receiver(attributes: Attributes | None) -> Receiver:
    return receiver_of(_LABEL, None, attributes) if attributes is not None else Receiver(_LABEL, None, "")

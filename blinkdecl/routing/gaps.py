"""Where coverage rules are broken: what alerts reach too few independent destinations. Pure.

A rule requires a number of destinations in every cell (`blinkdecl.routing.cells`) that it names, independent of each
other (`blinkdecl.routing.paths`). Without log types it only looks at alerts from logs that no destination names:
whoever takes these takes all others too. With log types it leaves out policies and system errors, which come from no
log, unless it names these types.

Only destinations that are managed here count: a rule is a promise of the configuration.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import product

from blinkdecl.model.configuration import CoverageRule, Independence
from blinkdecl.model.plan import OTHER
from blinkdecl.model.resource import ALERT_TYPES, LOGLESS, SEVERITIES, occurs
from blinkdecl.routing.cells import Masks, bits_of, label_of, mask_of, masks_of, members
from blinkdecl.routing.matrix import COLUMNS, MatrixRow
from blinkdecl.routing.paths import Groups, are_comparable, groups_of
from blinkdecl.routing.receiver import Receiver

# Severity, alert type, log type (None = logs that no destination names, or none at all).
Cell = tuple[str, str, str | None]


@dataclass(frozen=True, slots=True)
class Gap:
    """The worst shortfall of a rule, of those that are new if any is, and how many more cells lack a destination.

    `log_types`: () = every log, or none; None = logs that no destination names. `reached` and `lost` (what took these
    alerts before) are in order. `count` = how many of the reached are independent; `unknown` are those of which that
    is not known, `moved` those that had another one before.
    """

    rule: CoverageRule
    severities: tuple[str, ...]
    alert_types: tuple[str, ...]
    log_types: tuple[str, ...] | None
    reached: tuple[str, ...]
    count: int
    unknown: tuple[str, ...]
    moved: tuple[str, ...]
    lost: tuple[str, ...]
    unmanaged: tuple[str, ...]
    others: int


def gaps(
    rules: Sequence[CoverageRule], receivers: Sequence[Receiver], before: Sequence[Receiver] = ()
) -> tuple[Gap, ...]:
    """Return one gap for each rule that these destinations break; `before` are the destinations as they were."""
    if not rules:
        return ()
    names = sorted({label_of(each) for each in (*receivers, *before)})
    logs = sorted({log for each in rules for log in each.log_types})
    now, was = (_side(rules, [each for each in side if each.address], names, logs) for side in (receivers, before))
    others = masks_of([each for each in receivers if not each.address], names, logs)
    found = (_gap(each, now, was, others, names) for each in rules)
    return tuple(each for each in found if each is not None)


@dataclass(frozen=True, slots=True)
class _Side:
    """Our destinations at one time: who accepts what, and what they share where a rule asks that."""

    masks: Masks
    groups: Mapping[Independence, Groups]

    def count(self, rule: CoverageRule, mask: int) -> int:
        """Return how many of these destinations count for a rule, as far as it asks for them."""
        if rule.min_destinations == 1:
            return int(bool(mask))
        return self.groups[rule.independent].count(mask, rule.min_destinations)

    def keeps(self, rule: CoverageRule, mask: int) -> bool:
        """Whether these destinations are enough for a rule."""
        return self.count(rule, mask) >= rule.min_destinations


def _side(
    rules: Iterable[CoverageRule], receivers: Sequence[Receiver], names: Sequence[str], logs: Sequence[str]
) -> _Side:
    asked = {each.independent for each in rules if each.min_destinations > 1}
    return _Side(masks_of(receivers, names, logs), {each: groups_of(receivers, names, each) for each in asked})


def marked(
    lines: Sequence[MatrixRow], rules: Sequence[CoverageRule], receivers: Sequence[Receiver]
) -> tuple[MatrixRow, ...]:
    """Return the lines that these destinations make, each with the severities at which it breaks one of the rules."""
    ours = [each for each in receivers if each.address]
    names = sorted(map(label_of, ours))
    index = {name: bit for bit, name in enumerate(names)}
    side, named = _side(rules, ours, names, ()), {log for line in lines for log in line.log_types or ()}
    found = []
    for line in lines:
        broken = []
        for severity, reached in zip(COLUMNS, line.destinations, strict=True):
            mask = mask_of((index[each] for each in reached if each in index), len(names))
            if any(_asks(each, line, severity, named) and not side.keeps(each, mask) for each in rules):
                broken.append(severity)
        found.append(replace(line, broken=tuple(broken)))
    return tuple(found)


def _asks(rule: CoverageRule, line: MatrixRow, severity: str, named: Collection[str]) -> bool:
    """Whether a rule is about alerts of a line; `named` = the log types that have lines of their own."""
    if rule.severities and severity not in rule.severities:
        return False
    types = {each for each in line.alert_types if occurs(severity, each)} & {*(rule.alert_types or ALERT_TYPES)}
    if not rule.log_types:
        return bool(types)
    if not types - LOGLESS:
        return bool(types and rule.alert_types)
    logs = {each if each in named else OTHER for each in rule.log_types}
    return line.log_types is None or not logs.isdisjoint(line.log_types)


def rule_pairs(
    rule: CoverageRule, before: Sequence[Receiver], after: Sequence[Receiver], names: Sequence[str]
) -> set[tuple[int, int]]:
    """Return which of our destinations get a cell that the rule asks for, before and after; bit n is the n-th name."""
    old, new = (masks_of([each for each in side if each.address], names, rule.log_types) for side in (before, after))
    return {(_mask(old, cell), _mask(new, cell)) for cell in cells_of(rule)}


def _gap(rule: CoverageRule, now: _Side, was: _Side, others: Masks, names: Sequence[str]) -> Gap | None:
    ours, groups = now.masks, now.groups[rule.independent] if rule.min_destinations > 1 else None
    count = partial(now.count, rule)
    short = [cell for cell in cells_of(rule) if not now.keeps(rule, _mask(ours, cell))]
    if not short:
        return None
    kept = [cell for cell in short if was.keeps(rule, _mask(was.masks, cell))]
    first = min(kept or short, key=lambda cell: (count(_mask(ours, cell)), _mask(ours, cell).bit_count()))
    reached = _mask(ours, first)
    same = [cell for cell in short if _mask(ours, cell) == reached]
    severities, alert_types, logs = _product(same, first)
    told = len(logs) * sum(occurs(*each) for each in product(severities, alert_types))
    log_types = tuple(log for log in logs if log is not None)
    had = _mask(was.masks, first)
    return Gap(
        rule,
        severities,
        alert_types,
        log_types if log_types or _takes_all(ours, severities, alert_types) else None,
        members(reached, names),
        count(reached),
        () if groups is None else members(reached & groups.unknown, names),
        () if groups is None else tuple(_moved(rule, reached & had, groups, was.groups[rule.independent], names)),
        members(had & ~reached, names),
        members(_mask(others, first), names),
        len(short) - told,
    )


def _moved(rule: CoverageRule, mask: int, now: Groups, was: Groups, names: Sequence[str]) -> Iterator[str]:
    """Yield the destinations that surely have another webhook, workspace or host than before."""
    for bit in bits_of(mask):
        is_, had = now.of[bit], was.of[bit]
        if is_ is None or had is None or is_ == had:
            continue
        if rule.independent != "webhook" or are_comparable(is_, had):
            yield names[bit]


def cells_of(rule: CoverageRule) -> Iterator[Cell]:
    """Yield the cells that a rule names, the most severe first."""
    for severity in reversed(SEVERITIES):
        if rule.severities and severity not in rule.severities:
            continue
        for alert_type in rule.alert_types or ALERT_TYPES:
            if not occurs(severity, alert_type):
                continue
            if not rule.log_types or (alert_type in LOGLESS and rule.alert_types):
                yield severity, alert_type, None
            elif alert_type not in LOGLESS:
                for log in rule.log_types:
                    yield severity, alert_type, log


def _mask(masks: Masks, cell: Cell) -> int:
    return masks.of(*cell)


def _product(cells: Sequence[Cell], first: Cell) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str | None, ...]]:
    """Return severities x alert types x log types that include `first`; every combination that occurs is a cell."""
    of_types: dict[tuple[str, str], list[str | None]] = {}
    for severity, alert_type, log in cells:
        of_types.setdefault((severity, alert_type), []).append(log)
    logs = of_types[first[:2]]
    alike: dict[str, list[str]] = {}
    for (severity, alert_type), theirs in of_types.items():
        if theirs == logs:
            alike.setdefault(severity, []).append(alert_type)
    types = alike[first[0]]
    severities = [each for each in alike if alike[each] == [kind for kind in types if occurs(each, kind)]]
    return tuple(severities), tuple(types), tuple(logs)


def _takes_all(masks: Masks, severities: tuple[str, ...], alert_types: tuple[str, ...]) -> bool:
    """Whether no destination limits such alerts to some logs, so that what holds for unnamed logs holds for all."""
    return not any(
        masks.accepting(severity, alert_type) & ~masks.every_log
        for severity in severities
        for alert_type in alert_types
        if alert_type not in LOGLESS
    )

"""The alerts that must reach somebody, and the rules that say so (``coverage`` in YAML). Pure.

A rule requires a number of destinations in every cell (`blinkdecl.routing.cells`) that it names. Without log types it
only looks at alerts from logs that no destination names: whoever takes these takes all others too. With log types it
leaves out policies and system errors, which come from no log, unless it names these types.

Only destinations that are managed here count: a rule is a promise of the configuration.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from blinkdecl.diagnostics import Diagnostic
from blinkdecl.model.configuration import CoverageRule
from blinkdecl.model.live import LiveObject
from blinkdecl.model.plan import Action, Change, Drift, Options
from blinkdecl.model.resource import ALERT_TYPES, SEVERITIES
from blinkdecl.model.state import Recorded
from blinkdecl.routing.cells import LOGLESS, Masks, label_of, masks_of, members
from blinkdecl.routing.impact import ROUTING, Sides, plan_sides
from blinkdecl.routing.route import Receiver

_NAMED = 3
# Severity, alert type, log type (None = logs that no destination names, or none at all).
_Cell = tuple[str, str, str | None]


@dataclass(frozen=True, slots=True)
class Gap:
    """The worst shortfall of a rule, and how many more of its cells lack a destination.

    `log_types`: () = every log, or none; None = logs that no destination names. `reached` and `lost` (what took these
    alerts before) are in order.
    """

    rule: CoverageRule
    severities: tuple[str, ...]
    alert_types: tuple[str, ...]
    log_types: tuple[str, ...] | None
    reached: tuple[str, ...]
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
    ours = masks_of([each for each in receivers if each.address], names, logs)
    old = masks_of([each for each in before if each.address], names, logs)
    others = masks_of([each for each in receivers if not each.address], names, logs)
    found = (_gap(each, ours, old, others, names) for each in rules)
    return tuple(each for each in found if each is not None)


def rule_pairs(
    rule: CoverageRule, before: Sequence[Receiver], after: Sequence[Receiver], names: Sequence[str]
) -> set[tuple[int, int]]:
    """Return which of our destinations get a cell that the rule asks for, before and after; bit n is the n-th name."""
    old, new = (masks_of([each for each in side if each.address], names, rule.log_types) for side in (before, after))
    return {(_mask(old, cell), _mask(new, cell)) for cell in _cells(rule)}


def _gap(rule: CoverageRule, ours: Masks, old: Masks, others: Masks, names: Sequence[str]) -> Gap | None:
    short = [cell for cell in _cells(rule) if _mask(ours, cell).bit_count() < rule.min_destinations]
    if not short:
        return None
    first = min(short, key=lambda cell: _mask(ours, cell).bit_count())
    reached = _mask(ours, first)
    same = [cell for cell in short if _mask(ours, cell) == reached]
    severities, alert_types, logs = _product(same, first)
    told = len(severities) * len(alert_types) * len(logs)
    log_types = tuple(log for log in logs if log is not None)
    return Gap(
        rule,
        severities,
        alert_types,
        log_types if log_types or _takes_all(ours, severities, alert_types) else None,
        members(reached, names),
        members(_mask(old, first) & ~reached, names),
        members(_mask(others, first), names),
        len(short) - told,
    )


def _cells(rule: CoverageRule) -> Iterator[_Cell]:
    """Yield the cells that a rule names, the most severe first."""
    for severity in reversed(SEVERITIES):
        if rule.severities and severity not in rule.severities:
            continue
        for alert_type in rule.alert_types or ALERT_TYPES:
            if not rule.log_types or (alert_type in LOGLESS and rule.alert_types):
                yield severity, alert_type, None
            elif alert_type not in LOGLESS:
                for log in rule.log_types:
                    yield severity, alert_type, log


def _mask(masks: Masks, cell: _Cell) -> int:
    severity, alert_type, log = cell
    return masks.severity[severity] & masks.type[alert_type] & (masks.every_log if log is None else masks.log[log])


def _product(cells: Sequence[_Cell], first: _Cell) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str | None, ...]]:
    """Return severities x alert types x log types that include `first`, with every combination among the cells."""
    of_types: dict[tuple[str, str], list[str | None]] = {}
    for severity, alert_type, log in cells:
        of_types.setdefault((severity, alert_type), []).append(log)
    logs = of_types[first[:2]]
    alike: dict[str, list[str]] = {}
    for (severity, alert_type), theirs in of_types.items():
        if theirs == logs:
            alike.setdefault(severity, []).append(alert_type)
    types = alike[first[0]]
    return tuple(each for each in alike if alike[each] == types), tuple(types), tuple(logs)


def _takes_all(masks: Masks, severities: tuple[str, ...], alert_types: tuple[str, ...]) -> bool:
    """Whether no destination limits such alerts to some logs, so that what holds for unnamed logs holds for all."""
    return not any(
        masks.severity[severity] & masks.type[alert_type] & ~masks.every_log
        for severity in severities
        for alert_type in alert_types
        if alert_type not in LOGLESS
    )


def check_plan(
    changes: Sequence[Change],
    live: Iterable[LiveObject],
    recorded: Mapping[str, Recorded],
    rules: Sequence[CoverageRule],
    options: Options,
) -> tuple[Diagnostic, ...]:
    """Return an error for each rule that is broken after the plan; for a partial plan, only those that it breaks.

    `destroy` is not checked: it has its own confirmation.
    """
    if not rules or options.destroy:
        return ()
    before, after = plan_sides(changes, live, recorded)
    if options.partial:
        rules = [each for each in rules if not gaps((each,), before)]
    causes = {each.address: _effect(each) for each in changes}
    return tuple(_problem(each, causes) for each in gaps(rules, after, before))


def check_drift(drift: Iterable[Drift], sides: Sides, rules: Sequence[CoverageRule]) -> tuple[Diagnostic, ...]:
    """Return an error for each rule that the live destinations break; `sides` = as recorded, and as live."""
    was, is_ = sides
    causes = {each.address: _outside(each) for each in drift}
    return tuple(_problem(each, causes, would=False) for each in gaps(rules, is_, was))


def check(rules: Sequence[CoverageRule], receivers: Sequence[Receiver], *, would: bool) -> tuple[Diagnostic, ...]:
    """Return an error for each rule that these destinations do not keep; `would` = they are not live yet."""
    return tuple(_problem(each, {}, would=would) for each in gaps(rules, receivers))


def _effect(change: Change) -> str:
    """Return what a change does to the alerts of its destination."""
    if change.action is Action.DELETE:
        return "this plan destroys it"
    return f"this plan changes its {' and '.join(each.name for each in change.differences if each.name in ROUTING)}"


def _outside(drift: Drift) -> str:
    """Return what was done to a destination outside."""
    if drift.kind == "deleted":
        return "was deleted outside"
    return f"its {' and '.join(each.name for each in drift.differences if each.name in ROUTING)} changed outside"


def _problem(gap: Gap, causes: Mapping[str, str], *, would: bool = True) -> Diagnostic:
    count, least = len(gap.reached), gap.rule.min_destinations
    whom = "nobody" if not count else f"{count} destination{'s' if count > 1 else ''}, not {least}"
    return Diagnostic(
        "coverage",
        f"{_alerts(gap)} alerts{_origin(gap)} {'would reach' if would else 'reach'} {whom}",
        position=gap.rule.position,
        notes=(*(("note", each) for each in _notes(gap, causes, would=would)), ("help", _help(gap, would=would))),
    )


def _alerts(gap: Gap) -> str:
    severities = () if len(gap.severities) == len(SEVERITIES) else gap.severities
    types = () if len(gap.alert_types) == len(ALERT_TYPES) else gap.alert_types
    return " ".join(_joined(each) for each in (severities, types) if each) or "All"


def _origin(gap: Gap) -> str:
    if gap.log_types is None:
        return " from logs that no destination names"
    return f" from {_joined(gap.log_types)}" if gap.log_types else ""


def _notes(gap: Gap, causes: Mapping[str, str], *, would: bool) -> Iterator[str]:
    last = len(gap.lost) == 1 and not gap.reached
    for address in gap.lost[:_NAMED]:
        is_, receives = ("is", "receives them now") if would else ("was", "received them")
        cause = causes.get(address, "no longer takes them")
        yield f"{address} {f'{is_} the last one' if last else receives}, and {cause}"
    if len(gap.lost) > _NAMED:
        yield f"and {len(gap.lost) - _NAMED} more like it"
    if gap.reached:
        yield f"{_joined(gap.reached[:_NAMED])} {'receive' if len(gap.reached) > 1 else 'receives'} them"
    if gap.unmanaged:
        yield f"{_joined(gap.unmanaged[:_NAMED])} may receive them but does not count: it is not managed here"
    if gap.others:
        kinds = "kind of alert in this rule reaches" if gap.others == 1 else "kinds of alerts in this rule reach"
        yield f"{gap.others} more {kinds} too few destinations"


def _help(gap: Gap, *, would: bool) -> str:
    if not would:
        return "`blinkdecl plan` shows what restores it"
    if gap.lost:
        return "keep it, or change the coverage rule in the same pull request"
    return "declare a destination that takes them, or change the coverage rule"


def _joined(words: Sequence[str]) -> str:
    return ", ".join(words)

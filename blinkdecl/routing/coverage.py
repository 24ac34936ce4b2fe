"""The alerts that must reach somebody: what is said of rules (``coverage`` in YAML) that a plan or drift breaks. Pure.

Where a rule is broken is found in `blinkdecl.routing.gaps`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from blinkdecl.diagnostics import Diagnostic, counted
from blinkdecl.model.configuration import CoverageRule
from blinkdecl.model.live import LiveObject
from blinkdecl.model.plan import Action, Change, Drift, Options
from blinkdecl.model.resource import SEVERITIES, types_at
from blinkdecl.model.state import Recorded
from blinkdecl.routing.gaps import Gap, gaps
from blinkdecl.routing.impact import ROUTING, Sides, plan_sides
from blinkdecl.routing.receiver import Receiver

_NAMED = 3


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
        broken = {each.rule for each in gaps(rules, before)}
        rules = [each for each in rules if each not in broken]
    causes = {each.address: _effect(each) for each in changes}
    return tuple(problem(each, causes) for each in gaps(rules, after, before))


def check_drift(
    drift: Iterable[Drift], sides: Sides, rules: Sequence[CoverageRule], declared: Sequence[Receiver]
) -> tuple[Diagnostic, ...]:
    """Return an error for each rule that the live destinations break; `sides` = as recorded, and as live.

    `declared` = as the configuration has them: of a rule that these break too, no plan restores anything.
    """
    was, is_ = sides
    causes = {each.address: _outside(each) for each in drift}
    lasting = {each.rule for each in gaps(rules, declared)}
    return tuple(problem(each, causes, would=False, lasting=each.rule in lasting) for each in gaps(rules, is_, was))


def check(
    rules: Sequence[CoverageRule], receivers: Sequence[Receiver], declared: Sequence[Receiver] | None = None
) -> dict[CoverageRule, Diagnostic]:
    """Return an error for each rule that these destinations do not keep.

    `declared` = as the configuration has them, None = these are the declared ones, and not live yet.
    """
    would = declared is None
    lasting = {each.rule for each in gaps(rules, declared or ())}
    found = gaps(rules, receivers)
    return {each.rule: problem(each, {}, would=would, lasting=each.rule in lasting) for each in found}


def _effect(change: Change) -> str:
    """Return what a change does to the alerts of its destination."""
    if change.action is Action.DELETE:
        return "this plan destroys it"
    if change.action is Action.FORGET:
        return "this plan lets it go (`removed`)"
    return f"this plan changes its {' and '.join(each.name for each in change.differences if each.name in ROUTING)}"


def _outside(drift: Drift) -> str:
    """Return what was done to a destination outside."""
    if drift.kind == "deleted":
        return "was deleted outside"
    return f"its {' and '.join(each.name for each in drift.differences if each.name in ROUTING)} changed outside"


def problem(
    gap: Gap, causes: Mapping[str, str], *, would: bool = True, lasting: bool = False, remedy: str = ""
) -> Diagnostic:
    """Return the error of a broken rule; `causes` say by address why a destination no longer takes its alerts.

    `would` = these destinations are not live yet, `lasting` = what is declared breaks the rule as well.
    """
    return Diagnostic(
        "coverage",
        f"{_alerts(gap)} alerts{_origin(gap)} {'would reach' if would else 'reach'} {_whom(gap)}",
        position=gap.rule.position,
        notes=(
            *(("note", each) for each in _notes(gap, causes, would=would)),
            ("help", remedy or _help(gap, restored=not (would or lasting))),
        ),
    )


def _whom(gap: Gap) -> str:
    """Return how many destinations such alerts reach, and how many of these are independent."""
    if not gap.reached:
        return "no destination that is managed here" if gap.unmanaged else "nobody"
    told = counted(len(gap.reached), "destination")
    if gap.count == len(gap.reached):
        return f"{told}, not {gap.rule.min_destinations}"
    known = 0 if len(gap.unknown) == len(gap.reached) else gap.count
    paths = counted(known, f"{'known ' if gap.unknown else ''}{gap.rule.independent}")
    return f"{told} behind {paths}, not behind {gap.rule.min_destinations}"


def _alerts(gap: Gap) -> str:
    severities = () if len(gap.severities) == len(SEVERITIES) else gap.severities
    types = () if len(gap.alert_types) == len(types_at(gap.severities)) else gap.alert_types
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
    if gap.count < len(gap.reached):
        for address in gap.moved[:_NAMED]:
            yield f"{address} {'would have' if would else 'has'} another {gap.rule.independent} than before"
    if gap.reached:
        yield f"{_joined(gap.reached[:_NAMED])} {'receive' if len(gap.reached) > 1 else 'receives'} them"
    if gap.unknown and len(gap.reached) > 1:
        yield from _unknown(gap)
    if gap.unmanaged:
        do, are = ("do", "they are") if len(gap.unmanaged) > 1 else ("does", "it is")
        yield f"{_joined(gap.unmanaged[:_NAMED])} may receive them but {do} not count: {are} not managed here"
    if gap.others:
        kinds = "kind of alert in this rule reaches" if gap.others == 1 else "kinds of alerts in this rule reach"
        yield f"{gap.others} more {kinds} too few destinations"


def _unknown(gap: Gap) -> Iterator[str]:
    """Yield of which destinations it is not known what they share, and why."""
    more = f" and {len(gap.unknown) - _NAMED} more" if len(gap.unknown) > _NAMED else ""
    of = f"{_joined(gap.unknown[:_NAMED])}{more}"
    yield f"the {gap.rule.independent} of {of} is not known here: it may be that of another, and does not count"
    if gap.rule.independent == "workspace":
        yield "a workspace is known where all triggers with that webhook name the same one"


def _help(gap: Gap, *, restored: bool) -> str:
    if restored:
        return "`blinkdecl plan` shows what restores it"
    if gap.unknown and len(gap.reached) > 1 and gap.rule.independent != "webhook":
        known = (
            "name one workspace in each trigger of its webhook"
            if gap.rule.independent == "workspace"
            else "write the URL in the YAML"
        )
        return f"{known}, or declare a destination with another {gap.rule.independent}"
    if gap.count < len(gap.reached):
        return f"declare a destination with another {gap.rule.independent}, or change the coverage rule"
    if gap.lost:
        return "keep it, or change the coverage rule in the same pull request"
    return "declare a destination that takes them, or change the coverage rule"


def _joined(words: Sequence[str]) -> str:
    return ", ".join(words)

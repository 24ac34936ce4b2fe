"""Coverage rules: by masks and by asking the routing, what is told of a broken one, and where it is checked."""

import itertools
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blinkdecl.config import load
from blinkdecl.diagnostics import Position
from blinkdecl.model.configuration import CoverageRule
from blinkdecl.model.live import LiveObject
from blinkdecl.model.plan import OTHER, Action, Change, Difference, Drift, Options
from blinkdecl.model.resource import ALERT_TYPES, LOGLESS, SEVERITIES, Attributes
from blinkdecl.model.state import Recorded
from blinkdecl.routing.cells import label_of
from blinkdecl.routing.coverage import check, check_drift, check_plan
from blinkdecl.routing.gaps import gaps, marked
from blinkdecl.routing.impact import drift_sides
from blinkdecl.routing.matrix import COLUMNS, MatrixRow, matrix
from blinkdecl.routing.receiver import Receiver, receivers_of
from blinkdecl.routing.route import RoutedAlert, route
from tests.routing.test_impact import LOGS, destinations, receiver, some

RULE = CoverageRule(("CRITICAL",), ("RULE",), position=Position("blinkdecl.yaml", 9, 5))

# System errors are always CRITICAL.
NEVER = {(severity, "SYSTEM_ERROR") for severity in SEVERITIES if severity != "CRITICAL"}

rules = st.builds(CoverageRule, some(SEVERITIES), some(ALERT_TYPES), some(LOGS, 2), st.integers(1, 3))


def apart(receivers: list[Receiver]) -> list[Receiver]:
    """Give each destination a webhook of its own."""
    return [replace(each, webhook=f"https://a.app.blinkops.com/{each.display_name}") for each in receivers]


def brute(rule: CoverageRule, receivers: list[Receiver]) -> int:
    """Return how many cells of the rule reach too few, asking the routing for each."""
    ours = [each for each in receivers if each.address]
    short = 0
    for severity, alert_type in itertools.product(rule.severities or SEVERITIES, rule.alert_types or ALERT_TYPES):
        if (severity, alert_type) in NEVER:
            continue
        if rule.log_types and alert_type in LOGLESS and not rule.alert_types:
            continue
        logs = [()] if alert_type in LOGLESS else [(log,) for log in rule.log_types or ("Nobody.NamesIt",)]
        for log_types in logs:
            reached = route(RoutedAlert(severity, alert_type, log_types), ours).reached
            short += len(reached) < rule.min_destinations
    return short


def asked_of(rule: CoverageRule, line: MatrixRow, severity: str, named: set[str]) -> CoverageRule | None:
    """Return what a rule asks of one line and severity, as a rule of its own."""
    types = tuple(each for each in line.alert_types if each in (rule.alert_types or ALERT_TYPES))
    if not types or severity not in (rule.severities or SEVERITIES):
        return None
    logs: tuple[str, ...] = ()
    if line.log_types is not None and OTHER not in line.log_types:
        logs = tuple(each for each in line.log_types if each in (rule.log_types or line.log_types))
    elif rule.log_types:
        logs = tuple(
            each for each in rule.log_types if line.log_types is None or each in line.log_types or each not in named
        )
    if rule.log_types and not logs:
        return None
    only = types if rule.alert_types or not rule.log_types else tuple(each for each in types if each not in LOGLESS)
    return replace(rule, severities=(severity,), alert_types=only, log_types=logs) if only else None


@settings(max_examples=300, deadline=None)
@given(st.lists(rules, max_size=3), destinations("abcdef"), st.integers(1, 6))
def test_the_lines_that_break_a_rule(some_rules: list[CoverageRule], receivers: list[Receiver], webhooks: int) -> None:
    """A cell is broken where it alone would break one of the rules; destinations with one webhook count once."""
    receivers = [replace(each, webhook=f"https://x/{at % webhooks}") for at, each in enumerate(receivers)]
    lines = matrix(receivers)
    named = {log for line in lines for log in line.log_types or ()}
    for line in marked(lines, some_rules, receivers):
        for severity in COLUMNS:
            asked = [each for rule in some_rules if (each := asked_of(rule, line, severity, named)) is not None]
            assert (severity in line.broken) == bool(gaps(asked, receivers))


@settings(max_examples=300, deadline=None)
@given(rules, destinations("abcdef"))
def test_the_same_as_asking_for_every_cell(rule: CoverageRule, receivers: list[Receiver]) -> None:
    """A rule is broken where the routing says so; what is told and what is counted beside it are all of it."""
    receivers = apart(receivers)
    short = brute(rule, receivers)
    found = gaps((rule,), receivers)
    assert bool(found) == bool(short)
    for gap in found:
        logs = 1 if not gap.log_types else len(gap.log_types)
        alerts = [each for each in itertools.product(gap.severities, gap.alert_types) if each not in NEVER]
        assert len(alerts) * logs + gap.others == short
        log_types = () if gap.alert_types[0] in LOGLESS else gap.log_types or ("Nobody.NamesIt",)
        alert = RoutedAlert(gap.severities[0], gap.alert_types[0], log_types[:1])
        ours = [each for each in receivers if each.address]
        assert sorted(str(each.address) for each in route(alert, ours).reached) == list(gap.reached)


@settings(max_examples=200, deadline=None)
@given(destinations("abcdef"))
def test_each_cell_of_the_matrix(receivers: list[Receiver]) -> None:
    """Each kind of alert that occurs is in one line, which names whom the routing reaches."""
    lines = matrix(receivers)
    logs = (*sorted({log for each in receivers for log in each.log_types}), OTHER)
    kinds = [(each, log) for each in ALERT_TYPES for log in ((None,) if each in LOGLESS else logs)]
    told = {
        (severity, alert_type, log): names
        for line in lines
        for severity, names in zip(COLUMNS, line.destinations, strict=True)
        for alert_type, log in kinds
        if alert_type in line.alert_types and (line.log_types is None or log in line.log_types)
    }
    assert told.keys() == {(severity, *kind) for severity in SEVERITIES for kind in kinds}
    for (severity, alert_type, log), names in told.items():
        if (severity, alert_type) in NEVER:
            continue
        reached = route(RoutedAlert(severity, alert_type, (log,) if log else ()), receivers).reached
        assert sorted(map(label_of, reached)) == list(names)


def attributes(*severities: str, logs: tuple[str, ...] = ()) -> Attributes:
    """Return a destination's attributes."""
    return {
        "display_name": "SOC",
        "trigger": "soc",
        "allow_manual_dispatch": False,
        "severities": severities,
        "alert_types": (),
        "log_types": logs,
    }


def recorded(name: str, *severities: str) -> dict[str, Recorded]:
    """Return the record of one destination."""
    address = f"destination.{name}"
    return {address: Recorded(address, name, attributes(*severities))}


def change(action: Action, *after: str) -> Change:
    """Return what becomes of ``destination.soc``, which takes CRITICAL and HIGH."""
    before = attributes("HIGH", "CRITICAL")
    if action is Action.DELETE:
        return Change("destination.soc", action, "soc", before)
    differences = (Difference("severities", before["severities"], after),)
    return Change("destination.soc", action, "soc", before, attributes(*after), differences)


LIVE = (LiveObject("soc", attributes("HIGH", "CRITICAL")),)


@pytest.mark.parametrize(
    ("made", "rule", "summary", "note"),
    [
        (
            change(Action.DELETE),
            RULE,
            "CRITICAL RULE alerts would reach nobody",
            "destination.soc is the last one, and this plan destroys it",
        ),
        (
            change(Action.UPDATE, "HIGH"),
            CoverageRule(("CRITICAL", "HIGH"), ("RULE", "SCHEDULED_RULE"), ("AWS.CloudTrail",)),
            "CRITICAL RULE, SCHEDULED_RULE alerts from AWS.CloudTrail would reach nobody",
            "destination.soc is the last one, and this plan changes its severities",
        ),
        (
            change(Action.UPDATE, "HIGH", "CRITICAL", "LOW"),
            CoverageRule(min_destinations=2),
            "MEDIUM, INFO alerts would reach nobody",
            "25 more kinds of alerts in this rule reach too few destinations",
        ),
    ],
    ids=["destroyed", "narrowed", "too-few"],
)
def test_what_a_plan_breaks(made: Change, rule: CoverageRule, summary: str, note: str) -> None:
    """The rule's place, the alerts that are lost, and the change that loses them."""
    [found] = check_plan([made], LIVE, recorded("soc", "HIGH", "CRITICAL"), [rule], Options())
    assert (found.code, found.summary, found.position) == ("coverage", summary, rule.position)
    assert ("note", note) in found.notes


def test_what_is_left() -> None:
    """Who still receives them is named, and who does but is not managed here."""
    held = {**recorded("soc", "CRITICAL"), **recorded("other", "CRITICAL")}
    live = [LiveObject(each.id or "", each.attributes) for each in held.values()]
    slack = LiveObject("slack", {**attributes("CRITICAL"), "display_name": "Slack"}, foreign=True)
    rule = CoverageRule(("CRITICAL",), ("RULE",), (), 2)
    [found] = check_plan([change(Action.DELETE)], [*live, slack], held, [rule], Options())
    assert found.summary == "CRITICAL RULE alerts would reach 1 destination, not 2"
    assert [text for _, text in found.notes] == [
        "destination.soc receives them now, and this plan destroys it",
        "destination.other receives them",
        '"Slack" may receive them but does not count: it is not managed here',
        "keep it, or change the coverage rule in the same pull request",
    ]


def test_logs_that_nobody_names() -> None:
    """A rule for all logs is not kept by who takes one log; the others are said to be without."""
    [found] = gaps((RULE,), [receiver("soc", "CRITICAL", logs=("AWS.CloudTrail",))])
    assert found.log_types is None
    assert not gaps((CoverageRule(("CRITICAL",), ("RULE",), ("AWS.CloudTrail",)),), [receiver("soc", "CRITICAL")])


def test_a_partial_plan_is_held_to_what_it_breaks() -> None:
    """What was broken before is not its fault; what it breaks is."""
    some_ = Options(targets=("destination.soc",))
    made = [change(Action.DELETE)]
    held = recorded("soc", "HIGH", "CRITICAL")
    unmet = CoverageRule(("LOW",), ("RULE",))
    assert [each.summary for each in check_plan(made, LIVE, held, [unmet, RULE], some_)] == [
        "CRITICAL RULE alerts would reach nobody"
    ]
    assert check_plan(made, LIVE, held, [RULE], Options(destroy=True)) == ()


@pytest.mark.parametrize("deleted", [True, False], ids=["deleted", "narrowed"])
def test_what_was_broken_outside(deleted: bool) -> None:  # noqa: FBT001 - a parameter of the test
    """On live it is no warning of what would be: it is so."""
    held = recorded("soc", "CRITICAL")
    live = [] if deleted else [LiveObject("soc", attributes("HIGH"))]
    difference = Difference("severities", ("CRITICAL",), ("HIGH",))
    drift = Drift("destination.soc", "deleted") if deleted else Drift("destination.soc", "changed", (difference,))
    sides = drift_sides(held, live)
    [found] = check_drift([drift], sides, [RULE], sides[0])
    what = "was deleted outside" if deleted else "its severities changed outside"
    assert found.summary == "CRITICAL RULE alerts reach nobody"
    assert found.notes[0] == ("note", f"destination.soc was the last one, and {what}")
    assert found.notes[-1] == ("help", "`blinkdecl plan` shows what restores it")
    [lasting] = check_drift([drift], sides, [RULE], ())
    assert "blinkdecl plan" not in lasting.notes[-1][1]


def test_what_is_declared(tmp_path: Path) -> None:
    """The rules of a project file, with their places; an unknown log type is told."""
    (tmp_path / "blinkdecl.yaml").write_text(
        "version: 1\ncoverage:\n  - {severities: [CRITICAL], log_types: [AWS.Cloudtrial]}\n  - {severities: [HIGH]}\n"
        "triggers: {soc: {webhook: {url: https://a.app.blinkops.com/webhooks/x, api_key: {env: K}}}}\n"
        "destinations: {soc: {display_name: SOC, trigger: soc, severities: [CRITICAL]}}\n"
    )
    loaded = load(tmp_path, environ={})
    assert [each.code for each in loaded.warnings] == ["unknown-log-type"]
    declared = receivers_of(loaded.configuration.resources.values())
    [found] = check(loaded.configuration.settings.coverage, declared).values()
    assert (found.summary, str(found.position)) == ("HIGH alerts would reach nobody", "blinkdecl.yaml:4:5")

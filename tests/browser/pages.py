"""The pages that are looked at: a report with few and with many destinations, and one whose every name is hostile."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from blinkdecl.diagnostics import Diagnostic, Position
from blinkdecl.model.configuration import CoverageRule, Silence
from blinkdecl.model.observed import LastDelivery, Period
from blinkdecl.model.plan import Plan
from blinkdecl.model.resource import Resource
from blinkdecl.model.state import LastTest, Recorded
from blinkdecl.render.html.page import Facts
from blinkdecl.render.html.report import html_page
from blinkdecl.render.view.parts import View
from blinkdecl.render.view.plan import plan_view
from blinkdecl.render.view.replay import replay_view
from blinkdecl.render.view.report import report_view
from blinkdecl.render.view.routing import both_sides_view
from blinkdecl.routing.coverage import check
from blinkdecl.routing.gaps import marked
from blinkdecl.routing.impact import Sides, plan_sides
from blinkdecl.routing.matrix import matrix_of_both
from blinkdecl.routing.replay import Replay, Replayed, Share
from blinkdecl.routing.silence import heard
from tests.support.builders import configuration, destination, live, plan_of, recorded

HOSTILE = "<img src=x onerror=document.title='owned'> `@team` | ]]> ::set-output:: \u202egnirts"
FACTS = Facts("prod", "0f1e2d3c4b5a", "2026-11-29T10:00Z")
AT = Position("blinkdecl.yaml", 3, 1)
RULES = (
    CoverageRule(("CRITICAL", "HIGH"), (), (), 2, position=AT),
    CoverageRule(("MEDIUM",), ("RULE",), (), 1, position=AT),
)
SILENCES = (Silence(("INFO",), (), (), "for searching only", AT),)
LOGS = ((), (), ("AWS.CloudTrail",), ("Okta.SystemLog",), ("GCP.AuditLog",))
SEVERITIES = (("CRITICAL", "HIGH"), ("HIGH",), ("LOW",), ("CRITICAL",), ("LOW", "HIGH"))


def page(count: int, *, hostile: bool = False) -> str:
    """Return the report of a plan that changes every fifth of `count` destinations and destroys one."""
    was = [_destination(number, hostile=hostile) for number in range(count)]
    now = [each if number % 5 else _changed(each) for number, each in enumerate(was[:-1])]
    state, there = recorded(*was), live(*was)
    made = plan_of(configuration(*now, coverage=RULES), state, there)
    problems = [Diagnostic("webhook-path", HOSTILE if hostile else "an odd path", "warning", AT)] * 3
    shown = replace(made, diagnostics=(*made.diagnostics, *problems))
    view = _view(shown, now, state.resources, plan_sides(made.changes, there, state.resources))
    view["report"]["plan"]["replay"] = _replay(was)
    return html_page(view, FACTS)


def _view(plan: Plan, now: list[Resource], records: Mapping[str, Recorded], sides: Sides) -> View:
    before, after = sides
    broken = check(RULES, after, None)
    kept = {each: each not in broken for each in RULES}
    lines, was = matrix_of_both(before, after, SILENCES)
    shown, broken_now = marked(lines, [*broken], after), check(RULES, before, None)
    found = both_sides_view(shown, was, kept, broken_now, heard(SILENCES, after))
    tested = {
        address: replace(each, last_test=LastTest("2026-11-28T09:00:00Z", number % 7 > 0, 200, 0.1))
        for number, (address, each) in enumerate(sorted(records.items()))
        if number % 3
    }
    moments = [datetime(2026, 11, 27, hour, tzinfo=UTC) for hour in range(24)]
    seen = {
        address: LastDelivery(f"id-{number}", moments[-1], moments[9], moments[number % 24], 502)
        for number, address in enumerate(sorted(records))
        if number % 4
    }
    return report_view(plan_view(plan), found, {each.address: each for each in now}, {**records, **tested}, seen)


def _destination(number: int, *, hostile: bool) -> Resource:
    name = f"{HOSTILE} {number}" if hostile else f"Blink team {number:03}"
    return destination(
        f"blink-team-{number:03}", display_name=name, severities=SEVERITIES[number % 5], log_types=LOGS[number % 5]
    )


def _changed(resource: Resource) -> Resource:
    return replace(resource, attributes={**resource.attributes, "severities": ("MEDIUM", "HIGH")})


def _replay(destinations: list[Resource]) -> View:
    """Return a week's alerts over the plan: every fifth destination gets fewer, or more, and the others as many."""
    rows = []
    for number, each in enumerate(destinations):
        detection = str(each.attributes["display_name"])
        before, moved = Share(number * 37 % 900), Share(11, 2, ((detection, 9), ("AWS.Root.Login", 2)), 3)
        more = Share(before.certain + moved.certain, moved.possible)
        sides = {0: (more, before, moved, Share()), 1: (before, more, Share(), moved)}
        rows.append(Replayed(each.address, *sides.get(number % 5, (before, before, Share(), Share()))))
    rows.sort(key=lambda each: (-each.leaving.certain, -each.reaching.certain))
    end = datetime(2026, 11, 29, tzinfo=UTC)
    week = Period(end - timedelta(days=7), end)
    return replay_view(Replay(week, 4711, rows[0].leaving, tuple(rows), 3, 4, {"dynamic": 31, "deleted": 2}))

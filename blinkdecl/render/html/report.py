"""Which sections the page of each command has: the worst first, then who receives what, then the details."""

from collections.abc import Iterable

from htpy import Node, div, p

from blinkdecl.render.html import observation, proofs, replay, sections
from blinkdecl.render.html.matrix import matrix
from blinkdecl.render.html.page import Facts, Part, page
from blinkdecl.render.text.diagnostics import count_text
from blinkdecl.render.text.drift import nothing_text, sum_text, ways_out
from blinkdecl.render.text.impact import losses_text, outage_text
from blinkdecl.render.text.plan import conclusion, offline_text
from blinkdecl.render.text.results import tests_headline
from blinkdecl.render.view.parts import View
from blinkdecl.render.view.routing import rows_of_plan

_NOTHING = Facts()


def html_page(view: View, facts: Facts = _NOTHING) -> str:
    """Return the page of a document: of a plan or drift, of results, or of a report, which has all of it."""
    if "report" in view:
        return _report(view, facts)
    if "resource_changes" in view:
        return _plan(view, facts)
    found = view.get("coverage")
    if found is not None:
        return page("Who receives which alerts", None, [*sections.problems(view), *_coverage(found)], view, facts)
    if "destinations" in view:
        parts = [*sections.problems(view), *observation.parts(view)]
        return page("What really happened", observation.lead(view), parts, view, facts)
    if view["command"] == "test":
        lead = div(class_="panel")[p[sections.prose(tests_headline(view))]] if view["tests"] or view["ok"] else None
        return page("Test alerts", lead, [*sections.problems(view), *proofs.tests(view)], view, facts)
    heading = "Who receives which alerts" if view["command"] == "coverage" else "blinkdecl"
    return page(heading, None, sections.problems(view), view, facts)


def _plan(plan: View, facts: Facts) -> str:
    if facts.command == "drift":
        return _drift(plan, facts)
    parts = [
        *sections.problems(plan),
        *sections.changes(plan),
        *sections.routing(rows_of_plan(plan), "Now", "After"),
        *replay.replay_part(plan),
        *sections.drift(plan),
        *sections.asides(plan),
    ]
    return page("Plan", _lead(plan), parts, plan, facts)


def _drift(plan: View, facts: Facts) -> str:
    parts = [
        *sections.problems(plan),
        *sections.drift(plan),
        *sections.routing(plan["routing"], "Recorded", "Live"),
        *sections.asides(plan),
    ]
    lead: Node = div(class_="panel bad")[p["Drift is not known."]]
    if plan["state"] is not None:
        drift = [each for each in plan["resource_drift"] if not each["waived"]]
        waived = [each for each in plan["resource_drift"] if each["waived"]]
        told = [ways_out(drift)] if drift else [nothing_text(plan, waived)]
        lead = [
            sections.alarm(losses_text(plan["lost_alerts"], drift=True)),
            div(class_=None if drift else "panel good")[(p[sections.prose(each)] for each in (sum_text(plan), *told))],
        ]
    return page("What was changed outside", lead, parts, plan, facts)


def _report(view: View, facts: Facts) -> str:
    plan, found = view["report"]["plan"], view["report"]["coverage"]
    parts = [
        *sections.problems(plan),
        Part("matrix", "Who receives which alerts after this plan", matrix(found, linked=True)),
        *sections.changes(plan),
        *replay.replay_part(plan),
        *sections.rules(found),
        *sections.drift(plan),
        *sections.asides(plan),
        *proofs.destinations(view["report"]["destinations"]),
    ]
    return page("Where alerts go", _lead(plan), parts, plan, facts)


def _coverage(found: View) -> Iterable[Part]:
    left = "left " if found["drill"] else ""
    yield Part("matrix", f"Destinations {left}by kind of alert ({found['against']})", matrix(found))
    yield from sections.rules(found)
    yield from proofs.alone(found["destinations"] or ())


def _lead(plan: View) -> Node:
    """Return what nobody would receive, what else must not be missed, and what the plan comes to."""
    if plan["state"] is None:
        return div(class_="panel bad")[p["No plan could be made."]]
    sums = [*conclusion(plan), *([f"Offline: {offline_text(plan)}"] if plan["offline"] else [])]
    refused = f"This plan cannot be applied: {count_text(plan['diagnostics'])}" if plan["errored"] else ""
    return [
        sections.alarm(losses_text(plan["lost_alerts"])),
        sections.alarm(outage_text(plan)),
        replay.unheard_alarm(plan),
        sections.alarm(refused),
        sections.exposure(plan),
        div(class_="panel")[(p[sections.prose(each)] for each in sums)] if sums else None,
    ]

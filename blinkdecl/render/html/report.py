"""Which sections the page of each command has: the worst first, then who receives what, then the details."""

from collections.abc import Iterable

from htpy import Node, div, p

from blinkdecl.render.html import sections
from blinkdecl.render.html.matrix import matrix
from blinkdecl.render.html.page import Facts, Part, page
from blinkdecl.render.text.marks import plain
from blinkdecl.render.text.plan import conclusion
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
    heading: str = {"coverage": "Who receives which alerts", "test": "Test alerts"}.get(view["command"], "blinkdecl")
    return page(heading, None, [*sections.problems(view), *sections.tests(view)], view, facts)


def _plan(plan: View, facts: Facts) -> str:
    heading = "What was changed outside" if facts.command == "drift" else "Plan"
    parts = [
        *sections.problems(plan),
        *sections.changes(plan),
        *sections.routing(rows_of_plan(plan), "Now", "After"),
        *sections.drift(plan),
    ]
    return page(heading, _lead(plan, told=facts.command != "drift"), parts, plan, facts)


def _report(view: View, facts: Facts) -> str:
    plan, found = view["report"]["plan"], view["report"]["coverage"]
    parts = [
        *sections.problems(plan),
        Part("matrix", "Who receives which alerts", matrix(found, linked=True)),
        *sections.changes(plan),
        *sections.rules(found),
        *sections.drift(plan),
        *sections.destinations(view["report"]["destinations"]),
    ]
    return page("Where alerts go", _lead(plan, told=True), parts, plan, facts)


def _coverage(found: View) -> Iterable[Part]:
    yield Part("matrix", f"Destinations by kind of alert ({found['against']})", matrix(found))
    yield from sections.rules(found)


def _lead(plan: View, *, told: bool) -> Node:
    """Return what nobody would receive, and where it is to be `told` what the plan comes to."""
    if plan["state"] is None:
        return div(class_="panel bad")[p["No plan could be made."]]
    sums = [plain(each) for each in conclusion(plan)] if told else []
    return [sections.losses(plan), div(class_="panel")[(p[each] for each in sums)] if sums else None]

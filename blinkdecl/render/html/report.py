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
    heading = "What was changed outside" if _is_drift(plan) else "Plan"
    parts = [
        *sections.problems(plan),
        *sections.changes(plan),
        *sections.routing(rows_of_plan(plan), "Now", "After"),
        *sections.drift(plan),
    ]
    return page(heading, _lead(plan), parts, plan, facts)


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
    return page("Where alerts go", _lead(plan), parts, plan, facts)


def _coverage(found: View) -> Iterable[Part]:
    yield Part("matrix", f"Destinations by kind of alert ({found['against']})", matrix(found))
    yield from sections.rules(found)


def _lead(plan: View) -> Node:
    """Return what nobody would receive, and the sum."""
    if plan["state"] is None:
        return div(class_="panel bad")[p["No plan could be made."]]
    told = [] if _is_drift(plan) else [plain(each) for each in conclusion(plan)]
    return [sections.losses(plan), div(class_="panel")[(p[each] for each in told)] if told else None]


def _is_drift(plan: View) -> bool:
    """Whether it is the plan of ``drift``, which has no changes to apply."""
    return bool(plan["resource_drift"]) and not plan["resource_changes"] and not plan["applyable"]

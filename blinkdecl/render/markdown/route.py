"""Who gets an alert, and how routing tests ended, as Markdown."""

from collections.abc import Iterator

from blinkdecl.diagnostics import counted
from blinkdecl.render.markdown import code, code_cell, escaped
from blinkdecl.render.markdown.blocks import at_place, folded, listed_whole, other_problems, place_link, problems
from blinkdecl.render.markdown.page import PageOptions, Section, Whole, page
from blinkdecl.render.view.parts import View


def route_markdown(document: View, options: PageOptions) -> str:
    """Return which destinations an alert reaches; why not each of the others is folded."""
    [found] = document["routes"]
    alert, count = found["alert"], len(found["reached"])
    logs = f" from {', '.join(alert['log_types'])}" if alert["log_types"] else ""
    nobody = "nobody, as declared" if found["silent"] else "nobody"
    asked = f"{alert['severity']} {alert['type']} alerts{logs}"
    whom = counted(count, "destination") if count else nobody
    title = f"Route{escaped(options.where)}: {escaped(asked)} reach {whom}"
    parts = (
        Section(_discarded(found)),
        Section(_decisions(found, reached=True, options=options), 3),
        Section(_others(found, options), 2),
        Section(problems(document["diagnostics"], options)),
    )
    return page(title, parts, options)


def route_tests_markdown(document: View, options: PageOptions) -> str:
    """Return how many routing tests failed, and which."""
    tests = document["route_tests"]
    failed = [each for each in tests if not each["passed"]]
    told = f"{counted(len(tests), 'routing test')}, {len(failed) or 'none'} failed"
    if not tests:
        told = "no routing test could be read"
    names = [each["name"] for each in failed]
    items = [f"{escaped(each['name'])}{at_place(each['position'], options)}" for each in failed]
    parts: list[Section | Whole] = [
        listed_whole("CAUTION", f"Failed ({len(failed)}):", items, names),
        Section(problems(document["diagnostics"], options), 3),
        Section(_passed(tests, options)),
        Section(other_problems(document["diagnostics"], options)),
    ]
    return page(f"Route{escaped(options.where)}: {told}", parts, options)


def _discarded(found: View) -> Iterator[str]:
    if found["discarded"]:
        yield from ("", f"Note: {escaped(found['discarded'])}.")
    elif found["unknown"]:
        names = ", ".join(map(code, found["unknown"]))
        yield from ("", f"No destination has this name or id: {names}.")


def _decisions(found: View, *, reached: bool, options: PageOptions) -> Iterator[str]:
    rows = [each for each in found["decisions"] if each["reached"] is reached]
    if rows:
        yield from ("", "| Destination | Display name | Why |", "|---|---|---|")
    for each in rows[: options.room.rows]:
        name = code_cell(each["address"]) if each["address"] else f"(not managed) {code_cell(each['id'] or '')}"
        yield f"| {name} | {escaped(each['display_name'])} | {escaped(each['reason'])} |"
    if len(rows) > options.room.rows:
        yield from ("", f"and {len(rows) - options.room.rows} more.")


def _others(found: View, options: PageOptions) -> Iterator[str]:
    if lines := list(_decisions(found, reached=False, options=options)):
        yield from folded("Not reached", lines[1:])


def _passed(tests: list[View], options: PageOptions) -> Iterator[str]:
    if passed := [each for each in tests if each["passed"]]:
        lines = (f"- {escaped(each['name'])} {place_link(each['position'], options)}" for each in passed)
        yield from folded(f"Passed ({len(passed)})", lines)

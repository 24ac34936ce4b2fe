"""Who gets an alert, as text."""

from collections.abc import Iterable
from shlex import quote

from blinkdecl.diagnostics import counted
from blinkdecl.render.safe import one_line
from blinkdecl.render.text.layout import PLAIN, Layout, paragraph, wrapped
from blinkdecl.render.text.marks import Mark, marked, plain, signed
from blinkdecl.render.view.parts import View
from blinkdecl.routing.receiver import Receiver

_WIDEST = 50  # a column of names; beside wider ones nothing is aligned


def route_text(document: View, *, explain: bool, layout: Layout = PLAIN) -> str:
    """Return who gets the alert; with `explain` of every destination why, or why not."""
    [found] = document["routes"]
    alert = found["alert"]
    logs = f" from {', '.join(map(one_line, alert['log_types']))}" if alert["log_types"] else ""
    asked = f"{alert['severity']} {alert['type']} alerts{logs}"
    count = len(found["reached"])
    declared = ", as declared" if found["silent"] else ""
    nobody = f"nobody{declared}" if found["silent"] else marked(Mark.NOBODY, "nobody")
    lines = [f"{asked} reach {counted(count, 'destination')}:" if count else f"{asked} reach {nobody}."]
    rows = [each for each in found["decisions"] if explain or each["reached"]]
    width = max((len(_name(each)) for each in rows), default=0)
    for each in rows:
        sign = f"{signed('+' if each['reached'] else '-')} " if explain else ""
        told = each["reason"] if explain else each["display_name"]
        first = f"  {sign}{_name(each):<{width}}  "
        indent = len(plain(first))
        lines += wrapped(one_line(told), first, " " * (indent if indent < _WIDEST else 6), layout)
    parts = ["\n".join(lines)]
    if found["discarded"]:
        parts.append(paragraph(f"Note: {one_line(found['discarded'])}.", layout))
    elif found["unknown"]:
        names = ", ".join(f'"{one_line(each)}"' for each in found["unknown"])
        parts.append(paragraph(f"No destination has this name or id: {names}.", layout))
    return "\n\n".join(parts)


def available_text(receivers: Iterable[Receiver]) -> str:
    """Return each name and id as an option of panther_analysis_tool, one per line, quoted for a shell or xargs."""
    names = dict.fromkeys(name for each in receivers for name in (each.display_name, each.id) if name)
    return "\n".join(f"--available-destination {quote(name)}" for name in names)


def route_tests_text(document: View, *, verbose: bool) -> str:
    """Return how many routing tests passed, by file; `verbose` names each."""
    by_file: dict[str, list[View]] = {}
    for each in document["route_tests"]:
        by_file.setdefault(each["position"]["file"], []).append(each)
    lines = []
    for file, tests in by_file.items():
        passed = sum(each["passed"] for each in tests)
        failed = f", {len(tests) - passed} failed" if passed < len(tests) else ""
        lines.append(f"{one_line(file)}: {passed} passed{failed}")
        if verbose:
            lines += [f"  {'ok    ' if each['passed'] else 'FAILED'} {one_line(each['name'])}" for each in tests]
    total = len(document["route_tests"])
    broken = sum(not each["passed"] for each in document["route_tests"])
    lines.append(f"{counted(total, 'routing test')}, {broken or 'none'} failed." if total else "No test could be read.")
    return "\n".join(lines)


def _name(decision: View) -> str:
    return one_line(decision["address"] or f"(not managed) {decision['id']}")

"""Who gets an alert, as text."""

from blinkdecl.render.safe import one_line
from blinkdecl.render.text import counted, paragraph
from blinkdecl.render.view_parts import View


def route_text(document: View, *, explain: bool) -> str:
    """Return who gets the alert; with `explain` of every destination why, or why not."""
    [found] = document["routes"]
    alert = found["alert"]
    logs = f" from {', '.join(map(one_line, alert['log_types']))}" if alert["log_types"] else ""
    asked = f"{alert['severity']} {alert['type']} alerts{logs}"
    count = len(found["reached"])
    lines = [f"{asked} reach {counted(count, 'destination')}:" if count else f"{asked} reach nobody."]
    rows = [each for each in found["decisions"] if explain or each["reached"]]
    width = max((len(_name(each)) for each in rows), default=0)
    for each in rows:
        sign = ("+ " if each["reached"] else "- ") if explain else ""
        told = each["reason"] if explain else each["display_name"]
        lines.append(f"  {sign}{_name(each):<{width}}  {one_line(told)}")
    parts = ["\n".join(lines)]
    if found["unknown"]:
        names = ", ".join(f'"{one_line(each)}"' for each in found["unknown"])
        parts.append(paragraph(f"No destination has this name or id: {names}."))
    return "\n\n".join(parts)


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

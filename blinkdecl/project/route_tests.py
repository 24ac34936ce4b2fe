"""Files of routing tests (``...routes.test.yaml``): read as strictly as the configuration, but not part of it."""

from pathlib import Path
from typing import Any

from blinkdecl.config.document import schema
from blinkdecl.config.document.file import check_place, files_below
from blinkdecl.config.document.parse import Source
from blinkdecl.config.document.report import Report
from blinkdecl.diagnostics import Diagnostic, Position, Suggestions, error
from blinkdecl.routing.route import RoutedAlert
from blinkdecl.routing.verdicts import RouteTest

_ENDING = "routes.test.yaml"


def read_route_tests(root: Path, place: Path) -> tuple[tuple[RouteTest, ...], tuple[Diagnostic, ...]]:
    """Return the tests of all sound files, and what is wrong with the others.

    `place` is a file, or the folder that has them, relative to `root`. Raises a `Failure` (``not-found``) for none,
    or (``unreadable``) where a link in `root` leads out of it.
    """
    check_place(place, root)
    source, report, suggestions = Source(root), Report(), Suggestions()
    tests: list[RouteTest] = []
    files, links = ([str(place)], []) if (root / place).is_file() else files_below(root, place, (_ENDING,))
    if not files + links:
        remedy = "`blinkdecl schema routes` says what such a file holds"
        raise error("not-found", f"there is no file that ends with {_ENDING} in {place}", remedy=remedy)
    report.extend(Diagnostic("unreadable", f"{each} is a link that leads out of {place}") for each in links)
    for file in files:
        document = source.read(file)
        report.extend(document.problems)
        findings = () if document.broken else schema.check(document.data, "routes", suggestions)
        for finding in findings:
            report.add(document, finding)
        if not document.problems and not findings:
            entries = enumerate(document.data["routes"])
            tests += [_test(each, document.position("routes", index)) for index, each in entries]
    return tuple(tests), report.diagnostics()


def _test(entry: dict[str, Any], position: Position) -> RouteTest:
    alert = entry["alert"]
    override, returned = (tuple(alert[each]) if each in alert else None for each in ("override", "returned"))
    alert = RoutedAlert(
        alert["severity"], alert.get("type", "RULE"), tuple(alert.get("log_types", ())), override, returned
    )
    return RouteTest(entry["name"], alert, tuple(entry["expect"]), position)

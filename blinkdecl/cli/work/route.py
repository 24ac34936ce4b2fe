"""The work of ``blinkdecl route``: who gets this alert, and why?"""

from functools import partial
from pathlib import Path
from typing import TypedDict, Unpack

from blinkdecl.cli.input import read_alert, read_pat_results
from blinkdecl.cli.session import Session
from blinkdecl.diagnostics import error, exit_code
from blinkdecl.project.detections import DetectionOptions, route_detections
from blinkdecl.project.project import open_project
from blinkdecl.project.receivers import receivers_at
from blinkdecl.project.route_tests import read_route_tests
from blinkdecl.render.text.detections import detections_text, problems_text
from blinkdecl.render.text.route import available_text, route_tests_text, route_text
from blinkdecl.render.view.detections import detection_view, detections_summary
from blinkdecl.render.view.parts import diagnostics_view
from blinkdecl.render.view.results import results_view
from blinkdecl.render.view.routing import route_test_view, route_view
from blinkdecl.routing.route import RoutedAlert, RoutingRules, route
from blinkdecl.routing.silence import is_silent_alert
from blinkdecl.routing.verdicts import judge, problems_of

# What explains more than one alert.
_INSTEAD = {"--detections": "`-v` gives the reason for each detection", "--tests": "`-v` names each test"}


class _Asked(TypedDict):
    """What the caller says about an alert."""

    severity: str | None
    alert_type: str | None
    log_types: tuple[str, ...]
    alert: Path | None
    override: tuple[str, ...]
    returned: tuple[str, ...]


def run(
    session: Session,
    *,
    against: str,
    rules: RoutingRules,
    explain: bool,
    tests: Path | None,
    detections: Path | None,
    unmanaged: tuple[str, ...],
    strict: bool,
    pat_results: Path | None,
    export: str | None,
    **asked: Unpack[_Asked],
) -> int:
    """Run the command; returns its exit code, raises a `Failure`."""
    ways = [name for name, value in (("--tests", tests), ("--detections", detections), ("--export", export)) if value]
    if len(ways) > 1 or (ways and any(asked.values())):
        remedy = "leave out the options that describe an alert, and the other modes"
        raise error("usage", f"{ways[0]} cannot be combined with other options", remedy=remedy)
    if detections is None and (strict or unmanaged or pat_results):
        remedy = "add `--detections DIR`"
        raise error("usage", "--strict, --unmanaged and --pat-results are for --detections", remedy=remedy)
    if export is not None and session.machine_format:
        raise error("usage", f"--export has a format of its own, not {session.format}", remedy="leave --format out")
    if not ways and session.format == "sarif":
        raise error("usage", "SARIF has nothing to say of one alert", remedy="add `--detections DIR` or `--tests DIR`")
    if explain and ways:
        remedy = f"leave it out; {_INSTEAD.get(ways[0], 'names have no reasons')}"
        raise error("usage", f"--explain is for one alert, not for {ways[0]}", remedy=remedy)
    if tests is not None:
        return _run_route_tests(session, tests, against, rules)
    if detections is not None:
        tested = read_pat_results(session, pat_results) if pat_results is not None else None
        how = DetectionOptions(detections, rules, unmanaged, strict, tested)
        return _route_detections(session, against, how)
    if export is not None:
        session.result(available_text(receivers_at(open_project(session.invocation, session.say), against, named=True)))
        return 0
    return _route_alert(session, against, rules, explain=explain, **asked)


def _route_alert(session: Session, against: str, rules: RoutingRules, *, explain: bool, **asked: Unpack[_Asked]) -> int:
    """Say who gets one alert."""
    file, override, returned = asked["alert"], asked["override"], asked["returned"]
    given = read_alert(session, file, ("route", "--alert", "-")) if file is not None else None
    severity = asked["severity"] or (given.severity if given else None)
    if severity is None:
        raise error("usage", "no alert was given", remedy="pass --severity HIGH, or --alert FILE")
    alert = RoutedAlert(
        severity,
        asked["alert_type"] or (given.type if given else None) or "RULE",
        asked["log_types"],
        override or None,
        tuple(filter(None, returned)) if returned else None,
    )
    named = bool(override or returned)
    project = open_project(session.invocation, session.say)
    found = route(alert, receivers_at(project, against, named=named), rules)
    silent = not found.reached and is_silent_alert(project.configuration.settings.silences, alert)
    view = results_view("route", 0) | {"routes": [route_view(alert, found, silent=silent)]}
    session.show(view, partial(route_text, explain=explain, layout=session.layout))
    return 0


def _run_route_tests(session: Session, place: Path, against: str, rules: RoutingRules) -> int:
    """Run every test below a folder, or in one file, and return the exit code."""
    tests, wrong = read_route_tests(Path(session.invocation.root), place)
    named = any(each.alert.override or each.alert.returned for each in tests)
    project = open_project(session.invocation, session.say)
    receivers, elsewhere = receivers_at(project, against, named=named), project.configuration.elsewhere
    verdicts = [judge(each, receivers, rules, elsewhere) for each in tests]
    problems = (*wrong, *problems_of(verdicts))
    code = exit_code(problems)
    tested = {"route_tests": [route_test_view(each) for each in verdicts]}
    view = results_view("route", code, diagnostics=problems) | tested
    session.show(view, partial(route_tests_text, verbose=session.verbose))
    session.problems(problems)
    return code


def _route_detections(session: Session, against: str, how: DetectionOptions) -> int:
    """Print where each detection's alerts go, and return the exit code; 3 = one names a missing destination."""
    found = route_detections(open_project(session.invocation, session.say), against, how)
    code, problems = exit_code(found.problems), diagnostics_view(found.problems)
    routed = {
        "detection_summary": detections_summary(found.routes, found.unread, found.passed_over),
        "detections": [detection_view(each) for each in found.routes],
        "problems": problems,
    }
    view = results_view("route", code, diagnostics=found.problems) | routed
    session.show(view, partial(detections_text, verbose=session.verbose, layout=session.layout))
    if problems:
        session.complain(partial(problems_text, problems, verbose=session.verbose))
    return code

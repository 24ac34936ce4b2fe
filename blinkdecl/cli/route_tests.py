"""``blinkdecl route --tests``: a repository's routing, under test."""

from pathlib import Path

from blinkdecl.cli.receivers import receivers_at
from blinkdecl.cli.session import Session
from blinkdecl.cli.wiring import open_project
from blinkdecl.config import read_route_tests
from blinkdecl.diagnostics import exit_code
from blinkdecl.render.route_text import route_tests_text
from blinkdecl.render.route_view import route_test_view
from blinkdecl.render.view import results_view
from blinkdecl.routing.order import Reading
from blinkdecl.routing.route_test import judge, problems_of


def run_route_tests(session: Session, place: Path, against: str, reading: Reading) -> int:
    """Run every test below a folder, or of one file, and return the exit code."""
    tests, wrong = read_route_tests(session.root, place)
    named = any(each.facts.override or each.facts.returned for each in tests)
    receivers = receivers_at(open_project(session), against, named=named)
    verdicts = [judge(each, receivers, reading) for each in tests]
    problems = (*wrong, *problems_of(verdicts))
    code = exit_code(problems)
    view = results_view("route", code, diagnostics=problems)
    view["route_tests"] = [route_test_view(each) for each in verdicts]
    if session.machine:
        session.document(view)
    else:
        session.result(route_tests_text(view, verbose=session.verbose))
    session.problems(problems)
    return code

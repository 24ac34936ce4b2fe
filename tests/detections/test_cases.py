"""One folder per construct of Panther's detections: what is said of it stands beside it.

``expected.txt`` has a line for each detection (its outcome, who is reached, why) and one for each problem. The
destinations there are take HIGH and CRITICAL (Blink SOC), MEDIUM policies (Cloud) and MEDIUM of one log type (Okta).
``BLINKDECL_WRITE_EXPECTED=1 pytest tests/detections`` writes them anew, to be reviewed.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from blinkdecl.config.rules import log_types
from blinkdecl.detections.repository import read_detections
from blinkdecl.diagnostics import Diagnostic
from blinkdecl.routing.detection_problems import lost_problems, not_known_problems, reference_problems
from blinkdecl.routing.detections import DetectionRoute, routes_of
from blinkdecl.routing.receiver import Receiver
from tests.support.paths import ROOT

CASES = ROOT / "tests/cases/detections"
WRITE = "BLINKDECL_WRITE_EXPECTED" in os.environ
RECEIVERS = (
    Receiver("destination.soc", "id-soc", "Blink SOC", ("HIGH", "CRITICAL")),
    Receiver("destination.cloud", "id-cloud", "Cloud", ("MEDIUM",), ("POLICY",)),
    Receiver("destination.okta", "id-okta", "Okta", ("MEDIUM",), (), ("Okta.SystemLog",)),
)


def _cases() -> list[Path]:
    return sorted(each for each in CASES.iterdir() if each.is_dir())


def _told(case: Path) -> Iterator[str]:
    found = read_detections(CASES, Path(case.name), log_types())
    routes = routes_of(found.detections, RECEIVERS, "current")
    yield from (_route(each) for each in routes)
    yield ""
    problems = (
        *found.problems,
        *reference_problems(found.detections, RECEIVERS, RECEIVERS, planned=False),
        *lost_problems(routes),
        *not_known_problems(routes, found.unread),
    )
    yield from (_problem(each) for each in problems)


def _route(route: DetectionRoute) -> str:
    whom = ", ".join(each.display_name for each in route.reached) or "nobody"
    return f"{route.detection.id}: {route.outcome} -> {whom} | {route.reason}"


def _problem(problem: Diagnostic) -> str:
    return f"{problem.severity} [{problem.code}] {problem.position} {problem.summary}"


@pytest.mark.parametrize("case", _cases(), ids=lambda case: case.name)
def test_what_is_said_of_it(case: Path) -> None:
    """Every detection and every problem, in order."""
    text = "".join(f"{line}\n" for line in _told(case))
    if WRITE:
        (case / "expected.txt").write_text(text)
    assert text == (case / "expected.txt").read_text()


def test_nothing_is_said_of_a_repository_like_the_public_one() -> None:
    """Not one warning: hidden files, integer keys in tests, signals, packs, schemas, queries, templates."""
    expected = (CASES / "like-the-public-one/expected.txt").read_text()
    assert expected.partition("\n\n")[2] == ""


@pytest.mark.parametrize(
    ("case", "told"),
    [
        ("derived", "error [unknown-destination] derived/override.yml:4:13"),
        ("derived", "error [unknown-destination] derived/coded.py:6:13"),
        ("merged-and-anchored", "error [unknown-destination] merged-and-anchored/merged.yml:5:20"),
        ("lists-that-are-built", "error [unknown-destination] lists-that-are-built/append.py:4:22"),
        ("disabled-and-signals", "warning [signal-override] disabled-and-signals/named.yml:7:13"),
        ("derived-of-what-is-not-here", "error [unknown-destination] derived-of-what-is-not-here/managed.yml:5:13"),
    ],
)
def test_a_dangling_name_is_found_wherever_it_is(case: str, told: str) -> None:
    """With its place, whatever else is known; in a signal it is a note, since nothing is routed."""
    assert told in (CASES / case / "expected.txt").read_text()

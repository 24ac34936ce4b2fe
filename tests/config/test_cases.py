"""One folder per case: what each configuration in ``tests/cases`` leads to stands beside it.

``case.json`` gives the arguments where they matter; ``expected.txt`` has a line for each problem, ``expected.json``
the resources of a valid case. ``BLINKDECL_WRITE_EXPECTED=1 pytest tests/config`` writes them anew, to be reviewed.
"""

import json
import os
from dataclasses import asdict
from pathlib import Path

import pytest

from blinkdecl.config import Loaded, load
from blinkdecl.diagnostics import Diagnostic, Failure
from tests.support.paths import CASES

WRITE = "BLINKDECL_WRITE_EXPECTED" in os.environ


def _cases(kind: str) -> list[Path]:
    return sorted(path for path in (CASES / kind).iterdir() if path.is_dir())


def _load(case: Path) -> Loaded:
    arguments = case / "case.json"
    given = json.loads(arguments.read_text()) if arguments.exists() else {}
    return load(case, **{"environ": {}, **given})


def _line(problem: Diagnostic) -> str:
    place = f"{problem.position} " if problem.position else ""
    label = f" ({problem.excerpt.label})" if problem.excerpt and problem.excerpt.label else ""
    severity = "" if problem.severity == "error" else f" {problem.severity}"
    return f"{problem.code}{severity} {place}{problem.summary}{label}"


def _check(path: Path, text: str) -> None:
    if WRITE:
        path.write_text(text)
    assert text == path.read_text()


@pytest.mark.parametrize("case", _cases("invalid"), ids=lambda case: case.name)
def test_an_invalid_case_leads_to_exactly_its_errors(case: Path) -> None:
    """Each problem once, in the order of the files, with its place; and no secret in any part of any of them."""
    with pytest.raises(Failure) as caught:
        _load(case)
    problems = caught.value.diagnostics
    _check(case / "expected.txt", "".join(f"{_line(each)}\n" for each in problems))
    assert "CANARY" not in repr(problems).replace("CA-NARY", "CANARY")
    for each in problems:
        assert each.code != "missing-property" or dict(each.notes).get("help"), each
    assert caught.value.exit_code == 1


@pytest.mark.parametrize("case", _cases("valid"), ids=lambda case: case.name)
def test_a_valid_case_leads_to_its_resources(case: Path) -> None:
    """The resources complete and canonical, the settings and the warnings."""
    loaded = _load(case)
    found = asdict(loaded.configuration)
    for name in ("elsewhere", "removed"):
        if not found[name]:
            del found[name]
    for resource in found["resources"].values():
        position = resource.pop("position")
        resource["position"] = f"{position['file']}:{position['line']}:{position['column']}"
    found["warnings"] = [_line(each) for each in loaded.warnings]
    _check(case / "expected.json", json.dumps(found, indent=2, ensure_ascii=False) + "\n")

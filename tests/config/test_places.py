"""Where an attribute is written: in its resource, or in the defaults; where it is not to be found, nothing changes."""

from dataclasses import replace
from pathlib import Path

import pytest

from blinkdecl.config import Places
from blinkdecl.diagnostics import Diagnostic, Position
from tests.support.builders import destination, trigger

PROJECT = """\
version: 1
defaults:
  destination: {log_types: [AWS.CloudTrail]}
  trigger: {webhook: {api_key: {env: DEFAULT_KEY}}}
triggers:
  soc: {webhook: {url: "https://a.blinkops.com/?apikey=canary-in-a-url", api_key: {env: BLINK_KEY}}}
  other: {workspace: SOC}
"""
BLINK = """\
version: 1
destinations:
  blink:
    alert_types: [RULE]
    lifecycle:
      ignore_changes: [severities]
"""
PROBLEM = Diagnostic("unsupported", "this cannot be", position=Position("blink.yaml", 3, 3))


@pytest.fixture
def places(tmp_path: Path) -> Places:
    """The places of two files."""
    (tmp_path / "blinkdecl.yaml").write_text(PROJECT)
    (tmp_path / "blink.yaml").write_text(BLINK)
    return Places(tmp_path)


@pytest.mark.parametrize(
    ("kind", "name", "attribute", "expected"),
    [
        ("destination", "blink", "alert_types", "blink.yaml:4:18"),
        ("destination", "blink", "ignore_changes", "blink.yaml:6:23"),
        ("destination", "blink", "log_types", "blinkdecl.yaml:3:28"),
        ("trigger", "soc", "api_key", "blinkdecl.yaml:6:83"),
        ("trigger", "other", "api_key", "blinkdecl.yaml:4:32"),
        ("destination", "blink", "display_name", "blink.yaml:3:3"),
        ("destination", "gone", "severities", "blink.yaml:3:3"),
    ],
)
def test_the_line_of_an_attribute(places: Places, kind: str, name: str, attribute: str, expected: str) -> None:
    """With the lines around it, in which no secret is shown."""
    resource = destination(name) if kind == "destination" else trigger(name)
    file = "blink.yaml" if kind == "destination" else "blinkdecl.yaml"
    found = places.pointed(PROBLEM, replace(resource, position=Position(file, 1, 1)), attribute)
    assert str(found.position) == expected
    assert (found.excerpt is None) == (found == PROBLEM)
    assert "canary" not in str(found.excerpt)


def test_few_files_are_read_again(tmp_path: Path) -> None:
    """Nobody reads the places of thousands: what is in the 21st file stays as it is, and so does one that is gone."""
    places = Places(tmp_path)
    for number in range(21):
        (tmp_path / f"{number}.yaml").write_text("destinations: {blink: {severities: [HIGH]}}")
    found = [
        places.key(replace(destination("blink"), position=Position(f"{number}.yaml", 1, 1)), "severities")
        for number in range(21)
    ]
    assert [each is not None for each in found] == [True] * 20 + [False]
    gone = replace(destination("blink"), position=Position("gone.yaml", 1, 1))
    assert Places(tmp_path).key(gone, "severities") is None

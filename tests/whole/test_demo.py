"""The demo, as a person runs it."""

import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from blinkdecl.cli import run


def test_demo_ends_well_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Every step ends as it should, the walk is all there, and the temporary folder is empty again."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    assert run(["demo"]) == 0
    out = "".join(capfd.readouterr())
    for sentence in (
        'Error: there is no trigger "sco" [unknown-reference]',
        "Plan: 2 to add, 0 to change, 0 to destroy.\n1 trigger to record.",
        "accepted by Blink, HTTP 200",
        "Apply complete! Resources: 2 added, 0 changed, 0 destroyed.\n1 trigger recorded.",
        "No changes. Your infrastructure matches the configuration.",
        "Blink refused the test alert: HTTP 401 [not-delivered]",
        "by jo@example.com",
        "Test alert through Panther... delivered, HTTP 200",
        "No drift.",
        "$ blinkdecl plan --replay 7d",
        " alerts a day",
        "destination.blink-triage was left as it is [waits]",
        "Apply complete! Resources: 1 added, 0 changed, 1 destroyed.",
        "destination.old-soc: imported",
        "Destroy complete! Resources: 3 destroyed.\n3 triggers forgotten: their automations in Blink stay.",
    ):
        assert sentence in out
    assert list(tmp_path.iterdir()) == []


def test_demo_fails_when_a_step_misbehaves(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    """A step that ends otherwise than it should ends the demo with 1."""
    monkeypatch.setattr("blinkdecl.cli.work.demo._MISTAKES", "")
    assert run(["demo"]) == 1
    assert "`blinkdecl validate` ended with exit code 0, not 1" in capfd.readouterr().err


def test_demo_runs_as_a_process() -> None:
    """The same from a shell, with nothing but pipes."""
    done = subprocess.run([sys.executable, "-m", "blinkdecl", "demo"], capture_output=True, timeout=60, check=False)
    assert done.returncode == 0

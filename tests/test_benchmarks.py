"""The benchmarks do what they say; what they measure is nobody's to assert."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.alerts import write_alerts
from benchmarks.budgets import IDEAL, Row, rows
from benchmarks.loopback import converse, loopback, raw_rate
from benchmarks.process import BenchmarkError, Command, Run, Sample, run
from benchmarks.repository import is_changed, write, write_destinations, write_one_file
from benchmarks.stacks import write_documents, write_stacks
from benchmarks.table import table
from blinkdecl.cli import run as blinkdecl
from tests.support.paths import ROOT


def test_repository_validates(tmp_path: Path) -> None:
    """What is measured is a valid repository: 20 destinations, and their trigger."""
    write(tmp_path / "made", 20)
    assert blinkdecl(["-C", str(tmp_path / "made"), "validate"]) == 0


def test_one_file_validates(tmp_path: Path) -> None:
    """The repository of one file holds triggers and destinations in `blinkdecl.yaml`."""
    write_one_file(tmp_path / "made", 20)
    assert [each.name for each in (tmp_path / "made").iterdir()] == ["blinkdecl.yaml"]
    assert blinkdecl(["-C", str(tmp_path / "made"), "validate"]) == 0


def test_repository_has_the_shape_it_says(tmp_path: Path) -> None:
    """100 destinations a file, a trigger and a key for each 100."""
    made = write(tmp_path / "made", 250)
    assert len(list((made.folder / "destinations").iterdir())) == 3
    assert len(made.keys) == 3


def test_changed_fraction_is_spread_over_all_files(tmp_path: Path) -> None:
    """1 % of 1,000 is one in each of ten files, by another display name."""
    made = write(tmp_path / "made", 1000)
    write_destinations(made.folder, 1000, 0.01)
    texts = [each.read_text() for each in (made.folder / "destinations").iterdir()]
    assert [text.count("(renamed)") for text in texts] == [1] * 10
    assert sum(is_changed(number, 1000, 0.0) for number in range(1000)) == 0


def test_alerts_can_be_replayed(tmp_path: Path) -> None:
    """What is measured is a file that `plan --replay` reads, of which most alerts are known."""
    write_one_file(tmp_path / "made", 20)
    write_alerts(tmp_path / "made/alerts.jsonl", 1000)
    out = tmp_path / "plan.json"
    words = ["plan", "--replay", "alerts.jsonl", "--format", "json", "--output", str(out)]
    assert blinkdecl(["-C", str(tmp_path / "made"), *words]) == 0
    found = json.loads(out.read_text())["replay"]
    assert (found["alerts"], sum(found["not_known"].values())) == (1000, 150)


def test_version_prints_a_row() -> None:
    """`python -m benchmarks --quick --only version` measures and prints a row with its budget, and no other line."""
    arguments = [sys.executable, "-m", "benchmarks", "--quick", "--only", "version"]
    done = subprocess.run(arguments, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    assert [line for line in done.stdout.splitlines() if line.startswith("--version") and "<= 90 ms" in line]
    assert "plan" not in done.stdout


def test_command_that_fails_is_no_figure(tmp_path: Path) -> None:
    """A command that ends otherwise than expected is an error that shows what it said."""
    folder = tmp_path / "in"
    folder.mkdir()
    with pytest.raises(BenchmarkError, match="exit code 3, expected 0:\nwhy"):
        run(Command([sys.executable, "-c", "print('why'); raise SystemExit(3)"], folder))


def test_run_is_measured(tmp_path: Path) -> None:
    """Clock, processor and memory are the child's."""
    folder = tmp_path / "in"
    folder.mkdir()
    measured = run(
        Command([sys.executable, "-c", "x = bytes(150_000_000)[:1]; b = bytearray(x * 150_000_000)"], folder)
    )
    assert measured.wall > 0
    assert measured.peak > 150_000_000


def test_verdicts() -> None:
    """Over budget is said plainly; what was not measured is not called good."""
    assert Row("plan", "plan", 1.3, "s", 1.2).verdict == "over budget"
    assert Row("plan", "plan", 1.2, "s", 1.2).verdict == "holds"
    assert Row("test", "rate", 74.0, "%", 75, at_least=True).verdict == "too low"
    assert Row("plan", "plan", None, "x", 0.2).verdict == "not measured"
    assert Row("plan", "plan", 1.0, "s").verdict == ""


def test_growth_and_share_are_computed() -> None:
    """Growth is of whole processes, the rate is compared with what the latency allows."""
    samples = {
        ("test", 1_000): Sample((Run(1.0, 1.0, 1, IDEAL / 2),)),
        ("test", 10_000): Sample((Run(12.0, 1.0, 1, IDEAL),)),
    }
    found = {row.what: row for row in rows(samples, (1_000, 10_000)) if row.limit}
    assert found["of the ideal 2,500/s"].value == 50
    assert found["growth, 1,000 to 10,000"].verdict == "over budget"
    assert max(map(len, table(list(found.values())).splitlines())) <= 100


def test_receiver_counts_and_ends() -> None:
    """The receiver refuses what brings no key, and is gone when its context is."""
    with loopback(0) as receiver:
        assert receiver.look().requests == 0
    assert receiver.process.poll() is not None
    assert raw_rate(0, 200) > 0
    with pytest.raises(ProcessLookupError):
        os.kill(receiver.process.pid, 0)


@pytest.mark.parametrize(("hung_up", "reason"), [(False, "was silent"), (True, "not at all")])
def test_a_receiver_that_fails_ends_the_benchmark(*, hung_up: bool, reason: str) -> None:
    """One that is silent or has ended is an error that the harness knows, and no loop without end."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        if hung_up:
            theirs.shutdown(socket.SHUT_WR)
        with pytest.raises(BenchmarkError, match=reason):
            converse([ours], 2, patience=0.05)


def test_stacks_are_what_is_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As many as they say, of which as many are touched; and a document of each, of which a tenth has changes."""
    monkeypatch.setattr("benchmarks.stacks.STACKS", 20)
    write_stacks(tmp_path / "made")
    assert len(list((tmp_path / "made").glob("teams/*/blinkdecl.yaml"))) == 20
    assert blinkdecl(["-C", str(tmp_path / "made/teams/team-0019"), "validate"]) == 0
    status = subprocess.run(["git", "status", "--short"], cwd=tmp_path / "made", capture_output=True, check=True)
    assert len(status.stdout.splitlines()) == 10
    write_documents(tmp_path / "documents")
    assert blinkdecl(["-C", str(tmp_path / "documents"), "report", "--merge", "results", "--output", "all.html"]) == 0
    assert "2 stacks with something to tell." in (tmp_path / "documents/all.html").read_text()

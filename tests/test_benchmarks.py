"""The benchmarks do what they say; what they measure is nobody's to assert."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterable
from functools import partial
from pathlib import Path

import pytest

from benchmarks.alerts import write_alerts
from benchmarks.bench import Bench, Measured
from benchmarks.floors import yaml_floor
from benchmarks.handover import Commit, commit, told, write_handover
from benchmarks.lines import applying, past, planning, sending
from benchmarks.loopback import converse, panther, raw_run, receiver
from benchmarks.process import BenchmarkError, Command, Run, Sample, measure, run
from benchmarks.repository import is_changed, write, write_destinations, write_one_file, write_own_webhooks
from benchmarks.stacks import write_documents, write_stacks
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


def test_version_prints_a_row_and_keeps_it(tmp_path: Path) -> None:
    """`--quick --only version` measures one line, with budget and floor, and no other; the file says the same."""
    kept = tmp_path / "kept.json"
    arguments = [sys.executable, "-m", "benchmarks", "--quick", "--only", "version", "--json", str(kept)]
    done = subprocess.run(arguments, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    assert [line for line in done.stdout.splitlines() if line.startswith("--version") and "<= 50 ms" in line]
    assert "plan" not in done.stdout
    document = json.loads(kept.read_text())
    assert document["table"] == done.stdout.removesuffix("\n")
    rows = {row["what"]: row for row in document["rows"]}
    assert len(rows["--version"]["runs"]) == len(rows["of importing click"]["beside"]) == 3
    assert rows["libraries beside click"]["value"] == 0


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


def test_cases_are_measured_in_turn() -> None:
    """One run of each case at a time, the first round not counted."""
    called: list[str] = []

    def case(name: str) -> Run:
        called.append(name)
        return Run(float(len(called)), 0.0, 0)

    one, other = measure([partial(case, "one"), partial(case, "other")], 2)
    assert called == ["one", "other"] * 3
    assert ([each.wall for each in one.runs], [each.wall for each in other.runs]) == ([3.0, 5.0], [4.0, 6.0])


def test_the_yaml_floor_reads_every_file(tmp_path: Path) -> None:
    """It composes all that a repository has; what it cannot compose is an error."""
    made = write(tmp_path / "made", 250)
    run(yaml_floor(made.folder))
    assert "5 files" in (tmp_path / "made.out").read_text()
    (made.folder / "blinkdecl.yaml").write_text("{")
    with pytest.raises(BenchmarkError, match="exit code 1"):
        run(yaml_floor(made.folder))


def test_a_handover_waits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each narrowing waits for a widening and each deletion for a creation; the plain commit has as many changes."""
    made = write_handover(tmp_path / "made", 20)
    for name, key in made.keys.items():
        monkeypatch.setenv(name, key)
    here = ["-C", str(made.folder)]
    assert blinkdecl([*here, "apply", "--auto-approve", "--no-test"]) == 0
    out = tmp_path / "plan.json"
    cases: tuple[tuple[Commit, int], ...] = (("plain", 0), ("handover", 12))
    for which, waiting in cases:
        commit(made, which)
        words = ["plan", "--allow-deletes", "20", "--format", "json", "--output", str(out)]
        assert blinkdecl([*here, *words]) == 0
        document = json.loads(out.read_text())
        summary = document["summary"]
        assert told(20, which) == "Plan: {add} to add, {change} to change, {destroy} to destroy.".format(**summary)
        assert sum(bool(each["depends_on"]) for each in document["resource_changes"]) == waiting


def test_own_webhooks_validate(tmp_path: Path) -> None:
    """Every destination has a trigger of its own, 100 per file, and all of a file one key."""
    made = write_own_webhooks(tmp_path / "made", 120, "http://127.0.0.1:1/webhooks")
    assert blinkdecl(["-C", str(made.folder), "validate"]) == 0
    assert (len(list((made.folder / "triggers").iterdir())), len(made.keys)) == (2, 2)


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    """Everything once, with 20 destinations and 100 alerts."""
    bench = Bench(tmp_path / "all", 1, (20,), 100)
    bench.folder.mkdir()
    return bench


def test_plans_are_measured_beside_their_floors(bench: Bench) -> None:
    """A plan, the page of it, and a test of one destination, each with the floor of the same repository."""
    found = _measured([*planning.plan_new(bench), *planning.report(bench), *sending.test_one(bench)])
    assert sorted(found) == ["plan-new", "plan-new floor", "report", "report floor", "test-one", "test-one floor"]
    assert all(sample.wall > 0 for sample in found.values())


def test_alerts_that_were_observed_are_measured(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """`observe` finds nothing wrong with them, which would take another way."""
    monkeypatch.setattr("benchmarks.lines.past.OBSERVED", 100)
    assert sorted(_measured([*past.observe(bench), *past.replay(bench)])) == [
        "observe",
        "observe floor",
        "replay",
        "replay floor",
    ]


def test_what_is_sent_is_counted(bench: Bench) -> None:
    """An apply to Panther sends two requests more than it has changes, and test alerts arrive."""
    sent = _measured([*applying.panther(bench), *sending.test(bench)])
    for name in ("apply-panther-10", "apply-panther-50"):
        assert sent[name].counted["requests"] == 22
        assert sent[name].counted["writes of the state"] > 0
    assert sent["test"].rate > 0


def test_receiver_counts_and_ends() -> None:
    """The receiver counts what came, and is gone when its context is."""
    with receiver(0) as peer:
        assert peer.look().requests == 0
    assert peer.process.poll() is not None
    assert (raw_run(partial(receiver, 0), 200, 50).rate or 0) > 0
    with pytest.raises(ProcessLookupError):
        os.kill(peer.process.pid, 0)


def test_panther_answers_plain_sockets() -> None:
    """What stands beside an apply creates destinations: as many as were asked for, none refused."""
    with panther(0) as peer, socket.create_connection(("127.0.0.1", peer.port)) as one:
        converse([one], map(peer.request, range(3)))
        came = peer.look()
    assert (came.requests, came.timed, came.refused) == (3, 3, 0)


def _measured(found: Iterable[Measured]) -> dict[str, Sample]:
    return {name: sample for name, _, sample in found}


@pytest.mark.parametrize(("hung_up", "reason"), [(False, "was silent"), (True, "not at all")])
def test_a_receiver_that_fails_ends_the_benchmark(*, hung_up: bool, reason: str) -> None:
    """One that is silent or has ended is an error that the harness knows, and no loop without end."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        if hung_up:
            theirs.shutdown(socket.SHUT_WR)
        with pytest.raises(BenchmarkError, match=reason):
            converse([ours], iter([b"a", b"b"]), patience=0.05)


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

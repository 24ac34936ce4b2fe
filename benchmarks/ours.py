"""The lines of blinkdecl's side: each a function that measures one line of the table at every size."""

import json
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from types import MappingProxyType

from benchmarks.alerts import write_alerts
from benchmarks.detections import write_detections
from benchmarks.loopback import LATENCY, PARALLEL, Loopback, loopback
from benchmarks.process import BenchmarkError, Command, Run, Sample, blinkdecl, measure, run
from benchmarks.repository import Repository, write, write_destinations, write_one_file
from benchmarks.stacks import STACKS, TOUCHED, write_documents, write_stacks

ONE_FILE = 100
CHANGED = 0.01
# Bytes of an alert that is ten times too large.
LARGE_ALERT = 50_000_000

DETECTIONS = 1_500
ALERTS = 1_000_000
_DECODE = """
from blinkdecl.history.codec import read_alerts
with open("alerts.jsonl", "rb") as file:
    print(sum(1 for _ in read_alerts(file, "alerts.jsonl")[1]))
"""
_READ_YAML = """
import yaml
from pathlib import Path
kinds = "rule", "policy", "scheduled_rule", "correlation_rule"
found = [yaml.load(each.read_bytes(), yaml.CSafeLoader) for each in Path("detections").rglob("[!.]*.yml")]
print(sum(each["AnalysisType"] in kinds for each in found))
"""

# One measured line: its name, how many destinations, and its runs.
Measured = tuple[str, int, Sample]


@dataclass(slots=True)
class Bench:
    """Where and how much to measure. Repositories are made once for each size and shared by the lines."""

    folder: Path
    runs: int
    sizes: Sequence[int]
    _applied: dict[int, Repository] = field(default_factory=dict)

    def applied(self, count: int) -> Repository:
        """Return a repository whose every destination is recorded."""
        if count not in self._applied:
            repository = write(self.folder / f"applied-{count}", count)
            run(_apply(repository))
            self._applied[count] = repository
        return self._applied[count]

    def measure(self, command: Command) -> Sample:
        """Measure a command."""
        return measure(lambda: run(command), self.runs)


def floor(bench: Bench) -> Iterator[Measured]:
    """Measure what nothing can be faster than: the interpreter that imports click and ends."""
    yield "floor", 0, bench.measure(Command([sys.executable, "-c", "import click"], bench.folder))


def version(bench: Bench) -> Iterator[Measured]:
    """Measure `--version`."""
    yield from floor(bench)
    yield "version", 0, bench.measure(Command([*blinkdecl(), "--version"], bench.folder, says="blinkdecl"))


def help_(bench: Bench) -> Iterator[Measured]:
    """Measure `--help`."""
    yield "help", 0, bench.measure(Command([*blinkdecl(), "--help"], bench.folder, says="validate"))


def completion(bench: Bench) -> Iterator[Measured]:
    """Measure what a person waits for at each press of TAB, after `blinkdecl ` and after `blinkdecl pl`."""
    for name, typed in (("completion", "blinkdecl "), ("completion-word", "blinkdecl pl")):
        asked = {"_BLINKDECL_COMPLETE": "bash_complete", "COMP_WORDS": typed, "COMP_CWORD": "1"}
        yield name, 0, bench.measure(Command(blinkdecl(), bench.folder, asked, says="plan"))


def plan_one(bench: Bench) -> Iterator[Measured]:
    """Measure `plan` on one file, nothing changed."""
    repository = write_one_file(bench.folder / "one-file", ONE_FILE)
    run(_apply(repository))
    yield "plan-one", ONE_FILE, bench.measure(_plan(repository))


def validate(bench: Bench) -> Iterator[Measured]:
    """Measure `validate`."""
    for count in bench.sizes:
        repository = write(bench.folder / f"validate-{count}", count)
        command = Command([*blinkdecl(), "validate"], repository.folder, says="Success!")
        yield "validate", count, bench.measure(command)


def plan(bench: Bench) -> Iterator[Measured]:
    """Measure `plan`, nothing changed."""
    for count in bench.sizes:
        yield "plan", count, bench.measure(_plan(bench.applied(count)))


def plan_changed(bench: Bench) -> Iterator[Measured]:
    """Measure `plan`, 1 % changed."""
    for count in bench.sizes:
        folder = bench.folder / f"changed-{count}"
        shutil.copytree(bench.applied(count).folder, folder)
        write_destinations(folder, count, CHANGED)
        command = _plan(replace(bench.applied(count), folder=folder))
        expected = f"{round(count * CHANGED)} to change"
        yield "plan-changed", count, bench.measure(replace(command, exit_code=2, says=expected))


def apply(bench: Bench) -> Iterator[Measured]:
    """Measure `apply --no-test` of nothing but creates."""
    for count in bench.sizes:
        repository = write(bench.folder / f"apply-{count}", count)
        yield "apply", count, bench.measure(replace(_apply(repository), before=repository.forget))


def test(bench: Bench) -> Iterator[Measured]:
    """Measure `test` against a receiver that takes 20 ms for each."""
    with loopback(LATENCY) as receiver:
        for count in bench.sizes:
            url = f"http://127.0.0.1:{receiver.port}/webhooks"
            repository = write(bench.folder / f"test-{count}", count, webhooks=url, host="127.0.0.1")
            run(_apply(repository))
            yield "test", count, measure(partial(_received, repository, receiver), bench.runs)


def dispatch(bench: Bench) -> Iterator[Measured]:
    """Measure what happens to alerts that are too large, without sending them: many events, and a single string."""
    repository = write_one_file(bench.folder / "dispatch", 1)
    for name, context in (("dispatch-events", _events()), ("dispatch-string", {"raw": "x" * LARGE_ALERT})):
        (repository.folder / "alert.json").write_text(json.dumps({"type": "RULE", "alertContext": context}))
        words = ["dispatch", "alert.json", "--to", "trigger.trigger-000", "--dry-run"]
        yield name, 0, bench.measure(Command([*blinkdecl(), *words], repository.folder, says="_truncated"))


def detections(bench: Bench) -> Iterator[Measured]:
    """Measure `route --detections`, and what it cannot be faster than: reading the YAML alone, as others read it."""
    repository = write_one_file(bench.folder / "detections", 1)
    write_detections(repository.folder / "detections", DETECTIONS)
    words = ["route", "--detections", "detections", "--unmanaged", "Destination 00000"]
    command = Command([*blinkdecl(), *words], repository.folder, says=f"{DETECTIONS} detections")
    yield "detections", DETECTIONS, bench.measure(command)
    reader = Command([sys.executable, "-c", _READ_YAML], repository.folder, says=f"{DETECTIONS}")
    yield "detections-yaml", DETECTIONS, bench.measure(reader)


def replay(bench: Bench) -> Iterator[Measured]:
    """Measure `plan --replay` of a month, and what it cannot be faster than: decoding the file alone."""
    repository = write_one_file(bench.folder / "replay", ONE_FILE)
    write_alerts(repository.folder / "alerts.jsonl", ALERTS)
    words = ["plan", "--replay", "alerts.jsonl"]
    command = Command([*blinkdecl(), *words], repository.folder, repository.keys, says=f"{ALERTS} alerts")
    yield "replay", ALERTS, bench.measure(command)
    decoder = Command([sys.executable, "-c", _DECODE], repository.folder, says=f"{ALERTS}")
    yield "replay-decode", ALERTS, bench.measure(decoder)


def stacks(bench: Bench) -> Iterator[Measured]:
    """Measure `stacks`: all of them, and those that differ from a commit."""
    folder = bench.folder / "stacks"
    write_stacks(folder)
    for name, words, listed in (("stacks", [], STACKS), ("stacks-changed", ["--changed-since", "HEAD"], TOUCHED)):
        last = f"team-{(listed - 1) * STACKS // listed:04d}"
        yield name, STACKS, bench.measure(Command([*blinkdecl(), "stacks", *words], folder, says=last))


def merge(bench: Bench) -> Iterator[Measured]:
    """Measure `report --merge` of a document for each stack."""
    folder = bench.folder / "merge"
    write_documents(folder)
    for form in ("html", "markdown"):
        words = ["report", "--merge", "results", "--format", form]
        yield f"merge-{form}", STACKS, bench.measure(Command([*blinkdecl(), *words], folder, says=f"{STACKS} stacks"))


def _events() -> dict[str, object]:
    event = {"eventName": "ConsoleLogin", "user": {"type": "IAMUser", "name": "alice"}, "raw": "r" * 300}
    count = LARGE_ALERT // len(json.dumps(event))
    return {"events": [{**event, "id": each} for each in range(count)]}


LINES: Mapping[str, Callable[[Bench], Iterator[Measured]]] = MappingProxyType(
    {
        "version": version,
        "help": help_,
        "completion": completion,
        "plan-one": plan_one,
        "validate": validate,
        "plan": plan,
        "plan-changed": plan_changed,
        "apply": apply,
        "test": test,
        "dispatch": dispatch,
        "detections": detections,
        "replay": replay,
        "stacks": stacks,
        "merge": merge,
    }
)


def _plan(repository: Repository) -> Command:
    arguments = [*blinkdecl(), "plan", "--detailed-exitcode"]
    return Command(arguments, repository.folder, repository.keys, says="No changes.")


def _apply(repository: Repository) -> Command:
    arguments = [*blinkdecl(), "apply", "--auto-approve", "--no-test"]
    return Command(arguments, repository.folder, repository.keys, says=f"{repository.count} added")


def _test(repository: Repository) -> Command:
    arguments = [*blinkdecl(), "test", "--each", "--parallelism", str(PARALLEL)]
    return Command(arguments, repository.folder, repository.keys)


def _received(repository: Repository, receiver: Loopback) -> Run:
    """Run `test` once; its rate is what the receiver saw, from the first request to the last answer."""
    receiver.look()
    measured = run(_test(repository))
    came = receiver.look()
    if came.refused or came.requests != repository.count:
        expected = f"{came.requests} test alerts of {repository.count} arrived, {came.refused} without a key"
        raise BenchmarkError(f"`blinkdecl test`: {expected}")
    return replace(measured, rate=came.rate)

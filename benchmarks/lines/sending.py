"""What delivers alerts: test alerts to many webhooks, to one of many, and an alert that is too large."""

import json
from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from benchmarks.bench import Bench, Measured, apply_command, floor_of
from benchmarks.floors import alert_floor, yaml_floor
from benchmarks.loopback import LATENCY, PARALLEL, Loopback, raw_run, receiver
from benchmarks.process import BenchmarkError, Command, Run, blinkdecl, run
from benchmarks.repository import Repository, write_one_file, write_own_webhooks

# Bytes of an alert that is ten times too large.
LARGE_ALERT = 50_000_000
_ALERT = {"id": "0" * 32, "type": "RULE", "severity": "HIGH", "title": "Somebody signed in"}


def test(bench: Bench) -> Iterator[Measured]:
    """Measure `test` of destinations with webhooks of their own, beside as many requests from plain sockets."""
    with receiver(LATENCY) as peer:
        for count in bench.sizes:
            repository = _tested(bench, peer, count)
            sent = partial(_received, repository, peer, count, "--parallelism", str(PARALLEL))
            alone = partial(raw_run, partial(receiver, LATENCY), count, PARALLEL)
            yield from bench.measure_runs(count, {"test": sent, floor_of("test"): alone}, "few")


def test_one(bench: Bench) -> Iterator[Measured]:
    """Measure `test` of one destination of all."""
    with receiver(LATENCY) as peer:
        for count in bench.sizes:
            repository = _tested(bench, peer, count)
            floor = yaml_floor(repository.folder, repository.keys)
            one = f"destination.dest-{count // 2:05d}"
            cases = {
                "test-one": partial(_received, repository, peer, 1, one),
                floor_of("test-one"): partial(run, floor),
            }
            yield from bench.measure_runs(count, cases)


def dispatch(bench: Bench) -> Iterator[Measured]:
    """Measure what happens to alerts that are too large, without sending them: many events, and a single string."""
    for name, context in (("dispatch-events", _events()), ("dispatch-string", {"raw": "x" * LARGE_ALERT})):
        repository = write_one_file(bench.folder / name, 1)
        (repository.folder / "alert.json").write_text(json.dumps({**_ALERT, "alertContext": context}))
        words = ["dispatch", "alert.json", "--to", "trigger.trigger-000", "--dry-run"]
        command = Command([*blinkdecl(), *words], repository.folder, says="_truncated")
        yield from bench.measure(0, {name: command, floor_of(name): alert_floor(repository.folder)}, "few")


def _tested(bench: Bench, peer: Loopback, count: int) -> Repository:
    repository = write_own_webhooks(bench.folder / f"test-{count}", count, f"http://127.0.0.1:{peer.port}/webhooks")
    run(apply_command(repository))
    return repository


def _received(repository: Repository, peer: Loopback, expected: int, *words: str) -> Run:
    """Run `test` once; its rate is what the receiver saw, from the first request to the last answer."""
    peer.look()
    measured = run(Command([*blinkdecl(), "test", *words], repository.folder, repository.keys))
    came = peer.look()
    if came.refused or came.requests != expected:
        reason = f"{came.requests} test alerts of {expected} arrived, {came.refused} without a key"
        raise BenchmarkError(f"`blinkdecl test`: {reason}")
    return replace(measured, rate=came.rate)


def _events() -> dict[str, object]:
    event = {"eventName": "ConsoleLogin", "user": {"type": "IAMUser", "name": "alice"}, "raw": "r" * 300}
    count = LARGE_ALERT // len(json.dumps(event))
    return {"events": [{**event, "id": each} for each in range(count)]}

"""What changes something: `apply` where the record is all there is, and against a Panther that takes its time."""

import json
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

from benchmarks.bench import Bench, Measured, Repeat, apply_command, floor_of
from benchmarks.floors import yaml_floor
from benchmarks.loopback import PANTHER_LATENCY, raw_run
from benchmarks.loopback import panther as panther_sandbox
from benchmarks.panther import TOKEN
from benchmarks.process import BenchmarkError, Command, Run, run
from benchmarks.repository import Repository, write, write_project

PARALLELISM = (10, 50)
# What the latency alone takes longer than, in seconds, is measured once.
_LONG = 30


def local(bench: Bench) -> Iterator[Measured]:
    """Measure `apply --no-test` of nothing but creates, with the local provider."""
    for count in bench.counts:
        repository = write(bench.folder / f"apply-{count}", count)
        command = replace(apply_command(repository), before=repository.forget)
        floor = yaml_floor(repository.folder, repository.keys)
        cases = {"apply": partial(_written, command), floor_of("apply"): partial(run, floor)}
        yield from bench.measure_runs(count, cases)


def panther(bench: Bench) -> Iterator[Measured]:
    """Measure the same against a Panther that answers after 50 ms, beside as many requests from plain sockets."""
    for parallel in PARALLELISM:
        for count in bench.sizes:
            repeat: Repeat = "once" if count / parallel * PANTHER_LATENCY > _LONG else "few"
            repository = write(bench.folder / f"panther-{count}", count)
            name = f"apply-panther-{parallel}"
            cases = {
                name: partial(_sent, repository, parallel),
                floor_of(name): partial(raw_run, partial(panther_sandbox, PANTHER_LATENCY), count, parallel),
            }
            yield from bench.measure_runs(count, cases, repeat)


def _written(command: Command) -> Run:
    """Run an apply and count what it wrote: the serial of a state that began with it."""
    measured = run(command)
    return replace(measured, counted={**measured.counted, "writes of the state": _serial(command.folder)})


def _serial(folder: Path) -> int:
    return int(json.loads((folder / ".blinkdecl/state.json").read_bytes())["serial"])


def _sent(repository: Repository, parallel: int) -> Run:
    """Run an apply against a sandbox of its own; the rate is what that saw, and so is the number of requests."""
    repository.forget()
    with panther_sandbox(PANTHER_LATENCY) as sandbox:
        url = f"http://127.0.0.1:{sandbox.port}/public/graphql"
        provider = f"provider: {{type: panther, url: '{url}', token: {{env: PANTHER_API_TOKEN}}}}"
        write_project(repository.folder, "*.blinkops.com", provider)
        keys = {**repository.keys, "PANTHER_API_TOKEN": TOKEN}
        measured = _written(apply_command(replace(repository, keys=keys), "--parallelism", str(parallel)))
        came = sandbox.look()
    if came.refused or came.timed != repository.count:
        reason = f"{came.timed} changes of {repository.count} arrived, {came.refused} requests were refused"
        raise BenchmarkError(f"`blinkdecl apply`: {reason}")
    return replace(measured, rate=came.rate, counted={"requests": came.requests, **measured.counted})

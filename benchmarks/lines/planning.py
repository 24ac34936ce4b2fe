"""What only reads: from the YAML of a whole repository to a plan, a saved plan, a page."""

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import replace

from benchmarks.bench import HUGE, Bench, Measured, apply_command, floor_of, plan_command
from benchmarks.floors import yaml_floor
from benchmarks.handover import Commit, commit, told, write_handover
from benchmarks.process import Command, blinkdecl, run
from benchmarks.repository import Repository, write, write_destinations

CHANGED = 0.01


def validate(bench: Bench) -> Iterator[Measured]:
    """Measure `validate`."""
    for count in bench.counts:
        folder = _new(bench, count).folder
        yield from _beside(bench, count, {"validate": Command([*blinkdecl(), "validate"], folder, says="Success!")})


def plan(bench: Bench) -> Iterator[Measured]:
    """Measure `plan`, nothing changed."""
    for count in bench.counts:
        yield from _beside(bench, count, {"plan": plan_command(bench.applied(count))})


def plan_changed(bench: Bench) -> Iterator[Measured]:
    """Measure `plan`, 1 % changed."""
    for count in bench.counts:
        folder = bench.folder / f"changed-{count}"
        shutil.copytree(bench.applied(count).folder, folder, dirs_exist_ok=True)
        write_destinations(folder, count, CHANGED)
        changed = replace(bench.applied(count), folder=folder)
        command = plan_command(changed, exit_code=2, says=f"{round(count * CHANGED)} to change")
        yield from _beside(bench, count, {"plan-changed": command})


def plan_new(bench: Bench) -> Iterator[Measured]:
    """Measure the first `plan`: everything is new."""
    for count in bench.counts:
        command = plan_command(_new(bench, count), exit_code=2, says=f"Plan: {count} to add")
        yield from _beside(bench, count, {"plan-new": command})


def plan_out(bench: Bench) -> Iterator[Measured]:
    """Measure the first `plan` that is saved."""
    for count in bench.counts:
        command = plan_command(_new(bench, count), "--out", "../saved.json", exit_code=2, says=f"Plan: {count} to add")
        yield from _beside(bench, count, {"plan-out": command})


def plan_json(bench: Bench) -> Iterator[Measured]:
    """Measure the first `plan` as JSON; with 100,000 destinations too, unless 1,000 are the most that is asked for."""
    counts = dict.fromkeys((*bench.counts, *([HUGE] if bench.sizes[-1] > 1_000 else [])))
    for count in counts:
        options, says = ("--format", "json"), f'"add": {count}'
        yield from _beside(
            bench, count, {"plan-json": plan_command(_new(bench, count), *options, exit_code=2, says=says)}
        )


def handover(bench: Bench) -> Iterator[Measured]:
    """Measure `plan` of changes that hand alerts over, beside as many changes of a plain flag."""
    cases: tuple[tuple[str, Commit], ...] = (("handover", "handover"), (floor_of("handover"), "plain"))
    for count in bench.counts:
        before = write_handover(bench.folder / f"handover-{count}", count)
        run(apply_command(before))
        commands = {}
        for name, which in cases:
            folder = bench.folder / f"{which}-after-{count}"
            shutil.copytree(before.folder, folder, dirs_exist_ok=True)
            after = replace(before, folder=folder)
            commit(after, which)
            words = ("--allow-deletes", str(count))
            commands[name] = plan_command(after, *words, exit_code=2, says=told(count, which))
        yield from bench.measure(count, commands)


def report(bench: Bench) -> Iterator[Measured]:
    """Measure the page of a whole repository."""
    for count in bench.counts:
        repository = bench.applied(count)
        words = [*blinkdecl(), "report", "--output", "../report.html"]
        yield from _beside(bench, count, {"report": Command(words, repository.folder, repository.keys)})


def _new(bench: Bench, count: int) -> Repository:
    """Return a repository of which nothing is recorded."""
    repository = write(bench.folder / f"new-{count}", count)
    repository.forget()
    return repository


def _beside(bench: Bench, count: int, commands: Mapping[str, Command]) -> Iterator[Measured]:
    """Measure commands, each beside the process that only composes the same YAML."""
    floors = {floor_of(name): yaml_floor(each.folder, each.environment) for name, each in commands.items()}
    yield from bench.measure(count, {**commands, **floors})

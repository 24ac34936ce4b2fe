"""What a person waits for at each press of a key, and for each small command: mostly imports."""

import importlib.metadata
import re
import subprocess
from collections.abc import Iterator
from dataclasses import replace

from benchmarks.bench import ONE_FILE, Bench, Measured, apply_command, floor_of, plan_command
from benchmarks.floors import click_floor, yaml_floor
from benchmarks.process import Command, Sample, blinkdecl, environment, run
from benchmarks.repository import write_one_file

# A line of PYTHONPROFILEIMPORTTIME: the name of the package at its end.
_IMPORTED = re.compile(r"^import time: .*\| +(\w+)", re.MULTILINE)


def version(bench: Bench) -> Iterator[Measured]:
    """Measure `--version`."""
    yield from _start(bench, "version", Command([*blinkdecl(), "--version"], bench.folder, says="blinkdecl"))


def help_(bench: Bench) -> Iterator[Measured]:
    """Measure `--help`."""
    yield from _start(bench, "help", Command([*blinkdecl(), "--help"], bench.folder, says="validate"))


def completion(bench: Bench) -> Iterator[Measured]:
    """Measure the completion of commands, after `blinkdecl ` and after `blinkdecl pl`."""
    yield from _start(bench, "completion", _tab(bench, "blinkdecl ", 1, "plan"))
    yield from _start(bench, "completion-word", _tab(bench, "blinkdecl pl", 1, "plan"))


def command_help(bench: Bench) -> Iterator[Measured]:
    """Measure the help of one command."""
    yield from _start(bench, "command-help", Command([*blinkdecl(), "plan", "--help"], bench.folder, says="--out"))


def completion_options(bench: Bench) -> Iterator[Measured]:
    """Measure the completion of a command's options."""
    yield from _start(bench, "completion-options", _tab(bench, "blinkdecl plan --", 2, "--out"))


def plan_one(bench: Bench) -> Iterator[Measured]:
    """Measure `plan` on one file, nothing changed."""
    repository = write_one_file(bench.folder / "one-file", ONE_FILE)
    run(apply_command(repository))
    commands = {"plan-one": plan_command(repository), floor_of("plan-one"): yaml_floor(repository.folder)}
    yield from bench.measure(ONE_FILE, commands)


def libraries(command: Command) -> frozenset[str]:
    """Return the packages of others that a command imports."""
    names = frozenset(importlib.metadata.packages_distributions()) - {"blinkdecl"}
    asked = {**environment(command), "PYTHONPROFILEIMPORTTIME": "1"}
    done = subprocess.run(
        command.arguments, cwd=command.folder, env=asked, capture_output=True, text=True, check=True, timeout=60
    )
    return names.intersection(_IMPORTED.findall(done.stderr))


def _start(bench: Bench, name: str, command: Command) -> Iterator[Measured]:
    """Measure a command beside the interpreter that imports click, and count what it imports of other people's."""
    floor = click_floor(bench.folder)
    beyond = {"libraries beside click": len(libraries(command) - libraries(floor))}
    for measured, count, sample in bench.measure(0, {name: command, floor_of(name): floor}):
        runs = sample.runs
        if measured == name:
            runs = tuple(replace(each, counted=beyond) for each in runs)
        yield measured, count, Sample(runs)


def _tab(bench: Bench, typed: str, word: int, says: str) -> Command:
    """Return what bash runs where TAB is pressed after `typed`, in its word of that number."""
    asked = {"_BLINKDECL_COMPLETE": "bash_complete", "COMP_WORDS": typed, "COMP_CWORD": str(word)}
    return Command(blinkdecl(), bench.folder, asked, says=says)

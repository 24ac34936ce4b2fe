"""What spans many stacks of one repository."""

from collections.abc import Iterator

from benchmarks.bench import Bench, Measured, floor_of
from benchmarks.floors import documents_floor, projects_floor, status_floor
from benchmarks.process import Command, blinkdecl
from benchmarks.stacks import STACKS, TOUCHED, write_documents, write_stacks


def stacks(bench: Bench) -> Iterator[Measured]:
    """Measure `stacks`: all, beside reading each project file; those that differ from a commit, beside Git alone."""
    folder = bench.folder / "stacks"
    write_stacks(folder)
    for name, words, listed, floor in (
        ("stacks", [], STACKS, projects_floor(folder, STACKS)),
        ("stacks-changed", ["--changed-since", "HEAD"], TOUCHED, status_floor(folder)),
    ):
        last = f"team-{(listed - 1) * STACKS // listed:04d}"
        command = Command([*blinkdecl(), "stacks", *words], folder, says=last)
        yield from bench.measure(STACKS, {name: command, floor_of(name): floor})


def merge(bench: Bench) -> Iterator[Measured]:
    """Measure `report --merge` of a document for each stack, beside decoding them all."""
    folder = bench.folder / "merge"
    write_documents(folder)
    for form in ("html", "markdown"):
        words, name = ["report", "--merge", "results", "--format", form], f"merge-{form}"
        command = Command([*blinkdecl(), *words], folder, says=f"{STACKS} stacks")
        yield from bench.measure(STACKS, {name: command, floor_of(name): documents_floor(folder, STACKS)})

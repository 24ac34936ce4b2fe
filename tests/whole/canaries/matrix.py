"""The matrix: which command is run under which fault, and what was counted."""

import os
import shutil
import signal
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tests.support.canaries import CANARIES, Scanner, forms
from tests.whole.canaries.commands import Command, commands
from tests.whole.canaries.faults import Fault, faults
from tests.whole.canaries.peers import Asked
from tests.whole.canaries.place import Place, applied, place

# No canary has more.
MOST_FORMS = max(len(forms(each)) for each in CANARIES.values())
PEERS = ("panther", "blink", "runs", "state", "s3")


@dataclass(frozen=True)
class Counts:
    """What was run, what was read of it, and where canaries were seen."""

    faults: int
    runs: int
    processes: int
    outputs: int
    size: int
    hits: tuple[str, ...]

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            self.faults + other.faults, self.runs + other.runs, self.processes + other.processes,
            self.outputs + other.outputs, self.size + other.size, self.hits + other.hits,
        )  # fmt: skip


NOTHING = Counts(0, 0, 0, 0, 0, ())


def part(turn: int) -> Counts:
    """Run every command under one fault, in a folder of its own; the formats take turns from fault to fault."""
    with tempfile.TemporaryDirectory(prefix="blinkdecl-canaries-") as name, place(Path(name), Scanner()) as made:
        under(made, list(faults())[turn], commands(turn or None))
        return counted(made, 1)


def counted(made: Place, number: int) -> Counts:
    """Return what was counted in a place, under so many faults."""
    scanner = made.scanner
    return Counts(number, made.runs, made.processes, scanner.outputs, scanner.size, tuple(scanner.hits))


def under(made: Place, fault: Fault, called: Iterable[Command], *, processes: bool = False) -> None:
    """Run commands under a fault, each where everything was applied and something is left to do."""
    fresh = False
    for command in called:
        if fault.kind in PEERS and not command.meets(fault.kind):
            continue
        if not fresh:
            reset(made, fault)
        prepared(made, command)
        words, where = command.words, f"{' '.join(command.words)} under {fault.name}"
        with fault.around(made):
            made.process(*words, where=where) if processes else made(*words, where=where)
        fresh = not (command.changes or (fault.name != "none" and command.name in ("apply", "test", "confirm")))


def reset(made: Place, fault: Fault) -> None:
    """Let everything be applied anew, in the backend that the fault needs."""
    shutil.rmtree(made.folder / ".blinkdecl", ignore_errors=True)
    imported = (made.folder / name for name in ("imported.yaml", "offered.yaml", "saved.jsonl"))
    for path in (*made.folder.glob("blinkdecl*"), *made.folder.glob("*.json"), *imported):
        if path not in made.inputs:
            path.unlink(missing_ok=True)
    for each in made.sandbox.destinations():
        made.sandbox.edit(each.display_name, delete=True)
    made.states.states.clear()
    made.states.locks.clear()
    canary = "TF_HTTP_PASSWORD" if fault.state == "http by TF_HTTP" else "state password"
    made.states.login = f"tf:{CANARIES[canary]}"
    made.declare("local" if fault.state == "s3" else fault.state)
    applied(made)
    made.declare()
    made.write("earlier.yaml", (made.folder / "blinkdecl.yaml").read_text())
    made.declare(fault.state)


def prepared(made: Place, command: Command) -> None:
    """Leave something to do, and the files that a command reads."""
    made.disturb()
    local = made.folder / ".blinkdecl/state.json"
    if command.name == "state push" and local.exists():
        shutil.copy(local, made.folder / "pushed.json")
    if "plan.json" in command.words and "--out" not in command.words and not (made.folder / "plan.json").exists():
        made("plan", "--out", "plan.json", where="before")


def in_each_form(folder: Path, scanner: Scanner) -> Counts:
    """Let each peer whose words are told repeat each of its secrets in each form, one after the other."""
    told = {"panther error": ("plan",), "state held (http)": ("state", "unlock", "0f1e2d3c"),
            "state held (http by TF_HTTP)": ("state", "unlock", "0f1e2d3c"), "postgres refuses": ("state", "list"),
            "postgres by PGPASSWORD refuses": ("state", "list")}  # fmt: skip
    with place(folder, scanner) as made:
        for fault in faults():
            if fault.name not in told:
                continue
            reset(made, fault)
            with fault.around(made):
                for _ in range(MOST_FORMS * (8 if fault.kind == "panther" else 1)):
                    made(*told[fault.name], where=f"{told[fault.name][0]} under {fault.name}")
        return counted(made, len(told))


def signalled(folder: Path, scanner: Scanner) -> Counts:
    """End commands by SIGINT and SIGTERM while a peer's answer is awaited, and run each command as a process."""
    rows = [("plan", 1, "panther"), ("apply", 5, "panther"), ("apply", 2, "blink"), ("apply", 7, "panther"),
            ("test", 1, "blink"), ("drift", 1, "panther"), ("destroy", 4, "panther"), ("dispatch", 1, "blink"),
            ("import", 2, "panther")]  # fmt: skip
    with place(folder, scanner) as made:
        none = next(iter(faults()))
        under(made, none, commands(), processes=True)
        for number in (signal.SIGINT, signal.SIGTERM):
            for name, at, kind in rows:
                called = next(each for each in commands() if each.name == name)
                reset(made, none)
                prepared(made, called)
                interrupted(made, called, number, kind, at)
        return counted(made, 2)


def interrupted(made: Place, called: Command, number: int, kind: str, at: int) -> None:
    """Send a signal to a command when its n-th request to a peer has come, and before that is answered."""
    running: list[int] = []

    def answering(asked: Asked) -> None:
        if (asked.kind, asked.count) == (kind, at):
            os.kill(running[0], number)

    made.front.begin(answering)
    where = f"{' '.join(called.words)} ended by {signal.Signals(number).name}"
    made.process(*called.words, where=where, started=running.append)
    made.front.begin(lambda _: None)

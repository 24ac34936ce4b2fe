"""``python -m tests.whole.soak``: many trials at once, and what they counted."""

import argparse
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.support import servers
from tests.whole.soak.race import race
from tests.whole.soak.trial import Backend, Outcome, Trial, place

_COUNTS = ("orphans", "duplicates", "lost", "unreadable", "stuck", "gaps")
# The flaws that are found by themselves, `tests.whole.soak.child` says what they are.
MUTANTS = ("no-intent", "no-quiet-time+believing", "in-place", "no-order")


def one(backend: Backend, where: Mapping[str, str], seed: int, mutant: str = "", *, slow: bool = False) -> Outcome:
    """Run one trial in a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="blinkdecl-soak-") as name:
        folder = Path(name)
        with place(backend, folder, where, f"t{uuid.uuid4()}") as kept:
            return Trial(folder, kept, seed, mutant, slow=slow).run()


@contextmanager
def engines(backend: Backend) -> Iterator[Mapping[str, str]]:
    """Run the engine that a backend needs beside the harness."""
    with ExitStack() as stack:
        where = {}
        if backend == "s3":
            where["s3"] = stack.enter_context(servers.s3())
        if backend == "postgres":
            where["postgres"] = stack.enter_context(servers.postgres())
        yield where


def summed(outcomes: list[Outcome]) -> str:
    """Return one line of the table."""
    counts = ", ".join(f"{sum(getattr(each, name) for each in outcomes)} {name}" for name in _COUNTS)
    kills, runs = sum(each.kills for each in outcomes), sum(each.runs for each in outcomes)
    return f"{len(outcomes)} trials, {kills} kills, {runs} processes: {counts}"


def _race(backend: Backend, rounds: int) -> int:
    with (
        tempfile.TemporaryDirectory(prefix="blinkdecl-race-") as name,
        engines(backend) as where,
        place(backend, Path(name), where, f"t{uuid.uuid4()}") as kept,
    ):
        runners, sandbox = race(Path(name), kept)
        with sandbox:
            sys.stdout.write(f"{backend}: {runners.rounds(rounds)}\n")
    return 0


def main() -> int:
    """Run the trials of one backend; exit 1 if anything went wrong, or, with a mutant, if nothing did."""
    parser = argparse.ArgumentParser(prog="tests.whole.soak")
    parser.add_argument("--trials", type=int, default=60)
    parser.add_argument("--backend", default="local", choices=["local", "http", "gitlab", "s3", "postgres"])
    parser.add_argument("--mutant", default="", choices=["", *MUTANTS])
    parser.add_argument("--slow", action="store_true")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=6)
    parser.add_argument("--race", type=int, default=0, metavar="ROUNDS", help="let two applies start at once instead")
    given = parser.parse_args()
    if given.race:
        return _race(given.backend, given.race)
    done: list[Outcome] = []
    guard, begun = threading.Lock(), time.monotonic()
    with engines(given.backend) as where, ThreadPoolExecutor(given.jobs) as pool:

        def run(seed: int) -> None:
            outcome = one(given.backend, where, seed, given.mutant, slow=given.slow)
            with guard:
                done.append(outcome)
                if outcome.failed and not given.mutant:
                    sys.stderr.write(f"seed {seed}: {summed([outcome])}\n{outcome.story}\n")

        for _ in pool.map(run, range(given.seed, given.seed + given.trials)):
            pass
    name = given.backend + (", slow" if given.slow else "") + (f", mutant {given.mutant}" if given.mutant else "")
    sys.stdout.write(f"{name}: {summed(done)} ({time.monotonic() - begun:.0f} s)\n")
    return int(any(each.failed for each in done) is not bool(given.mutant))


if __name__ == "__main__":
    sys.exit(main())

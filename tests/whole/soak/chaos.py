"""``python -m tests.whole.soak.chaos``: kill trials with chaos over every command that writes: `make chaos`."""

import argparse
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.whole.soak.__main__ import engines
from tests.whole.soak.chaos_trial import ChaosOutcome, chaos_trial
from tests.whole.soak.console_trial import console_trial
from tests.whole.soak.trial import Backend, place


def one(
    backend: Backend, where: Mapping[str, str], seed: int, mutant: str = "", *, console: bool = False, most: int = 5
) -> ChaosOutcome:
    """Run one trial in a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="blinkdecl-chaos-") as name:
        folder = Path(name)
        with place(backend, folder, where, f"t{uuid.uuid4()}") as kept:
            return console_trial(folder, kept, seed) if console else chaos_trial(folder, kept, seed, mutant, most)


def summed(outcomes: list[ChaosOutcome]) -> str:
    """Return one line of the table."""
    counts = ", ".join(f"{sum(each.wrong[name] for each in outcomes)} {name}" for name in ChaosOutcome().wrong)
    kills, runs, faults = (sum(getattr(each, name) for each in outcomes) for name in ("kills", "runs", "faults"))
    return f"{len(outcomes)} trials, {kills} kills, {faults} faults, {runs} processes: {counts}"


def main() -> int:
    """Run the trials of one backend; exit 1 if anything went wrong, or, with a mutant, if nothing did."""
    parser = argparse.ArgumentParser(prog="tests.whole.soak.chaos")
    parser.add_argument("--trials", type=int, default=20)
    parser.add_argument("--backend", default="local", choices=["local", "http", "gitlab", "s3", "postgres"])
    parser.add_argument("--mutant", default="", choices=["", "no-intent", "in-place"])
    parser.add_argument("--console", action="store_true", help="with a person in Panther's console, and confirm")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=float("inf"), help="begin no trial after so many")
    parser.add_argument("--jobs", type=int, default=4)
    given = parser.parse_args()
    done: list[ChaosOutcome] = []
    guard, begun = threading.Lock(), time.monotonic()
    with engines(given.backend) as where, ThreadPoolExecutor(given.jobs) as pool:

        def run(seed: int) -> None:
            if time.monotonic() - begun > given.seconds:
                return
            outcome = one(given.backend, where, seed, given.mutant, console=given.console)
            with guard:
                done.append(outcome)
                if outcome.failed and not given.mutant:
                    sys.stderr.write(f"=== seed {seed}: {summed([outcome])}\n{outcome.story}\n")

        for _ in pool.map(run, range(given.seed, given.seed + given.trials)):
            pass
    name = given.backend + (", console" if given.console else "") + (f", mutant {given.mutant}" if given.mutant else "")
    sys.stdout.write(f"{name}: {summed(done)} ({time.monotonic() - begun:.0f} s)\n")
    return int(any(each.failed for each in done) is not bool(given.mutant))


if __name__ == "__main__":
    sys.exit(main())

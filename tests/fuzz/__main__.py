"""``python -m tests.fuzz``: every target in turn with a random seed, for some minutes; what fails is kept."""

import argparse
import hashlib
import secrets
import sys
import time
from collections import Counter
from pathlib import Path

from tests.fuzz import surroundings
from tests.fuzz.engine import Found, fuzz
from tests.fuzz.targets import TARGETS, target

_FOUND = Path(__file__).parent / "found"
_TURN = 5.0


def main() -> int:
    """Run the targets; exit 1 if anything was found."""
    parser = argparse.ArgumentParser(prog="tests.fuzz")
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(2**32))
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=", ".join(TARGETS))
    given = parser.parse_args()
    sys.stdout.write(f"seed {given.seed}\n")
    try:
        counts, seconds, found = _rounds(given.targets or list(TARGETS), given.seed, given.minutes * 60)
    finally:
        surroundings.leave()
    for name, count in counts.items():
        sys.stdout.write(f"{name:15}{count:>10} inputs, {count / seconds[name]:>7.0f}/s\n")
    sys.stdout.write(f"{sum(counts.values())} inputs, {len(found)} bugs\n")
    return 1 if found else 0


def _rounds(names: list[str], seed: int, seconds: float) -> tuple[Counter[str], Counter[str], list[Found]]:
    """Give each target its turns, each turn with the next seed, until the time is over."""
    counts, spent, found = Counter[str](), Counter[str](), list[Found]()
    end, turn = time.monotonic() + seconds, min(_TURN, seconds / len(names))
    while time.monotonic() < end:
        for name in names:
            begun = time.monotonic()
            known = [each.problem for each in found if each.target == name]
            for each in fuzz(target(name), seed, turn, known):
                counts[name] += 1
                if each is not None:
                    found.append(each)
                    _keep(each)
            spent[name] += int((time.monotonic() - begun) * 1000)
        seed += 1
    return counts, Counter({name: max(1, value // 1000) for name, value in spent.items()}), found


def _keep(found: Found) -> None:
    _FOUND.mkdir(exist_ok=True)
    name = f"{found.target}-{hashlib.sha256(found.data).hexdigest()[:12]}"
    (_FOUND / name).write_bytes(found.data)
    sys.stdout.write(f"\n{found}\nkept in {_FOUND / name}\n\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())

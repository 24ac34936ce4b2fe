"""`python -m tests.history`: a month of 100,000 alerts for 40 destinations, with 20 edits in the console, and without.

Edits that touched an alert must be found by destination, and without edits nothing must be told.
"""

import random
import resource
import sys
import tempfile
import time
from pathlib import Path

from blinkdecl.history.codec import read_alerts, write_alerts
from blinkdecl.routing.observation import observe
from tests.routing.test_observation import tells
from tests.support.observed import alerts, detections, edited, month, receivers

_ALERTS, _DESTINATIONS, _EDITS, _SEEDS = 100_000, 40, 20, 5
_KIB = 1024 if sys.platform != "darwin" else 1


def _run(seed: int, edits: int) -> bool:
    """Write a month, observe it, print what came of it, and return whether exactly the edits were found."""
    chance = random.Random(seed)
    declared = receivers(_DESTINATIONS, chance)
    live = list(declared)
    for place in chance.sample(range(_DESTINATIONS), edits):
        live[place] = edited(live[place], chance)
    rules = detections(500, declared, chance)
    touched = set[str | None]()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "alerts.jsonl"
        with path.open("w") as file:
            file.writelines(write_alerts(month(), alerts(_ALERTS, month(), rules, live, chance)))
        if edits:
            with path.open("rb") as lines:
                for one in read_alerts(lines, path.name)[1]:
                    left = (each for each, now in zip(declared, live, strict=True) if each != now)
                    touched |= {
                        each.address for each in left if each.address not in touched and tells(one, each, declared)
                    }
        begun = time.monotonic()
        with path.open("rb") as lines:
            period, read = read_alerts(lines, path.name)
            found = observe(read, declared, period)
        taken = time.monotonic() - begun
    differing = {each.receiver.address for each in found.destinations if each.differs}
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _KIB / 2**20
    told = f"{len(differing)} told, {len(touched)} touched by {edits} edits"
    sys.stdout.write(f"seed {seed}: {found.alerts} alerts in {taken:.1f}s, {told}, {most:.0f} MiB at most\n")
    return differing == touched


def main() -> int:
    """Run both kinds; the exit code is 1 where an edit was missed, or an alarm was false."""
    runs = [_run(seed, 0) for seed in range(_SEEDS)] + [_run(100 + seed, _EDITS) for seed in range(2)]
    return 0 if all(runs) else 1


if __name__ == "__main__":
    sys.exit(main())

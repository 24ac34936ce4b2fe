"""`python -m tests.history`: a month of 100,000 alerts, observed and read.

Observed for 40 destinations, with 20 edits in the console, and without: edits that touched an alert must be found by
destination, and without edits nothing must be told. Read from an API that takes 50 ms for each answer: no less than
three quarters of what paging with `READERS` requests at once allows.
"""

import random
import resource
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

from blinkdecl.history.codec import read_alerts, write_alerts
from blinkdecl.history.panther import READERS, read_history, reading_endpoint
from blinkdecl.routing.observation import observe
from blinkdecl.secret.value import Secret
from tests.routing.test_observation import tells
from tests.support.observed import alerts, detections, edited, month, receivers
from tests.support.paced import Served, paced

_ALERTS, _DESTINATIONS, _EDITS, _SEEDS = 100_000, 40, 20, 5
_LATENCY, _LEAST = 0.05, 0.75
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
    told = f"{len(differing)} told, {len(touched)} touched by {edits} edits"
    sys.stdout.write(f"seed {seed}: {found.alerts} alerts in {taken:.1f}s, {told}, {_most():.0f} MiB at most\n")
    return differing == touched


def _most() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _KIB / 2**20


def _read() -> bool:
    """Read a month from a slow API, and return whether that was fast enough, at one of three attempts at least.

    What else a machine does at the moment can only make it slower.
    """
    with paced(month().end, _LATENCY) as served:
        return any(_read_once(served) >= _LEAST for _ in range(3))


def _read_once(served: Served) -> float:
    """Print how fast a month was read, and return the share of what its requests at their pace allow."""
    before = served.requests()
    with closing(reading_endpoint(served.url, {"X-API-Key": Secret("any")}, {}, str)) as endpoint:
        begun = time.monotonic()
        count = sum(1 for _ in read_history(endpoint, month()))
        taken = time.monotonic() - begun
    requests = served.requests() - before
    share = requests * _LATENCY / READERS / taken
    told = f"{requests} requests, {share:.0%} of what {READERS} at once with {_LATENCY * 1000:.0f} ms each allow"
    sys.stdout.write(f"read: {count} alerts in {taken:.1f}s, {told}, {_most():.0f} MiB at most\n")
    return share


def main() -> int:
    """Run all of it; the exit code is 1 where an edit was missed, an alarm was false, or reading was slow."""
    read = _read()
    runs = [_run(seed, 0) for seed in range(_SEEDS)] + [_run(100 + seed, _EDITS) for seed in range(2)]
    return 0 if all([read, *runs]) else 1


if __name__ == "__main__":
    sys.exit(main())

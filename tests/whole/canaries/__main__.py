"""``python -m tests.whole.canaries``: every command under every fault; exit 1 where one is seen."""

import json
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path

from tests.support.canaries import CANARIES, Scanner, forms
from tests.whole.canaries.faults import faults
from tests.whole.canaries.matrix import NOTHING, Counts, in_each_form, part, signalled

# Most of their time they wait for peers that do not answer.
_JOBS = 4
_LONGEST = 600


def _told(total: Counts, counts: Counts) -> Counts:
    for hit in sorted(set(counts.hits)):
        sys.stdout.write(f"{hit}\n")
    return total + counts


def _apart(turn: int) -> Counts:
    """Run one fault in a process of its own: whatever becomes of it, the others go on."""
    called = [sys.executable, "-m", "tests.whole.canaries", str(turn)]
    ran = subprocess.run(called, stdout=subprocess.PIPE, check=True, timeout=_LONGEST)
    counts = json.loads(ran.stdout.splitlines()[-1])
    return Counts(**{**counts, "hits": tuple(counts["hits"])})


def main() -> int:
    """Run the matrix in two processes, then every form, then what is signalled."""
    begun, number, total = time.monotonic(), len(list(faults())), NOTHING
    with ThreadPoolExecutor(_JOBS) as pool:
        for done, counts in enumerate(pool.map(_apart, range(number)), 1):
            total = _told(total, counts)
            sys.stderr.write(f"\r{done} of {number} faults, {total.runs} runs")
    sys.stderr.write("\n")
    for rest in (in_each_form, signalled):
        with tempfile.TemporaryDirectory(prefix="blinkdecl-canaries-") as name:
            total = _told(total, rest(Path(name), Scanner()))
    shapes = sum(len(forms(each)) for each in CANARIES.values())
    sys.stdout.write(
        f"{len(CANARIES)} canaries in {shapes} forms, {total.faults} faults: {total.runs} runs, of which "
        f"{total.processes} processes, {total.outputs} outputs, {total.size} bytes, {len(total.hits)} hits"
        f" ({time.monotonic() - begun:.0f} s)\n"
    )
    return int(bool(total.hits))


if __name__ == "__main__":
    if sys.argv[1:]:
        sys.stdout.write(json.dumps(asdict(part(int(sys.argv[1])))) + "\n")
    else:
        sys.exit(main())

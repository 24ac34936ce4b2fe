"""``python -m tests.whole.canaries``: every command under every fault; exit 1 where one is seen."""

import sys
import tempfile
import time
from multiprocessing import get_context
from pathlib import Path

from tests.support.canaries import CANARIES, Scanner, forms
from tests.whole.canaries.faults import faults
from tests.whole.canaries.matrix import NOTHING, Counts, in_each_form, part, signalled

# Most of their time they wait for peers that do not answer.
_JOBS = 4


def _told(total: Counts, counts: Counts) -> Counts:
    for hit in sorted(set(counts.hits)):
        sys.stdout.write(f"{hit}\n")
    return total + counts


def main() -> int:
    """Run the matrix in two processes, then every form, then what is signalled."""
    begun, number, total = time.monotonic(), len(list(faults())), NOTHING
    with get_context("spawn").Pool(_JOBS) as pool:
        for done, counts in enumerate(pool.imap_unordered(part, range(number)), 1):
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
    sys.exit(main())

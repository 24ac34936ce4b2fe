"""``python -m tests.whole.canaries``: every command under every fault; exit 1 where one is seen."""

import sys
import tempfile
import time
from multiprocessing import get_context
from pathlib import Path

from tests.support.canaries import CANARIES, Scanner, forms
from tests.whole.canaries.matrix import JOBS, part, signalled


def main() -> int:
    """Run the matrix in two processes, then what is signalled."""
    begun = time.monotonic()
    with get_context("spawn").Pool(JOBS) as pool:
        counts = pool.map(part, range(JOBS))
    with tempfile.TemporaryDirectory(prefix="blinkdecl-canaries-") as name:
        counts.append(signalled(Path(name), Scanner()))
    total = sum(counts[1:], counts[0])
    for hit in sorted(set(total.hits)):
        sys.stdout.write(f"{hit}\n")
    shapes = sum(len(forms(each)) for each in CANARIES.values())
    sys.stdout.write(
        f"{len(CANARIES)} canaries in {shapes} forms, {total.faults} faults: {total.runs} runs, of which "
        f"{total.processes} processes, {total.outputs} outputs, {total.size} bytes, {len(total.hits)} hits"
        f" ({time.monotonic() - begun:.0f} s)\n"
    )
    return int(bool(total.hits))


if __name__ == "__main__":
    sys.exit(main())

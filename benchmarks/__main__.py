"""``python -m benchmarks``: measure, and print the table."""

import argparse
import json
import signal
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

from benchmarks import terraform
from benchmarks.budgets import rows
from benchmarks.loopback import LATENCY, raw_rate
from benchmarks.ours import LINES, Bench, Measured
from benchmarks.process import BenchmarkError, Run, Sample
from benchmarks.table import document, heading, machine, summary, table

_SIZES = (1_000, 10_000)


def main() -> int:
    """Measure what the options ask for; return the exit code."""
    options = _options()
    signal.signal(signal.SIGTERM, _terminate)  # so that folders and processes end with us in that case too
    facts = machine()
    sizes, runs = (_SIZES[:1], 3) if options.quick else (_SIZES, 5)
    samples: dict[tuple[str, int], Sample] = {}
    failed = False
    try:
        with tempfile.TemporaryDirectory(prefix="blinkdecl-bench-") as folder:
            bench = Bench(Path(folder) / "all", runs, sizes)
            bench.folder.mkdir()
            for line in dict.fromkeys(options.only or LINES):
                failed |= not _measure(line, bench, options, samples)
    except KeyboardInterrupt:
        return 128 + signal.SIGINT
    found = rows(samples, sizes)
    print("\n".join((heading(facts, runs), "", table(found), "", summary(found))))
    if options.json:
        options.json.write_text(json.dumps(document(facts, found), indent=2) + "\n")
    return int(failed)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="1,000 destinations only, 3 runs")
    parser.add_argument("--only", action="append", metavar="NAME", choices=LINES, help=f"one of {', '.join(LINES)}")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every run to a file")
    parser.add_argument("--no-terraform", action="store_true", help="leave Terraform out")
    parser.add_argument(
        "--terraform-full", action="store_true", help="every run of Terraform with 10,000 too, and its apply: very long"
    )
    return parser.parse_args()


def _measure(line: str, bench: Bench, options: argparse.Namespace, samples: dict[tuple[str, int], Sample]) -> bool:
    """Measure one line into `samples`; where that fails, say why and return False: the others can still be measured."""
    try:
        for name, count, sample in _samples(line, bench, options):
            _tell(name, count, sample)
            samples[name, count] = sample
    except BenchmarkError as problem:
        print(f"Error: {line}: {problem}", file=sys.stderr)
        return False
    return True


def _samples(line: str, bench: Bench, options: argparse.Namespace) -> Iterator[Measured]:
    yield from LINES[line](bench)
    if line == "test":
        # The receiver must not be what is measured: what does it answer to a client that costs nothing?
        yield "receiver-idle", 0, _alone(0, 20_000)
        yield "receiver", 0, _alone(LATENCY, 5_000)
    if terraform.is_there() and not options.no_terraform:
        yield from terraform.measure_line(line, bench, full=options.terraform_full)


def _alone(latency: float, count: int) -> Sample:
    rate = raw_rate(latency, count)
    return Sample((Run(count / rate, 0.0, 0, rate),))


def _tell(name: str, count: int, sample: Sample) -> None:
    shown = f"{name} {count:,}" if count else name
    print(f"{shown:<32} {sample.wall:9.3f} s", file=sys.stderr, flush=True)


def _terminate(number: int, frame: FrameType | None) -> None:
    del frame
    sys.exit(128 + number)


if __name__ == "__main__":
    sys.exit(main())

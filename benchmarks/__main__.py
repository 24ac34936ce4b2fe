"""``python -m benchmarks``: measure, print the table, and keep it."""

import argparse
import signal
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

from benchmarks import octodns, results, terraform
from benchmarks.bench import Bench, Measured
from benchmarks.lines import LINES
from benchmarks.process import BenchmarkError, Sample
from benchmarks.rows import rows
from benchmarks.table import document, heading, machine, summary, table


def main() -> int:
    """Measure what the options ask for; return the exit code."""
    options = _options()
    signal.signal(signal.SIGTERM, _terminate)  # so that folders and processes end with us in that case too
    absent = _absent()
    facts = {**machine(), "not_installed": list(absent.values())}
    samples: dict[tuple[str, int], Sample] = {}
    failed = False
    try:
        with tempfile.TemporaryDirectory(prefix="blinkdecl-bench-") as folder:
            bench = _bench(Path(folder) / "all", options)
            bench.folder.mkdir()
            for line in dict.fromkeys(options.only or LINES):
                failed |= not _measure(line, bench, options, samples)
    except KeyboardInterrupt:
        return 128 + signal.SIGINT
    found = rows(samples, absent)
    text = "\n".join((heading(facts, bench.runs), "", table(found), "", summary(found)))
    print(text)
    results.keep(
        document(facts, found, text), options.json or results.FOLDER / f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}.json"
    )
    return int(failed)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="1,000 destinations only, 3 runs: about a minute")
    parser.add_argument("--only", action="append", metavar="NAME", choices=LINES, help=f"one of {', '.join(LINES)}")
    parser.add_argument("--json", type=Path, metavar="FILE", help="keep every run here, not in benchmarks/results")
    parser.add_argument(
        "--huge",
        action="store_true",
        help="every line that needs no network with 100,000 too: ten minutes more, and 2 GB of memory",
    )
    parser.add_argument("--no-terraform", action="store_true", help="leave Terraform out")
    parser.add_argument(
        "--terraform-full", action="store_true", help="every run of Terraform with 10,000 too, and its apply: very long"
    )
    return parser.parse_args()


def _bench(folder: Path, options: argparse.Namespace) -> Bench:
    if options.quick:
        return Bench(folder, 3, (1_000,), 100_000, huge=options.huge)
    return Bench(folder, 5, (1_000, 10_000), 1_000_000, huge=options.huge)


def _absent() -> dict[str, str]:
    """Return the tools that are not installed, and how people call them."""
    there = {"terraform": terraform.is_there(), "octodns": octodns.executable() is not None}
    called = {"terraform": "Terraform", "octodns": "octoDNS"}
    return {name: called[name] for name, found in there.items() if not found}


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
    yield from octodns.measure_line(line, bench)
    if terraform.is_there() and not options.no_terraform:
        yield from terraform.measure_line(line, bench, full=options.terraform_full)


def _tell(name: str, count: int, sample: Sample) -> None:
    shown = f"{name} {count:,}" if count else name
    print(f"{shown:<32} {sample.wall:9.3f} s", file=sys.stderr, flush=True)


def _terminate(number: int, frame: FrameType | None) -> None:
    del frame
    sys.exit(128 + number)


if __name__ == "__main__":
    sys.exit(main())

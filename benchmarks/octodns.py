"""The same work for octoDNS, where it is installed: 100 zones of 100 records, from YAML to YAML, nothing changed.

It is looked for beside this interpreter and on PATH. A record has as many values as a destination; nothing is called.
"""

import shutil
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from benchmarks.bench import Bench, Measured
from benchmarks.process import Command, measure, run
from benchmarks.repository import PER_FILE

_CONFIGURATION = """\
providers:
  declared: {class: octodns.provider.yaml.YamlProvider, directory: ./declared, enforce_order: false}
  live: {class: octodns.provider.yaml.YamlProvider, directory: ./live, enforce_order: false}
zones:
  "*": {sources: [declared], targets: [live]}
"""
_RECORD = """\
dest-{number:05d}:
  type: TXT
  ttl: 300
  values: [Destination {number:05d}, trigger-{group:03d}, CRITICAL, HIGH, MEDIUM, RULE, RULE_ERROR, SCHEDULED_RULE]
"""


def executable() -> str | None:
    """Return the path of octoDNS's command, None where it is not installed."""
    beside = Path(sys.executable).with_name("octodns-sync")
    return str(beside) if beside.exists() else shutil.which("octodns-sync")


def measure_line(line: str, bench: Bench) -> Iterator[Measured]:
    """Measure what corresponds to `plan`; nothing corresponds to the others."""
    command = executable()
    for count in bench.sizes if line == "plan" and command else ():
        folder = _written(bench, count)
        words = [str(command), "--config-file", "config.yaml"]
        once = Command(words, folder, says="No changes were planned")
        yield "octodns plan", count, measure([partial(run, once)], max(1, bench.runs - 2))[0]


def _written(bench: Bench, count: int) -> Path:
    folder = bench.folder / f"octodns-{count}"
    for side in ("declared", "live"):
        (folder / side).mkdir(parents=True)
        for first in range(0, count, PER_FILE):
            group, numbers = first // PER_FILE, range(first, min(count, first + PER_FILE))
            text = "---\n" + "".join(_RECORD.format(number=number, group=group) for number in numbers)
            (folder / side / f"zone{group:03d}.example.yaml").write_text(text)
    (folder / "config.yaml").write_text(_CONFIGURATION)
    return folder

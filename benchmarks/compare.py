"""``python -m benchmarks.compare OLD [NEW]``: two runs, line by line; NEW is the last one that was kept.

Each line shows both medians and new/old; what differs by more than 10 % is marked. It means something only for runs on
one machine.
"""

import argparse
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from benchmarks import results
from benchmarks.table import busy, figure

_NOTABLE = 0.1
_WIDTHS = (23, 36, 9, 9, 8)


def main() -> int:
    """Print the comparison; return 1 for a file that cannot be read."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.compare", description=__doc__)
    parser.add_argument("old", type=Path, metavar="OLD")
    parser.add_argument("new", type=Path, nargs="?", metavar="NEW")
    options = parser.parse_args()
    try:
        old, new = (results.read(each) for each in (options.old, options.new or results.newest()))
    except (OSError, ValueError) as problem:
        print(f"Error: {problem}", file=sys.stderr)
        return 1
    print("\n".join(compared(old, new)))
    return 0


def compared(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    """Yield the lines of the comparison: what both runs measured, and then what only one of them did."""
    before, after = _values(old), _values(new)
    yield _line("line", "what", "old", "new", "new/old")
    yield _line(*("-" * width for width in _WIDTHS))
    both = [key for key in after if key in before]
    notable = 0
    for key in both:
        (was, unit), (now, _) = before[key], after[key]
        ratio = now / was if was else 1.0 if now == was else float("inf")
        marked = abs(ratio - 1) > _NOTABLE
        notable += marked
        mark = ("  more" if ratio > 1 else "  less") if marked else ""
        yield _line(*key, figure(was, unit), figure(now, unit), f"{ratio:.2f}") + mark
    yield ""
    yield f"Figures in both runs: {len(both)}; of these differ by more than {_NOTABLE:.0%}: {notable}."
    for name, run in (("old", old), ("new", new)):
        if busy(run["machine"]):
            yield f"The machine of the {name} run was busy with something else: compare with care."
    for fact in ("python", "system", "processors"):
        was, now = (each["machine"][fact] for each in (old, new))
        if was != now:
            yield f"These are not the same {fact}: {was} in the old run, {now} in the new one."
    for name, ours, theirs in (("old", before, after), ("new", after, before)):
        if alone := [" ".join(key) for key in ours if key not in theirs]:
            yield f"Only in the {name} run: {'; '.join(alone)}."


def _values(document: Mapping[str, Any]) -> dict[tuple[str, str], tuple[float, Any]]:
    """Return value and unit of each figure by the line and its count, and by what it is."""
    return {
        (f"{row['line']} {row['count']:,}" if row["count"] else row["line"], row["what"]): (row["value"], row["unit"])
        for row in document["rows"]
        if row["value"] is not None
    }


def _line(line: str, what: str, old: str, new: str, ratio: str) -> str:
    first, second, *figures = _WIDTHS
    aligned = (f"{cell:>{width}}" for cell, width in zip((old, new, ratio), figures, strict=True))
    return f"{line:<{first}} {what:<{second}} {' '.join(aligned)}"


if __name__ == "__main__":
    sys.exit(main())

"""``python -m benchmarks.readme [RESULTS]``: write a kept run's table into README.md; without a file the last run's."""

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks import results
from benchmarks.budgets import LINES

PAGE = Path(__file__).with_name("README.md")
_BEGIN, _END = "<!-- The table is written by `make bench-readme`. -->", "<!-- Its end. -->"


def main() -> int:
    """Write the page; return 1 where there is no run to write, or only one of some lines."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.readme", description=__doc__)
    parser.add_argument("results", type=Path, nargs="?", metavar="RESULTS")
    options = parser.parse_args()
    try:
        document = whole(results.read(options.results or results.newest()))
    except (OSError, ValueError) as problem:
        print(f"Error: {problem}", file=sys.stderr)
        return 1
    PAGE.write_text(filled(PAGE.read_text(), document["table"]))
    return 0


def whole(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the document of a run; raises a ValueError where the run left lines out."""
    measured = {row["line"] for row in document["rows"]}
    if missing := [line.name for line in LINES if line.name not in measured]:
        raise ValueError(f"this run is not whole, it lacks {', '.join(missing)}")
    return document


def filled(page: str, table: str) -> str:
    """Return the page with this table between its two marks."""
    before, _, rest = page.partition(_BEGIN)
    _, _, after = rest.partition(_END)
    return f"{before}{_BEGIN}\n\n```text\n{table}\n```\n\n{_END}{after}"


if __name__ == "__main__":
    sys.exit(main())

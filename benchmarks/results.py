"""The file that each run leaves: the facts, every figure with its runs, and the table as it was printed."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).with_name("results")


def keep(document: Mapping[str, Any], path: Path) -> None:
    """Write the document of a run."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document, indent=2) + "\n")


def read(path: Path) -> dict[str, Any]:
    """Return the document of a run; raises an OSError or a ValueError, with a sentence, for what is none."""
    document = json.loads(path.read_bytes())
    if not (isinstance(document, dict) and {"machine", "rows", "table"} <= document.keys()):
        raise ValueError(f"{path} is not what `python -m benchmarks` leaves")
    return document


def newest() -> Path:
    """Return the file of the last run; raises a ValueError where none was kept."""
    found = sorted(FOLDER.glob("*.json"))
    if not found:
        raise ValueError("no run was kept so far: `make bench` makes one")
    return found[-1]

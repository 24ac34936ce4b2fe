"""Where something is written that is looked for after loading: the line of a reference, for a message."""

from collections.abc import Iterable, Mapping
from pathlib import Path as File

from blinkdecl.config.document.file import read_text
from blinkdecl.config.document.finding import Path
from blinkdecl.config.document.parse import Document, Refusal
from blinkdecl.config.document.report import Locator
from blinkdecl.diagnostics import Position

# A text is composed once more for its places; nobody reads more of them.
_MOST_FILES = 20


def places_of(root: File, paths: Iterable[tuple[str, Path]]) -> Mapping[tuple[str, Path], Position]:
    """Return the places of values, by (file, path in it). What is in the 21st file, or gone by now, has none."""
    by_file: dict[str, list[Path]] = {}
    for file, path in paths:
        by_file.setdefault(file, []).append(path)
    found: dict[tuple[str, Path], Position] = {}
    for file in sorted(by_file)[:_MOST_FILES]:
        try:
            locator = Locator(Document(file, read_text(root / file, file, root)))
        except Refusal:
            continue
        found |= {(file, path): locator.locate(path, on_key=True)[0] for path in by_file[file]}
    return found

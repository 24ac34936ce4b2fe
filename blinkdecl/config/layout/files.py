"""Which files are laid out: those that the caller names, and in a folder those of a configuration."""

import re
from collections.abc import Iterable
from pathlib import Path

from blinkdecl.config.document.file import Refusal, check_place, files_below, read_text
from blinkdecl.diagnostics import Diagnostic, Failure, error

# Every file of a configuration has it, and hardly any other YAML file.
_VERSION = re.compile(r"^[ \t]*version:[ \t]*1[ \t]*(?:#.*)?\r?$", re.MULTILINE)


def named_files(root: Path, named: Iterable[Path]) -> tuple[list[str], list[Diagnostic]]:
    """Return the files that are named, relative to the root, those in named folders, and what is wrong with these."""
    files: list[str] = []
    problems: list[Diagnostic] = []
    for place in named:
        try:
            found, links = _below(root, place)
        except Failure as failure:
            problems += failure.diagnostics
            continue
        files += found
        problems += [Diagnostic("unreadable", f"{each} is a link that leads out of {place}") for each in links]
    return list(dict.fromkeys(files)), problems


def _below(root: Path, place: Path) -> tuple[list[str], list[str]]:
    check_place(place, root)
    if not (root / place).is_dir():
        return [str(place)], []
    # A folder further up holds other projects, and what else nobody meant: a slip of `../` would rewrite all of it.
    if not (root / place).resolve().is_relative_to(root.resolve()):
        remedy = "work in that folder by `-C`; a file may be named wherever it is"
        raise error("usage", f"the folder {place} is outside of the project", remedy=remedy)
    found, links = files_below(root, place, (".yaml", ".yml"))
    files = [each for each in found if _is_ours(root, each)]
    if not files + links:
        remedy = "each file of a configuration has the line `version: 1`"
        raise error("not-found", f"there is no file of a configuration in {place}", remedy=remedy)
    return files, links


def _is_ours(root: Path, file: str) -> bool:
    try:
        return _VERSION.search(read_text(root / file, file, root)) is not None
    except Refusal:
        return True  # whoever reads it again says why it cannot be read

"""The project file: found, or where it may be instead."""

import os
from pathlib import Path

from blinkdecl.config import include
from blinkdecl.config.document.parse import Document
from blinkdecl.config.reader import Reader
from blinkdecl.diagnostics import error

# How many folders above this one a project file is looked for.
_MOST_ABOVE = 5


def read_project(reader: Reader) -> Document:
    """Return the project file; raises a `Failure` (``not-found``) where there is none."""
    try:
        there = (reader.root / include.ROOT_FILE).exists()
    except OSError:
        there = True  # reading it will say why it cannot be read
    if not there:
        remedy = _near(reader.root) or "`blinkdecl init` makes one; --chdir names another folder"
        raise error("not-found", f"there is no {include.ROOT_FILE} here", remedy=remedy)
    return reader.read(include.ROOT_FILE)


def _near(root: Path) -> str:
    """Return where a project file may be instead: under another name, or in a folder above; "" = nowhere near."""
    if (root / "blinkdecl.yml").is_file():
        return f"there is a blinkdecl.yml: rename it to {include.ROOT_FILE}"
    above = root.resolve()
    for count in range(1, _MOST_ABOVE + 1):
        above = above.parent
        if (above / include.ROOT_FILE).is_file():
            folder = "/".join([".."] * count)
            there = os.path.normpath(root / folder)
            return f"there is one in {folder}: {'leave `-C` out' if there == '.' else f'use `-C {there}`'}"
    return ""

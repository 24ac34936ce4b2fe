"""How wide a line may be: the terminal's width within bounds, and 80 columns where there is none."""

import os
from collections.abc import Mapping
from typing import TextIO

USUAL = 80
_NARROWEST, _WIDEST = 60, 120


def terminal_width(stream: TextIO, environ: Mapping[str, str]) -> int:
    """Return the columns of a line on `stream`: between 60 and 120 on a terminal, whose COLUMNS wins; 80 elsewhere."""
    if not stream.isatty():
        return USUAL
    said = environ.get("COLUMNS", "")
    if said.isascii() and said.isdigit() and 0 < len(said) < 6 and int(said):
        return _bounded(int(said))
    try:
        return _bounded(os.get_terminal_size(stream.fileno()).columns or USUAL)
    except (OSError, ValueError):
        return USUAL


def _bounded(columns: int) -> int:
    return min(max(columns, _NARROWEST), _WIDEST)

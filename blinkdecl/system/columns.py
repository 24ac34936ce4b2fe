"""How many columns a line may have: the terminal's, within what reads well, and always the same for logs and pipes."""

import os
from collections.abc import Mapping
from typing import TextIO

# Where nobody knows: a pipe, a file, a terminal that does not say.
DEFAULT = 80
# A narrower terminal breaks lines itself; nobody reads longer lines.
_LEAST, _MOST = 40, 200


def columns(stream: TextIO, environ: Mapping[str, str]) -> int:
    """Return how many columns a line on `stream` may have; on a terminal, the variable COLUMNS wins."""
    if not stream.isatty():
        return DEFAULT
    said = environ.get("COLUMNS", "")
    found = int(said) if said.isascii() and said.isdigit() and len(said) < 6 else 0
    try:
        found = found or os.get_terminal_size(stream.fileno()).columns
    except (OSError, ValueError):  # closed, or no file at all
        return DEFAULT
    return max(_LEAST, min(found, _MOST)) if found else DEFAULT

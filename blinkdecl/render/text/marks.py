"""What a part of a line means, carried by the text itself: a renderer marks, the edge paints or takes the marks out.

A mark is a Unicode noncharacter, which no text interchanges. One that comes from elsewhere marks nothing: `safe` makes
it visible like any other hostile character, and `safe_but_marks` is for text that our renderers made alone.
"""

import re
from enum import StrEnum

from blinkdecl.render.safe import safe


class Mark(StrEnum):
    """The beginning of a part of a line, by what it means; how that looks is `render.terminal`'s to say."""

    ERROR = "\ufdd0"
    WARNING = "\ufdd1"
    GOOD = "\ufdd2"
    ATTENTION = "\ufdd3"
    HEADING = "\ufdd4"
    LABEL = "\ufdd5"
    ADDED = "\ufdd6"
    CHANGED = "\ufdd7"
    REMOVED = "\ufdd8"
    GUTTER = "\ufdd9"
    CARET = "\ufdda"
    BULLET = "\ufddb"


END = "\ufddf"
_MARKS = re.compile(f"([{''.join(Mark)}{END}])")
_SIGNS = {"+": Mark.ADDED, "~": Mark.CHANGED, "-": Mark.REMOVED}


def marked(mark: Mark, text: str) -> str:
    """Return `text`, a part of one line, with a mark."""
    return f"{mark}{text}{END}"


def signed(symbol: str) -> str:
    """Return ``+``, ``~`` or ``-`` marked by what it says of an object; another symbol as it is."""
    return marked(_SIGNS[symbol], symbol) if symbol in _SIGNS else symbol


def plain(text: str) -> str:
    """Return `text` without its marks."""
    return _MARKS.sub("", text)


def safe_but_marks(text: str) -> str:
    """Return what renderers made with everything but newlines and their marks harmless."""
    # Every other part is a mark.
    parts = _MARKS.split(text)
    parts[::2] = map(safe, parts[::2])
    return "".join(parts)

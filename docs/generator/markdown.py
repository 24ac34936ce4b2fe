"""Markdown as GitHub reads it: what is escaped, tables, and the anchors of headings."""

import re
from collections.abc import Iterable, Sequence

_CODE = re.compile(r"(`+)(.+?)\1", re.DOTALL)
_SPECIAL = re.compile(r"[*<>\[\]\\]|(?<!\w)_|_(?!\w)")
_DROPPED = re.compile(r"[^\w\- ]")
NOTICE = "<!-- Written by `make docs`: change its source, not this page. -->"


def slug(heading: str) -> str:
    """Return the anchor that GitHub gives a heading, the first of its name on a page."""
    return _DROPPED.sub("", heading.strip().lower()).replace(" ", "-")


def link(text: str, heading: str) -> str:
    """Return a link to a heading of the same page."""
    return f"[{text}](#{slug(heading)})"


def escaped(text: str) -> str:
    """Return plain text with `code` in it as Markdown that shows the same."""
    parts, end = [], 0
    for each in _CODE.finditer(text):
        parts += [_SPECIAL.sub(r"\\\g<0>", text[end : each.start()]), each[0]]
        end = each.end()
    return "".join([*parts, _SPECIAL.sub(r"\\\g<0>", text[end:])])


def code(text: str) -> str:
    """Return text as it is typed."""
    return f"`` {text} ``" if "`" in text else f"`{text}`"


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table; a cell is one line of Markdown."""
    lines = [heads, ["---"] * len(heads), *([each.replace("|", r"\|") for each in row] for row in rows)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def fence(language: str, text: str) -> str:
    """Return a block of code."""
    return f"```{language}\n{text.rstrip()}\n```"


def page(title: str, *parts: str) -> str:
    """Return a whole page; empty parts are left out."""
    return "\n\n".join([f"# {title}", NOTICE, *filter(None, parts)]) + "\n"

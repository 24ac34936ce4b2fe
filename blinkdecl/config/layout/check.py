"""What must be the same before and after: the data as the strict parser reads it, and every comment. Pure."""

import re

from blinkdecl.config.document.node import Node
from blinkdecl.config.document.parse import Document, Source, compose
from blinkdecl.config.layout.held import NotFormattable

_COMMENT = re.compile(r"(?:^|(?<=[ \t]))#.*", re.MULTILINE)
_NOT_BREAK = re.compile(r"[^\n]")


def unchanged(source: Source, before: Document, text: str) -> None:
    """Raise `NotFormattable` where `text` says something else than the document `before`, or lacks a comment."""
    after = source.parse(before.file, text)
    if after.problems or after.data != before.data:
        raise NotFormattable("its values would not be the same")
    if comments(before.text.replace("\r\n", "\n")) != comments(text):
        raise NotFormattable("a comment would be lost or changed")


def comments(text: str) -> list[str]:
    """Return the comments of a text that can be composed, sorted."""
    bare, at = [], 0
    for start, end in sorted(_scalars(compose("", text))):
        if start >= at:
            bare += [text[at:start], _NOT_BREAK.sub("_", text[start:end])]
            at = end
    return sorted(each.rstrip() for each in _COMMENT.findall("".join(bare) + text[at:]))


def _scalars(root: Node) -> set[tuple[int, int]]:
    """Return where the scalars are."""
    found: set[tuple[int, int]] = set()
    seen: set[int] = set()
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node.id == "scalar":
            found.add((node.start_mark.index, node.end_mark.index))
        elif id(node) not in seen:
            seen.add(id(node))
            waiting += [each for pair in node.value for each in pair] if node.id == "mapping" else node.value
    return found

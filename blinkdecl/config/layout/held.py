"""Names that stand in for the keys and values of a text while its blocks are laid out, and the way back. Pure.

    severities:   [HIGH,        k1: v2          severities: [HIGH,
        LOW] # for now    ->              ->        LOW] # for now

What a person wrote is thus never written anew: no quote, no number and no line within a value changes, and a comment
at the end of a line stays there. Only what follows the first line of a value moves with its key.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from blinkdecl.config.document.node import Node

_ALIAS = re.compile(r"[\s:-]*(\*[^\s,\[\]{}]+)")
_TAIL = re.compile(r"[ \t]+#[^\n]*")
_HEADER = re.compile(r"(?:[&!]\S*\s+)*[|>](?P<signs>[-+0-9]*)")


class NotFormattable(Exception):
    """The text is written in a way that would not come through; `line` is where, 0 = nowhere in particular."""

    def __init__(self, why: str, line: int = 0) -> None:
        super().__init__(why)
        self.line = line


@dataclass(frozen=True, slots=True)
class Held:
    """A part of the text from `start` to `end`, what stands in for it, and the column of the key or dash it follows."""

    start: int
    end: int
    name: str
    owner: int


def is_block(node: Node) -> bool:
    """Whether a node is a collection without brackets."""
    return node.id != "scalar" and not node.flow_style and bool(node.value)


def has_aliases(root: Node) -> bool:
    """Whether any node is used more than once."""
    seen: set[int] = set()
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if id(node) in seen:
            return True
        seen.add(id(node))
        if node.id == "mapping":
            waiting += [each for pair in node.value for each in pair]
        elif node.id == "sequence":
            waiting += node.value
    return False


def held_parts(text: str, root: Node) -> list[Held]:
    """Return the parts of a text to hold back, in order; raises `NotFormattable`."""
    parts = _Parts(text)
    parts.no_properties(root)
    return list(parts.of(root))


def stand_in(text: str, parts: list[Held]) -> str:
    """Return the text with a name in the place of each part."""
    out, at = [], 0
    for each in parts:
        out += [text[at : each.start], each.name]
        at = each.end
    return "".join(out) + text[at:]


def put_back(text: str, names: list[Held], given: str, parts: list[Held]) -> str:
    """Return `text` with the parts of `given` in the place of their names."""
    if [each.name for each in names] != [each.name.strip() for each in parts]:
        raise NotFormattable("its blocks would not stay in order")
    out, at = [], 0
    for name, part in zip(names, parts, strict=True):
        moved = _moved(given[part.start : part.end], name.owner - part.owner)
        out += [text[at : name.start] if moved else text[at : name.start].rstrip(" "), moved]
        at = name.end
    return "".join(out) + text[at:]


def _moved(part: str, by: int) -> str:
    """Return a part whose lines but the first are indented by so much more, or less."""
    if "\n" not in part:
        return part
    if not ('"' in part or "'" in part or _HEADER.match(part)):  # in quotes and texts, blanks at an end have a meaning
        part = "\n".join(each.rstrip(" \t") for each in part.split("\n"))
    first, *rest = part.split("\n")
    return "\n".join([first, *(_indented(each, by) for each in rest)])


def _indented(line: str, by: int) -> str:
    if by >= 0:
        return " " * by + line if line else line
    return line[min(-by, len(line) - len(line.lstrip(" "))) :]


class _Parts:
    """One walk over the blocks of a text."""

    def __init__(self, text: str) -> None:
        self._text, self._at, self._count = text, 0, 0

    def of(self, node: Node) -> Iterator[Held]:
        """Yield the parts in a block."""
        if node.id == "sequence":
            for item in node.value:
                yield from self._item(item)
            return
        for key, value in node.value:
            yield from self._entry(key, value)

    def _entry(self, key: Node, value: Node) -> Iterator[Held]:
        start, end = key.start_mark.index, key.end_mark.index
        line = key.start_mark.line + 1
        if start < self._at or key.id != "scalar" or "\n" in self._text[start:end]:
            raise NotFormattable("a key is an alias, a list, or on several lines", line)
        if "?" in self._text[self._text.rfind("\n", 0, start) + 1 : start]:
            raise NotFormattable('a key is written with "?"', line)
        self._at = end
        alias = value.start_mark.index < end
        below = is_block(value) and not alias
        empty = not alias and value.start_mark.index == value.end_mark.index
        if not below and not empty:
            yield self._held(start, end, "k", key.start_mark.column)
            yield self._value(value, key.start_mark.column)
            return
        yield self._held(start, self._line_end(end), "k", key.start_mark.column, colon=True)
        if below:
            first: Any = value.value[0][0] if value.id == "mapping" else value.value[0]
            if value.start_mark.line != key.start_mark.line and value.start_mark.index < first.start_mark.index:
                self.no_properties(value)
            yield from self.of(value)

    def _item(self, item: Node) -> Iterator[Held]:
        if is_block(item) and item.start_mark.index >= self._at:
            self.no_properties(item)
            yield from self.of(item)
        elif item.start_mark.index != item.end_mark.index or item.start_mark.index < self._at:
            yield self._value(item, None)
        else:
            yield self._nothing(item.end_mark.index)

    def _nothing(self, at: int) -> Held:
        """Return the part that the comment beside a dash without a value is, if there is one."""
        if (tail := _TAIL.match(self._text, at)) is None:
            return self._held(at, at, " v", 0)
        self._at = tail.end()
        return self._held(self._text.index("#", at), at + len(tail[0].rstrip()), "v", 0)

    def no_properties(self, node: Node) -> None:
        """Refuse an anchor or a tag of a block that is not beside its key; one of the block's first key is a part."""
        line = self._text[node.start_mark.index :].partition("\n")[0]
        if line[:1] in ("&", "!") and not line.partition("#")[0].split(None, 1)[1:]:
            raise NotFormattable("an anchor or a tag is not beside its key", node.start_mark.line + 1)

    def _value(self, node: Node, owner: int | None) -> Held:
        """Return the part that a value is, up to the end of its last line; without `owner`, it is a list's item."""
        start, end = node.start_mark.index, node.end_mark.index
        if start < self._at:
            if (found := _ALIAS.match(self._text, self._at)) is None:
                raise NotFormattable("a comment comes before an alias", self._line(self._at))
            start, end = found.span(1)
        elif (header := _HEADER.match(self._text, start, end)) is not None and node.id == "scalar":
            end = end - 1 if "+" in header["signs"] else self._last_line_end(start, end)
        if (tail := _TAIL.match(self._text, end)) is not None:
            end += len(tail[0].rstrip())
        if owner is None:
            begins = self._text.rfind("\n", 0, start) + 1
            owner = self._text.rfind("-", begins, start) - begins
            if owner < 0:
                raise NotFormattable("an item is not beside its dash", self._line(start))
        self._at = end
        return self._held(start, end, "v", owner)

    def _held(self, start: int, end: int, kind: str, owner: int, *, colon: bool = False) -> Held:
        self._count += 1
        return Held(start, end, f"{kind}{self._count}{':' if colon else ''}", owner)

    def _line(self, index: int) -> int:
        return self._text.count("\n", 0, index) + 1

    def _last_line_end(self, start: int, end: int) -> int:
        """Return where the last line before `end` ends that is not blank."""
        while (line := self._text.rfind("\n", start, end)) >= 0 and not self._text[line:end].strip():
            end = line
        return end

    def _line_end(self, index: int) -> int:
        """Return where the line of `index` ends, without blanks at its end."""
        rest = self._text[index : self._text.find("\n", index)]
        return index + len(rest.rstrip())

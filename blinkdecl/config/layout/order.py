"""The keys of every mapping in the order of the schema: whole lines change places, nothing is written anew. Pure.

What a mapping's names are (`triggers`, `destinations`, `variables`) stays in the author's order, and so does what is in
brackets. A comment belongs to the key below it, or, further to the right, to what is above it:

    # of severities
    severities: [HIGH]
      # still of severities
    # of log_types
    log_types: []

The comments at the top of a file stay there, but for the block right above the first key. Blank lines go with the key
below them. A key that comes first now has none; the one that came first takes as many as its next one has.
"""

import re
from collections.abc import Mapping
from typing import Any

from blinkdecl.config.document.node import Node
from blinkdecl.config.layout.held import is_block

_COMMENT = re.compile(r"([ \t]*)#")
_DASHES = re.compile(r"\s*(?:-\s+)+")
_KEEP = re.compile(r"(?:[&!]\S*\s+)*[|>][0-9-]*\+")
_MODELINE = "yaml-language-server"
Schema = Mapping[str, Any]


def ordered(text: str, root: Node, schema: Schema) -> str:
    """Return the text with its keys in the order of `schema`; it holds no alias, and ends with a newline."""
    arranging = _Arranging(text, schema)
    lines = arranging.of_mapping(root, schema, 0, len(arranging.lines))
    return "\n".join(arranging.lines[each] for each in lines) + "\n"


class _Arranging:
    """The lines of one text; each method returns the numbers of those of a part, as they are to follow each other."""

    def __init__(self, text: str, schema: Schema) -> None:
        self._text, self._top = text, schema
        self.lines = text.removesuffix("\n").split("\n")

    def of_mapping(self, node: Node, schema: Schema, first: int, end: int) -> list[int]:
        """Return the lines `first` to `end` of a mapping, its comments included."""
        schema = self._resolved(schema)
        starts = [key.start_mark.line for key, _ in node.value]
        if not is_block(node) or any(key.id != "scalar" for key, _ in node.value) or not self._are_apart(node):
            return list(range(first, end))
        column = node.value[0][0].start_mark.column
        head = self._header_end(starts[0]) if first == 0 else first
        chunks, at = [], head
        for number, (key, value) in enumerate(node.value):
            following = starts[number + 1] if number + 1 < len(starts) else end
            stop = self._own_end(self._last_line(value) + 1, following, column)
            chunks.append([*range(at, starts[number] + 1), *self._below(key, value, schema, stop)])
            at = stop
        known = list(schema.get("properties", ()))
        ranks = [known.index(key.value) if key.value in known else len(known) for key, _ in node.value]
        if known and ranks != sorted(ranks):
            for chunk, start in zip(chunks, starts, strict=True):
                self._put_beside(chunk[: chunk.index(start)], column)
            self._exchange_first(chunks, ranks, starts)
            chunks = [chunk for _, chunk in sorted(zip(ranks, chunks, strict=True), key=lambda pair: pair[0])]
        return [*range(first, head), *(line for chunk in chunks for line in chunk), *range(at, end)]

    def _below(self, key: Node, value: Node, schema: Schema, stop: int) -> list[int]:
        """Return the lines of a value that follow its key's."""
        first = key.start_mark.line + 1
        found = schema.get("properties", {}).get(key.value, schema.get("additionalProperties"))
        inner: Schema = found if isinstance(found, dict) else {}
        if not is_block(value):
            return list(range(first, stop))
        if value.id == "mapping":
            return self.of_mapping(value, inner, first, stop)
        return self._of_items(value, self._resolved(inner).get("items", {}), first, stop)

    def _of_items(self, node: Node, schema: Schema, first: int, end: int) -> list[int]:
        """Return the lines of a list; a mapping that begins beside its dash has an order of its own."""
        starts = [item.start_mark.line for item in node.value]
        arranged = list(range(first, starts[0]))
        for item, start, stop in zip(node.value, starts, [*starts[1:], end], strict=True):
            before = self.lines[start][: item.start_mark.column]
            if item.id == "mapping" and is_block(item) and _DASHES.fullmatch(before):
                arranged += self.of_mapping(item, schema, start, stop)
            else:
                arranged += range(start, stop)
        return arranged

    def _put_beside(self, comments: list[int], column: int) -> None:
        """Give comments the column of their key: below a text, one further to the right would be a part of it."""
        for line in comments:
            self.lines[line] = (" " * column + self.lines[line].strip()).rstrip()

    def _exchange_first(self, chunks: list[list[int]], ranks: list[int], starts: list[int]) -> None:
        """Let the key that comes first now have what only the first has: a dash beside it, and no blank line above."""
        new = ranks.index(min(ranks))
        if new == 0:
            return
        old_key, new_key = starts[0], starts[new]
        if dash := _DASHES.match(self.lines[old_key]):
            width = dash.end()
            self.lines[new_key] = dash[0] + self.lines[new_key][width:]
            self.lines[old_key] = " " * width + self.lines[old_key][width:]
        chunks[0] = [*chunks[1][: self._blanks(chunks[1])], *chunks[0][self._blanks(chunks[0]) :]]
        chunks[new] = chunks[new][self._blanks(chunks[new]) :]

    def _blanks(self, chunk: list[int]) -> int:
        return next((at for at, line in enumerate(chunk) if self.lines[line].strip()), len(chunk))

    def _are_apart(self, node: Node) -> bool:
        """Whether each key begins its line, but for dashes before the first."""
        marks = [key.start_mark for key, _ in node.value]
        before = [self.lines[each.line][: each.column] for each in marks]
        return not any(each.strip() for each in before[1:]) and (
            not before[0].strip() or _DASHES.fullmatch(before[0]) is not None
        )

    def _own_end(self, at: int, end: int, column: int) -> int:
        """Return where comments further to the right than `column` end, of those that follow line `at`."""
        own = at
        for number in range(at, end):
            line = self.lines[number]
            if not line.strip():
                continue
            comment = _COMMENT.match(line)
            if comment is None or len(comment[1]) <= column:
                break
            own = number + 1
        return own

    def _header_end(self, first_key: int) -> int:
        """Return where the comments of the whole file end."""
        for number in range(first_key - 1, -1, -1):
            line = self.lines[number]
            if not line.strip() or not line.lstrip().startswith("#") or _MODELINE in line:
                return number + 1
        return 0

    def _last_line(self, node: Node) -> int:
        """Return the last line of a value."""
        while is_block(node):
            node = node.value[-1][1] if node.id == "mapping" else node.value[-1]
        line: int = node.end_mark.line
        ends_before = line > node.start_mark.line or node.start_mark.index == node.end_mark.index
        if node.end_mark.column == 0 and ends_before:
            line -= 1
            while not self.lines[line].strip() and not _KEEP.match(self._text, node.start_mark.index):
                line -= 1
        return line

    def _resolved(self, schema: Schema) -> Schema:
        while "$ref" in schema:
            found: Any = self._top
            for part in schema["$ref"].removeprefix("#/").split("/"):
                found = found[part]
            schema = found
        return schema

"""Blocks of YAML, indented alike: the only door to ruamel.yaml, which keeps comments where they are.

Two columns for what is below a key, "  - " for the items of its list. ruamel.yaml sees no value, only what stands in
for it (`held`), and nothing that the strict parser has refused. It leaves the comments in the columns where they were:
each line of them is put beside the block that it was beside.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from typing import Any

from blinkdecl.config.document.node import Node
from blinkdecl.config.document.parse import Refusal, compose
from blinkdecl.config.layout.held import NotFormattable, held_parts, is_block, put_back, stand_in

_START = re.compile(r"^---(?=\s|$)", re.MULTILINE)
_END = re.compile(r"^\.\.\.(?=\s|$)", re.MULTILINE)
# A dash whose item begins below it.
_LONE_DASH = re.compile(r"(?P<dashes>(?P<indent> *)-(?:[ \t]+-)*)(?:[ \t]+(?P<comment>#.*))?")
_WIDTH = 2**20


def laid_out(text: str) -> str:
    """Return a text that the strict parser has taken with its blocks indented alike; raises `NotFormattable`."""
    root = compose("", text)
    before, body, after = _split(text, root)
    if root.flow_style:
        return text
    parts = held_parts(body, _composed(body))
    given = _with_dashes_beside(_without_trailing(stand_in(body, parts)))
    written = _commented(given, _written(given))
    done = put_back(written, held_parts(written, _composed(written)), body, parts)
    whole = _without_trailing(before) + done.rstrip("\n") + "\n" + _without_trailing(after)
    return whole.strip("\n") + "\n"


def _written(text: str) -> str:
    """Return what ruamel.yaml makes of a text."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    yaml = YAML()
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.width = _WIDTH
    stream = StringIO()
    try:
        yaml.serialize(yaml.compose(StringIO(text)), stream)
    except (YAMLError, ValueError, TypeError, LookupError, AttributeError, AssertionError, RecursionError):
        raise NotFormattable("its blocks cannot be laid out") from None
    return stream.getvalue()


def _split(text: str, root: Node) -> tuple[str, str, str]:
    """Return what comes before the document, the document, and what comes after its end, where these are marked."""
    start, end = root.start_mark.index, root.end_mark.index
    begins = 0
    for marker in _START.finditer(text, 0, start):
        begins = text.find("\n", marker.end()) + 1
        if not begins or begins > start:
            raise NotFormattable("it begins on the line of its document marker")
    over = _END.search(text, end)
    ends = len(text) if over is None else over.start()
    return text[:begins], text[begins:ends], text[ends:]


def _composed(text: str) -> Node:
    try:
        return compose("", text)
    except Refusal:
        raise NotFormattable("its blocks cannot be laid out") from None


def _without_trailing(text: str) -> str:
    return "\n".join(each.rstrip() for each in text.split("\n"))


def _with_dashes_beside(text: str) -> str:
    """Return a text in which only comments above a dash come between it and its item, and no blank line."""
    lines = text.split("\n")
    out: list[str] = []
    at = 0
    while at < len(lines):
        dash, at = _LONE_DASH.fullmatch(lines[at]), at + 1
        if dash is None:
            out.append(lines[at - 1])
            continue
        below = at
        while below < len(lines) and not lines[below].lstrip().partition("#")[0]:
            below += 1
        comments = [dash["comment"]] if dash["comment"] else []
        if below < len(lines) and _indent(lines[below]) > len(dash["dashes"]) - 1:
            comments += [each.strip() for each in lines[at:below] if each]
            at = below
        out += [*(f"{dash['indent']}{each}" for each in comments), dash["dashes"]]
    return "\n".join(out)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


@dataclass(frozen=True, slots=True)
class _Entry:
    """A key or a dash: its line, and the columns of the blocks that it is in, the outermost first."""

    line: int
    columns: tuple[int, ...]


def _entries(node: Node, above: tuple[int, ...] = ()) -> Iterator[_Entry]:
    """Yield the entries of the blocks in a text in which every value is one word."""
    start: Any = node.start_mark
    columns = (*above, start.column)
    for part in node.value:
        key, value = part if node.id == "mapping" else (part, part)
        yield _Entry(key.start_mark.line, columns)
        if is_block(value):
            yield from _entries(value, columns)


def _commented(given: str, written: str) -> str:
    """Return `written` with each line of comments in the column of the block that it is beside in `given`."""
    before, after = list(_entries(_composed(given))), list(_entries(_composed(written)))
    lines, out = given.split("\n"), written.split("\n")
    comments, places = _comment_lines(lines), _comment_lines(out)
    if [lines[each].strip() for each in comments] != [out[each].strip() for each in places]:
        raise NotFormattable("a comment would be lost or moved")
    if [len(each.columns) for each in before] != [len(each.columns) for each in after]:
        raise NotFormattable("its blocks would not stay in order")
    seen = 0
    for number, place in zip(comments, places, strict=True):
        while seen < len(before) and before[seen].line < number:
            seen += 1
        column = _column(_indent(lines[number]), before, after, seen)
        out[place] = " " * column + out[place].strip()
    return "\n".join(out)


def _comment_lines(lines: list[str]) -> list[int]:
    return [number for number, line in enumerate(lines) if line.lstrip().startswith("#")]


def _column(column: int, before: list[_Entry], after: list[_Entry], seen: int) -> int:
    """Return the new column of a comment that was at `column`, before the entry `seen`.

    It belongs to the innermost block that begins no further to the right; of two that begin alike, to what follows.
    """
    if seen == 0:
        return 0
    olds, news = before[seen - 1].columns, after[seen - 1].columns
    places = [(old, 0, -depth, new) for depth, (old, new) in enumerate(zip(olds, news, strict=True))]
    if seen < len(before):
        olds, news = before[seen].columns, after[seen].columns
        places.append((olds[-1], 1, -len(olds), news[-1]))
    return max((each for each in places if each[0] <= column), default=min(places))[-1]

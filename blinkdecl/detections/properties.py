"""The properties of one YAML file of a detections repository, as far as they are asked for.

These files are another tool's: what nobody asks for is not looked at, whatever its keys are, and what is wrong with a
property is noted and the next one read. Plain words have the meanings of YAML 1.2, as they have to that tool (``yes``
is a text). Merge keys are resolved; of a key that is written twice the last one counts.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from blinkdecl.config.document.file import Refusal, read_text
from blinkdecl.config.document.node import Node
from blinkdecl.config.document.parse import compose
from blinkdecl.config.document.walk import PLAIN
from blinkdecl.diagnostics import Diagnostic, Position
from blinkdecl.model.detection import Word

# A file without this word has no such key, and is no part of the repository.
_KIND = "AnalysisType"
_FLAGS = {**dict.fromkeys(("true", "True", "TRUE"), True), **dict.fromkeys(("false", "False", "FALSE"), False)}
_NOTHING = frozenset(("", "~", "null", "Null", "NULL"))
_MERGE = "<<"
EXPECTED = "ExpectedDestinations"
# A list of tests in block style: from its key to the next key at the left edge; and what at that edge may mean more.
_TESTS = re.compile(r"^(?P<key>Tests:[ \t]*\n)(?=(?P<indent>[ ]*)- )", re.MULTILINE)
_BEHIND = re.compile(r"^[A-Za-z]", re.MULTILINE)
_ODD = re.compile(r"^[^\sA-Za-z#-]|^--|[&*\t\r\x85\u2028\u2029]", re.MULTILINE)
# A quoted text that goes on in the next line, where anything may stand at the left edge.
_OPEN = re.compile(r"[:,\[{?-][ ]+(?:\"[^\"\n]*|'[^'\n]*)$|^[ ]*[{\[\"']|[:,\[{?-][ ]+[{\[][^}\]\n]*$", re.MULTILINE)
_OPEN_QUOTE = re.compile(r"^[^\"\n]*(?:\"[^\"\n]*\"[^\"\n]*)*\"[^\"\n]*$|[:,\[{?-][ ]+'[^'\n]*$", re.MULTILINE)
_LINE = "\n"
# Mappings that merge each other are looked through so many times at most.
_MOST_MERGED = 1000
# Of a list so many entries are looked at, and the file is flawed: no detection has a tenth of them.
_MOST_ENTRIES = 500


class Properties:
    """One file. `problems` are what was wrong with what was asked for: a sentence and its place."""

    def __init__(self, file: str, text: str, top: Node) -> None:
        self.file = file
        self._text, self._top = text, top
        self._own: dict[int, dict[str, tuple[Node, Node]]] = {}
        # The keys whose values are not what they are to be.
        self.flawed: set[str] = set()
        self.problems: list[tuple[str, Position]] = []

    def has(self, key: str) -> bool:
        """Whether a key is there, whatever its value."""
        return self._pair(self._top, key) is not None

    def at(self, *keys: str) -> Position:
        """Return where the first of these keys that is there is written; otherwise the beginning of the file."""
        pairs = (self._pair(self._top, key) for key in keys)
        return next((self._place(pair[0]) for pair in pairs if pair is not None), Position(self.file, 1, 1))

    def word(self, key: str) -> Word | None:
        """Return a text with its place; None where there is none, with a problem for what is no text."""
        value = self._value(self._top, key)
        if value is None:
            return None
        if value.id != "scalar" or (text := _text(value)) is None:
            self._flaw(key, f"{key} is not a text", value)
            return None
        return text, self._place(value)

    def flag(self, key: str) -> bool | None:
        """Return true or false; None where there is neither, with a problem for what is something else."""
        value = self._value(self._top, key)
        if value is None:
            return None
        if value.id == "scalar" and value.tag is PLAIN and value.value in _FLAGS:
            return _FLAGS[value.value]
        self._flaw(key, f"{key} is neither true nor false", value)
        return None

    def words(self, key: str) -> tuple[Word, ...] | None:
        """Return the texts of a list, or a single one, with their places; None where there are none.

        What is no list of texts is a problem; the texts that are there are returned all the same.
        """
        value = self._value(self._top, key)
        if value is None:
            return None
        entries = value.value if value.id == "sequence" else [value]
        if len(entries) > _MOST_ENTRIES:
            self._flaw(key, f"{key} has more than {_MOST_ENTRIES} entries", value)
        texts = [(_text(each), each) for each in entries[:_MOST_ENTRIES]]
        if value.id != "sequence" or any(text is None for text, _ in texts):
            self._flaw(key, f"{key} is not a list of texts", value)
        return tuple((text, self._place(each)) for text, each in texts if text is not None)

    def each(self, key: str) -> Iterator["Properties"]:
        """Yield the mappings in a list, with a problem for anything else."""
        value = self._value(self._top, key)
        if value is None:
            return
        entries = value.value if value.id == "sequence" else [value]
        if value.id != "sequence" or any(each.id != "mapping" for each in entries):
            self._flaw(key, f"{key} is not a list of mappings", value)
        if len(entries) > _MOST_ENTRIES:
            self._flaw(key, f"{key} has more than {_MOST_ENTRIES} entries", value)
        for each in entries[:_MOST_ENTRIES]:
            if each.id == "mapping":
                found = Properties(self.file, self._text, each)
                found.problems = self.problems
                yield found

    def mentions(self, word: str) -> bool:
        """Whether the file has a text anywhere: for what would take long to look for."""
        return word in self._text

    def report(self, what: str, place: Position) -> None:
        """Note what is wrong."""
        self.problems.append((what, place))

    def _flaw(self, key: str, what: str, node: Node) -> None:
        if key not in self.flawed:
            self.flawed.add(key)
            self.report(what, self._place(node))

    def _value(self, mapping: Node, key: str) -> Node | None:
        pair = self._pair(mapping, key)
        if pair is None or (pair[1].tag is PLAIN and pair[1].value in _NOTHING):
            return None
        return pair[1]

    def _pair(self, mapping: Node, key: str) -> tuple[Node, Node] | None:
        """Return a key and its value: the mapping's own, otherwise of the first mapping that it merges."""
        waiting = [mapping]
        seen: set[int] = set()
        while waiting and len(seen) < _MOST_MERGED:
            node = waiting.pop()
            if id(node) in seen or node.id != "mapping":
                continue
            seen.add(id(node))
            own = self._pairs(node)
            if key in own:
                return own[key]
            for merged in self._merges(node):  # of two merge keys the last one wins
                waiting += reversed(merged.value if merged.id == "sequence" else [merged])
        return None

    def _merges(self, mapping: Node) -> list[Node]:
        return [value for key, value in mapping.value if key.id == "scalar" and key.value == _MERGE]

    def _pairs(self, mapping: Node) -> dict[str, tuple[Node, Node]]:
        found = self._own.get(id(mapping))
        if found is None:
            pairs = ((key, value) for key, value in mapping.value if key.id == "scalar")
            found = self._own[id(mapping)] = {key.value: (key, value) for key, value in pairs}
        return found

    def _place(self, node: Node) -> Position:
        return Position(self.file, node.start_mark.line + 1, node.start_mark.column + 1)


def read_properties(path: Path, file: str, fence: Path) -> Properties | Diagnostic | None:
    """Return the properties of a file, or why it cannot be read; None where it is no part of the repository."""
    try:
        text = read_text(path, file, fence)
        if _KIND not in text:
            return None
        found = Properties(file, text, _composed(file, text))
    except Refusal as refusal:
        return refusal.diagnostic
    return found if found.has(_KIND) else None


def _composed(file: str, text: str) -> Node:
    """Return the top mapping of a text. Unit tests, most of most files, are left out where nobody asks for them."""
    rest = _without_tests(text)
    if rest is not None:
        try:
            return compose(file, rest)
        except Refusal:
            pass  # an anchor in the tests, perhaps: the whole text will say
    return compose(file, text)


def _without_tests(text: str) -> str | None:
    """Return the text with empty lines for its list of unit tests, None where that cannot be told apart."""
    begin = _TESTS.search(text)
    if begin is None or EXPECTED in text or '\\"' in text or _OPEN.search(text, 0, begin.start()):
        return None
    end = _BEHIND.search(text, begin.end())
    stop = end.start() if end is not None else len(text)
    indent = begin["indent"]
    shallow = re.compile(rf"^(?!{indent}(?:- |  )|[ ]*$|[ ]*#)", re.MULTILINE)
    tests = text[begin.end() : stop]
    if _ODD.search(tests) or _OPEN_QUOTE.search(tests) or shallow.search(text[begin.end("key") : stop].rstrip("\n")):
        return None
    return f"{text[: begin.start()]}{_LINE * text.count(_LINE, begin.start(), stop)}{text[stop:]}"


def _text(node: Node) -> str | None:
    """Return a scalar's text, None where it is no text: another kind of node, a flag, nothing."""
    if node.id != "scalar" or (node.tag is PLAIN and (node.value in _NOTHING or node.value in _FLAGS)):
        return None
    return str(node.value)

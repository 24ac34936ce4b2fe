"""From PyYAML's nodes to plain data, in one walk; what is refused on the way is noted with its place. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from blinkdecl.config.document.finding import MERGE, REFUSED, Notes, named, remedy_note
from blinkdecl.config.document.node import MAX_DEPTH, MAX_NODES, Node, TooLarge
from blinkdecl.config.document.weight import weigh
from blinkdecl.diagnostics import Diagnostic, Position

if TYPE_CHECKING:  # a file in which nothing is wrong needs none
    from blinkdecl.config.document.excerpt import Excerpts


class Tag(str):
    """A tag of ours. It is compared by identity: a document can spell the same text, but never be the same object."""

    __slots__ = ()


# The tags of scalars without a type of their own (plain), and of whatever else has no explicit tag.
PLAIN, IMPLICIT = Tag("plain"), Tag("implicit")

# Where the keys of resources are written, what is in these settings, and the items of top-level lists: line and column
# by (section, name or index).
RESOURCES, _SETTINGS = ("destinations", "triggers"), ("provider", "blink", "state")
Places = Mapping[tuple[str, str | int], tuple[int, int]]

# The one tag that each kind may be given.
_EXPLICIT = {
    "scalar": "tag:yaml.org,2002:str",
    "sequence": "tag:yaml.org,2002:seq",
    "mapping": "tag:yaml.org,2002:map",
}
_UNNAMED = {"duplicate-key": "a key is defined twice"}
_INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,17})")
_CONSTANTS = {
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys(("null", "Null", "NULL", "~", ""), None),
}


class Scalars(dict[str, Any]):
    """What each plain scalar means; looked up in C, except the first time."""

    def __missing__(self, text: str) -> object:
        value: object = text
        if text in _CONSTANTS:
            value = _CONSTANTS[text]
        elif text[0] in "-0123456789" and _INTEGER.fullmatch(text):
            value = int(text)
        self[text] = value
        return value


@dataclass(frozen=True, slots=True)
class Refused:
    """Something that is refused at a node."""

    code: str
    summary: str
    node: Node
    label: str = ""
    notes: Notes = ()

    def diagnostic(self, file: str, excerpts: "Excerpts") -> Diagnostic:
        """Return it as a diagnostic of `file`."""
        line, column = _place(self.node)
        # A key that had to be masked is not named either.
        summary = _UNNAMED.get(self.code, self.summary) if excerpts.is_masked(line, column) else self.summary
        excerpt = excerpts.at(line, column, token_width(self.node), self.label)
        return Diagnostic(self.code, summary, position=Position(file, line, column), excerpt=excerpt, notes=self.notes)


class Walk:
    """One walk over one document."""

    def __init__(self, file: str, scalars: Scalars) -> None:
        self._file = file
        self.problems: list[Refused] = []
        self.places: dict[tuple[str, str | int], tuple[int, int]] = {}
        self._scalars = scalars
        self._count = 0
        self._firsts: dict[int, dict[str, Node]] = {}

    def document(self, root: Node) -> dict[str, Any]:
        """Return the data of the top mapping; raises `TooLarge`."""
        data: dict[str, Any] = self._mapping(root, 1)
        for key, value in root.value:
            if value.id == "mapping" and key.value in RESOURCES:
                section = key.value
                for name, _ in value.value:
                    if name.id == "scalar":
                        self.places.setdefault((section, name.value), _place(name))
            elif value.id == "mapping" and key.value in _SETTINGS:
                for name, item in value.value:
                    if name.id == "scalar":
                        self.places.setdefault((key.value, name.value), _place(shown(name, item)))
            elif value.id == "sequence" and key.id == "scalar":
                for index, item in enumerate(value.value):
                    self.places.setdefault((key.value, index), _place(item))
        return data

    def _value(self, node: Node, depth: int) -> Any:  # noqa: ANN401 - YAML
        kind = node.id
        if node.tag is not IMPLICIT and not _is_known(node):
            summary = "custom tags are refused"
            self.problems.append(
                Refused("forbidden-yaml", summary, node, notes=remedy_note("remove the tag; a secret is {env: NAME}"))
            )
            return REFUSED
        if kind == "scalar":
            return self._scalars[node.value] if node.tag is PLAIN else node.value
        if depth > MAX_DEPTH:
            raise TooLarge("nested too deeply", node)
        return self._mapping(node, depth) if kind == "mapping" else self._sequence(node, depth)

    def _sequence(self, node: Node, depth: int) -> list[Any]:
        self._counted(len(node.value), node)
        scalars = self._scalars
        return [scalars[item.value] if item.tag is PLAIN else self._value(item, depth + 1) for item in node.value]

    def _mapping(self, node: Node, depth: int) -> dict[str, Any]:
        self._counted(2 * len(node.value), node)
        scalars = self._scalars
        data: dict[str, Any] = {}
        for key_node, item in node.value:
            # A key that is plain, a string, new, and not a merge key is the case that must be fast.
            key = scalars[key_node.value] if key_node.tag is PLAIN else self._odd_key(key_node)
            if key in data or key.__class__ is not str or key == MERGE:
                self._refuse_key(key, key_node, node)
                if key == MERGE:  # a property missing here may have come from there
                    data[MERGE] = REFUSED
                continue
            data[key] = scalars[item.value] if item.tag is PLAIN else self._value(item, depth + 1)
        return data

    def _counted(self, count: int, node: Node) -> None:
        self._count += count
        if self._count > MAX_NODES:
            raise TooLarge("too long", node)

    def _odd_key(self, node: Node) -> object:
        """Return a quoted key; anything but a scalar is not a key."""
        if node.id != "scalar":
            self._counted(weigh(node).nodes, node)
            return None
        return node.value if _is_known(node) else None

    def _refuse_key(self, key: object, node: Node, mapping: Node) -> None:
        if key == MERGE:
            remedy = "put what resources share in `defaults` of blinkdecl.yaml"
            self.problems.append(
                Refused("forbidden-yaml", "merge keys (<<) are refused", node, notes=remedy_note(remedy))
            )
        elif not isinstance(key, str):
            summary = "a key must be a string"
            remedy = "put quotes around it, if it is meant as a text"
            self.problems.append(Refused("wrong-type", summary, node, notes=remedy_note(remedy)))
        else:
            line, column = _place(self._first(key, mapping))
            notes = (("note", f"first defined at {Position(self._file, line, column)}"),)
            summary = f"{named(key)} is defined twice"
            self.problems.append(Refused("duplicate-key", summary, node, "defined again here", notes))

    def _first(self, key: str, mapping: Node) -> Node:
        """Return the node that defines a key first; a mapping is searched once, however many are double."""
        if id(mapping) not in self._firsts:
            scalars = (each for each, _ in reversed(mapping.value) if each.id == "scalar")
            self._firsts[id(mapping)] = {each.value: each for each in scalars}
        return self._firsts[id(mapping)][key]


def _is_known(node: Node) -> bool:
    tag = node.tag
    return tag is IMPLICIT or tag is PLAIN or tag == _EXPLICIT[node.id]


def shown(key: Node, value: Node) -> Node:
    """Return the one of the two that shows where a value is: its key, if it is a block below it or is empty."""
    is_block = value.id != "scalar" and not value.flow_style
    return key if is_block or value.start_mark.index == value.end_mark.index else value


def token_width(node: Node) -> int:
    """Return how many characters the node takes on its first line; 0 = to the end of the line."""
    start, end = node.start_mark, node.end_mark
    return int(end.column - start.column) if end.line == start.line else 0


def _place(node: Node) -> tuple[int, int]:
    return node.start_mark.line + 1, node.start_mark.column + 1

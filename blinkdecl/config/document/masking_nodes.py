"""What to mask in a text that could be composed: what is below the keys of secrets, found in its nodes. Pure."""

import re
from collections.abc import Iterator, Sequence
from enum import Enum
from typing import Any

from blinkdecl.config.document.finding import REFERENCE_KEYS
from blinkdecl.config.document.masking import (
    BEFORE_SECRET,
    ENV_NAME,
    SETTINGS,
    TOLD_SECRET,
    SecretKeys,
    Span,
    Spans,
    comment_spans,
    merged,
)
from blinkdecl.diagnostics import closest

_DEEPEST = 100


class _Place(Enum):
    """What the keys of a mapping are."""

    TOP = "sections"
    RESOURCES = "names of triggers or destinations"
    VARIABLES = "names of variables"
    VARIABLE = "properties of a variable that sounds like a secret"
    PROVIDER = "settings of the provider"
    BLINK = "settings of Blink"
    STATE = "settings of the state"
    OTHER = "properties"


_SECTIONS = {"triggers": _Place.RESOURCES, "destinations": _Place.RESOURCES, "variables": _Place.VARIABLES}
_SETTINGS = {"provider": _Place.PROVIDER, "blink": _Place.BLINK, "state": _Place.STATE}
_KNOWN = {place: SETTINGS[name] for name, place in _SETTINGS.items()}


def composed_spans(root: Any, lines: Sequence[str]) -> Spans:  # noqa: ANN401 - PyYAML's node
    """Return what to mask: spans of characters by line, both counted from 0."""
    spans: Spans = {}
    extents: list[Span] = []
    keys = SecretKeys()
    for node in _secret_scalars(root, extents, keys):
        first, last = node.start_mark, node.end_mark
        for number in range(first.line, min(last.line + 1, len(lines))):
            line = lines[number]
            start = first.column if number == first.line else len(line) - len(line.lstrip())
            end = last.column if number == last.line else len(line)
            if end > start:
                spans.setdefault(number, []).append((start, end))
    secret = {number for first, last in merged(extents) for number in range(first, min(last + 1, len(lines)))}
    for number, span in comment_spans(lines, secret, keys.__getitem__):
        spans.setdefault(number, []).append(span)
    return spans


def _secret_scalars(root: Any, extents: list[Span], keys: SecretKeys) -> Iterator[Any]:  # noqa: ANN401 - PyYAML's node
    """Yield the nodes of scalars that must not be shown, and add the lines from each secret's key to its end.

    Without recursion, each node once in each role, aliases and all.
    """
    waiting: list[tuple[Any, bool, _Place]] = [(root, False, _Place.TOP)]
    seen: set[tuple[int, bool, _Place]] = set()
    while waiting:
        node, secret, place = waiting.pop()
        if (id(node), secret, place) in seen:
            continue
        seen.add((id(node), secret, place))
        if node.id == "scalar":
            if secret or _hides(node):
                yield node
        elif node.id == "sequence":
            waiting += [(item, secret, _Place.OTHER) for item in node.value]
        else:
            for key, value in node.value:
                name = key.value if key.id == "scalar" else ""
                if key.id != "scalar" or (secret and closest(name, REFERENCE_KEYS) is None):
                    waiting.append((key, secret, _Place.OTHER))
                hides, below = _below(name, value, place, keys, secret=secret)
                if hides and not secret:
                    extents.append((key.start_mark.line, _last_line(key, value)))
                waiting.append((value, hides, below))


def _below(
    name: str,
    value: Any,  # noqa: ANN401 - PyYAML's node
    place: _Place,
    keys: SecretKeys,
    *,
    secret: bool,
) -> tuple[bool, _Place]:
    """Return whether the value of a key must not be shown, and what the keys in it are."""
    is_block = value.id == "mapping"
    if place is _Place.TOP and is_block and name in _SECTIONS:
        return False, _SECTIONS[name]
    if place is _Place.TOP and is_block and name in _SETTINGS:
        return False, _SETTINGS[name]
    if place in _KNOWN and name not in _KNOWN[place]:
        return True, _Place.OTHER
    if place is _Place.RESOURCES and is_block and not _names_a_source(value):
        return False, _Place.OTHER  # the name of a resource says nothing about what is in it
    if place is _Place.VARIABLES and is_block:
        return False, _Place.VARIABLE if keys[name] else _Place.OTHER
    if place is _Place.VARIABLE:
        return name != "description", _Place.OTHER
    named = keys[name] or (name == "url" and is_block)
    return (secret or named) and not (secret and _is_reference(name, value)), _Place.OTHER


def _names_a_source(mapping: Any) -> bool:  # noqa: ANN401 - PyYAML's node
    """Whether a mapping has a key that only secret references have: then it is a secret in the wrong place."""
    return any(key.value in REFERENCE_KEYS for key, _ in mapping.value if key.id == "scalar")


def _last_line(key: Any, value: Any) -> int:  # noqa: ANN401 - PyYAML's nodes
    """Return the last line of a value; the mark at the end of a block is where something else begins."""
    last = int(key.end_mark.line)
    for _ in range(_DEEPEST):
        if value.id == "scalar" or value.flow_style or not value.value:
            end = value.end_mark
            is_next = end.column == 0 and end.line > value.start_mark.line
            return max(last, int(end.line) - int(is_next))
        value = value.value[-1] if value.id == "sequence" else value.value[-1][1]
        last = max(last, int(value.start_mark.line))
    return last


def _is_reference(name: str, value: Any) -> bool:  # noqa: ANN401 - PyYAML's node
    if name == "env":
        return value.id == "scalar" and ENV_NAME.fullmatch(value.value) is not None
    return (name == "file" and value.id == "scalar") or (name == "command" and value.id != "mapping")


def _hides(node: Any) -> bool:  # noqa: ANN401 - PyYAML's node
    """Whether a scalar holds a secret, or a part of a URL that the patterns for lines would not see in its spelling."""
    text = str(node.value)
    if BEFORE_SECRET.search(text) or TOLD_SECRET.search(text):
        return True
    if not (re.search(r"key=|://[^/\s]*@", text, re.IGNORECASE) or ("://" in text and "?" in text)):
        return False
    return bool(node.start_mark.line != node.end_mark.line or node.style == '"')

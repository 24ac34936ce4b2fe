"""What to mask in a text that cannot be composed: by patterns, too much rather than too little. Pure."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from blinkdecl.config.document.masking import LONGEST, SecretKeys, Span, Spans, comment_spans, keys_in

_REFERENCE = re.compile(r"\{\s*+(?:env:\s*+[A-Za-z_]\w*+\s*+|file:[^{}\"',:#]++)\}")
# Stands for each character of a reference; no file holds it.
_BLANK = "\0"
_INDENT = re.compile(r"[\s-]*+")
_STARTS_KEY = re.compile(r"(\s*+)[\w-]++\s*+:(?:\s|$)")
_COMPLEX_KEY = re.compile(r"[\s-]*+\?\s*+(?P<name>.*)")


class _Line(NamedTuple):
    """What one line shows: whether it has a secret's key, whether the value may go on below, and what to mask."""

    is_secret: bool = False
    opens: bool = False
    span: Span | None = None


def guessed_spans(lines: Sequence[str]) -> Spans:
    """Return what to mask, by line."""
    spans: Spans = {}
    secret: set[int] = set()
    open_at: int | None = None
    keys = SecretKeys()
    for number, line in enumerate(lines):
        if not line:
            continue
        begins = _STARTS_KEY.match(line)
        if open_at is not None and begins and len(begins[1]) <= open_at:
            open_at = None
        found = _read(line, keys)
        if open_at is not None and line.strip():
            found = found._replace(is_secret=True, span=(len(line) - len(line.lstrip()), len(line)))
        if found.is_secret:
            secret.add(number)
        if found.span:
            spans.setdefault(number, []).append(found.span)
        if found.opens and open_at is None:
            open_at = _indent(line)
    for number, span in comment_spans(lines, secret, keys.__getitem__):
        spans.setdefault(number, []).append(span)
    return spans


def _read(line: str, keys: SecretKeys) -> _Line:
    if len(line) > LONGEST:
        return _Line(is_secret=True, opens=True, span=(0, len(line)))
    asked = _COMPLEX_KEY.match(line)
    if asked and keys[asked["name"]]:
        return _Line(is_secret=True, opens=True, span=(asked.start("name"), len(line)))
    # A reference elsewhere on the line says nothing about what is beside it.
    blanked = _REFERENCE.sub(lambda found: _BLANK * len(found[0]), line)
    is_secret = opens = False
    for key in keys_in(blanked):
        rest = blanked[key.end() :]
        if not (keys[key["name"]] or (_is_url(key["name"]) and rest[:1] in ("", "{", "[", "&", "!", "|", ">"))):
            continue
        is_secret = True
        if _is_reference_alone(rest):
            continue
        opens = True
        if rest:
            return _Line(is_secret, opens, (key.end() + len(rest) - len(rest.lstrip(_BLANK)), len(line)))
    return _Line(is_secret, opens)


def _is_url(name: str) -> bool:
    return name.split()[-1:] == ["url"]


def _is_reference_alone(rest: str) -> bool:
    """Whether the value of a key is a blanked reference, and what follows is not part of it."""
    behind = rest.lstrip(_BLANK)
    if behind == rest:
        return False
    return behind.strip() == "" or behind.lstrip()[0] in ",}]" or (behind[0].isspace() and behind.lstrip()[0] == "#")


def _indent(line: str) -> int:
    found = _INDENT.match(line)
    return found.end() if found else 0

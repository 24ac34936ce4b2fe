"""What must not be shown of a file: where its secrets stand, line by line. Pure.

Nobody should write a secret into a file; somebody will. So whatever stands where a secret could stand is masked before
an excerpt leaves this package:

    below a key like api_key, token, password   every scalar, except what env, file and command name
    in a URL                                    its query, and user:password@
    in a comment                                what follows a key like those
    in a file that cannot be composed           the same by patterns, and the lines that may continue such a value
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from blinkdecl.diagnostics import closest

Span = tuple[int, int]
Spans = dict[int, list[Span]]

REFERENCE_KEYS = ("env", "file", "command")
ENV_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")

_WORDS = (
    r"(?:api|access|private|auth|signing|client|webhook)[-_ ]?key|token|passw|passphrase|pwd|secret|credential|"
    r"authorization|bearer"
)
_SECRET_KEY = re.compile(_WORDS, re.IGNORECASE)
_URL_PARTS = re.compile(
    r"""(?<=\?)[^\s"'#]+(?<=[^\]},?])|(?<=://)[^/\s@"']*(?=@)|(?<=apikey=)[^\s&"']+""", re.IGNORECASE
)
_LITERAL = re.compile(rf"(?:{_WORDS})[\w-]*[\"']?\s*[:=]\s*(?P<value>\S.*)", re.IGNORECASE)
_OPENS = re.compile(rf"^(?P<indent>[\s-]*)[^#]*?(?:{_WORDS})[\w-]*[\"']?\s*:", re.IGNORECASE)
_REFERENCE = re.compile(r"\{\s*(?:env:\s*[A-Za-z_]\w*|file:\s*[^{}\"']+)\s*\}")
_STARTS_KEY = re.compile(r"^(\s*)[\w-]+\s*:(\s|$)")


def is_secret_key(name: str) -> bool:
    """Whether what stands below a key of this name may be a secret."""
    return _SECRET_KEY.search(name) is not None


def composed_spans(root: Any, lines: Sequence[str]) -> Spans:  # noqa: ANN401 - PyYAML's node
    """Return what to mask in a text that was composed: spans of characters by line, both counted from 0."""
    spans: Spans = {}
    for node in _secret_scalars(root):
        first, last = node.start_mark, node.end_mark
        for number in range(first.line, min(last.line + 1, len(lines))):
            line = lines[number]
            start = first.column if number == first.line else len(line) - len(line.lstrip())
            end = last.column if number == last.line else len(line)
            if end > start:
                spans.setdefault(number, []).append((start, end))
    return spans


def line_spans(line: str) -> Iterator[Span]:
    """Yield what to mask in any line: parts of URLs, and what a comment says of a secret."""
    for match in _URL_PARTS.finditer(line):
        yield match.span()
    comment = re.search(r"(?:^|\s)#", line)
    if comment and (literal := _LITERAL.search(line, comment.start())):
        yield literal.span("value")


def guessed_spans(lines: Sequence[str]) -> Spans:
    """Return what to mask in a text that cannot be composed."""
    spans: Spans = {}
    open_at: int | None = None
    for number, line in enumerate(lines):
        begins = _STARTS_KEY.match(line)
        if open_at is not None:
            if begins and len(begins[1]) <= open_at:
                open_at = None
            elif line.strip():
                spans[number] = [(len(line) - len(line.lstrip()), len(line))]
        opened = _OPENS.match(line)
        literal = _LITERAL.search(line)
        complete = literal is not None and _REFERENCE.search(literal["value"]) is not None
        if literal and not complete:
            spans.setdefault(number, []).append(literal.span("value"))
        if opened and not complete and open_at is None:
            open_at = len(opened["indent"])
    return spans


def masked(line: str, spans: Sequence[Span], keep_column: int = 0) -> str:
    """Return the line with each span as ``***``; what begins before `keep_column` (from 0) does not shift it."""
    out: list[str] = []
    at = 0
    for start, end in _merged(spans):
        out += [line[at:start], "***".ljust(end - start)[: end - start] if end <= keep_column else "***"]
        at = end
    return "".join(out) + line[at:]


def _merged(spans: Sequence[Span]) -> list[Span]:
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return merged


def _secret_scalars(root: Any) -> Iterator[Any]:  # noqa: ANN401 - PyYAML's node
    """Yield the nodes of scalars that must not be shown: without recursion, each node once, aliases and all."""
    waiting: list[tuple[Any, bool, int]] = [(root, False, 0)]
    seen: set[tuple[int, bool]] = set()
    while waiting:
        node, secret, depth = waiting.pop()
        if (id(node), secret) in seen:
            continue
        seen.add((id(node), secret))
        if node.id == "scalar":
            if secret or _hides(node):
                yield node
        elif node.id == "sequence":
            waiting += [(item, secret, depth + 1) for item in node.value]
        else:
            for key, value in node.value:
                name = key.value if key.id == "scalar" else ""
                if secret and closest(name, REFERENCE_KEYS) is None:
                    waiting.append((key, True, depth + 1))
                elif key.id != "scalar":
                    waiting.append((key, secret, depth + 1))
                # The name of a resource says nothing of what is in it.
                below = value.id == "mapping"
                named = (is_secret_key(name) and not (depth == 1 and below)) or (name == "url" and below)
                shown = secret and _is_reference(name, value)
                waiting.append((value, (secret or named) and not shown, depth + 1))


def _is_reference(name: str, value: Any) -> bool:  # noqa: ANN401 - PyYAML's node
    if name == "env":
        return value.id == "scalar" and ENV_NAME.fullmatch(value.value) is not None
    return name in REFERENCE_KEYS


def _hides(node: Any) -> bool:  # noqa: ANN401 - PyYAML's node
    """Whether a scalar holds a part of a URL that the patterns for lines would not see in its spelling."""
    text = str(node.value)
    if not re.search(r"key=|://[^/\s]*@", text, re.IGNORECASE):
        return False
    return bool(node.start_mark.line != node.end_mark.line or node.style == '"')

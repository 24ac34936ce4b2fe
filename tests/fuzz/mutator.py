"""From sound inputs to odd ones. Structure is kept where that is cheap: more than the first check is reached."""

import json
import random
import re
from collections.abc import Sequence
from typing import Any

from tests.fuzz import values

_TOKENS = re.compile(rb"\w+|\s+|[^\w\s]")
_LINE_VALUE = re.compile(r"^(?P<key>\s*(?:- )?(?:[\w\"-]+:|-) ?)(?P<value>.*)$", re.DOTALL)
# A marker stands for a JSON text until the whole is written: `json.dumps` could not write it.
_MARK = "\ufdd0%d\ufdd1"
_MARKED = re.compile(r'"\\ufdd0(\d{1,9})\\ufdd1"')
_LONGEST = 1024 * 1024


class Mutator:
    """Makes inputs of a corpus; the same corpus and seed make the same inputs."""

    def __init__(self, corpus: Sequence[bytes], seed: int) -> None:
        self._corpus = list(corpus)
        self._random = random.Random(seed)
        self._heads = [_json(each) for each in self._corpus]
        self._parts = [part for head in self._heads if head is not None for part in _nodes(head[1])]

    def input(self) -> bytes:
        """Return the next input."""
        index = self._random.randrange(len(self._corpus))
        head = self._heads[index]
        if head is not None and self._random.random() < 0.7:
            return head[0] + self._json(head[1])
        data = self._corpus[index]
        for _ in range(self._random.choice((1, 1, 1, 2, 2, 3, 5))):
            data = self._random.choice((self._bytes, self._tokens, self._lines, self._lines))(data)
        return data[:_LONGEST]

    def _json(self, document: Any) -> bytes:  # noqa: ANN401 - JSON
        changed = json.loads(json.dumps(document))
        for _ in range(self._random.choice((1, 1, 1, 2, 2, 3))):
            changed = self._changed(changed)
        ascii_only = json.dumps(changed, indent=self._random.choice((None, None, 1)))
        return _MARKED.sub(lambda found: values.JSON[int(found[1]) % len(values.JSON)], ascii_only).encode()

    def _changed(self, document: Any) -> Any:  # noqa: ANN401 - JSON
        """Return the document with one node changed; may change it in place."""
        places = list(_places(document))
        if not places:
            return self._value()
        holder, key = self._random.choice(places)
        how = self._random.randrange(8)
        if how == 0:
            del holder[key]
        elif how == 1 and isinstance(holder, list):
            holder.insert(key, holder[key])
        elif how == 1:
            holder[self._random.choice(("", "x", "__proto__", "\x00", f"{key} ", str(key).upper()))] = holder[key]
        elif how == 2:
            holder[key] = self._random.choice(([holder[key]], {"name": holder[key]}, str(holder[key])))
        elif how == 3 and self._parts:
            holder[key] = json.loads(json.dumps(self._random.choice(self._parts)))
        elif how == 4 and isinstance(holder[key], str):
            holder[key] = self._tokens(holder[key].encode("utf-8", "replace")).decode("utf-8", "replace")
        else:
            holder[key] = self._value()
        return document

    def _value(self) -> str:
        return _MARK % self._random.randrange(len(values.JSON))

    def _bytes(self, data: bytes) -> bytes:
        at = self._random.randrange(len(data) + 1)
        end = min(len(data), at + self._random.choice((1, 1, 2, 8, 64)))
        piece = self._random.choice(
            (b"", data[at:end] * 2, self._random.choice(values.BYTES), self._random.randbytes(1))
        )
        return data[:at] + piece + data[end if self._random.random() < 0.7 else at :]

    def _tokens(self, data: bytes) -> bytes:
        tokens = _TOKENS.findall(data)
        at = self._random.randrange(len(tokens)) if tokens else 0
        odd = self._random.choice((values.TEXT, values.TEXT, values.YAML, values.JSON))
        piece = self._random.choice(odd).encode("utf-8", "surrogatepass")
        if tokens and self._random.random() < 0.3:
            piece = self._random.choice(_TOKENS.findall(self._random.choice(self._corpus)) or tokens)
        return b"".join((*tokens[:at], piece, *tokens[at + self._random.randrange(2) :]))

    def _lines(self, data: bytes) -> bytes:
        lines = data.split(b"\n")
        at = self._random.randrange(len(lines))
        match self._random.randrange(7):
            case 0:
                del lines[at]
            case 1:
                lines.insert(at, self._random.choice(self._random.choice(self._corpus).split(b"\n")))
            case 2:
                lines.insert(self._random.randrange(len(lines)), lines[at])
            case 3:
                lines[at] = self._random.choice((b"  ", b"\t", b"- ")) + lines[at]
            case 4:
                lines[at] = lines[at].removeprefix(b"  ")
            case _:
                lines[at] = self._valued(lines[at])
        return b"\n".join(lines)

    def _valued(self, line: bytes) -> bytes:
        text = line.decode("utf-8", "surrogateescape")
        found = _LINE_VALUE.match(text)
        key = found["key"] if found else text
        return f"{key.rstrip(' ')} {self._random.choice(values.YAML)}".encode("utf-8", "surrogateescape")


def _json(data: bytes) -> tuple[bytes, Any] | None:
    """Return what comes before the JSON of an input (a line, or the head of an HTTP answer), and the JSON."""
    for mark in (b"", b"\n", b"\r\n\r\n"):
        head, found, rest = data.partition(mark) if mark else (b"", b"", data)
        try:
            document = json.loads(rest)
        except ValueError:
            continue
        return (head + found, document) if isinstance(document, dict | list) else None
    return None


def _places(document: Any) -> Any:  # noqa: ANN401 - JSON
    """Yield (holder, key) of every node below the top."""
    todo = [document]
    while todo:
        holder = todo.pop()
        keys = list(holder) if isinstance(holder, dict) else range(len(holder)) if isinstance(holder, list) else ()
        for key in keys:
            yield holder, key
            todo.append(holder[key])


def _nodes(document: Any) -> list[Any]:  # noqa: ANN401 - JSON
    return [holder[key] for holder, key in _places(document)]

"""The 5 MB rule: an alert that is too large loses part of its context, and nothing else. Pure.

Blink takes bodies of up to 5 MB, and Panther truncates the alert context of a larger one; how it does that is not
documented, so this is our own way. The room is shared fairly among the entries of an object or a list: small entries
stay whole, the largest values are shortened first, and the same goes for the entries of a value that is shortened. A
string keeps its beginning and ends with an ellipsis; entries that have no room at all are left out, the later ones
first. What was cut is listed in the context under `MARK`.

A value is measured a bounded number of times, so time is linear in its size; memory is a few bytes per entry in
addition to the body.
"""

import math
from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from blinkdecl.alert.canonical_json import WALKED, Writer, canonical, key_bytes, string_pieces

MARK = "_truncated"
# Bytes kept free for the list of cuts, and the most for one path in it.
_TOLD = 1024
_PATH = 120
_PATHS = 20
# No entry is shortened to fewer bytes than this as long as leaving out later ones makes room.
_LEAST = 64
_ELLIPSIS = "…".encode()


class TooLarge(ValueError):
    """Without its context the alert has `size` bytes, more than the limit."""

    def __init__(self, size: int) -> None:
        super().__init__(f"{size} bytes without the alert context")
        self.size = size


def fitted(alert: dict[str, object], context: str, limit: int) -> bytes:
    """Return the canonical bytes of an alert, at most `limit`, its object `context` shortened where needed.

    Raises `TooLarge` if that is not enough, and `Unrepresentable`.
    """
    measure = Writer()
    size = measure.write(alert)
    if size <= limit:
        return canonical(alert)
    shell = canonical({**alert, context: {}})
    if len(shell) > limit:
        raise TooLarge(len(shell))
    before = {key: value for key, value in alert.items() if key < context}
    start = len(canonical(before)) - 1 + bool(before) + len(key_bytes(context))
    given = alert[context]
    kept = _context(given if isinstance(given, dict) else {}, limit - len(shell) + 2, size, measure)
    return b"".join((shell[:start], *kept, shell[start + 2 :]))


def _context(context: dict[str, object], room: int, size: int, measure: Writer) -> Iterator[bytes | memoryview]:
    """Yield the pieces of a context, `room` bytes at most, of an alert that had `size` bytes."""
    if MARK in context:  # the alert was truncated before
        context = {key: value for key, value in context.items() if key != MARK}
    cutter = _Cutter(measure)
    if room > _TOLD + 3:
        cutter.write(context, room - _TOLD - 1, 1, "")
    mark = _mark(cutter, size, min(_TOLD, room - 2))
    entries = memoryview(cutter.out)[1:-1]
    yield from (b"{", mark, b"," if mark and entries else b"", entries, b"}")


def _mark(cutter: "_Cutter", size: int, room: int) -> bytes:
    """Return the entry that lists the cuts, with as many of their paths as fit; nothing if it does not fit at all."""
    paths: list[str] = []
    told = {"originalSize": size, "cutCount": cutter.count, "cut": paths}
    mark = b""
    for path in (None, *cutter.paths):
        paths += [path] if path is not None else []
        longer = key_bytes(MARK) + canonical(told)
        if len(longer) > room:
            break
        mark = longer
    return mark


class _Cutter:
    """Writes values into `out`, each within the room given, and keeps the JSON pointers of what it cut."""

    def __init__(self, measure: Writer) -> None:
        self.out = bytearray()
        self.count = 0
        self.paths: list[str] = []
        self._measure = measure
        self._writer = Writer(self.out.extend)

    def write(self, value: object, room: int, depth: int, path: str) -> None:
        """Write a value in at most `room` bytes, which must be at least `_least` of it."""
        if self._measure.write(value, depth) <= room:
            self._writer.write(value, depth)
        elif isinstance(value, str):
            self.count += 1
            self.paths += [path] if len(self.paths) < _PATHS else []
            self._string(value, room)
        elif isinstance(value, dict):
            self._container(value, sorted(value), b"{}", room, depth, path)
        elif isinstance(value, list):
            self._container(value, range(len(value)), b"[]", room, depth, path)

    def _string(self, text: str, room: int) -> None:
        left = room - 2 - len(_ELLIPSIS)
        self.out += b'"'
        for piece in string_pieces(text):
            if len(piece) > left:
                self.out += _beginning(piece, left)
                break
            self.out += piece
            left -= len(piece)
        self.out += _ELLIPSIS + b'"'

    def _container(
        self,
        value: Any,  # noqa: ANN401 - whatever has these names
        names: Sequence[Any],
        brackets: bytes,
        room: int,
        depth: int,
        path: str,
    ) -> None:
        lead = key_bytes if isinstance(value, dict) else lambda _: b""
        # What an entry takes with its comma; the first has none, so there is a byte more than the brackets leave.
        sizes = array("I", (len(lead(name)) + self._measure.write(value[name], depth + 1) + 1 for name in names))
        left = room - 1
        share, spare = max(_share(sizes, left), _LEAST), 0
        self.out += brackets[:1]
        for name, size in zip(names, sizes, strict=True):
            key, item, given = lead(name), value[name], min(size, share + spare, left)
            begun, inner = len(self.out), given - len(key) - 1
            if given == size:
                self.out += key
                self._writer.write(item, depth + 1)
            elif inner >= _least(item, depth + 1):
                self.out += key
                self.write(item, inner, depth + 1, _pointer(path, name))
            else:
                self.count += 1
                spare += min(size, share)
                if len(self.paths) < _PATHS:
                    self.paths.append(_pointer(path, name))
                continue
            self.out += b","
            used = len(self.out) - begun
            left -= used
            spare += max(0, size - share) and share - used
        if self.out.endswith(b","):
            self.out.pop()
        self.out += brackets[1:]


def _share(sizes: "array[int]", room: int) -> int:
    """Return the most that each may take so that all together take `room`."""
    waiting = len(sizes)
    for size, count in sorted(Counter(sizes).items()):
        if size * waiting > room:
            return room // waiting
        room -= size * count
        waiting -= count
    return room


def _least(value: object, depth: int) -> float:
    """Return the fewest bytes that a value can be shortened to."""
    if isinstance(value, str):
        return 2 + len(_ELLIPSIS)
    return 2 if isinstance(value, dict | list) and depth < WALKED else math.inf


def _pointer(path: str, name: object) -> str:
    """Return the JSON pointer of an entry; a long one is shortened, for people to read."""
    pointer = f"{path}/{str(name).replace('~', '~0').replace('/', '~1')}"
    return pointer if len(pointer) <= _PATH else pointer[:_PATH] + "…"


def _beginning(piece: bytes, room: int) -> bytes:
    """Return as many of a string's bytes as fit without splitting a character or an escape."""
    text = piece[:room].decode("utf-8", "ignore")
    at = text.rfind("\\", max(0, len(text) - 5))
    run = at + 1 - len(text[: at + 1].rstrip("\\"))
    if run % 2 and len(text) - at < (6 if text[at + 1 : at + 2] == "u" else 2):
        text = text[:at]
    return text.encode()

"""The 5 MB rule: an alert that is too large loses part of its context, and nothing else. Pure.

Blink takes bodies of up to 5 MB, and Panther truncates the alert context of a larger one; how it does that is not
documented, so this is our own way. The room is shared fairly among the entries of an object or a list: small entries
stay whole, the largest values are shortened first, and the same goes for the entries of a value that is shortened. A
string keeps its beginning and ends with an ellipsis; entries that have no room at all are left out, the later ones
first. What was cut is listed in the context under `MARK`.

All values are measured once, before anything is cut (`blinkdecl.alert.sizes`), so time is linear in the alert's size;
memory is a few bytes per value in addition to the body.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import islice, repeat
from typing import Any, NamedTuple

from blinkdecl.alert.canonical_json import (
    CHARACTERS,
    ENTRIES,
    WALKED,
    Writer,
    canonical,
    key_bytes,
    string_pieces,
    string_size,
)
from blinkdecl.alert.sizes import Sizes

MARK = "_truncated"
# Bytes kept free for the list of cuts, and the most for one path in it.
_TOLD = 1024
_PATH = 120
_PATHS = 20
# No entry is shortened to fewer bytes than this as long as leaving out later ones makes room.
_LEAST = 64
_ELLIPSIS = "…"
# The sizes of so many keys are kept: those of the entries of lists are mostly the same.
_KEYS = 1 << 10
_ESCAPE = re.compile(r"\\(?:u....|.)")


class TooLarge(ValueError):
    """Without its context the alert has `size` bytes, more than the limit."""

    def __init__(self, size: int) -> None:
        super().__init__(f"{size} bytes without the alert context")
        self.size = size


def fitted(alert: dict[str, object], context: str, limit: int) -> bytes:
    """Return the canonical bytes of an alert, at most `limit`, its object `context` shortened where needed.

    Raises `TooLarge` if that is not enough, and `Unrepresentable`.
    """
    sizes = Sizes(alert)
    if sizes.total <= limit:
        return canonical(alert)
    shell = canonical({**alert, context: {}})
    if len(shell) > limit:
        raise TooLarge(len(shell))
    before = {key: value for key, value in alert.items() if key < context}
    start = len(canonical(before)) - 1 + bool(before) + len(key_bytes(context))
    kept = _context(alert, context, limit - len(shell) + 2, sizes)
    return b"".join((shell[:start], *kept, shell[start + 2 :]))


def _context(alert: dict[str, object], name: str, room: int, sizes: Sizes) -> tuple[bytes | memoryview, ...]:
    """Return the pieces of what is left of a context, `room` bytes at most."""
    given, whole = alert[name], sizes.total
    context = given if isinstance(given, dict) else {}
    if isinstance(given, dict) and MARK not in context:
        entries = sizes.entries(alert, 0, 0)
        at = entries.names.index(name)
        place, size = entries.places[at], entries.sizes[at] - len(key_bytes(name)) - 1
    else:  # the alert was truncated before
        context = {key: value for key, value in context.items() if key != MARK}
        sizes = Sizes(context, 1)
        place, size = 0, sizes.total
    cutter = _Cutter(sizes)
    cut: object = {}
    if room > _TOLD + 3:
        cut, _ = cutter.cut(context, size, room - _TOLD - 1, _Place(1, place, ""))
    mark = _mark(cutter, whole, min(_TOLD, room - 2))
    written = bytearray()
    Writer(written.extend).write(cut, 1)
    left = memoryview(written)[1:-1]
    return b"{", mark, b"," if mark and left else b"", left, b"}"


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


class _Place(NamedTuple):
    """Where a value is: how deep, its place among what is equally deep, and its JSON pointer."""

    depth: int
    at: int
    path: str


# What is left of a value, and its size.
_Cut = tuple[object, int]


class _Cutter:
    """Shortens values to the room given, and keeps the JSON pointers of what it cut.

    What is left is a JSON value, not its bytes: one call of the encoder at the end takes less than one for each cut.
    """

    def __init__(self, sizes: Sizes) -> None:
        self.count = 0
        self.paths: list[str] = []
        self._sizes = sizes
        self._key_size = lru_cache(_KEYS)(lambda key: string_size(key) + 1)

    def cut(self, value: Any, size: int, room: int, place: _Place) -> _Cut:  # noqa: ANN401 - JSON
        """Return a value of `size` bytes in at most `room` bytes, which must be at least `_least` of it."""
        if size <= room:
            return value, size
        if isinstance(value, str):
            self._tell([place.path])
            return _beginning(value, size, room)
        return self._container(value, room, place)

    def _tell(self, cut: Iterable[str], count: int = 1) -> None:
        """Count cuts, and keep the places of the first of them."""
        self.count += count
        self.paths += islice(cut, _PATHS - len(self.paths))

    def _container(self, value: Any, room: int, place: _Place) -> _Cut:  # noqa: ANN401 - an object or a list
        entries = self._sizes.entries(value, place.depth, place.at)
        is_object = isinstance(value, dict)
        # The fewest bytes that an entry can be shortened to, with its key and a comma: `"":{},` or `[],`.
        shortest = 6 if is_object else 3
        # The first entry has no comma, so there is a byte more than the brackets leave.
        left = room - 1
        share, spare = max(_share(entries.sizes, left), _LEAST), 0
        smallest = min(min(entries.sizes), shortest)
        kept: Any = {} if is_object else []
        # An index is never below the number of those that are kept, so to insert there is to append.
        keep = kept.__setitem__ if is_object else kept.insert
        for at, (name, inside, size) in enumerate(zip(*entries, strict=True)):
            given = min(size, share + spare, left)
            if given == size:
                keep(name, value[name])
                left -= size
                spare += min(0, share - size)
            elif given >= shortest and (cut := self._shortened(value[name], name, size, given, inside, place)):
                keep(name, cut[0])
                left -= cut[1]
                spare += max(0, size - share) and share - cut[1]
            elif left < smallest:  # in a large container that is most of them
                self._tell(
                    (_pointer(place.path, each) for each in entries.names[at : at + _PATHS]), len(entries.names) - at
                )
                break
            else:
                self._tell([self._pointer(place.path, name)])
                spare += min(size, share)
        return kept, max(room - left, 2)

    def _shortened(
        self, item: object, name: str | int, size: int, given: int, inside: int, place: _Place
    ) -> _Cut | None:
        """Return an entry in at most the bytes given, with its key and a comma; None if they are too few."""
        least = _least(item, place.depth + 1)
        if given <= least:
            return None
        beside = 1 + (self._key_size(name) if isinstance(name, str) else 0)
        if given - beside < least:
            return None
        path = self._pointer(place.path, name)
        left, used = self.cut(item, size - beside, given - beside, _Place(place.depth + 1, inside, path))
        return left, used + beside

    def _pointer(self, path: str, name: object) -> str:
        """Return the JSON pointer of an entry, which nobody reads where enough are kept."""
        return _pointer(path, name) if len(self.paths) < _PATHS else ""


def _share(sizes: Sequence[int], room: int) -> int:
    """Return the most that each may take so that all together take `room`."""
    waiting = len(sizes)
    # Of many entries, a sorted list of all sizes would take much memory; of few, it is made faster.
    counts = sorted(Counter(sizes).items()) if waiting > ENTRIES else zip(sorted(sizes), repeat(1))
    for size, count in counts:
        if size * waiting > room:
            return room // waiting
        room -= size * count
        waiting -= count
    return room


def _least(value: object, depth: int) -> float:
    """Return the fewest bytes that a value can be shortened to."""
    if isinstance(value, str):
        return 2 + len(_ELLIPSIS.encode())
    return 2 if isinstance(value, dict | list) and depth < WALKED else math.inf


def _pointer(path: str, name: object) -> str:
    """Return the JSON pointer of an entry; a long one is shortened, for people to read."""
    pointer = f"{path}/{str(name).replace('~', '~0').replace('/', '~1')}"
    return pointer if len(pointer) <= _PATH else pointer[:_PATH] + "…"


def _beginning(text: str, size: int, room: int) -> _Cut:
    """Return as much of the beginning of a string of `size` bytes as fits with an ellipsis, and what both take."""
    left = room - 2 - len(_ELLIPSIS.encode())
    if size == len(text) + 2:  # each character is a byte
        return text[:left] + _ELLIPSIS, room
    characters = 0
    for piece in string_pieces(text):
        if len(piece) > left:
            beginning = _whole(piece, left)
            left -= len(beginning.encode())
            characters += len(_ESCAPE.sub("x", beginning))
            break
        characters += CHARACTERS
        left -= len(piece)
    return text[:characters] + _ELLIPSIS, room - left


def _whole(piece: bytes, room: int) -> str:
    """Return as many of a string's bytes as fit without splitting a character or an escape."""
    text = piece[:room].decode("utf-8", "ignore")
    at = text.rfind("\\", max(0, len(text) - 5))
    run = at + 1 - len(text[: at + 1].rstrip("\\"))
    if run % 2 and len(text) - at < (6 if text[at + 1 : at + 2] == "u" else 2):
        text = text[:at]
    return text

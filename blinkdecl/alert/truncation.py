"""The 5 MB rule: an alert that is too large loses part of its context, and nothing else. Pure.

Blink takes bodies of up to 5 MB, and Panther truncates the alert context of a larger one; how it does that is not
documented, so this is our own way. The room is shared fairly among the entries of an object or a list: small entries
stay whole, the largest values are shortened first, and the same goes for the entries of a value that is shortened. A
string keeps its beginning and ends with an ellipsis; entries that have no room at all are left out, the later ones
first. What was cut is listed in the context under `MARK`.

The sizes of large values are kept while an alert is cut (`blinkdecl.alert.sizes`), so time is linear in its size;
memory is a few bytes per entry in addition to the body.
"""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from blinkdecl.alert.canonical_json import ENTRIES, WALKED, Writer, canonical, key_bytes, string_pieces
from blinkdecl.alert.sizes import Sizes

if TYPE_CHECKING:
    from array import array

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
    sizes = Sizes()
    size = sizes.of(alert)
    if size <= limit:
        return canonical(alert)
    shell = canonical({**alert, context: {}})
    if len(shell) > limit:
        raise TooLarge(len(shell))
    before = {key: value for key, value in alert.items() if key < context}
    start = len(canonical(before)) - 1 + bool(before) + len(key_bytes(context))
    given = alert[context]
    kept = _context(given if isinstance(given, dict) else {}, limit - len(shell) + 2, size, sizes)
    return b"".join((shell[:start], *kept, shell[start + 2 :]))


def _context(context: dict[str, object], room: int, size: int, sizes: Sizes) -> Iterator[bytes | memoryview]:
    """Yield the pieces of a context, `room` bytes at most, of an alert that had `size` bytes."""
    if MARK in context:  # the alert was truncated before
        context = {key: value for key, value in context.items() if key != MARK}
    cutter = _Cutter(sizes)
    if room > _TOLD + 3:
        cutter.write(context, sizes.of(context, 1), room - _TOLD - 1, 1, "")
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


class _Inside(NamedTuple):
    """A container that is cut: its value, its JSON pointer, and how deep its entries are."""

    value: Any
    path: str
    depth: int

    @property
    def brackets(self) -> bytes:
        return b"{}" if isinstance(self.value, dict) else b"[]"

    @property
    def shortest(self) -> int:
        """Return the fewest bytes that an entry can be shortened to, with its key and a comma: `"":{},` or `[],`."""
        return 6 if isinstance(self.value, dict) else 3

    def key(self, name: Any) -> bytes:  # noqa: ANN401 - a key, or an index
        return key_bytes(name) if isinstance(self.value, dict) else b""

    def pointer(self, name: object) -> str:
        return _pointer(self.path, name)


class _Cutter:
    """Writes values into `out`, each within the room given, and keeps the JSON pointers of what it cut."""

    def __init__(self, sizes: Sizes) -> None:
        self.out = bytearray()
        self.count = 0
        self.paths: list[str] = []
        self._sizes = sizes
        self._writer = Writer(self.out.extend)

    def write(self, value: object, size: int, room: int, depth: int, path: str) -> None:
        """Write a value of `size` bytes in at most `room` bytes, which must be at least `_least` of it."""
        if size <= room:
            self._writer.write(value, depth)
        elif isinstance(value, str):
            self._tell([path])
            self._string(value, room)
        elif isinstance(value, dict):
            self._container(value, sorted(value), size, room, depth, path)
        elif isinstance(value, list):
            self._container(value, range(len(value)), size, room, depth, path)

    def _tell(self, cut: Iterable[str], count: int = 1) -> None:
        """Count cuts, and keep the places of the first of them."""
        self.count += count
        self.paths += islice(cut, _PATHS - len(self.paths))

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
        size: int,
        room: int,
        depth: int,
        path: str,
    ) -> None:
        inside = _Inside(value, path, depth + 1)
        # The first entry has no comma, so there is a byte more than the brackets leave.
        sizes, left = self._sizes.entries(value, names, depth + 1, size), room - 1
        share, spare = max(_share(sizes, left), _LEAST), 0
        smallest = min(min(sizes), inside.shortest)
        whole: list[Any] = []
        self.out += inside.brackets[:1]
        for at, (name, size) in enumerate(zip(names, sizes, strict=True)):
            given = min(size, share + spare, left)
            if given == size:
                whole.append(name)
                left -= size
                spare += min(0, share - size)
            elif given >= inside.shortest and (used := self._shortened(inside, name, size, given, whole)):
                left -= used
                spare += max(0, size - share) and share - used
            elif left < smallest:  # in a large container that is most of them
                self._tell(map(inside.pointer, names[at : at + _PATHS]), len(names) - at)
                break
            else:
                self._tell(map(inside.pointer, (name,)))
                spare += min(size, share)
            if len(whole) == ENTRIES:
                self._entries(inside, whole)
        self._entries(inside, whole)
        if self.out.endswith(b","):
            self.out.pop()
        self.out += inside.brackets[1:]

    def _entries(self, inside: _Inside, names: list[Any]) -> None:
        """Write entries as they are, each with a comma, and forget their names."""
        if names:
            self._writer.entries(inside.value, names, inside.depth)
            self.out += b","
            names.clear()

    def _shortened(self, inside: _Inside, name: Any, size: int, given: int, before: list[Any]) -> int:  # noqa: ANN401
        """Write an entry in at most the bytes given, and what waits before it; return the bytes, 0 if too few."""
        item = inside.value[name]
        least = _least(item, inside.depth)
        key = inside.key(name) if given > least else b""
        room = given - len(key) - 1
        if room < least:
            return 0
        self._entries(inside, before)
        begun = len(self.out)
        self.out += key
        self.write(item, size - len(key) - 1, room, inside.depth, inside.pointer(name))
        self.out += b","
        return len(self.out) - begun


def _share(sizes: "array[int]", room: int) -> int:
    """Return the most that each may take so that all together take `room`."""
    waiting = len(sizes)
    # Of many entries, a list of all sizes would take much memory; of few, it is made faster.
    counts = Counter(sizes).items() if waiting > ENTRIES else ((size, 1) for size in sizes)
    for size, count in sorted(counts):
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

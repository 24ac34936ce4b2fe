"""Canonical JSON: UTF-8, sorted keys, no white space. Pure.

The bytes are made piece by piece, so that a large body is never held as text as well: one character beyond Latin-1
can make that four times as large. Half a surrogate pair, which JSON can express and UTF-8 cannot, becomes an escape.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

# How deep a value is taken apart; anything deeper is written in one piece.
WALKED = 100
# How much becomes text at a time: characters of a string, entries of a container.
_CHARACTERS = 1 << 16
_ENTRIES = 1 << 8
# Sizes of at least this many bytes are remembered: too few to take room, too large to be counted twice.
_LARGE = 1 << 16
_SCALARS = frozenset((int, float, bool, type(None)))
_FEW = 16
_SHORT = 512
_T = TypeVar("_T")
_encoded = json.JSONEncoder(ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")).encode


class Unrepresentable(ValueError):
    """The value is not JSON, or is too deep. The text says which, and quotes nothing of it."""


def canonical(value: object) -> bytes:
    """Return the canonical bytes of a JSON value; raises `Unrepresentable`."""
    pieces: list[bytes] = []
    Writer(pieces.append).write(value)
    return b"".join(pieces)


class Writer:
    """Hands the bytes of values to `emit`; without it, only measures, and remembers the sizes of large values."""

    def __init__(self, emit: Callable[[bytes], object] | None = None) -> None:
        self._emit = emit
        self._known: dict[int, int] = {}

    def write(self, value: object, depth: int = 0) -> int:
        """Write a value that is `depth` levels deep; return how many bytes it has. Raises `Unrepresentable`."""
        if (known := self._known.get(id(value))) is not None:
            return known
        if isinstance(value, str) and len(value) > _CHARACTERS:
            total = sum(map(self._out, (b'"', *string_pieces(value), b'"')))
        elif isinstance(value, dict | list) and depth < WALKED and not _small(value):
            total = self._container(value, depth)
        else:
            return self._out(_bytes(value))
        if self._emit is None and total >= _LARGE:
            self._known[id(value)] = total
        return total

    def _container(self, value: dict[str, object] | list[object], depth: int) -> int:
        opening, closing = (b"{", b"}") if isinstance(value, dict) else (b"[", b"]")
        total, lead = self._out(opening), b""
        for key, item in _entries(value):
            if key is None:
                total += self._out(lead + _bytes(item)[1:-1])
            else:
                total += self._out(lead + key) + self.write(item, depth + 1)
            lead = b","
        return total + self._out(closing)

    def _out(self, piece: bytes) -> int:
        if self._emit is not None:
            self._emit(piece)
        return len(piece)


def key_bytes(key: str) -> bytes:
    """Return what comes before the value of an object's entry."""
    return _bytes(key) + b":"


def string_pieces(text: str) -> Iterator[bytes]:
    """Yield the bytes of a string between its quotation marks, in pieces."""
    for start in range(0, len(text), _CHARACTERS):
        yield _bytes(text[start : start + _CHARACTERS])[1:-1]


def _entries(value: dict[str, object] | list[object]) -> Iterator[tuple[bytes | None, object]]:
    """Yield (what comes before it, value) of each entry; runs of small ones as (None, a container of them)."""
    if isinstance(value, list):
        for run in _runs(range(len(value)), lambda index: _small(value[index])):
            if len(run) > 1:
                yield None, [value[index] for index in run]
            else:
                yield b"", value[run[0]]
        return
    for names in _runs(_sorted(value), lambda name: len(name) < _SHORT and _small(value[name])):
        if len(names) > 1:
            yield None, {name: value[name] for name in names}
        else:
            yield key_bytes(names[0]), value[names[0]]


def _runs(names: Iterable[_T], small: Callable[[_T], bool]) -> Iterator[list[_T]]:
    """Yield the names of small entries in runs, those of others one by one."""
    run: list[_T] = []
    for name in names:
        if not small(name):
            if run:
                yield run
            yield [name]
            run = []
            continue
        run.append(name)
        if len(run) == _ENTRIES:
            yield run
            run = []
    if run:
        yield run


def _small(item: object) -> bool:
    """Whether a value is written in one piece: a scalar, or a few of them in a container."""
    if isinstance(item, dict):
        keys_are_short = len(item) <= _FEW and all(type(key) is str and len(key) < _SHORT for key in item)
        return keys_are_short and all(map(_scalar, item.values()))
    return _scalar(item) or (isinstance(item, list) and len(item) <= _FEW and all(map(_scalar, item)))


def _scalar(item: object) -> bool:
    return type(item) in _SCALARS or (type(item) is str and len(item) < _SHORT)


def _sorted(value: dict[str, object]) -> list[str]:
    if any(type(name) is not str for name in value):
        raise Unrepresentable("an object has keys that are not text")
    return sorted(value)


def _bytes(value: object) -> bytes:
    try:
        return _encoded(value).encode("utf-8", "backslashreplace")
    except RecursionError:
        raise Unrepresentable("it is nested too deeply") from None
    except (TypeError, ValueError):
        raise Unrepresentable("it holds what JSON cannot express") from None

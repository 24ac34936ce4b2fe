"""Canonical JSON: UTF-8, sorted keys, no white space. Pure.

The bytes are made piece by piece, so that a large body is never held as text as well: one character beyond Latin-1
can make that four times as large. Half a surrogate pair, which JSON can express and UTF-8 cannot, becomes an escape.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

# How deep a value is taken apart; anything deeper is written in one piece.
WALKED = 100
# How much becomes text at a time: characters of a string, entries of a container.
CHARACTERS = 1 << 16
ENTRIES = 1 << 8
_SCALARS = frozenset((int, float, bool, type(None)))
_TEXT = frozenset((str,))
_FEW = 16
_SHORT = 512
_T = TypeVar("_T")
_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")).encode


class Unrepresentable(ValueError):
    """The value is not JSON, or is too deep. The text says which, and quotes nothing of it."""


def canonical(value: object) -> bytes:
    """Return the canonical bytes of a JSON value; raises `Unrepresentable`."""
    pieces: list[bytes] = []
    Writer(pieces.append).write(value)
    return b"".join(pieces)


class Writer:
    """Hands the bytes of values to `emit`."""

    def __init__(self, emit: Callable[[bytes], object]) -> None:
        self._emit = emit

    def write(self, value: object, depth: int = 0) -> None:
        """Write a value that is `depth` levels deep; raises `Unrepresentable`."""
        if isinstance(value, str) and len(value) > CHARACTERS:
            self._emit(b'"')
            for piece in string_pieces(value):
                self._emit(piece)
            self._emit(b'"')
        elif isinstance(value, dict | list) and depth < WALKED and not _is_small(value):
            opening, closing = (b"{", b"}") if isinstance(value, dict) else (b"[", b"]")
            self._emit(opening)
            self.entries(value, sorted_keys(value) if isinstance(value, dict) else range(len(value)), depth + 1)
            self._emit(closing)
        else:
            self._emit(encoded(value))

    def entries(self, value: Any, names: Iterable[Any], depth: int) -> None:  # noqa: ANN401 - whatever has these names
        """Write these entries of an object or a list, with commas between them; they are `depth` levels deep."""
        lead = b""
        for key, item in _entries(value, names):
            if key is None:
                self._emit(lead + encoded(item)[1:-1])
            else:
                self._emit(lead + key)
                self.write(item, depth)
            lead = b","


def key_bytes(key: str) -> bytes:
    """Return what comes before the value of an object's entry."""
    return encoded(key) + b":"


def string_pieces(text: str) -> Iterator[bytes]:
    """Yield the bytes of a string between its quotation marks, in pieces."""
    for start in range(0, len(text), CHARACTERS):
        yield encoded(text[start : start + CHARACTERS])[1:-1]


def string_size(text: str) -> int:
    """Return how many bytes a string takes."""
    return 2 + sum(map(len, string_pieces(text)))


def encoded(value: object, encode: Callable[[object], str] = _encode) -> bytes:
    """Return a value in one piece, as `encode` writes it; raises `Unrepresentable`."""
    try:
        return encode(value).encode("utf-8", "backslashreplace")
    except RecursionError:
        raise Unrepresentable("it is nested too deeply") from None
    except (TypeError, ValueError):
        raise Unrepresentable("it holds what JSON cannot express") from None


def check_keys(names: Iterable[object]) -> None:
    """Raise `Unrepresentable` unless all keys of an object are text."""
    if not _TEXT.issuperset(map(type, names)):
        raise Unrepresentable("an object has keys that are not text")


def sorted_keys(value: dict[str, object]) -> list[str]:
    """Return the keys of an object in canonical order; raises `Unrepresentable` unless all are text."""
    check_keys(value)
    return sorted(value)


def _entries(value: dict[str, object] | list[object], names: Iterable[Any]) -> Iterator[tuple[bytes | None, object]]:
    """Yield (what comes before it, value) of each entry; runs of small ones as (None, a container of them)."""
    if isinstance(value, list):
        for run in _runs(names, lambda index: _is_small(value[index])):
            if len(run) > 1:
                yield None, [value[index] for index in run]
            else:
                yield b"", value[run[0]]
        return
    for run in _runs(names, lambda name: len(name) < _SHORT and _is_small(value[name])):
        if len(run) > 1:
            yield None, {name: value[name] for name in run}
        else:
            yield key_bytes(run[0]), value[run[0]]


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
        if len(run) == ENTRIES:
            yield run
            run = []
    if run:
        yield run


def _is_small(item: object) -> bool:
    """Whether a value is written in one piece: a scalar, or a few of them in a container."""
    if isinstance(item, dict):
        keys_are_short = len(item) <= _FEW and all(type(key) is str and len(key) < _SHORT for key in item)
        return keys_are_short and all(map(_is_scalar, item.values()))
    return _is_scalar(item) or (isinstance(item, list) and len(item) <= _FEW and all(map(_is_scalar, item)))


def _is_scalar(item: object) -> bool:
    return type(item) in _SCALARS or (type(item) is str and len(item) < _SHORT)

"""How many bytes values have as canonical JSON, without writing them. Pure.

The C encoder measures up to 256 entries at once: a call has a price of its own,
however small the entry. Between two of them it gets NaN, which no JSON value holds, and it separates values by a
newline, which no encoded string holds; so its text falls apart into the entries again.
"""

import json
from array import array
from collections.abc import Iterable, Sequence
from itertools import chain, islice
from math import nan
from sys import getsizeof
from typing import Any

from blinkdecl.alert.canonical_json import CHARACTERS, ENTRIES, WALKED, check_keys, encoded, string_pieces

# What is encoded at once takes at most so many bytes of memory as Python's values.
_TOGETHER = 1 << 18
# The entries of a value of so few bytes are measured at once without a look at what they are.
_LITTLE = 1 << 12
_LEAVES = frozenset((str, int, float, bool, type(None)))
_PLAIN = _LEAVES | {dict, list}
_lines = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=("\n", ":")).encode


class Sizes:
    """Measures values; one that is too large to be encoded at once is measured once. The values must stay as they are.

    What is smaller is measured anew for each of the levels at which it is cut: to keep all sizes would take
    memory for each value.
    """

    def __init__(self) -> None:
        self._known: dict[int, int] = {}

    def of(self, value: object, depth: int = 0) -> int:
        """Return the size of a value that is `depth` levels deep; raises `Unrepresentable`."""
        if (known := self._known.get(id(value))) is not None:
            return known
        if isinstance(value, str) and len(value) > CHARACTERS:
            size = 2 + sum(map(len, string_pieces(value)))
        elif isinstance(value, dict | list) and depth < WALKED:
            names = value if isinstance(value, dict) else range(len(value))
            size = 1 + (sum(self.entries(value, names, depth + 1)) or 1)
        else:
            return len(encoded(value))
        self._known[id(value)] = size
        return size

    def entries(
        self,
        value: Any,  # noqa: ANN401 - whatever has these names
        names: Iterable[Any],
        depth: int,
        size: int | None = None,
    ) -> "array[int]":
        """Return what each of the entries takes, with its key and a comma; they are `depth` levels deep.

        `size` = that of the value, where it is known: its keys are text then. Raises `Unrepresentable`.
        """
        sizes = array("I")
        little = size is not None and size <= _LITTLE
        rest = iter(names)
        while run := list(islice(rest, ENTRIES)):
            items = [value[name] for name in run]
            keys = run if isinstance(value, dict) else []
            sizes.extend(_at_once(keys, items) if little else self._run(keys, items, depth))
        return sizes

    def _run(self, keys: list[str], items: list[object], depth: int) -> Iterable[int]:
        """Return the sizes of entries: all at once if they are not too large for that, otherwise half by half."""
        if _are_little(keys, items):
            return _at_once(keys, items)
        if len(items) == 1:
            return [sum(self.of(key) + 1 for key in keys) + self.of(items[0], depth) + 1]
        half = len(items) // 2
        first = self._run(keys[:half], items[:half], depth)
        return chain(first, self._run(keys[half:], items[half:], depth))


def _are_little(keys: list[str], level: Sequence[object]) -> bool:
    """Whether entries, with all that they hold, can be encoded at once; raises `Unrepresentable` for a wrong key.

    They are looked at level by level, not value by value: so the loops are those of C.
    """
    left = _TOGETHER
    while True:
        check_keys(keys)
        kinds = set(map(type, level))
        left -= sum(map(len, keys)) + 16 * len(level)
        left -= sum(map(getsizeof, level)) if str in kinds and left >= 0 else 0
        if left < 0 or kinds <= _LEAVES:
            return left >= 0
        if not kinds <= _PLAIN:
            return False
        objects = [each for each in level if type(each) is dict]
        lists = [each for each in level if type(each) is list]
        if 16 * (sum(map(len, objects)) + sum(map(len, lists))) > left:
            return False
        keys = list(chain.from_iterable(objects))
        level = list(chain(chain.from_iterable(map(dict.values, objects)), chain.from_iterable(lists)))


def _at_once(keys: list[str], items: list[object]) -> list[int]:
    """Return the sizes of the entries of an object, or of a list, which have no keys."""
    run = [*keys, *items]
    spaced: list[object] = [nan] * (2 * len(run) - 1)
    spaced[::2] = run
    text = encoded(spaced, _lines)
    if text.count(b"NaN") >= len(run) or b"Infinity" in text:
        encoded(run)  # raises unless that is part of a string
    found = list(map(len, text[1:-1].split(b"\nNaN\n")))
    if keys:
        return [key + value + 2 for key, value in zip(found, islice(found, len(keys), None), strict=False)]
    return [value + 1 for value in found]

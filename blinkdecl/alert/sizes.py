"""How many bytes a value has as canonical JSON, and all that it holds, without writing it. Pure.

To ask the encoder for each value would take many times what encoding takes. So values are measured in runs that are
small enough to be looked at together, level by level: the loops over what a level holds are those of C, its scalars are
encoded by one call, and what a container takes is the difference of two sums over the level below.
"""

import json
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, chain, islice, repeat
from operator import add, sub
from sys import getsizeof
from typing import Any, NamedTuple

from blinkdecl.alert.canonical_json import CHARACTERS, ENTRIES, WALKED, check_keys, encoded, sorted_keys, string_size

# What is measured together takes at most so many bytes of memory as Python's values.
_TOGETHER = 1 << 18
# So few values a level are a chain rather than a tree.
_NARROW = 4
_LEAVES = frozenset((str, int, float, bool, type(None)))
_CONTAINERS = frozenset((dict, list))
_PLAIN = _LEAVES | _CONTAINERS
# No encoded string holds a newline, so the text of a list of scalars falls apart into them again.
_lines = json.JSONEncoder(ensure_ascii=False, allow_nan=False, check_circular=False, separators=("\n", ":")).encode


class Entries(NamedTuple):
    """The entries of a container in canonical order: their names (of a list: indexes), places, and sizes."""

    names: Sequence[Any]
    places: Sequence[int]
    sizes: Sequence[int]


@dataclass(slots=True)
class _Level:
    """What is equally deep, from left to right: sizes, and where in the level below the entries of each begin.

    A size includes key and comma; it has two bytes as long as all fit in them. `starts` may be shorter than `sizes`:
    what is left out has no entries.
    """

    sizes: "array[int]" = field(default_factory=lambda: array("H"))
    starts: "array[int]" = field(default_factory=lambda: array("I"))

    def start(self, places: Iterable[int]) -> None:
        """Keep where the entries of the next values begin, those whose sizes are added next."""
        self.starts.frombytes(bytes((len(self.sizes) - len(self.starts)) * self.starts.itemsize))
        self.starts.extend(places)

    def add(self, sizes: Sequence[int]) -> None:
        """Keep the sizes of the next values."""
        try:
            self.sizes.extend(array(self.sizes.typecode, sizes))
        except OverflowError:
            self.sizes = array("I", chain(self.sizes, sizes))


class _Together(NamedTuple):
    """A level of what is measured together; `names` are None for the entries of lists, and [] if there are no others.

    `kinds` = the types of the values.
    """

    names: list[Any]
    items: list[Any]
    kinds: set[type]


class Sizes:
    """The sizes of a value and of all that it holds, which must stay as it is; raises `Unrepresentable`.

    They take two or four bytes of memory for a value, and four more for one among containers.
    """

    def __init__(self, value: object, depth: int = 0) -> None:
        self._levels = [_Level() for _ in range(WALKED + 1)]
        # How many entries of what is so deep to try at once: what is equally deep is often alike.
        self._tried = [ENTRIES] * (WALKED + 1)
        # What is less deep is not tried: a long chain with much at its end would be looked at again for each link.
        self._hopeless = 0
        self.total = self._run([], [value], depth) - 1

    def entries(self, value: Any, depth: int, place: int) -> Entries:  # noqa: ANN401 - an object or a list, not empty
        """Return the entries of the container that is at this place of what is `depth` levels deep.

        Their own places are one level deeper.
        """
        first = self._levels[depth].starts[place]
        places = range(first, first + len(value))
        sizes = self._levels[depth + 1].sizes
        if isinstance(value, dict) and len(value) <= ENTRIES:
            # A small object was measured in its own order: to sort each would take long, and few are cut.
            found = dict(zip(value, places, strict=True))
            names = sorted(value)
            sorted_places = [found[name] for name in names]
            return Entries(names, sorted_places, [sizes[each] for each in sorted_places])
        # Of many entries, a copy of the sizes would take much memory.
        return Entries(_names(value), places, memoryview(sizes)[first : places.stop])

    def _run(self, names: list[Any], items: list[Any], depth: int) -> int:
        """Measure entries, all at once if they are small enough, otherwise half by half; returns the sum."""
        hopeless = self._hopeless
        if depth >= hopeless:
            levels, left = _levels(names, items, depth)
            if left >= 0:
                if left > _TOGETHER * 3 // 4:
                    self._tried[depth] = max(self._tried[depth], min(2 * len(items), ENTRIES))
                return self._at_once(levels, depth)
            self._tried[depth] = max(1, len(items) // 2)
            if sum(len(each.items) for each in levels) < _NARROW * len(levels):
                self._hopeless = depth + len(levels) // 2
        if len(items) > 1:
            half = len(items) // 2
            size = self._run(names[:half], items[:half], depth) + self._run(names[half:], items[half:], depth)
        else:
            size = self._alone(string_size(names[0]) + 2 if names else 1, items[0], depth)
        self._hopeless = hopeless
        return size

    def _alone(self, beside: int, value: Any, depth: int) -> int:  # noqa: ANN401 - JSON
        """Measure one entry, which has `beside` bytes beside its value."""
        level = self._levels[depth]
        if isinstance(value, dict | list) and depth < WALKED:
            level.start((len(self._levels[depth + 1].sizes),))
            size = beside + self._container(value, depth)
        else:
            long = isinstance(value, str) and len(value) > CHARACTERS
            size = beside + (string_size(value) if long else len(encoded(value)))
        level.add((size,))
        return size

    def _container(self, value: Any, depth: int) -> int:  # noqa: ANN401 - an object or a list
        names = iter(_names(value) if isinstance(value, list) or len(value) > ENTRIES else value)
        size = 1
        while run := list(islice(names, self._tried[depth + 1])):
            size += self._run(run if isinstance(value, dict) else [], [value[name] for name in run], depth + 1)
        return max(size, 2)

    def _at_once(self, levels: list[_Together], depth: int) -> int:
        """Measure levels from the lowest up; returns the sum of the highest, which is `depth` levels deep."""
        sums = [0]
        for at in range(len(levels) - 1, -1, -1):
            names, items, kinds = levels[at]
            level = self._levels[depth + at]
            sizes: Iterable[int] = _values(items, kinds)
            if len(sums) > 1:
                lengths = map(len, items) if kinds <= _CONTAINERS else [_length(each) for each in items]
                starts = list(accumulate(lengths, initial=0))
                before = len(self._levels[depth + at + 1].sizes) - starts[-1]
                level.start(map(before.__add__, starts[:-1]))
                reached = list(map(sums.__getitem__, starts))
                sizes = map(add, sizes, map(sub, islice(reached, 1, None), reached))
            found = list(map(add, sizes, _beside(names)))
            level.add(found)
            sums = list(accumulate(found, initial=0))
        return sums[-1]


def _levels(names: list[Any], items: list[Any], depth: int) -> tuple[list[_Together], int]:
    """Return entries and all that they hold, level by level, and how many more bytes could be measured together.

    Less than none = it is too much, and the levels are those that were looked at. Raises `Unrepresentable` for a key
    that is not text.
    """
    levels: list[_Together] = []
    left = _TOGETHER
    while items:
        kinds = set(map(type, items))
        keys = set(names) - {None}
        check_keys(keys)
        left -= sum(map(len, keys)) + 16 * len(items)
        left -= sum(map(getsizeof, items)) if str in kinds and left >= 0 else 0
        if left < 0 or not kinds <= _PLAIN:
            return levels, -1
        levels.append(_Together(names, items, kinds))
        if kinds <= _LEAVES:
            break
        containers = items if kinds <= _CONTAINERS else [each for each in items if type(each) in _CONTAINERS]
        counts = list(map(len, containers))
        too_many = 16 * sum(counts) > left or (dict in kinds and max(counts) > ENTRIES)
        if too_many or depth + len(levels) > WALKED:
            return levels, -1
        names, items = _below(containers, kinds)
    return levels, left


def _below(containers: list[Any], kinds: set[type]) -> tuple[list[Any], list[Any]]:
    """Return names and values of all entries, from left to right."""
    if dict not in kinds:
        return [], list(chain.from_iterable(containers))
    if list not in kinds:
        return list(chain.from_iterable(containers)), list(chain.from_iterable(map(dict.values, containers)))
    names = chain.from_iterable(each if type(each) is dict else repeat(None, len(each)) for each in containers)
    values = chain.from_iterable(each.values() if type(each) is dict else each for each in containers)
    return list(names), list(values)


def _values(items: list[Any], kinds: set[type]) -> list[int]:
    """Return what each value takes; of a container, what it takes beside its entries, which have a comma each."""
    if kinds <= _CONTAINERS:
        return [1 if each else 2 for each in items]
    if not kinds <= _LEAVES:
        items = [each if type(each) in _LEAVES else 1 if each else 10 for each in items]  # of as many bytes
    return _encoded_sizes(items)


def _beside(names: list[Any]) -> Iterable[int]:
    """Return what each entry takes beside its value: its key, if it has one, a colon, and a comma."""
    keys = list(set(names) - {None})
    if not keys:
        return repeat(1)
    known = {None: 1, **{key: size + 2 for key, size in zip(keys, _encoded_sizes(keys), strict=True)}}
    return map(known.__getitem__, names)


def _encoded_sizes(scalars: list[Any]) -> list[int]:
    return list(map(len, encoded(scalars, _lines)[1:-1].split(b"\n")))


def _length(value: object) -> int:
    return len(value) if isinstance(value, dict | list) else 0


def _names(value: Any) -> Sequence[Any]:  # noqa: ANN401 - an object or a list
    """Return the names of the entries in canonical order; raises `Unrepresentable` for a key that is not text."""
    return sorted_keys(value) if isinstance(value, dict) else range(len(value))

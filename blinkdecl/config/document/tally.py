"""Thousands of problems of one kind in a file: the first are told, and how many more there are. Pure.

Each problem that is told costs a search for its lines, and nobody reads the ten thousandth. A file can hold
one in every other byte.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from blinkdecl.diagnostics import Diagnostic

MOST_ALIKE = 100


class Tally:
    """Counts the problems of one file by code."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()

    def takes(self, code: str) -> bool:
        """Count a problem, and say whether it is among those that are told."""
        self._counts[code] += 1
        return self._counts[code] <= MOST_ALIKE

    def noted(self, diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
        """Return the problems that are told, by their places; the last of a kind says how many more there are."""
        found = sorted(diagnostics, key=_place)
        last = {each.code: index for index, each in enumerate(found)}
        for code, index in last.items():
            if (more := self._counts[code] - MOST_ALIKE) > 0:
                note = ("note", f"and {more} more like it in this file")
                found[index] = replace(found[index], notes=(*found[index].notes, note))
        return found


def _place(diagnostic: Diagnostic) -> tuple[int, int]:
    place = diagnostic.position
    return (place.line, place.column) if place else (0, 0)

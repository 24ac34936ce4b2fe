"""What `blinkdecl.planner.order` puts in order: changes as numbers, what must hold meanwhile, and steps. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Need:
    """At least `count` different groups must hold; `base` hold throughout.

    `takers` and `givers` name the group that a change, by its number, takes away or adds; one that is both, moves.
    """

    count: int
    base: frozenset[str]
    takers: Mapping[int, str]
    givers: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Piece:
    """A change as its order sees it: the display name that it `frees`, the one that it `takes`, whether it `splits`."""

    frees: str | None = None
    takes: str | None = None
    splits: bool = True


@dataclass(frozen=True, slots=True)
class Step:
    """A change, or the `first` half of one that is split; then `renamed` = that half has the final name already.

    `after` = the numbers of the changes that must have succeeded before: of one that is split, its first half.
    """

    number: int
    first: bool = False
    renamed: bool = False
    after: tuple[int, ...] = ()

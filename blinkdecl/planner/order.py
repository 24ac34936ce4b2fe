"""The order of steps: make before break. Pure, and without a word about destinations: changes are numbers here.

A *need* is what must hold at every moment of a run, whatever fails: so many different holders of one kind of alerts. A
change *gives* a holder to a need, or *takes* one. What takes waits for what gives, and a display name is freed before
it is taken. Where no order of whole changes does both, a change is split: its first half gives, and frees its name;
its second half takes.

    harmless      takes nothing that is still needed, and its name is free: done as soon as that is so
    stuck, few    every order is tried, with as few splits as possible
    stuck, many   what is safe for now goes first; where nothing is, one is split

A step waits for those that must have succeeded before it: for each need for the givers that make up for what was taken
until then. So whichever steps fail or are under way, enough holders are left: the last taker that is done had its
givers done before it, and every taker after it still holds.
"""

import heapq
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from blinkdecl.planner.steps import Need, Piece, Step

# The largest group of stuck changes of which every order is tried.
_EXACT = 5


def in_order(pieces: Sequence[Piece], needs: Sequence[Need]) -> tuple[tuple[Step, ...], bool]:
    """Return the steps in an order that keeps every need and frees names first, and whether there is such an order.

    Earlier pieces come first where nothing speaks against it. Only where changes move holders from one group to
    another there may be none: then such a need is given up, and the others are kept.
    """
    order = _Order(pieces, needs)
    order.do_harmless()
    for group in order.stuck_groups():
        for number, first in _shortest(order, group) if len(group) <= _EXACT else ():
            order.do(number, first=first)
        order.force(group)
    return tuple(order.steps), order.kept


class _Order:
    """The order as far as it is found. `stage` of a change: 0 = not begun, 1 = its first half is done, 2 = done."""

    def __init__(self, pieces: Sequence[Piece], needs: Sequence[Need]) -> None:
        self.pieces, self.needs = pieces, needs
        self.steps: list[Step] = []
        self.kept = True
        self.stage = [0] * len(pieces)
        self.owner = {each.frees: number for number, each in enumerate(pieces) if each.frees is not None}
        self.wanted = {each.takes: number for number, each in enumerate(pieces) if each.takes is not None}
        self.takes: list[list[int]] = [[] for _ in pieces]
        self.gives: list[list[int]] = [[] for _ in pieces]
        for place, need in enumerate(needs):
            for number in need.takers:
                self.takes[number].append(place)
            for number in need.givers:
                self.gives[number].append(place)
        self._given: list[dict[int, str]] = [{} for _ in needs]
        # The groups that hold to the end so far, and how many that take later each group has.
        self._held = [set(need.base) for need in needs]
        self._leaving = [Counter(need.takers.values()) for need in needs]
        self._freed_by: dict[str, int] = {}
        self._unmet = [not self._is_met(place) for place in range(len(needs))]
        # What is harmless from the beginning, the last first, and what became so, as a heap.
        self._ready = [number for number in reversed(range(len(pieces))) if self._is_harmless(number)]
        self._became_ready: list[int] = []

    def do_harmless(self) -> None:
        """Do all that takes nothing which is still needed, and what becomes so by that: always the earliest."""
        ready, became = self._ready, self._became_ready
        while ready or became:
            number = ready.pop() if ready and not (became and became[0] < ready[-1]) else heapq.heappop(became)
            if self.stage[number] < 2 and self._is_harmless(number):
                self.do(number)

    def do(self, number: int, *, first: bool = False) -> None:
        """Add a step, with what it waits for, and note what becomes harmless by it."""
        piece = self.pieces[number]
        needed = self.takes[number] or self.gives[number]
        if not (first or needed or piece.frees is not None or piece.takes in self._freed_by):
            self._do_alone(number, piece)
            return
        renamed = first and self._is_free(number)
        takes_name = piece.takes is not None and self.owner.get(piece.takes) != number and (renamed or not first)
        after = {self._freed_by[piece.takes]} if takes_name and piece.takes in self._freed_by else set[int]()
        after.update(giver for place in self._taking(number, first=first) for giver in self._making_up(place, number))
        self.steps.append(Step(number, first, renamed, tuple(sorted(after - {number}))))
        for place in self._taking(number, first=first):
            self._leaving[place][self.needs[place].takers[number]] -= 1
        self.stage[number] = 1 if first else 2
        if takes_name and piece.takes is not None:
            self.owner[piece.takes] = number
        if piece.frees is not None and self.owner.get(piece.frees) == number:
            del self.owner[piece.frees]
            self._freed_by[piece.frees] = number
            self._look_again([self.wanted[piece.frees]] if piece.frees in self.wanted else [])
        for place in self.gives[number]:
            self._given[place].setdefault(number, self.needs[place].givers[number])
            self._held[place].add(self.needs[place].givers[number])
            if self._unmet[place] and self._is_met(place):
                self._unmet[place] = False
                self._look_again(self.needs[place].takers)

    def _do_alone(self, number: int, piece: Piece) -> None:
        """Add a step that waits for none, and for which none waits, as most do, in half the time of `do`."""
        self.steps.append(Step(number))
        self.stage[number] = 2
        if piece.takes is not None:
            self.owner[piece.takes] = number

    def is_safe(self, number: int) -> bool:
        """Whether doing a change whole, now, leaves enough, counting what others take only later."""
        return self._is_free(number) and self._leaves_enough(number, first=False)

    def helps_first(self, number: int) -> bool:
        """Whether the first half of a change gives what is needed still, or frees a name that is wanted."""
        piece = self.pieces[number]
        if self.stage[number] or not piece.splits or not self._leaves_enough(number, first=True):
            return False
        waiting = self.wanted.get(piece.frees) if piece.frees is not None else None
        wanted = waiting is not None and waiting != number and self.stage[waiting] < 2
        return wanted or any(self._unmet[place] for place in self.gives[number])

    def stuck_groups(self) -> Iterator[list[int]]:
        """Yield the changes that are left, those together that have a need or a display name in common."""
        left = [number for number, stage in enumerate(self.stage) if stage < 2]
        parent = {number: number for number in left}

        def root(number: int) -> int:
            while parent[number] != number:
                parent[number] = number = parent[parent[number]]
            return number

        for number in left:
            owner = self.owner.get(self.pieces[number].takes or "")
            if owner in parent:
                parent[root(number)] = root(owner)
        for place, need in enumerate(self.needs):
            members = [each for each in (*need.takers, *need.givers) if each in parent] if self._unmet[place] else []
            for one, other in pairwise(members):
                parent[root(one)] = root(other)
        groups: dict[int, list[int]] = {}
        for number in left:
            groups.setdefault(root(number), []).append(number)
        yield from groups.values()

    def force(self, group: Iterable[int]) -> None:
        """Do what is left of a group: what is safe for now, one at a time; where nothing is, the first half of one."""
        left = list(group)
        while left := [number for number in left if self.stage[number] < 2]:
            done = len(self.steps)
            for number in left:
                if self.stage[number] < 2 and self.is_safe(number):
                    self.do(number)
                    self.do_harmless()
            if len(self.steps) == done:
                helping = [number for number in left if self.helps_first(number)]
                if helping:
                    self.do(max(helping, key=lambda number: len(self.gives[number])), first=True)
                else:
                    self.kept = False
                    self._give_up(left)
                self.do_harmless()

    def _give_up(self, left: Sequence[int]) -> None:
        """Give up one need among whose changes some move, so that the others are kept; without any, do a change."""
        touched = sorted({place for number in left for place in self.takes[number] if self._unmet[place]})
        moving = [each for each in touched if self.needs[each].takers.keys() & self.needs[each].givers.keys()]
        if not moving:
            self.do(left[0])
        for place in moving[:1]:
            self._unmet[place] = False
            self._look_again(self.needs[place].takers)

    def part(self, group: Sequence[int]) -> tuple[list[Piece], list[Need]]:
        """Return a group of what is left as a problem of its own, its changes numbered from 0."""
        numbers = {number: position for position, number in enumerate(group)}
        pieces = [self.pieces[number] for number in group]
        touched = {place for number in group for place in (*self.takes[number], *self.gives[number])}
        needs = [
            Need(
                self.needs[place].count,
                self.needs[place].base.union(self._given[place].values()),
                _renumbered(self.needs[place].takers, numbers, self._given[place]),
                _renumbered(self.needs[place].givers, numbers, self._given[place]),
            )
            for place in sorted(touched)
            if self._unmet[place]
        ]
        return pieces, needs

    def _taking(self, number: int, *, first: bool) -> list[int]:
        """Return the needs from which a step takes: the first half of a change only where it moves."""
        moving = [place for place in self.takes[number] if number in self.needs[place].givers]
        if first or not self.stage[number]:
            return moving if first else self.takes[number]
        return [place for place in self.takes[number] if place not in moving]

    def _leaves_enough(self, number: int, *, first: bool) -> bool:
        return all(
            len(self._holders(place, number)) >= self.needs[place].count
            for place in self._taking(number, first=first)
            if self._unmet[place]
        )

    def _is_free(self, number: int) -> bool:
        """Whether nobody else has the display name that a change takes."""
        takes = self.pieces[number].takes
        return takes is None or self.owner.get(takes, number) == number

    def _is_harmless(self, number: int) -> bool:
        return self._is_free(number) and not any(self._unmet[place] for place in self.takes[number])

    def _is_met(self, place: int) -> bool:
        """Whether what holds to the end suffices, whatever is taken."""
        return len(self._held[place]) >= self.needs[place].count

    def _later(self, place: int, number: int) -> set[str]:
        """Return the groups of those that take from a need after this one, which takes from it."""
        own = self.needs[place].takers[number]
        return {group for group, count in self._leaving[place].items() if count > (group == own)}

    def _holders(self, place: int, number: int) -> set[str]:
        """Return the groups that hold a need once this change has taken from it."""
        given = self.needs[place].givers.get(number)
        return self._held[place] | self._later(place, number) | ({given} if given is not None else set())

    def _making_up(self, place: int, number: int) -> Iterator[int]:
        """Yield the givers that must be done before a change takes its part: the earliest that suffice."""
        need = self.needs[place]
        held = set(need.base)
        if self._unmet[place]:
            held |= self._later(place, number)
            held |= {need.givers[number]} if number in need.givers else set()
        for giver, group in self._given[place].items():
            if len(held) >= need.count:
                return
            held.add(group)
            yield giver

    def _look_again(self, numbers: Iterable[int]) -> None:
        for number in numbers:
            if self.stage[number] < 2 and self._is_harmless(number):
                heapq.heappush(self._became_ready, number)


def _renumbered(side: Mapping[int, str], numbers: Mapping[int, int], given: Container[int]) -> dict[int, str]:
    return {numbers[each]: group for each, group in side.items() if each in numbers and each not in given}


def _shortest(order: _Order, group: Sequence[int]) -> list[tuple[int, bool]]:
    """Return (number, first) of each step of a small group with as few first halves as possible; [] where none does."""
    pieces, needs = order.part(group)
    for splits in range(len(group) + 1):
        if (found := _search(pieces, needs, (), splits, set())) is not None:
            return [(group[number], first) for number, first in found]
    return []


_Moves = tuple[tuple[int, bool], ...]


def _search(
    pieces: Sequence[Piece], needs: Sequence[Need], moves: _Moves, splits: int, seen: set[tuple[int, ...]]
) -> _Moves | None:
    """Return the moves that complete these with at most so many first halves, None where there are none."""
    order = _Order(pieces, needs)
    for number, first in moves:
        order.do(number, first=first)
    if min(order.stage) == 2:
        return moves
    if (state := (splits, *order.stage)) in seen:
        return None
    seen.add(state)
    left = [number for number, stage in enumerate(order.stage) if stage < 2]
    nexts = [(number, False, splits) for number in left if order.is_safe(number)]
    nexts += [(number, True, splits - 1) for number in left if splits and order.helps_first(number)]
    for number, first, rest in nexts:
        if (found := _search(pieces, needs, (*moves, (number, first)), rest, seen)) is not None:
            return found
    return None

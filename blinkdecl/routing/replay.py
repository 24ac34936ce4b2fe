"""The alerts of a time over the destinations before and after a plan: what it means, in numbers. Pure.

Alerts are counted by kind and detection while they are read, so that a million of them cost little more than reading.
What is not known is never guessed: an alert may have any of its detection's log types, and what holds for all of these
is certain, what holds for some is possible.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter

from blinkdecl.model.configuration import Silence
from blinkdecl.model.observed import ObservedAlert, Period
from blinkdecl.routing.cells import bits_of, label_of, mask_of
from blinkdecl.routing.expected import Doubt, Expectations, Kind, doubt_of
from blinkdecl.routing.impact import Sides
from blinkdecl.routing.receiver import Receiver
from blinkdecl.routing.route import SKIP
from blinkdecl.routing.silence import is_silent, named_logs

# What alerts are counted by: the fields of a `Kind`, then the detection.
_COUNTED_BY = attrgetter("severity", "type", "knowledge", "log_types", "override", "detection")
_TOP = 5
# The number of an outcome, and whether it is certain.
_Entry = tuple[int, bool]


@dataclass(frozen=True, slots=True)
class Share:
    """How many alerts: so many for `certain`, and so many more that are `possible`.

    `detections` = the ids of those that raised most of them, with the number of alerts, certain or possible; None is
    the system itself. `others` = how many detections there are besides.
    """

    certain: int = 0
    possible: int = 0
    detections: tuple[tuple[str | None, int], ...] = ()
    others: int = 0

    def __bool__(self) -> bool:
        """Whether there is any."""
        return bool(self.certain or self.possible)


@dataclass(frozen=True, slots=True)
class Replayed:
    """What one destination would have got before and after; `leaving` and `reaching` are the difference.

    `name` = its address, or its display name in quotes.
    """

    name: str
    before: Share
    after: Share
    leaving: Share
    reaching: Share

    @property
    def changes(self) -> bool:
        """Whether it gets other alerts after the plan than before."""
        return bool(self.leaving or self.reaching)


@dataclass(frozen=True, slots=True)
class Replay:
    """What a plan means for the alerts of a period.

    `unheard` reached somebody before, and nobody after; `silent` are those of them that are declared to. `skipped` are
    meant for nobody by their detections. `uncertain` = how many are of no number here, by why. Destinations that lose
    alerts come first, then others that change. `elsewhere` = how many of the `unheard`, certain or possible, were
    delivered to an id that no record has, where only what is recorded is known; None where all destinations are.
    """

    period: Period
    alerts: int
    unheard: Share
    destinations: tuple[Replayed, ...]
    silent: int = 0
    skipped: int = 0
    uncertain: Mapping[Doubt, int] | None = None
    elsewhere: int | None = None


def replay(
    alerts: Iterable[ObservedAlert],
    period: Period,
    sides: Sides,
    silences: Sequence[Silence] = (),
    recorded: Collection[str] | None = None,
) -> Replay:
    """Return what becomes of these alerts, all of them of the period, on both sides of a plan.

    `recorded` = the ids on record, where there may be destinations that the sides lack; None = there are none.
    """
    board = _Board(sides, silences)
    uncertain, total = Counter[Doubt](), 0
    found = ((*_COUNTED_BY(each), recorded is not None and _is_elsewhere(each, recorded)) for each in alerts)
    for (*facts, detection, elsewhere), count in Counter(found).items():
        kind = Kind(*facts)
        total += count
        if (doubt := doubt_of(kind)) is not None:
            uncertain[doubt] += count
        else:
            board.add(kind, detection, count, elsewhere=elsewhere)
    whole = board.result(period, total, dict(sorted(uncertain.items())))
    return whole if recorded is None else replace(whole, elsewhere=board.elsewhere)


def _is_elsewhere(alert: ObservedAlert, recorded: Collection[str]) -> bool:
    """Whether an alert was delivered to an id that no record has."""
    return any(each.success and each.output_id not in recorded for each in alert.deliveries)


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What becomes of alerts of a kind: masks of who has them before and after, and whom they leave and reach.

    `certain` is so in every case, `possible` in some. `unheard` = whether they are lost, in every case and in some.
    """

    certain: tuple[int, ...]
    possible: tuple[int, ...]
    unheard: tuple[bool, bool]
    silent: bool = False
    skipped: bool = False


class _Board:
    """Numbers by outcome: kinds of alerts of which the same becomes are one, however many there are."""

    def __init__(self, sides: Sides, silences: Sequence[Silence]) -> None:
        self._silences = silences
        self._names = sorted({label_of(each) for side in sides for each in side})
        logs = {log for side in sides for each in side for log in each.log_types} | set(named_logs(silences))
        self._logs = tuple(sorted(logs))
        self._entries = {entry for side in sides for each in side for entry in (each.id, each.display_name)}
        self._sides = tuple(_Masks(side, self._names, self._logs) for side in sides)
        self._outcomes: dict[Kind, _Outcome] = {}
        self._counts: dict[_Outcome, Counter[str | None]] = {}
        self.elsewhere = 0

    def add(self, kind: Kind, detection: str | None, count: int, *, elsewhere: bool) -> None:
        """Count alerts of a kind that one detection raised; `elsewhere` as in `Replay`."""
        if (outcome := self._outcomes.get(kind)) is None:
            outcome = self._outcomes[kind] = self._outcome(kind)
        self._counts.setdefault(outcome, Counter())[detection] += count
        self.elsewhere += count if elsewhere and outcome.unheard[1] else 0

    def result(self, period: Period, total: int, uncertain: Mapping[Doubt, int]) -> Replay:
        """Return the whole."""
        entries: list[tuple[list[_Entry], ...]] = [([], [], [], []) for _ in self._names]
        unheard: list[_Entry] = []
        for number, outcome in enumerate(self._counts):
            for side, (certain, possible) in enumerate(zip(outcome.certain, outcome.possible, strict=True)):
                for bit in bits_of(possible):
                    entries[bit][side].append((number, bool(certain >> bit & 1)))
            if outcome.unheard[1]:
                unheard.append((number, outcome.unheard[0]))
        share = _Shares(list(self._counts.values())).of
        found = [Replayed(name, *map(share, of)) for name, of in zip(self._names, entries, strict=True)]
        return Replay(
            period,
            total,
            share(unheard),
            tuple(sorted(found, key=_order)),
            sum(counts.total() for outcome, counts in self._counts.items() if outcome.silent),
            sum(counts.total() for outcome, counts in self._counts.items() if outcome.skipped),
            uncertain,
        )

    def _outcome(self, kind: Kind) -> _Outcome:
        cases = list(zip(*(each.cases(kind) for each in self._sides), strict=True))
        by_side = [
            [was for was, _ in cases],
            [becomes for _, becomes in cases],
            [was & ~becomes for was, becomes in cases],
            [becomes & ~was for was, becomes in cases],
        ]
        lost = [bool(was) and not becomes for was, becomes in cases]
        silent, maybe_silent = self._silent(kind)
        # An entry of OutputIds that nothing here has may be a destination that cannot be seen from here.
        strangers = not self._entries.issuperset(kind.override)
        return _Outcome(
            tuple(map(_common, by_side)),
            tuple(map(_any, by_side)),
            (all(lost) and not maybe_silent and not strangers, any(lost) and not silent),
            silent and all(lost),
            SKIP in kind.override,
        )

    def _silent(self, kind: Kind) -> tuple[bool, bool]:
        """Return whether alerts of a kind are declared to reach nobody: whatever their log type is, and for some."""
        if not self._silences:
            return False, False
        logs = kind.log_types or ()
        some = any(is_silent(self._silences, kind.severity, kind.type, (log,)) for log in logs or self._logs)
        every = is_silent(self._silences, kind.severity, kind.type, logs)
        return every, every or some


class _Masks:
    """One side: who gets a kind, in each case, as bits of the names of both sides."""

    def __init__(self, receivers: Sequence[Receiver], names: Sequence[str], logs: Sequence[str]) -> None:
        places = {name: place for place, name in enumerate(names)}
        self._count, self._places = len(names), [places[label_of(each)] for each in receivers]
        self._expectations = Expectations(receivers, logs)
        self._found: dict[int, int] = {}

    def cases(self, kind: Kind) -> tuple[int, ...]:
        """Return the cases as `Expectations.cases` does."""
        return tuple(map(self._named, self._expectations.cases(kind)))

    def _named(self, mask: int) -> int:
        if mask not in self._found:
            self._found[mask] = mask_of((self._places[bit] for bit in bits_of(mask)), self._count)
        return self._found[mask]


class _Shares:
    """Makes each `Share` once: many destinations have the same alerts. `counts` are by outcome, then by detection."""

    def __init__(self, counts: Sequence[Counter[str | None]]) -> None:
        self._counts = counts
        self._found: dict[tuple[_Entry, ...], Share] = {}

    def of(self, entries: Iterable[_Entry]) -> Share:
        """Return the sum of these outcomes."""
        key = tuple(entries)
        if key not in self._found:
            self._found[key] = self._sum(key)
        return self._found[key]

    def _sum(self, entries: Sequence[_Entry]) -> Share:
        detections, totals = Counter[str | None](), [0, 0]
        for number, certain in entries:
            totals[certain] += self._counts[number].total()
            detections.update(self._counts[number])
        ordered = sorted(detections.items(), key=lambda each: (-each[1], each[0] or ""))
        return Share(totals[True], totals[False], tuple(ordered[:_TOP]), max(len(ordered) - _TOP, 0))


def _common(masks: Sequence[int]) -> int:
    found = masks[0]
    for each in masks:
        found &= each
    return found


def _any(masks: Sequence[int]) -> int:
    found = 0
    for each in masks:
        found |= each
    return found


def _order(each: Replayed) -> tuple[int, int, int, str]:
    lost, gained = each.leaving, each.reaching
    rank = 0 if lost else 1 if gained else 2
    return rank, -lost.certain - gained.certain, -lost.possible - gained.possible, each.name

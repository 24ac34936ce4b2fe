"""Observed alerts, counted: numbers by kind of alert and destination, however many alerts there are. Pure."""

from bisect import insort
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

from blinkdecl.model.observed import Attempt, ObservedAlert, Period
from blinkdecl.routing.cells import bits_of
from blinkdecl.routing.expected import Expectations, Expected, Kind, kind_of_alert
from blinkdecl.routing.receiver import Receiver

# Within this time of an alert, Panther may still try to deliver it.
RETRY = timedelta(days=3)
_EXAMPLES = 3
_Key = TypeVar("_Key")


@dataclass(slots=True)
class Span:
    """Alerts with something in common: how many, the last, and time and id of the `_EXAMPLES` earliest, in order."""

    count: int
    last: datetime
    earliest: list[tuple[datetime, str]]

    def add(self, alert: ObservedAlert) -> None:
        """Count one more."""
        self.count += 1
        self.last = max(self.last, alert.created_at)
        one = (alert.created_at, alert.id)
        if len(self.earliest) < _EXAMPLES or one < self.earliest[-1]:
            insort(self.earliest, one)
            del self.earliest[_EXAMPLES:]

    @property
    def first(self) -> datetime:
        """When the earliest was raised."""
        return self.earliest[0][0]

    @property
    def examples(self) -> tuple[str, ...]:
        """The ids of the earliest."""
        return tuple(name for _, name in self.earliest)


@dataclass(slots=True)
class KindTally:
    """Alerts of one kind: `decided` = how many of them are old enough, and read in full, for absence to count.

    `sent` are those that Panther sent, or tried to, by output id, and `decided_sent` how many of these are decided.
    `missing` are the decided ones that a destination, by its place, should have been sent, and was not.
    """

    expected: Expected
    alerts: int = 0
    decided: int = 0
    sent: dict[str, Span] = field(default_factory=dict)
    decided_sent: dict[str, int] = field(default_factory=dict)
    missing: dict[int, Span] = field(default_factory=dict)


@dataclass(slots=True)
class OutputTally:
    """What became of the alerts for one output id; `recovered` are among the `delivered`, `pending` may yet be."""

    delivered: int = 0
    recovered: int = 0
    failed: int = 0
    pending: int = 0
    last_success: datetime | None = None
    last_failure: Attempt | None = None

    def add(self, attempts: Sequence[Attempt], *, decided: bool) -> None:
        """Count one alert by all attempts to deliver it."""
        good = [each.at for each in attempts if each.success]
        bad = [each for each in attempts if not each.success]
        if good:
            self.delivered += 1
            self.recovered += bool(bad) and min(each.at for each in bad) < max(good)
            self.last_success = max(*good, self.last_success or good[0])
        elif decided:
            self.failed += 1
        else:
            self.pending += 1
        for each in bad:
            self.last_failure = max(self.last_failure or each, each, key=_when)


class Tally:
    """The numbers of a period, for some destinations; alerts are added in any order, each once.

    Only the order of `kinds` and of `outputs` depends on it.
    """

    def __init__(self, receivers: Sequence[Receiver], period: Period) -> None:
        self.receivers, self.period = receivers, period
        self.kinds: dict[Kind, KindTally] = {}
        self.outputs: dict[str, OutputTally] = {}
        self.waiting: dict[int, int] = {}
        self.alerts = self.undecided = self.partly_read = 0
        self._expectations = Expectations(receivers)
        self._places = {each.id: place for place, each in enumerate(receivers) if each.id}
        self._recorded = sum(1 << place for place in self._places.values())

    def add(self, alert: ObservedAlert) -> None:
        """Count one alert."""
        kind = kind_of_alert(alert)
        if (tally := self.kinds.get(kind)) is None:
            tally = self.kinds[kind] = KindTally(self._expectations.of(kind))
        old = alert.created_at + RETRY <= self.period.end
        decided = old and not alert.unread
        self.alerts += 1
        self.undecided += not old
        self.partly_read += alert.unread > 0
        tally.alerts += 1
        tally.decided += decided
        absent = tally.expected.must & self._recorded
        for output, attempts in _by_output(alert):
            self._sent(output, attempts, alert, tally, decided=decided)
            if (place := self._places.get(output)) is not None:
                absent &= ~(1 << place)
        if absent:
            self._absent(absent, alert, tally, old=old)

    def _sent(
        self, output: str, attempts: Sequence[Attempt], alert: ObservedAlert, tally: KindTally, *, decided: bool
    ) -> None:
        if output not in self.outputs:
            self.outputs[output] = OutputTally()
        # An attempt that could not be read may have been the one that arrived.
        self.outputs[output].add(attempts, decided=decided)
        _add(tally.sent, output, alert)
        if decided:
            tally.decided_sent[output] = tally.decided_sent.get(output, 0) + 1

    def _absent(self, absent: int, alert: ObservedAlert, tally: KindTally, *, old: bool) -> None:
        for place in bits_of(absent):
            if not old:
                self.waiting[place] = self.waiting.get(place, 0) + 1
            elif not alert.unread:
                _add(tally.missing, place, alert)


def _when(attempt: Attempt) -> tuple[datetime, int]:
    """Return what tells attempts to deliver to one destination apart, whichever was read first."""
    return attempt.at, attempt.status


def _by_output(alert: ObservedAlert) -> Iterator[tuple[str, Sequence[Attempt]]]:
    """Yield the attempts for each output id."""
    found: dict[str, list[Attempt]] = {}
    for each in alert.deliveries:
        found.setdefault(each.output_id, []).append(each)
    yield from found.items()


def _add(spans: dict[_Key, Span], key: _Key, alert: ObservedAlert) -> None:
    if (span := spans.get(key)) is None:
        spans[key] = Span(1, alert.created_at, [(alert.created_at, alert.id)])
    else:
        span.add(alert)

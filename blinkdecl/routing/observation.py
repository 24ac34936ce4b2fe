"""What destinations did against what the configuration says of them, from the alerts of a period. Pure.

Three answers are kept apart: as declared, not as declared, and not known. Nothing is guessed: of an alert that Panther
may still deliver, or of which not everything is known, no absence is held against a destination.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from blinkdecl.model.observed import ObservedAlert, Period
from blinkdecl.model.resource import SEVERITIES, SYSTEM_ERROR, accepts_severity, accepts_type
from blinkdecl.routing.expected import Expected, Kind
from blinkdecl.routing.identity import Unnamed, unnamed_outputs
from blinkdecl.routing.receiver import Receiver
from blinkdecl.routing.tally import KindTally, OutputTally, Span, Tally

# What a difference is one of: an attribute of the destination, the whole of it, or the detection's list.
Suspect = Literal["severities", "alert_types", "log_types", "destination", "override"]


@dataclass(frozen=True, slots=True)
class Deviation:
    """Alerts of one kind that should have come and did not, or that came and should not.

    `suspects` = what, if it is not as declared, explains unexpected ones; empty for missing ones, which are explained
    together. `examples` are ids of alerts.
    """

    kind: Kind
    count: int
    first: datetime
    last: datetime
    examples: tuple[str, ...]
    suspects: tuple[Suspect, ...] = ()


@dataclass(frozen=True, slots=True)
class Observed:
    """What one declared destination did. Without a recorded id, nothing is known of it.

    `evidence` = alerts that it was sent by its own settings, as declared: without one, nothing says that it is there.
    `pending` = alerts that Panther may still deliver. `suspects` = what explains all that is missing, each by itself;
    empty where no one thing does. `unseen` are the values of its attributes of which no alert was observed.
    """

    receiver: Receiver
    counts: OutputTally
    evidence: int = 0
    pending: int = 0
    missing: tuple[Deviation, ...] = ()
    unexpected: tuple[Deviation, ...] = ()
    suspects: tuple[Suspect, ...] = ()
    unseen: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def differs(self) -> bool:
        """Whether it is seen not to be as declared."""
        return bool(self.missing or self.unexpected)


@dataclass(frozen=True, slots=True)
class Observation:
    """What was seen in a period.

    `uncertain` = how many alerts were not held against anybody, by `expected.Doubt`; `skipped` are those that their
    detections send to nobody, `undecided` those that Panther may still deliver, and `partly_read` those with attempts
    that could not be read. `unnamed` are output ids that no record has.
    """

    period: Period
    alerts: int
    destinations: tuple[Observed, ...]
    unnamed: tuple[Unnamed, ...] = ()
    uncertain: Mapping[str, int] | None = None
    skipped: int = 0
    undecided: int = 0
    partly_read: int = 0

    @property
    def differs(self) -> bool:
        """Whether a destination is seen not to be as declared."""
        return any(each.differs for each in self.destinations)

    @property
    def fails(self) -> bool:
        """Whether an alert for a declared destination was lost for good."""
        return any(each.counts.failed for each in self.destinations)


def observe(
    alerts: Iterable[ObservedAlert],
    receivers: Sequence[Receiver],
    period: Period,
    recorded: Collection[str] = frozenset(),
) -> Observation:
    """Return what these alerts say of the declared destinations; alerts out of the period are left out.

    `recorded` = ids of which it is known whose they are, beside those of the declared destinations.
    """
    tally = Tally(receivers, period)
    for each in alerts:
        if period.begin <= each.created_at < period.end:
            tally.add(each)
    uncertain = Counter[str]()
    for kind in tally.kinds.values():
        if kind.expected.doubt is not None:
            uncertain[kind.expected.doubt] += kind.alerts
    return Observation(
        period,
        tally.alerts,
        tuple(_observed(tally, place) for place in range(len(receivers))),
        unnamed_outputs(tally, recorded),
        dict(sorted(uncertain.items())),
        sum(each.alerts for each in tally.kinds.values() if each.expected.skipped),
        tally.undecided,
        tally.partly_read,
    )


def _observed(tally: Tally, place: int) -> Observed:
    receiver = tally.receivers[place]
    if not receiver.id:
        return Observed(receiver, OutputTally())
    counts = tally.outputs.get(receiver.id, OutputTally())
    return Observed(
        receiver,
        counts,
        _evidence(tally, receiver.id, place),
        counts.pending + tally.waiting.get(place, 0),
        _worst_first(_missing(tally, place)),
        _worst_first(_unexpected(tally, receiver, place)),
        _suspects(tally, place, receiver.id),
        tuple(_unseen(tally, place, receiver.id)),
    )


def _evidence(tally: Tally, output: str, place: int) -> int:
    told = [each for each in tally.kinds.values() if each.expected.by_settings and each.expected.may >> place & 1]
    return sum(each.sent[output].count for each in told if output in each.sent)


def _deviation(kind: Kind, span: Span, suspects: tuple[Suspect, ...] = ()) -> Deviation:
    return Deviation(kind, span.count, span.first, span.last, span.examples, suspects)


def _worst_first(deviations: Iterable[Deviation]) -> tuple[Deviation, ...]:
    """Return deviations by severity, those of one by how many alerts they are of: in no order of the alerts."""

    def place(each: Deviation) -> tuple[object, ...]:
        kind = each.kind
        # What this version does not know says nothing of a destination, so that it is no deviation.
        severity = -SEVERITIES.index(kind.severity)
        return severity, -each.count, kind.type, kind.log_types or (), kind.log_types is None, kind.override

    return tuple(sorted(deviations, key=place))


def _missing(tally: Tally, place: int) -> Iterator[Deviation]:
    for kind, each in tally.kinds.items():
        if place in each.missing:
            yield _deviation(kind, each.missing[place])


def _unexpected(tally: Tally, receiver: Receiver, place: int) -> Iterator[Deviation]:
    for kind, each in tally.kinds.items():
        span = each.sent.get(receiver.id or "")
        if span is not None and not each.expected.may >> place & 1:
            yield _deviation(kind, span, _against(receiver, kind, each.expected))


def _against(receiver: Receiver, kind: Kind, expected: Expected) -> tuple[Suspect, ...]:
    """Return what about a destination, as declared, keeps such alerts away."""
    if not expected.by_settings:
        return ("override",)
    found: list[Suspect] = []
    if not accepts_severity(receiver.severities, kind.severity, kind.type):
        found.append("severities")
    if not accepts_type(receiver.alert_types, kind.type):
        found.append("alert_types")
    if receiver.log_types and not set(kind.log_types or ()) & set(receiver.log_types):
        found.append("log_types")
    return tuple(found)


def _suspects(tally: Tally, place: int, output: str) -> tuple[Suspect, ...]:
    """Return what explains everything that a destination did not get: of its alerts, no other kinds came any more.

    An attribute explains it if of each of its values that something is missing of, nothing came since. System errors
    say nothing of severities.
    """
    routed = [(kind, each) for kind, each in tally.kinds.items() if each.expected.must >> place & 1]
    lost = [(kind, each) for kind, each in routed if place in each.missing]
    if not lost:
        return ()
    if any(not each.expected.by_settings for _, each in lost):
        return ("destination",) if _ended(routed, place, output) else ()
    routed = [(kind, each) for kind, each in routed if each.expected.by_settings]
    found: list[Suspect] = ["destination"] if _ended(routed, place, output) else []
    values: tuple[tuple[Suspect, list[object]], ...] = (
        ("severities", [SYSTEM_ERROR if kind.type == SYSTEM_ERROR else kind.severity for kind, _ in routed]),
        ("alert_types", [kind.type for kind, _ in routed]),
        ("log_types", [kind.log_types for kind, _ in routed]),
    )
    for name, of_each in values:
        groups: dict[object, list[tuple[Kind, KindTally]]] = {}
        for value, pair in zip(of_each, routed, strict=True):
            groups.setdefault(value, []).append(pair)
        short = {value for value, group in groups.items() if _first_missing(group, place)}
        unexplained = name == "severities" and SYSTEM_ERROR in short
        if not unexplained and all(_ended(groups[value], place, output) for value in short):
            found.append(name)
    return tuple(found)


def _ended(kinds: Iterable[tuple[Kind, KindTally]], place: int, output: str) -> bool:
    """Whether nothing of these kinds came after the first that is missing."""
    kinds = list(kinds)
    begin = _first_missing(kinds, place)
    return begin is not None and all(each.sent[output].last < begin for _, each in kinds if output in each.sent)


def _first_missing(kinds: Iterable[tuple[Kind, KindTally]], place: int) -> datetime | None:
    return min((each.missing[place].first for _, each in kinds if place in each.missing), default=None)


def _unseen(tally: Tally, place: int, output: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the declared values of which the period had no alert that says anything.

    An alert that was sent says something at once; one that was not, only once Panther tries no more.
    """
    receiver = tally.receivers[place]
    told = [
        kind
        for kind, each in tally.kinds.items()
        if (each.decided or output in each.sent) and each.expected.by_settings and each.expected.must >> place & 1
    ]
    logs = {kind.log_types[0] for kind in told if kind.log_types and len(kind.log_types) == 1}
    for name, declared, seen in (
        ("severities", receiver.severities, {kind.severity for kind in told if kind.type != SYSTEM_ERROR}),
        ("alert_types", receiver.alert_types, {kind.type for kind in told}),
        ("log_types", receiver.log_types, logs),
    ):
        if values := tuple(each for each in declared if each not in seen):
            yield name, values

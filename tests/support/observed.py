"""A Panther on paper: alerts of a month, and who was sent them by destinations that are not all as declared."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from blinkdecl.model.observed import Attempt, Knowledge, ObservedAlert, Period
from blinkdecl.model.resource import SEVERITIES
from blinkdecl.routing.receiver import Receiver
from blinkdecl.routing.route import SKIP, Known, RoutedAlert, route

END = datetime(2026, 11, 29, tzinfo=UTC)
LOGS = ("AWS.CloudTrail", "Okta.SystemLog", "GitHub.Audit", "Custom.App", "Custom.Other")
TYPES = ("RULE", "RULE", "RULE", "RULE_ERROR", "SCHEDULED_RULE", "CORRELATION_RULE", "POLICY", "SYSTEM_ERROR")
_DOUBTFUL: tuple[Knowledge, ...] = ("deleted", "changed", "unread")


def month(days: int = 30) -> Period:
    """Return the days before `END`."""
    return Period(END - timedelta(days=days), END)


@dataclass(frozen=True)
class Detection:
    """A detection on paper; `returned` = what its ``destinations()`` returns."""

    id: str
    type: str
    severity: str
    log_types: tuple[str, ...]
    override: tuple[str, ...]
    knowledge: Knowledge
    returned: tuple[str, ...] | None = None


def receivers(count: int, chance: random.Random) -> list[Receiver]:
    """Return destinations with ids."""
    return [
        Receiver(
            f"destination.d{number:02}",
            f"00000000-0000-4000-8000-{number:012}",
            f"D{number:02}",
            tuple(each for each in SEVERITIES if chance.random() < 0.6) or ("HIGH",),
            ("RULE", "SYSTEM_ERROR") if chance.random() < 0.2 else (),
            tuple(chance.sample(LOGS[:3], 2)) if chance.random() < 0.3 else (),
        )
        for number in range(count)
    ]


def detections(count: int, known: Sequence[Receiver], chance: random.Random) -> list[Detection]:
    """Return detections of every kind: with overrides, SKIP, ``destinations()``, deleted and changed ones."""
    made = []
    for number in range(count):
        kind = chance.choice(TYPES)
        override: tuple[str, ...] = ()
        knowledge: Knowledge = "known"
        returned: tuple[str, ...] | None = None
        match chance.randrange(12):
            case 0:
                override = tuple(str(each.id) for each in chance.sample(known, 2))
            case 1:
                override = (SKIP,)
            case 2:
                knowledge, returned = "dynamic", (str(chance.choice(known).id),)
            case 3:
                knowledge = chance.choice(_DOUBTFUL)
        if kind == "SYSTEM_ERROR":
            override, knowledge, returned = (), "known", None
        logs = tuple(chance.sample(LOGS, chance.choice((1, 1, 2))))
        severity = "CRITICAL" if kind == "SYSTEM_ERROR" else chance.choice(SEVERITIES)
        made.append(Detection(f"Rule.{number}", kind, severity, logs, override, knowledge, returned))
    return made


def alerts(
    count: int, period: Period, known: Sequence[Detection], live: Sequence[Receiver], chance: random.Random
) -> Iterator[ObservedAlert]:
    """Yield alerts as Panther with these live destinations would have delivered them, some only when tried again."""
    ids, routed = Known(live), dict[RoutedAlert, tuple[Receiver, ...]]()
    seconds = int((period.end - period.begin).total_seconds())
    for number in range(count):
        at = period.begin + timedelta(seconds=chance.randrange(seconds))
        detection = chance.choice(known)
        bears_log = detection.type in ("RULE", "RULE_ERROR")
        log = (chance.choice(detection.log_types),) if bears_log else ()
        wanted = RoutedAlert(detection.severity, detection.type, log, detection.override or None, detection.returned)
        if wanted not in routed:
            routed[wanted] = route(wanted, ids).reached
        certain = detection.knowledge == "known"
        yield ObservedAlert(
            f"{number:032x}",
            at,
            detection.severity,
            detection.type,
            None if detection.type == "SYSTEM_ERROR" else detection.id,
            detection.knowledge,
            detection.log_types if certain and bears_log else None,
            detection.override if certain else (),
            tuple(each for one in routed[wanted] for each in _attempts(str(one.id), at, period.end, chance)),
        )


def _attempts(output: str, at: datetime, end: datetime, chance: random.Random) -> Iterator[Attempt]:
    """Yield what Panther tried: of a hundred alerts one arrives at the second attempt; the newest may not have yet."""
    first = at + timedelta(seconds=2)
    if chance.random() < 0.01:
        yield Attempt(output, first, success=False, status=503)
        first += timedelta(minutes=20)
    elif at > end - timedelta(minutes=5):
        return
    yield Attempt(output, first, success=True, status=200)


def edited(receiver: Receiver, chance: random.Random) -> Receiver:
    """Return a destination as somebody left it in the console: one attribute is another."""
    match chance.randrange(3):
        case 0:
            one = chance.choice(SEVERITIES)
            return replace(receiver, severities=tuple(sorted({*receiver.severities} ^ {one}, key=SEVERITIES.index)))
        case 1:
            return replace(receiver, alert_types=("RULE",) if receiver.alert_types != ("RULE",) else ("POLICY",))
        case _:
            return replace(receiver, log_types=() if receiver.log_types else (chance.choice(LOGS),))

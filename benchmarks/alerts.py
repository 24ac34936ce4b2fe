"""A made-up month of alerts, as `observe --save` writes it: of detections that are known, dynamic or deleted."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from blinkdecl.history import codec
from blinkdecl.model.observed import Attempt, Knowledge, ObservedAlert, Period
from blinkdecl.model.resource import SEVERITIES

_END = datetime(2026, 11, 30, tzinfo=UTC)
_MONTH = Period(_END - timedelta(days=30), _END)
_DETECTIONS = 500
_LOGS = ("AWS.CloudTrail", "Okta.SystemLog", "GitHub.Audit", "Custom.App")
_KNOWLEDGE: dict[int, Knowledge] = {7: "dynamic", 13: "deleted", 19: "changed"}
_OUTPUTS = tuple(f"00000000-0000-4000-8000-{number:012}" for number in range(40))


def write_alerts(path: Path, count: int, outputs: Sequence[str] = _OUTPUTS) -> None:
    """Write a file of this many alerts, each delivered to one of `outputs`.

    Five outputs, in the order of `SEVERITIES`, receive one severity each.
    """
    with path.open("w") as file:
        file.writelines(codec.write_alerts(_MONTH, _alerts(count, outputs)))


def _alerts(count: int, outputs: Sequence[str]) -> Iterator[ObservedAlert]:
    step = (_MONTH.end - _MONTH.begin) / count
    for number in range(count):
        at, detection = _MONTH.begin + number * step, number % _DETECTIONS
        knowledge = _KNOWLEDGE.get(detection % 20, "known")
        known, output = knowledge == "known", outputs[detection % len(outputs)]
        yield ObservedAlert(
            f"{number:032x}",
            at,
            SEVERITIES[detection % len(SEVERITIES)],
            "RULE" if detection % 3 else "SCHEDULED_RULE",
            f"Rule.{detection}",
            knowledge,
            _LOGS[: 1 + detection % 2] if known and detection % 3 else None,
            (output,) if known and detection % 50 == 0 else (),
            (Attempt(output, at + timedelta(seconds=2), success=True, status=200),),
        )

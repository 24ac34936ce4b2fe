"""The file of observed alerts: what is written is read back, and what is wrong is named with its line."""

import json
import random

import pytest

from blinkdecl.config import validate_document
from blinkdecl.diagnostics import Failure
from blinkdecl.history.codec import LONGEST_LINE, read_alerts, write_alerts
from tests.support.observed import alerts, detections, month, receivers

HEAD = {"format": "blinkdecl-alerts", "version": 1, "from": "2026-11-01T00:00:00Z", "to": "2026-11-08T00:00:00Z"}
ATTEMPT = {"output_id": "x", "at": "2026-11-02T00:00:01.5Z", "success": True, "status": 200}
ALERT = {
    "id": "a", "created_at": "2026-11-02T00:00:00Z", "severity": "HIGH", "type": "RULE", "detection": "Rule",
    "knowledge": "known", "log_types": ["AWS.CloudTrail"], "override": [], "deliveries": [ATTEMPT],
}  # fmt: skip


def lines(*documents: object) -> list[bytes]:
    """Return documents as lines."""
    return [each if isinstance(each, bytes) else json.dumps(each).encode() + b"\n" for each in documents]


def test_what_is_written_is_read_back() -> None:
    """Every line is as the schema says, and has neither a title nor what a destination answered."""
    chance = random.Random(1)
    known = receivers(5, chance)
    made = list(alerts(200, month(), detections(30, known, chance), known, chance))
    written = list(write_alerts(month(), made))
    assert [problem for each in written for problem in validate_document("alerts", json.loads(each))] == []
    assert '"title"' not in "".join(written)
    period, found = read_alerts([each.encode() for each in written], "alerts.jsonl")
    assert (period, list(found)) == (month(), made)


def test_alerts_are_read_as_they_are_asked_for() -> None:
    """A line that is never reached is not looked at."""
    _, found = read_alerts(lines(HEAD, ALERT, b"{"), "alerts.jsonl")
    assert next(found).id == "a"


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (b"{\n", "it is not JSON"),
        (b"{", "it is cut off: the file ends within it"),
        (b"\n", "it is empty"),
        (b"[]", "it is not a JSON object"),
        (b'"' + b"x" * LONGEST_LINE + b'"', "it is longer than 64 KiB"),
        ({**ALERT, "sevrity": "HIGH"}, '"sevrity" does not belong there. did you mean "severity"?'),
        ({name: value for name, value in ALERT.items() if name != "type"}, '"type" is missing'),
        ({**ALERT, "severity": None}, '"severity" is not a text'),
        ({**ALERT, "knowledge": "guessed"}, '"knowledge" is not one of known'),
        ({**ALERT, "log_types": "AWS.CloudTrail"}, '"log_types" is not a list of texts'),
        ({**ALERT, "created_at": "2026-11-02"}, '"created_at" is not a time'),
        ({**ALERT, "created_at": "2026-11-09T00:00:00Z"}, '"created_at" is outside of the period'),
        ({**ALERT, "unread": True}, '"unread" is not a whole number'),
        ({**ALERT, "deliveries": {}}, '"deliveries" is not a list'),
        ({**ALERT, "deliveries": [None]}, 'an entry of "deliveries" is not an object'),
        ({**ALERT, "deliveries": [{**ATTEMPT, "message": "ok"}]}, '"message" does not belong there'),
        ({**ALERT, "deliveries": [{**ATTEMPT, "status": "200"}]}, "no number"),
    ],
)
def test_a_line_that_is_wrong(line: object, told: str) -> None:
    """It is named by its number, with what is wrong."""
    _, found = read_alerts(lines(HEAD, ALERT, line), "alerts.jsonl")
    with pytest.raises(Failure, match="line 3 of alerts") as caught:
        list(found)
    assert told.lower() in caught.value.diagnostics[0].summary.lower()


@pytest.mark.parametrize("head", [b"", ALERT, {**HEAD, "version": 2}, {**HEAD, "to": HEAD["from"]}])
def test_a_first_line_that_is_wrong(head: object) -> None:
    """Without the period nothing can be said of what is missing."""
    with pytest.raises(Failure, match="line 1 of"):
        read_alerts(lines(head) if head else [], "alerts.jsonl")

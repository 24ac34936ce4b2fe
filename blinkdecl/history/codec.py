"""The file format of observed alerts: JSON Lines, the period first, then one alert a line. Pure.

    {"format": "blinkdecl-alerts", "version": 1, "from": "2026-11-01T00:00:00Z", "to": "2026-11-08T00:00:00Z"}
    {"id": "...", "created_at": "...", "severity": "HIGH", ...}

``schemas/alerts.schema.json`` describes a line. It is checked here by hand, since a month may have a million of them.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, get_args

from blinkdecl.diagnostics import Failure, closest, did_you_mean, error
from blinkdecl.model.moments import instant, moment_of
from blinkdecl.model.observed import Attempt, Knowledge, ObservedAlert, Period

FORMAT = "blinkdecl-alerts"
VERSION = 1
# Bytes; an alert with a hundred attempts has a fifth of it.
LONGEST_LINE = 64 * 2**10
KNOWLEDGE: tuple[str, ...] = get_args(Knowledge)

_HEAD = ("format", "version", "from", "to")
_ALERT = ("id", "created_at", "severity", "type", "detection", "knowledge", "log_types", "override", "deliveries")
_OPTIONAL = ("unread", "title")
_ATTEMPT = ("output_id", "at", "success", "status")
_SCHEMA = "`blinkdecl schema alerts` describes a line"


class _Wrong(Exception):
    """What is wrong with a line, in words."""


def read_alerts(lines: Iterable[bytes], name: str) -> tuple[Period, Iterator[ObservedAlert]]:
    """Return the period, and the alerts one by one as they are asked for; `name` is what messages call the file.

    Raises a `Failure` (``alerts-file``) with the line's number where a line is not as the format says; for alerts, when
    that line is reached.
    """
    numbered = enumerate(lines, 1)
    number, first = next(numbered, (1, b""))
    try:
        period = _period(_object(first))
    except _Wrong as problem:
        raise _failure(name, number, str(problem)) from None
    return period, _alerts(numbered, name, period)


def write_alerts(period: Period, alerts: Iterable[ObservedAlert]) -> Iterator[str]:
    """Yield the lines of a file, each with its newline."""
    yield period_line(period)
    yield from map(alert_line, alerts)


def period_line(period: Period) -> str:
    """Return the first line of a file, with its newline."""
    head = {"format": FORMAT, "version": VERSION, "from": instant(period.begin), "to": instant(period.end)}
    return f"{_json(head)}\n"


def alert_line(alert: ObservedAlert) -> str:
    """Return the line of an alert, with its newline."""
    return f"{_json(_document(alert))}\n"


def _alerts(numbered: Iterator[tuple[int, bytes]], name: str, period: Period) -> Iterator[ObservedAlert]:
    for number, line in numbered:
        try:
            alert = _alert(_object(line))
            if not period.begin <= alert.created_at < period.end:
                raise _Wrong('"created_at" is outside of the period that the first line names')
        except _Wrong as problem:
            raise _failure(name, number, str(problem)) from None
        yield alert


def _object(line: bytes) -> Mapping[str, Any]:
    if len(line) > LONGEST_LINE:
        raise _Wrong(f"it is longer than {LONGEST_LINE >> 10} KiB")
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        raise _Wrong(_not_json(line)) from None
    if not isinstance(found, dict):
        raise _Wrong("it is not a JSON object")
    return found


def _not_json(line: bytes) -> str:
    """Return what is wrong with a line that cannot be decoded: only the last of a file may have no newline."""
    if not line.strip():
        return "it is empty"
    return "it is not JSON" if line.endswith(b"\n") else "it is cut off: the file ends within it"


def _period(head: Mapping[str, Any]) -> Period:
    if head.get("format") != FORMAT:
        raise _Wrong(f'the first line of such a file has "format": "{FORMAT}"')
    if head.get("version") != VERSION:
        raise _Wrong(f'"version" is not {VERSION}, the only one that this blinkdecl reads')
    _check_names(head, _HEAD)
    period = Period(_moment(head, "from"), _moment(head, "to"))
    if period.end <= period.begin:
        raise _Wrong('"to" is not after "from"')
    return period


def _alert(line: Mapping[str, Any]) -> ObservedAlert:
    _check_names(line, _ALERT, _OPTIONAL)
    if line["knowledge"] not in KNOWLEDGE:
        raise _Wrong(f'"knowledge" is not one of {", ".join(KNOWLEDGE)}')
    if type(unread := line.get("unread", 0)) is not int or unread < 0:
        raise _Wrong('"unread" is not a whole number')
    if not isinstance(deliveries := line["deliveries"], list):
        raise _Wrong('"deliveries" is not a list')
    return ObservedAlert(
        id=_text(line, "id"),
        created_at=_moment(line, "created_at"),
        severity=_text(line, "severity"),
        type=_text(line, "type"),
        detection=None if line["detection"] is None else _text(line, "detection"),
        knowledge=line["knowledge"],
        log_types=None if line["log_types"] is None else _texts(line, "log_types"),
        override=_texts(line, "override"),
        deliveries=tuple(map(_attempt, deliveries)),
        unread=unread,
        title=_text(line, "title") if "title" in line else None,
    )


def _attempt(given: object) -> Attempt:
    if not isinstance(given, dict):
        raise _Wrong('an entry of "deliveries" is not an object')
    _check_names(given, _ATTEMPT)
    if type(given["success"]) is not bool or type(given["status"]) is not int:
        raise _Wrong('an entry of "deliveries" has no boolean "success", or no number "status"')
    return Attempt(_text(given, "output_id"), _moment(given, "at"), given["success"], given["status"])


def _check_names(given: Mapping[str, Any], needed: tuple[str, ...], optional: tuple[str, ...] = ()) -> None:
    for name in needed:
        if name not in given:
            raise _Wrong(f'"{name}" is missing')
    if len(given) > len(needed):
        for name in given:
            if name not in needed and name not in optional:
                meant = did_you_mean(closest(name, (*needed, *optional)))
                raise _Wrong(f'"{name[:60]}" does not belong there. {meant}'.rstrip(". "))


def _text(given: Mapping[str, Any], name: str) -> str:
    if not isinstance(found := given[name], str) or not found:
        raise _Wrong(f'"{name}" is not a text')
    return found


def _texts(given: Mapping[str, Any], name: str) -> tuple[str, ...]:
    found = given[name]
    if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
        raise _Wrong(f'"{name}" is not a list of texts')
    return tuple(found)


def _moment(given: Mapping[str, Any], name: str) -> datetime:
    if (found := moment_of(given[name])) is None:
        raise _Wrong(f'"{name}" is not a time such as 2026-11-01T00:00:00Z')
    return found


def _document(alert: ObservedAlert) -> dict[str, Any]:
    return {
        "id": alert.id,
        "created_at": instant(alert.created_at),
        "severity": alert.severity,
        "type": alert.type,
        "detection": alert.detection,
        "knowledge": alert.knowledge,
        "log_types": None if alert.log_types is None else list(alert.log_types),
        "override": list(alert.override),
        "deliveries": [
            {"output_id": each.output_id, "at": instant(each.at), "success": each.success, "status": each.status}
            for each in alert.deliveries
        ],
        **({"unread": alert.unread} if alert.unread else {}),
        **({"title": alert.title} if alert.title else {}),
    }


def _json(document: Mapping[str, Any]) -> str:
    return json.dumps(document, separators=(",", ":"))


def _failure(name: str, line: int, problem: str) -> Failure:
    return error("alerts-file", f"line {line} of {name} cannot be used: {problem}", remedy=_SCHEMA)

"""The alerts of the sandbox's Panther, and the detections that raised them, as its public read API has them. No clock.

Alerts are what `traffic` made of them: the ones of a time are replaced together, so that a time has one story.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Lock
from typing import Any, Literal

from blinkdecl.sandbox.panther.faults import Faults

ListingPath = Literal["/rules", "/scheduled-rules", "/simple-rules", "/policies"]
PATHS: tuple[ListingPath, ...] = ("/rules", "/scheduled-rules", "/simple-rules", "/policies")
_LISTING = {"RULE_ERROR": "DETECTION_ERROR", "SCHEDULED_RULE_ERROR": "DETECTION_ERROR", "SYSTEM_ERROR": "SYSTEM_ERROR"}
_LIMIT = 100
_PAGE = 25
_NEXT: Mapping[str, Mapping[str, str | None]] = {"absent": {}, "empty": {"next": ""}, "null": {"next": None}}


@dataclass(frozen=True, slots=True)
class Detection:
    """A detection: `path` is its list in the REST API; `output_ids` replace the destinations' own settings.

    `returned` = what its ``destinations()`` returns, None where it has none. `deleted` = it is gone since its alerts.
    """

    id: str
    path: ListingPath
    severity: str
    log_types: tuple[str, ...]
    changed_at: datetime
    output_ids: tuple[str, ...] = ()
    returned: tuple[str, ...] | None = None
    deleted: bool = False

    def shown(self) -> dict[str, object]:
        """Return it as the REST API lists it."""
        kind = {"/rules": "logTypes", "/simple-rules": "logTypes", "/policies": "resourceTypes"}.get(self.path)
        body = {} if self.path == "/simple-rules" else {"body": self._body()}
        return {
            "id": self.id,
            "displayName": self.id,
            "enabled": True,
            "severity": self.severity,
            "outputIDs": list(self.output_ids),
            "lastModified": told(self.changed_at),
            **({kind: list(self.log_types)} if kind else {}),
            **body,
        }

    def _body(self) -> str:
        name = "policy(resource)" if self.path == "/policies" else "rule(event)"
        own = "" if self.returned is None else f"\n\ndef destinations(event):\n    return {list(self.returned)}\n"
        return f"def {name}:\n    return True\n{own}"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One attempt to deliver an alert; `output_id` is the destination's."""

    output_id: str
    at: datetime
    status: int

    def shown(self) -> dict[str, object]:
        """Return it as the GraphQL API has it."""
        success = 200 <= self.status < 300
        message = "" if success else f"request failed: {self.status}"
        return {
            "dispatchedAt": told(self.at),
            "label": "",
            "message": message,
            "outputId": self.output_id,
            "statusCode": self.status,
            "success": success,
            "url": "",
        }


@dataclass(frozen=True, slots=True)
class Alert:
    """An alert, and every attempt to deliver it; `detection` None = Panther's own, of a source that went silent."""

    id: str
    created_at: datetime
    severity: str
    type: str
    detection: Detection | None
    deliveries: tuple[Delivery, ...]

    def shown(self, faults: Faults) -> dict[str, object]:
        """Return it as the GraphQL API has it."""
        deliveries: list[dict[str, object] | None] = [each.shown() for each in self.deliveries]
        name = self.detection.id if self.detection else "Log source"
        return {
            "id": self.id,
            "createdAt": told(self.created_at),
            "severity": self.severity,
            "status": "OPEN",
            "type": self.type,
            "title": f"{name} raised an alert" if self.detection else f"{name} sends no data",
            "origin": self._origin(),
            "deliveries": [*deliveries, None] if faults.null_deliveries else deliveries,
        }

    def _origin(self) -> dict[str, str]:
        if self.detection is None:
            return {"__typename": "SystemError", "type": "SOURCE_NO_DATA", "relatedComponent": "LOG_SOURCE"}
        if self.detection.deleted:
            return {"__typename": "DeletedDetection", "id": self.detection.id}
        kind = self.type.removesuffix("_ERROR")
        return {"__typename": "Detection", "id": self.detection.id, "name": self.detection.id, "type": kind}


class History:
    """What there is to read; safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._listings: dict[str, Sequence[Alert]] = {}
        self._detections: Sequence[Detection] = ()

    @property
    def detections(self) -> Sequence[Detection]:
        """Every detection, deleted ones too; () before any were made."""
        return self._detections

    def replace(self, since: datetime, alerts: Iterable[Alert], detections: Sequence[Detection]) -> None:
        """Have these alerts in place of those created since then."""
        listings: dict[str, list[Alert]] = {}
        with self._lock:
            for listing, kept in self._listings.items():
                listings[listing] = [each for each in kept if each.created_at < since]
            for each in alerts:
                listings.setdefault(_LISTING.get(each.type, "ALERT"), []).append(each)
            for unsorted in listings.values():
                unsorted.sort(key=_created)
            self._listings, self._detections = dict(listings), detections

    def alerts(self, asked: Mapping[str, Any], faults: Faults) -> dict[str, object]:
        """Return a page of alerts as ``alerts(input)`` asks for it; raises a ValueError for what it refuses."""
        found = self._found(asked, faults)
        start, size = _place(asked.get("cursor")), _positive(asked.get("pageSize", _PAGE))
        size = min(size, faults.page or size)
        edges = [{"node": each.shown(faults)} for each in found[start : start + size]]
        more = start + size < len(found)
        info = {
            "hasNextPage": more,
            "hasPreviousPage": start > 0,
            "startCursor": str(start) if edges else None,
            "endCursor": str(start + size) if more else None,
        }
        return {"edges": edges, "pageInfo": info}

    def listed(self, path: str, query: Mapping[str, Sequence[str]], faults: Faults) -> dict[str, object]:
        """Return a page of detections as the REST API lists them; raises a ValueError for what it refuses."""
        every = [each for each in self._detections if each.path == path and not each.deleted]
        start, size = _place(query.get("cursor", [""])[0]), _positive(query.get("limit", [_LIMIT])[0])
        size = min(size, faults.page or size)
        following = {"next": str(start + size)} if start + size < len(every) else _NEXT[faults.next]
        return {"results": [each.shown() for each in every[start : start + size]], **following}

    def _found(self, asked: Mapping[str, Any], faults: Faults) -> Sequence[Alert]:
        """Return the alerts that are asked for, in the order that is."""
        after, before = _moment(asked.get("createdAtAfter")), _moment(asked.get("createdAtBefore"))
        detection = asked.get("detectionId")
        if detection is None and not (after and before):
            raise ValueError("needs detectionId, or both createdAtAfter and createdAtBefore")
        every = self._listings.get(asked["type"], ())
        first, last = (bisect_right, bisect_left) if faults.exclusive else (bisect_left, bisect_right)
        begin = first(every, after, key=_created) if after else 0
        end = last(every, before, key=_created) if before else len(every)
        severities, types = asked.get("severities"), asked.get("subtypes")
        found = [
            each
            for each in every[begin:end]
            if (not severities or each.severity in severities)
            and (not types or each.type in types)
            and (detection is None or (each.detection is not None and each.detection.id == detection))
        ]
        return found if asked["sortDir"] == "ascending" else found[::-1]


def told(moment: datetime) -> str:
    """Return a time in UTC as Panther tells it: ``2026-11-01T00:00:00Z``."""
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def _created(alert: Alert) -> datetime:
    return alert.created_at


def _moment(given: object) -> datetime | None:
    if given is None:
        return None
    found = datetime.fromisoformat(str(given))
    if found.tzinfo is None:
        raise ValueError("a time has no zone")
    return found.astimezone(UTC)


def _place(cursor: object) -> int:
    text = str(cursor or "0")
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise ValueError("the cursor is none that was given")
    return int(text)


def _positive(given: object) -> int:
    text = str(given)
    if not (text.isascii() and text.isdigit() and int(text[:9]) > 0):
        raise ValueError("the size of a page is a number above 0")
    return int(text[:9])

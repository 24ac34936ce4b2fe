"""Alerts and their deliveries from Panther's GraphQL API: pages of fixed windows, several at once, each alert once.

The windows are fixed before the first page, so that alerts which are raised meanwhile move no page. Whether a window's
ends belong to it is not documented: each is asked for with a little more on both sides, and what is there twice counts
once. Labels, URLs and messages of deliveries, which may hold anything, are not asked for; a secret of the run in what
is left is masked before anything is made of it, so that no file of alerts has it either.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from blinkdecl.diagnostics import Failure, error
from blinkdecl.history.codec import moment_of
from blinkdecl.history.detections import DetectionFacts, read_detections
from blinkdecl.model.observed import Attempt, Knowledge, ObservedAlert, Period
from blinkdecl.provider.panther.endpoint import Endpoint
from blinkdecl.secret.value import Mask, Secret
from blinkdecl.system.retry import RetryLimits
from blinkdecl.system.workers import Workers

ALERTS = """\
query Alerts($input: AlertsInput!) {
  alerts(input: $input) {
    edges {
      node {
        id createdAt severity type
        origin { __typename ... on Detection { id } ... on DeletedDetection { id } }
        deliveries { dispatchedAt outputId statusCode success }
      }
    }
    pageInfo { hasNextPage endCursor }
  }
}
"""
# One listing shows alerts of one of these only.
LISTINGS = ("ALERT", "DETECTION_ERROR", "SYSTEM_ERROR")
# The REST API says that it gives no more; GraphQL says nothing of it.
PAGE = 50
READERS = 8
RIGHTS = "AlertRead, RuleRead and PolicyRead"
_WINDOWS_EACH = 4
_LIMITS = RetryLimits()
_EDGE = timedelta(milliseconds=1)
# Alert types whose detections' log types are the alerts' own.
_BY_LOG = ("RULE", "RULE_ERROR")


@dataclass(frozen=True, slots=True)
class _Page:
    """One page of one listing of one window; the first has no cursor."""

    listing: str
    window: Period
    cursor: str | None = None


@dataclass(frozen=True, slots=True)
class _Answer:
    """The alerts of a page, and the page that follows."""

    alerts: tuple[ObservedAlert, ...]
    following: _Page | None


def reading_endpoint(
    url: str, headers: Mapping[str, Secret], environ: Mapping[str, str], mask: Mask, limits: RetryLimits = _LIMITS
) -> Endpoint:
    """Return Panther's API at a URL, for `READERS` questions at once; `headers` hold the token."""
    return Endpoint(url, headers, READERS, limits, environ=environ, mask=mask, rights=RIGHTS)


def read_history(endpoint: Endpoint, period: Period, parallelism: int = READERS) -> Iterator[ObservedAlert]:
    """Yield every alert of a period once, in no order; raises a `Failure` as `Endpoint.read` and `Endpoint.get` do."""
    detections = read_detections(endpoint, parallelism)
    seen: set[str] = set()

    def read(page: _Page) -> _Answer:
        return _read(endpoint, page, detections)

    with Workers(parallelism, read) as workers:
        windows = _windows(period, parallelism * _WINDOWS_EACH)
        workers.submit_all(_Page(listing, window) for window in windows for listing in LISTINGS)
        while workers.busy:
            if (answer := workers.next()) is None:
                continue
            if answer.following is not None:
                workers.submit_all([answer.following])
            for each in answer.alerts:
                if each.id not in seen and period.begin <= each.created_at < period.end:
                    seen.add(each.id)
                    yield each


def _windows(period: Period, count: int) -> list[Period]:
    """Return the period in parts of one length, of whole milliseconds."""
    part = max((period.end - period.begin) // count // _EDGE * _EDGE, _EDGE)
    begins = [period.begin + number * part for number in range(count) if period.begin + number * part < period.end]
    return [Period(begin, end) for begin, end in zip(begins, [*begins[1:], period.end], strict=True)]


def _read(endpoint: Endpoint, page: _Page, detections: Mapping[str, DetectionFacts]) -> _Answer:
    asked = {
        "type": page.listing,
        "createdAtAfter": _instant(page.window.begin - _EDGE),
        "createdAtBefore": _instant(page.window.end + _EDGE),
        "pageSize": PAGE,
        **({"cursor": page.cursor} if page.cursor else {}),
    }
    data = endpoint.read(ALERTS, {"input": asked})
    try:
        found, info = data["alerts"], data["alerts"]["pageInfo"]
        alerts = tuple(_alert(each["node"], detections) for each in endpoint.clean(found["edges"]))
        more, cursor = info["hasNextPage"], info.get("endCursor")
    except (KeyError, TypeError, ValueError, AttributeError):
        raise _odd("an alert, or the page, lacks what was asked for") from None
    if not more:
        return _Answer(alerts, None)
    if not isinstance(cursor, str) or not cursor or cursor == page.cursor:
        raise _odd("a page says that another follows, and not where")
    return _Answer(alerts, replace(page, cursor=cursor))


def _alert(node: Mapping[str, Any], detections: Mapping[str, DetectionFacts]) -> ObservedAlert:
    created, origin = _moment(node["createdAt"]), node["origin"]
    name = origin.get("id") if origin["__typename"] in ("Detection", "DeletedDetection") else None
    facts, knowledge = detections.get(str(name)), _knowledge(origin["__typename"], detections.get(str(name)), created)
    known = facts if knowledge == "known" else None
    attempts = [each for each in node["deliveries"] if each is not None]
    return ObservedAlert(
        id=str(node["id"]),
        created_at=created,
        severity=str(node["severity"]),
        type=str(node["type"]),
        detection=name,
        knowledge=knowledge,
        log_types=known.log_types if known and known.log_types and node["type"] in _BY_LOG else None,
        override=known.override if known else (),
        deliveries=tuple(map(_attempt, attempts)),
        unread=len(node["deliveries"]) - len(attempts),
    )


def _knowledge(kind: str, facts: DetectionFacts | None, created: datetime) -> Knowledge:
    """Return what is known of the detection of an alert."""
    if kind == "SystemError":
        return "known"
    if kind == "DeletedDetection":
        return "deleted"
    if facts is None or facts.changed_at is None:
        return "unread"
    if facts.dynamic:
        return "dynamic"
    return "changed" if facts.changed_at > created else "known"


def _attempt(given: Mapping[str, Any]) -> Attempt:
    status = given["statusCode"]
    return Attempt(str(given["outputId"]), _moment(given["dispatchedAt"]), given["success"] is True, int(status))


def _moment(given: object) -> datetime:
    if (found := moment_of(given)) is None:
        raise _odd("a time is none")
    return found


def _instant(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _odd(what: str) -> Failure:
    return error("invalid-answer", f"Panther's answer cannot be used: {what}", note="a partial answer is never used")

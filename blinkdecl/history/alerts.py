"""Alerts and their deliveries in Panther's GraphQL API: one page of one listing, oldest first.

Labels, URLs and messages of deliveries, which may hold anything, are not asked for; titles only where they are wanted.
"""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from blinkdecl.diagnostics import Failure, error
from blinkdecl.model.moments import moment_of
from blinkdecl.model.observed import Attempt, Knowledge, ObservedAlert, Period
from blinkdecl.provider.panther.endpoint import Endpoint

_QUERY = """\
query Alerts($input: AlertsInput!) {
  alerts(input: $input) {
    edges {
      node {
        id createdAt severity type%s
        origin { __typename ... on Detection { id } ... on DeletedDetection { id } }
        deliveries { dispatchedAt outputId statusCode success }
      }
    }
    pageInfo { hasNextPage endCursor }
  }
}
"""
ALERTS = _QUERY % ""
TITLED = _QUERY % " title"
# One listing shows alerts of one of these only.
LISTINGS = ("ALERT", "DETECTION_ERROR", "SYSTEM_ERROR")
# The REST API says that it gives no more; GraphQL says nothing of it.
PAGE = 50
# Whether the ends of a time belong to it is not documented: a little more is asked for on both sides.
EDGE = timedelta(milliseconds=1)
# Characters of a title that are kept: enough to know the alert by, and never a line that is too long for the file.
_LONGEST_TITLE = 1000
# What is known of the detection by the alert alone; of others it depends on what the lists of detections say.
_KNOWN: Mapping[str, Knowledge] = {"SystemError": "known", "DeletedDetection": "deleted"}


@dataclass(frozen=True, slots=True)
class AlertPage:
    """One page of one listing of one window; the first has no cursor."""

    listing: str
    window: Period
    cursor: str | None = None


@dataclass(frozen=True, slots=True)
class AlertAnswer:
    """The alerts of a page, their detections ``unread`` but where these are gone, and the cursor of the next page."""

    page: AlertPage
    alerts: tuple[ObservedAlert, ...]
    cursor: str | None


def read_alert_page(endpoint: Endpoint, page: AlertPage, *, titles: bool) -> AlertAnswer:
    """Return a page; raises a `Failure` as `Endpoint.read` does, and for an answer that is not whole."""
    asked = {
        "type": page.listing,
        "createdAtAfter": _instant(page.window.begin - EDGE),
        "createdAtBefore": _instant(page.window.end + EDGE),
        "pageSize": PAGE,
        "sortBy": "createdAt",
        "sortDir": "ascending",
        **({"cursor": page.cursor} if page.cursor else {}),
    }
    data = endpoint.read(TITLED if titles else ALERTS, {"input": asked})
    try:
        found, info = data["alerts"], data["alerts"]["pageInfo"]
        alerts = tuple(_alert(each["node"], titles=titles) for each in endpoint.clean(found["edges"]))
        more, cursor = info["hasNextPage"], info.get("endCursor")
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError):
        raise _odd("an alert, or the page, lacks what was asked for") from None
    if not more:
        return AlertAnswer(page, alerts, None)
    if not isinstance(cursor, str) or not cursor or cursor == page.cursor:
        raise _odd("a page says that another follows, and not where")
    return AlertAnswer(page, alerts, cursor)


def _alert(node: Mapping[str, Any], *, titles: bool) -> ObservedAlert:
    kind, name = node["origin"]["__typename"], node["origin"].get("id")
    attempts = [each for each in node["deliveries"] if each is not None]
    return ObservedAlert(
        id=_text(node["id"]),
        created_at=_moment(node["createdAt"]),
        severity=sys.intern(_text(node["severity"])),
        type=sys.intern(_text(node["type"])),
        detection=sys.intern(_text(name)) if kind in ("Detection", "DeletedDetection") and name is not None else None,
        knowledge=_KNOWN.get(kind, "unread"),
        log_types=None,
        deliveries=tuple(map(_attempt, attempts)),
        unread=len(node["deliveries"]) - len(attempts),
        title=(str(node["title"] or "")[:_LONGEST_TITLE] or None) if titles else None,
    )


def _attempt(given: Mapping[str, Any]) -> Attempt:
    output, status = sys.intern(_text(given["outputId"])), int(given["statusCode"])
    if not isinstance(success := given["success"], bool):
        raise TypeError("neither arrived nor failed")
    return Attempt(output, _moment(given["dispatchedAt"]), success, status)


def _text(given: object) -> str:
    """Return a text that is there: without one, two alerts or two destinations would pass for the same."""
    if not isinstance(given, str) or not given:
        raise TypeError("no text")
    return given


def _moment(given: object) -> datetime:
    if (found := moment_of(given)) is None:
        raise _odd("a time is none")
    return found


def _instant(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _odd(what: str) -> Failure:
    return error("invalid-answer", f"Panther's answer cannot be used: {what}", note="a partial answer is never used")

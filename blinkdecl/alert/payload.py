"""The alert as Panther delivers it, and how a request proves that it may trigger the automation. Pure.

Every key is always present: null where unknown, but arrays and objects are never null. Bodies are canonical: the same
alert gives the same bytes, so that a signature can be computed over them. An alert that is too large for Blink loses a
part of its context (`blinkdecl.alert.truncation`).
"""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from blinkdecl.alert.truncation import fitted
from blinkdecl.secret.value import Secret

# What Blink takes at most: "5 MB", read as bytes of UTF-8.
MAX_BODY = 5_000_000

KEY_HEADER = "BLINK-API-KEY"
SIGNATURE_HEADER = "X-BLINK-SIGNATURE"
_JSON_HEADERS = {"Content-Type": "application/json", "Accept": "application/json"}
_RESENT = "[Re-sent]: "


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert. `id` is the detection's id, `alert_id` the alert's own; `created_at` is RFC 3339.

    `title` is without the prefix that Panther adds; `resent` = it was delivered before. `added` holds keys that newer
    versions of Panther may add: they are passed on.
    """

    id: str | None = None
    alert_id: str | None = None
    created_at: str | None = None
    severity: str | None = None
    type: str | None = None
    link: str | None = None
    title: str | None = None
    name: str | None = None
    description: str | None = None
    runbook: str | None = None
    tags: tuple[str, ...] = ()
    version: str | None = None
    context: dict[str, object] = field(default_factory=dict)
    resent: bool = False
    added: Mapping[str, object] = field(default_factory=dict)


def panther_test_alert(created_at: str, link: str = "", *tags: str) -> Alert:
    """Return the alert that Panther's "Send Test Alert" sends; `link` is the console's address, if there is one.

    `tags` are added to the one that it has.
    """
    return Alert(
        id="Test.Alert",
        alert_id="Test.Alert",
        created_at=created_at,
        severity="INFO",
        type="RULE",
        link=link,
        title="This is a Test Alert",
        name="Test Alert",
        description="This is a Test Alert",
        runbook="Stuck? Check out our docs: https://docs.runpanther.io",
        tags=("test", *tags),
        version="abcdefg",
    )


def payload(alert: Alert) -> dict[str, object]:
    """Return the JSON object of an alert, with its keys in Panther's order."""
    return {
        "id": alert.id,
        "alertId": alert.alert_id,
        "createdAt": alert.created_at,
        "severity": alert.severity,
        "type": alert.type,
        "link": alert.link,
        "title": title_of(alert),
        "name": alert.name,
        "description": alert.description,
        "runbook": alert.runbook,
        "tags": list(alert.tags),
        "version": alert.version,
        "alertContext": alert.context,
        **alert.added,
    }


def title_of(alert: Alert) -> str | None:
    """Return the title as Panther delivers it, with a prefix that says the kind of alert, or that it is re-sent.

    Types without a known prefix (``POLICY_ERROR``, ``SYSTEM_ERROR``) have the bare title.
    """
    title = alert.title or alert.name
    if not title:
        return alert.title
    if alert.resent:
        return title if title.startswith(_RESENT) else f"{_RESENT}{title}"
    match alert.type:
        case "RULE" | "SCHEDULED_RULE" | "CORRELATION_RULE":
            return f"New Alert: {title}"
        case "RULE_ERROR" | "SCHEDULED_RULE_ERROR" | "CORRELATION_RULE_ERROR":
            return f"New rule error: {title}"
        case "POLICY":
            return f"Policy Failure: {alert.name or title}"
    return alert.title


# What a receiver may rely on.
KEYS = tuple(payload(Alert()))


def alert_of(document: Mapping[str, Any]) -> Alert:
    """Return the alert that a document of ``alert.schema.json`` describes, as one that is sent again."""
    known = {key: document[key] for key in KEYS}
    return Alert(
        id=known["id"],
        alert_id=known["alertId"],
        created_at=known["createdAt"],
        severity=known["severity"],
        type=known["type"],
        link=known["link"],
        title=known["title"],
        name=known["name"],
        description=known["description"],
        runbook=known["runbook"],
        tags=tuple(known["tags"]),
        version=known["version"],
        context=known["alertContext"],
        resent=True,
        added={key: value for key, value in document.items() if key not in KEYS},
    )


def body(alert: Alert, limit: int = MAX_BODY) -> bytes:
    """Return the canonical bytes of an alert, at most `limit`: UTF-8 JSON, sorted keys, no white space.

    Raises `blinkdecl.alert.truncation.TooLarge` if it is too large even without its context, and
    `blinkdecl.alert.canonical_json.Unrepresentable`.
    """
    return fitted(payload(alert), "alertContext", limit)


def key_headers(key: Secret) -> dict[str, str]:
    """Return the headers of a request that authenticates by API key, as Panther sends them."""
    return {**_JSON_HEADERS, KEY_HEADER: key.reveal()}


def signed_headers(key: Secret, timestamp: int, url: str, sent: bytes) -> dict[str, str]:
    """Return the headers of a request that authenticates by signature; `url` as it is sent. The key is not sent."""
    return {**_JSON_HEADERS, SIGNATURE_HEADER: f"ts={timestamp};sig1={sign(key, timestamp, url, sent)}"}


def sign(key: Secret, timestamp: int, url: str, sent: bytes) -> str:
    """Return Blink's signature (hex): HMAC-SHA256 over ``<unix seconds>.<full URL with query>.<raw body>``."""
    message = f"{timestamp}.{url}.".encode() + sent
    return hmac.digest(key.reveal().encode(), message, hashlib.sha256).hex()

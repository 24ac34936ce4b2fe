"""The alert as Panther delivers it, and how a request proves that it may trigger the automation. Pure.

Every key is always present: null where unknown, but arrays and objects never null. Bodies are canonical: the same
alert gives the same bytes, so that a signature can be computed over them.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from blinkdecl.secret_value import Secret

# What Blink takes at most: "5 MB", read as bytes of UTF-8.
MAX_BODY = 5_000_000

KEY_HEADER = "BLINK-API-KEY"
SIGNATURE_HEADER = "X-BLINK-SIGNATURE"


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert. `id` is the detection's id, `alert_id` the alert's own; `created_at` is RFC 3339."""

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
    context: Mapping[str, object] = field(default_factory=dict)


def panther_test_alert(created_at: str, link: str = "") -> Alert:
    """Return the alert that Panther's "Send Test Alert" sends; `link` is the console's address, if there is one."""
    return Alert(
        id="Test.Alert",
        alert_id="Test.Alert",
        created_at=created_at,
        severity="INFO",
        type="RULE",
        link=link,
        title="New Alert: This is a Test Alert",
        name="Test Alert",
        description="This is a Test Alert",
        runbook="Stuck? Check out our docs: https://docs.runpanther.io",
        tags=("test",),
        version="abcdefg",
    )


def payload(alert: Alert) -> dict[str, object]:
    """Return the JSON object of an alert, in the order in which Panther names the keys."""
    return {
        "id": alert.id,
        "alertId": alert.alert_id,
        "createdAt": alert.created_at,
        "severity": alert.severity,
        "type": alert.type,
        "link": alert.link,
        "title": alert.title,
        "name": alert.name,
        "description": alert.description,
        "runbook": alert.runbook,
        "tags": list(alert.tags),
        "version": alert.version,
        "alertContext": dict(alert.context),
    }


# What a receiver may rely on.
KEYS = tuple(payload(Alert()))


def body(alert: Alert) -> bytes:
    """Return the canonical bytes of an alert: UTF-8 JSON, keys sorted, nothing between them."""
    try:
        return _dumped(payload(alert), escaped=False)
    except UnicodeEncodeError:
        # JSON can name half a surrogate pair, UTF-8 cannot: such an alert goes out with escapes instead.
        return _dumped(payload(alert), escaped=True)


def key_headers(key: Secret) -> dict[str, str]:
    """Return the headers of a request that authenticates by API key, as Panther sends them."""
    return {**_JSON_HEADERS, KEY_HEADER: key.reveal()}


def sign(key: Secret, timestamp: int, url: str, sent: bytes) -> str:
    """Return Blink's signature (hex): HMAC-SHA256 over ``<unix seconds>.<full URL with query>.<raw body>``."""
    message = f"{timestamp}.{url}.".encode() + sent
    return hmac.digest(key.reveal().encode(), message, hashlib.sha256).hex()


_JSON_HEADERS = {"Content-Type": "application/json", "Accept": "application/json"}


def _dumped(value: dict[str, object], *, escaped: bool) -> bytes:
    text = json.dumps(value, ensure_ascii=escaped, allow_nan=False, sort_keys=True, separators=(",", ":"))
    return text.encode()

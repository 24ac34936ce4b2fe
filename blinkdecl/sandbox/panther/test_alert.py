"""Panther's own test alert, sent by the sandbox's Panther to a destination's webhook for real, on this machine only."""

from datetime import UTC, datetime
from urllib.parse import urlsplit

from blinkdecl.alert import payload
from blinkdecl.model.urls import is_loopback
from blinkdecl.sandbox.panther.destination import Destination
from blinkdecl.sandbox.panther.tenant import Refused
from blinkdecl.secret.value import Secret
from blinkdecl.system.http import Client, TransportError

_SECONDS = 10.0
_JSON = {"Content-Type": "application/json", "Accept": "application/json"}


def send_test_alert(found: Destination) -> dict[str, object]:
    """Send one test alert and return its row of the answer; raises `Refused` where it does not take RULE alerts."""
    if found.alert_types and "RULE" not in found.alert_types:
        raise Refused("InvalidInputError", "the destination does not accept alerts of the type RULE")
    at = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    status, message = _posted(found, at)
    return {
        "outputId": found.id,
        "message": message,
        "statusCode": status,
        "success": 200 <= status < 300,
        "dispatchedAt": at,
    }


def _posted(found: Destination, at: str) -> tuple[int, str]:
    """Return the receiver's status, 0 where there is none, and a sentence that holds the URL, as Panther's does."""
    url = found.webhook_url
    if not is_loopback((urlsplit(url).hostname or "").lower()):
        return 0, "the sandbox sends nothing beyond this machine"
    headers = payload.key_headers(Secret(found.api_key)) if found.api_key else _JSON
    with Client(1) as client:
        try:
            reply = client.post(url, payload.body(payload.panther_test_alert(at)), headers, _SECONDS)
        except TransportError as problem:
            return 0, f"request to {url} failed: {problem.kind}"
    return reply.status, f"{url} answered {reply.status}"

"""The Blink side: how a webhook answers. A decision from a request to an answer; no sockets, no clock of its own.

    404  the path is not /webhooks/<path>
    405  not POST
    413  the body is larger than 5,000,000 bytes (decided from Content-Length, before the body is read)
    401  no API key, a wrong one, a wrong signature, or one that is more than 300 s old or ahead
    415  the body is not declared as JSON
    400  the body is not an alert
    200  accepted

The first that applies decides.
"""

import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qs

from blinkdecl.alert.payload import KEY_HEADER, KEYS, MAX_BODY, SIGNATURE_HEADER, sign
from blinkdecl.secret.value import Secret

CLOCK_SKEW = 300
_WEBHOOK = re.compile(r"/webhooks/[^/]+")
_SIGNATURE = re.compile(r"ts=([0-9]{1,12});sig1=([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Request:
    """What came in. `headers` have lower-case names, `url` is the full one with its query, `size` is as declared."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    url: str
    size: int
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes out: a status, a JSON document and headers beside the usual ones; `LOST` = nothing at all.

    `page` is HTML, in place of the document.
    """

    status: int
    document: Mapping[str, object]
    headers: Mapping[str, str] = field(default_factory=dict)
    page: str = ""


# The connection is reset in place of an answer.
LOST = Answer(0, {})
# What a single-page app, or one that asks to log in, answers at any path.
LOGIN_PAGE = Answer(
    200, {}, page="<!doctype html>\n<html><head><title>Log in</title></head><body>Log in to go on.</body></html>\n"
)


@dataclass(slots=True)
class Keys:
    """The API key of each webhook path; a path whose key was never rotated has the default one."""

    default: str
    by_path: dict[str, str] = field(default_factory=dict)

    def of(self, path: str) -> Secret:
        """Return the key of ``/webhooks/soc``."""
        return Secret(self.by_path.get(path, self.default))

    def rotate(self, path: str, key: str) -> None:
        """Give ``soc`` or ``/webhooks/soc`` another key: the old one is refused from now on."""
        self.by_path["/webhooks/" + path.removeprefix("/webhooks/").strip("/")] = key


def refuse_early(request: Request) -> Answer | None:
    """Return the refusal that needs no body, or None."""
    if not _WEBHOOK.fullmatch(request.path):
        return refused(404, "there is no webhook at this path")
    if request.method != "POST":
        return refused(405, "a webhook takes POST only")
    if request.size > MAX_BODY:
        return refused(413, f"the body is larger than {MAX_BODY} bytes")
    return None


def receive(request: Request, keys: Keys, now: float) -> Answer:
    """Return how Blink answers a complete request that `refuse_early` lets through, at `now` (unix seconds)."""
    if not _authentic(request, keys.of(request.path), now):
        return refused(401, "the API key or the signature is not valid")
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        return refused(415, "the body must be application/json")
    alert = parsed(request.body)
    if alert is None:
        return refused(400, "the body is not a JSON object")
    missing = [name for name in KEYS if name not in alert]
    if missing:
        return refused(400, f"the alert lacks {', '.join(missing)}")
    return Answer(200, {"status": "accepted"})


def refused(status: int, reason: str) -> Answer:
    """Return a refusal; the reason never repeats any part of the request."""
    return Answer(status, {"error": reason})


def authentication(request: Request) -> str:
    """Return how the request tries to prove itself: ``header``, ``query``, ``signature`` or ``none``."""
    if KEY_HEADER.lower() in request.headers:
        return "header"
    if SIGNATURE_HEADER.lower() in request.headers:
        return "signature"
    return "query" if "apikey" in parse_qs(request.query) else "none"


def parsed(body: bytes) -> dict[str, object] | None:
    """Return the JSON object that the body holds, or None."""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) else None


def _authentic(request: Request, key: Secret, now: float) -> bool:
    match authentication(request):
        case "header":
            return Secret(request.headers[KEY_HEADER.lower()]) == key
        case "query":
            return Secret(parse_qs(request.query)["apikey"][0]) == key
        case "signature":
            return _signed(request, key, now)
    return False


def _signed(request: Request, key: Secret, now: float) -> bool:
    found = _SIGNATURE.fullmatch(request.headers[SIGNATURE_HEADER.lower()])
    if found is None:
        return False
    timestamp = int(found[1])
    expected = sign(key, timestamp, request.url, request.body)
    return abs(now - timestamp) <= CLOCK_SKEW and hmac.compare_digest(found[2], expected)

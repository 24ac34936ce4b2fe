"""One GET to Blink's API: the JSON that was answered, or why there is none, and what to do.

    no connection, no answer, 429, 5xx   again, then ``unreachable``
    401, 403                             ``unauthorised``
    404                                  ``not-found``
    3xx, HTML, no JSON, a part of it     ``invalid-answer``
    400 and the rest of 4xx              ``rejected``, with what Blink says, masked and cut

"Again" is bounded in attempts and time (`RetryLimits`), with jitter; a Retry-After that fits into the time is obeyed.
`PATHS` is all that is ever asked for: a path that an odd id has led elsewhere is not sent.
"""

import json
import re
import time
from collections.abc import Mapping
from types import MappingProxyType
from urllib.parse import urlencode, urlsplit

from blinkdecl.blink.answers import message_of
from blinkdecl.diagnostics import Failure, error
from blinkdecl.secret.value import Mask, Secret, scrubbed
from blinkdecl.system.http import Client, Reply, TransportError
from blinkdecl.system.retry import RetryLimits, repeated, seconds_asked
from blinkdecl.system.transport import LASTING
from blinkdecl.system.web_page import what_it_is

MAX_ANSWER = 32 * 2**20
LIMITS = RetryLimits(attempts=3, budget=15.0, timeout=10.0)
_API, _ID = "/api/v1", "[A-Za-z0-9_-]{1,64}"
_KEY_HEADER = "BLINK-API-KEY"
PATHS = tuple(
    re.compile(each)
    for each in (
        "/user-workspaces",
        f"/workspace/{_ID}/automations",
        f"/workspace/{_ID}/playbooks/{_ID}",
        f"/workspace/{_ID}/executions",
        f"/workspace/{_ID}/executions/{_ID}",
    )
)
_NOTHING: Mapping[str, str] = MappingProxyType({})
_URL_HELP = "compare `blink.url` with the address at which you sign in to Blink, such as https://acme.app.blinkops.com"
_KEY_HELP = "make a new API key in Blink, at /user/profile/apikeys, and put it where `blink.api_key` says"
_ROLE_HELP = "the user of `blink.api_key` needs a role in the trigger's workspace; Viewer is the least of them"
_LATER_HELP = "check the address, VPN and proxy, or run it again later"


class _NoAnswer(Exception):
    """There is no answer yet; `wait` = seconds that Blink asks to wait."""

    def __init__(self, detail: str, wait: float | None = None) -> None:
        super().__init__(detail)
        self.wait = wait


class Endpoint:
    """Blink's API at one address; safe to call from several threads."""

    def __init__(
        self,
        url: str,
        key: Secret,
        *,
        connections: int = 10,
        limits: RetryLimits = LIMITS,
        environ: Mapping[str, str] = _NOTHING,
        mask: Mask = str,
    ) -> None:
        self._url, self._key, self._limits, self._mask = url.rstrip("/"), key, limits, mask
        # The project names this very host, so it may be one in a private network.
        host = (urlsplit(url).hostname or "").removesuffix(".")
        self._client = Client(connections, environ=environ, private=frozenset((host,)))

    def close(self) -> None:
        """Close every connection."""
        self._client.close()

    def clean(self, text: str) -> str:
        """Return what Blink says, fit to be shown."""
        return scrubbed(text, (self._key,), self._mask)

    def get(self, path: str, query: Mapping[str, str] = _NOTHING) -> object:
        """Return the JSON at one of `PATHS`; raises a `Failure` where there is none."""
        if not any(each.fullmatch(path) for each in PATHS):
            raise _odd("an id in it is none")
        url = f"{self._url}{_API}{path}" + (f"?{urlencode(query)}" if query else "")
        begun, attempts = time.monotonic(), 0

        def once() -> object:
            nonlocal attempts
            attempts += 1
            return self._once(url)

        def pause(problem: Exception, left: float) -> bool | float:
            if not isinstance(problem, _NoAnswer):
                return False
            return True if problem.wait is None else problem.wait if problem.wait < left else False

        try:
            return repeated(once, self._limits, pause)
        except _NoAnswer as problem:
            tried = "1 attempt" if attempts == 1 else f"{attempts} attempts"
            note = f"{tried} in {time.monotonic() - begun:.1f}s"
            asked = f"wait {problem.wait:.0f}s, as it asks, then run it again" if problem.wait else _LATER_HELP
            raise error("unreachable", str(problem), note=note, remedy=asked) from None

    def _once(self, url: str) -> object:
        headers = {"Accept": "application/json", _KEY_HEADER: self._key.reveal()}
        try:
            reply = self._client.request("GET", url, b"", headers, self._limits.timeout, limit=MAX_ANSWER)
        except TransportError as problem:
            outcome = _without_answer(problem)
        else:
            return self._understood(reply)
        raise outcome

    def _understood(self, reply: Reply) -> object:
        status = reply.status
        if status == 429 or status >= 500:
            wait = seconds_asked(reply.headers.get("retry-after"))
            raise _NoAnswer(f"Blink answered HTTP {status}", wait)
        if status == 401:
            raise error("unauthorised", "Blink refused the API key: HTTP 401", remedy=_KEY_HELP)
        if status == 403:
            raise error("unauthorised", "Blink does not let this API key look: HTTP 403", remedy=_ROLE_HELP)
        if status == 404:
            raise error("not-found", "Blink has nothing there: HTTP 404", remedy=_URL_HELP)
        if 300 <= status < 400:
            note = "redirects are never followed: they would take the key elsewhere"
            raise error("invalid-answer", f"Blink's address redirects: HTTP {status}", note=note, remedy=_URL_HELP)
        try:
            answer: object = json.loads(reply.body)
        except (ValueError, RecursionError):
            answer = None
        if status >= 400:
            said = self.clean(message_of(answer))
            raise error("rejected", f"Blink refused the question: HTTP {status}{f': {said}' if said else ''}")
        if not isinstance(answer, dict):
            raise _odd(what_it_is(reply.body))
        return answer


def _without_answer(problem: TransportError) -> Exception:
    if problem.sent and problem.kind in ("protocol", "too-large"):
        return _odd(problem.detail)
    if problem.kind in LASTING:
        return error("unreachable", f"cannot reach Blink: {problem.detail}", note="nothing was sent", remedy=_URL_HELP)
    return _NoAnswer(f"cannot reach Blink: {problem.detail}")


def _odd(detail: str) -> Failure:
    note = "a partial answer is never used"
    return error("invalid-answer", f"Blink's answer cannot be used: {detail}", note=note, remedy=_URL_HELP)

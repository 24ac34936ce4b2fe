"""One call of Panther's API over HTTP, GraphQL or REST: what was answered, or what that means for what was asked.

    outcome                                           a read                 a change
    no connection                                     again, ``unreachable``  again, ``unreachable``: it was not made
    no trust, a proxy refuses, a forbidden address    ``unreachable``        ``unreachable``: it was not made
    HTTP 429                                          again, ``unreachable``  again, ``unreachable``: it was not made
    HTTP 5xx, timeout, reset                          again, ``unreachable``  `OutcomeUnknown`
    HTML, not JSON, cut off, compressed, too large    ``invalid-answer``     `OutcomeUnknown`
    HTTP 3xx, 404                                     ``invalid-answer``     ``invalid-answer``: it was not made
    HTTP 401, 403, an error of that type              ``unauthorised``       ``unauthorised``: it was not made
    other HTTP 4xx                                    ``rejected``           ``rejected``: it was not made
    `errors`                                          ``invalid-answer``     by their type, otherwise `OutcomeUnknown`

"Again" is bounded in attempts and time (`RetryLimits`), with jitter; a Retry-After that fits into the time is obeyed.
Nothing that is raised holds a token, a key or a URL: what the peer says in words is masked and cut.
"""

import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

from blinkdecl.diagnostics import Failure, OutcomeUnknown, error
from blinkdecl.provider.panther.errors import ReadRefused, Refusal, failure_of, refusal_of, rest_refusal_of
from blinkdecl.secret.value import Mask, Secret
from blinkdecl.system.http import Client, Reply, TransportError
from blinkdecl.system.retry import RetryLimits, repeated, seconds_asked
from blinkdecl.system.transport import LASTING
from blinkdecl.system.web_page import what_it_is

MAX_ANSWER = 32 * 2**20

NO_ANSWER_HELP = "check the address, VPN and proxy, or run it again later"
_PLAN_HELP = f"{NO_ANSWER_HELP}; `blinkdecl plan --offline` compares with the record"
_URL_HELP = "compare `provider.url` with Panther's API URL, such as https://api.<tenant host>/public/graphql"
_RIGHTS = "DestinationRead and DestinationModify"
_HELP = {
    "authorities": "correct SSL_CERT_FILE and SSL_CERT_DIR where blinkdecl runs; without them, the system's count",
    "tls": "if a proxy inspects TLS here, or Panther has a private authority, name it in SSL_CERT_FILE",
    "proxy": "check HTTPS_PROXY and NO_PROXY, and whether the proxy lets this machine connect to Panther",
}
_NOTHING: Mapping[str, str] = MappingProxyType({})

# What the URL of the REST API lacks.
_GRAPHQL = "/public/graphql"

Node = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Call:
    """One request; `rest` = its answer is the document itself, which has no `data`, and errors are a `message`."""

    method: str
    url: str
    body: bytes = b""
    rest: bool = False


class _NoAnswer(Exception):
    """There is no answer. `done` = the request may have been carried out; `wait` = seconds, where asked to."""

    def __init__(self, detail: str, *, done: bool, wait: float | None = None) -> None:
        super().__init__(detail)
        self.detail, self.done, self.wait, self.tries = detail, done, wait, ""


class _OddAnswer(Exception):
    """The answer is not a GraphQL endpoint's, or not complete."""


class Endpoint:
    """A GraphQL endpoint, and the REST API beside it; safe to call from several threads.

    `rights` = what the token is to be allowed, `no_answer` = what helps where nobody answers, both for people.
    """

    def __init__(
        self,
        url: str,
        headers: Mapping[str, Secret],
        connections: int,
        limits: RetryLimits,
        environ: Mapping[str, str] = _NOTHING,
        mask: Mask = str,
        rights: str = _RIGHTS,
        no_answer: str = _PLAN_HELP,
    ) -> None:
        self._url, self._limits, self._mask, self._rights, self._no_answer = url, limits, mask, rights, no_answer
        self._headers = dict(headers)
        parts = urlsplit(url)
        # The project names this very host, so it may be one in a private network.
        private = frozenset(((parts.hostname or "").removesuffix("."),))
        self._client = Client(connections, environ=environ, private=private)
        self.host = parts.netloc.lower()
        self.location = f"{parts.scheme}://{self.host}"

    def close(self) -> None:
        """Close every connection."""
        self._client.close()

    def read(self, document: str, variables: Node = MappingProxyType({})) -> Node:
        """Return the data of a query; raises a `Failure` where there is none, `ReadRefused` for errors beside it."""
        return self._read(self._graphql(document, variables))

    def get(self, path: str) -> Node:
        """Return the object that the REST API has at a path; raises as `read` does."""
        return self._read(_Call("GET", self._url.rstrip("/").removesuffix(_GRAPHQL) + path, rest=True))

    def clean(self, told: object) -> Any:  # noqa: ANN401 - JSON of the same shape
        """Return a part of an answer without the secrets of the run: the very same where it has none, as nearly all.

        Raises a `Failure` (``invalid-answer``) for one that is nested as no answer is.
        """
        try:
            return _masked(told, self._mask) if self.repeats(_texts(told)) else told  # one search for all of them
        except RecursionError:
            raise _odd("it is nested too deeply") from None

    def repeats(self, texts: Iterable[str]) -> bool:
        """Whether a secret of this run is in one of these texts of an answer."""
        whole = "\n".join(texts)
        return self._mask(whole) != whole

    def _graphql(self, document: str, variables: Node) -> _Call:
        return _Call("POST", self._url, json.dumps({"query": document, "variables": dict(variables)}).encode())

    def _read(self, call: _Call) -> Node:
        try:
            data, refusal = self._tried(call, lambda problem: True)
        except _OddAnswer as problem:
            raise _odd(str(problem)) from None
        except _NoAnswer as problem:
            raise _unreachable(problem, self._no_answer) from None
        if refusal is not None:
            if refusal.kind == "unauthorised":
                raise self._unauthorised(refusal.text)
            raise ReadRefused(refusal, *_odd(refusal.text).diagnostics)
        return data

    def change(self, document: str, variables: Node, secrets: Iterable[Secret] = ()) -> Node:
        """Return the data of a mutation, or of a query that does something; made at most once.

        Raises a `Failure` where it was not made, `OutcomeUnknown` where nobody knows. `secrets` are in the variables,
        and masked in what the peer says.
        """
        try:
            data, refusal = self._tried(
                self._graphql(document, variables), lambda problem: not problem.done, tuple(secrets)
            )
        except _OddAnswer as problem:
            raise OutcomeUnknown(str(problem)) from None
        except _NoAnswer as problem:
            if problem.done:
                raise OutcomeUnknown(problem.detail, problem.wait) from None
            raise _unreachable(problem, self._no_answer) from None
        if refusal is None:
            return data
        if refusal.kind == "unauthorised":
            raise self._unauthorised(refusal.text)
        raise failure_of(refusal) or OutcomeUnknown(refusal.text)

    def _tried(
        self, call: _Call, again: Callable[[_NoAnswer], bool], secrets: tuple[Secret, ...] = ()
    ) -> tuple[Node, Refusal | None]:
        """Send a call until there is an answer, or until the limits allow no further attempt."""
        begun, attempts = time.monotonic(), 0

        def once() -> tuple[Node, Refusal | None]:
            nonlocal attempts
            attempts += 1
            return self._once(call, secrets)

        def pause(problem: Exception, left: float) -> bool | float:
            if not isinstance(problem, _NoAnswer) or not again(problem):
                return False
            return True if problem.wait is None else problem.wait if problem.wait < left else False

        try:
            return repeated(once, self._limits, pause)
        except _NoAnswer as problem:
            tried = "1 attempt" if attempts == 1 else f"{attempts} attempts"
            problem.tries = f"{tried} in {time.monotonic() - begun:.1f}s"
            raise

    def _once(self, call: _Call, secrets: tuple[Secret, ...]) -> tuple[Node, Refusal | None]:
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        headers |= {name: value.reveal() for name, value in self._headers.items()}
        try:
            reply = self._client.request(
                call.method, call.url, call.body, headers, self._limits.timeout, limit=MAX_ANSWER
            )
        except TransportError as problem:
            outcome = self._without_answer(problem)
        else:
            return self._understood(call, reply, (*secrets, *self._headers.values()))
        raise outcome

    def _without_answer(self, problem: TransportError) -> Exception:
        if problem.sent and problem.kind in ("protocol", "too-large"):
            return _OddAnswer(problem.detail)
        if problem.kind in LASTING:
            remedy = _HELP.get(problem.kind, _URL_HELP)
            summary = f"cannot reach Panther: {problem.detail}"
            return error("unreachable", summary, note="nothing was sent", remedy=remedy)
        by = f" by {self.host}" if problem.kind == "unreachable" else f" ({self.host})"
        return _NoAnswer(f"cannot reach Panther: {problem.detail}{by}", done=problem.sent)

    def _understood(self, call: _Call, reply: Reply, secrets: tuple[Secret, ...]) -> tuple[Node, Refusal | None]:
        """Return data and the first error of an answer; raises where it is not a GraphQL answer."""
        status = reply.status
        if status == 429 or status >= 500:
            wait = seconds_asked(reply.headers.get("retry-after"))
            detail = f"Panther answered HTTP {status}"
            raise _NoAnswer(detail, done=status != 429, wait=wait)
        if status in (401, 403):
            raise self._unauthorised(f"HTTP {status}")
        if 300 <= status < 400:
            note = "redirects are never followed: they would take the token elsewhere"
            raise error("invalid-answer", f"Panther's URL redirects: HTTP {status}", note=note, remedy=_URL_HELP)
        if status in (404, 405, 410):
            what = f"REST API at {urlsplit(call.url).path}" if call.rest else "GraphQL endpoint"
            raise error("invalid-answer", f"there is no {what}: HTTP {status}", remedy=_URL_HELP)
        document = _parsed(reply)
        refusal = (rest_refusal_of if call.rest else refusal_of)(document, secrets, self._mask)
        if status >= 400:
            said = f": {refusal.text}" if refusal else ""
            raise error("rejected", f"Panther refused the request: HTTP {status}{said}")
        data = document.get("data") if document and not call.rest else document
        if document is None or not (isinstance(data, dict) or refusal):
            raise _OddAnswer(what_it_is(reply.body))
        return data if isinstance(data, dict) else {}, refusal

    def _unauthorised(self, detail: str) -> Failure:
        remedy = f"the token needs {self._rights}; a new token\ncan take a minute to work"
        return error("unauthorised", f"Panther refused the API token: {detail}", remedy=remedy)


def _parsed(reply: Reply) -> Node | None:
    try:
        document = json.loads(reply.body)
    except (ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) else None


def _odd(detail: str) -> Failure:
    note = "nothing was changed; a partial answer is never used"
    return error("invalid-answer", f"Panther's answer cannot be used: {detail}", note=note, remedy=_URL_HELP)


def _unreachable(problem: _NoAnswer, remedy: str) -> Failure:
    asked = f"wait {problem.wait:.0f}s, as it asks, then run the same command again" if problem.wait else None
    return error("unreachable", problem.detail, note=f"{problem.tries}; nothing was changed", remedy=asked or remedy)


def _texts(told: object) -> Iterator[str]:
    """Yield every text of JSON, but for the names in objects: those are what was asked for."""
    if isinstance(told, str):
        yield told
    elif isinstance(told, dict | list):
        for each in told.values() if isinstance(told, dict) else told:
            yield from _texts(each)


def _masked(told: object, mask: Mask) -> object:
    """Return JSON with each of its texts masked."""
    if isinstance(told, dict):
        return {name: _masked(each, mask) for name, each in told.items()}
    if isinstance(told, list):
        return [_masked(each, mask) for each in told]
    return mask(told) if isinstance(told, str) else told

"""Panther's side over HTTP: from a request to an answer, with the faults that are switched on."""

import sqlite3
from collections.abc import Callable
from http import HTTPStatus
from threading import Lock
from urllib.parse import parse_qs

from blinkdecl.sandbox.blink import LOST, Answer, Request, parsed, refused
from blinkdecl.sandbox.panther.faults import NO_FAULTS, Dice, Faults
from blinkdecl.sandbox.panther.history import PATHS, History
from blinkdecl.sandbox.panther.schema import Api, Profile
from blinkdecl.sandbox.panther.tenant import Tenant

GRAPHQL = "/public/graphql"
ENDPOINTS = (GRAPHQL, *PATHS)


class Panther:
    """What answers for Panther; safe to use from several threads. `wait` waits for seconds, or until all is over."""

    def __init__(
        self,
        database: sqlite3.Connection,
        profile: Profile,
        token: str,
        dice: Dice,
        wait: Callable[[float], object],
        *,
        introspection: bool,
    ) -> None:
        self.tenant, self.history = Tenant(database), History()
        self._token, self._dice, self._wait = token, dice, wait
        self._api = Api(profile, self.tenant, self.history, introspection=introspection)
        # The kind of destination that a person makes in the console.
        self.kind = "customWebhook" if profile == "self-hosted" else "blinkOps"
        self._lock = Lock()
        self.faults, self._refused = NO_FAULTS, 0

    def set_faults(self, faults: Faults) -> None:
        """Replace the faults from now on."""
        with self._lock:
            self.faults, self._refused = faults, 0
        self.tenant.remembers = self.tenant.remembers or faults.stale > 0

    def answer(self, request: Request) -> Answer:
        """Answer a call of the GraphQL API, or of the REST API beside it."""
        faults = self.faults
        if faults.latency:
            self._wait(faults.latency)
        given = request.headers.get("x-api-key") or request.headers.get("authorization", "")
        if given.removeprefix("Bearer ") != self._token:
            return Answer(401, {"message": "Unauthorized"})
        if request.method != ("POST" if request.path == GRAPHQL else "GET"):
            return refused(405, "GraphQL takes POST only, and the REST API here GET only")
        if faults.refuse and self._refuses(faults):
            return _refusal(faults)
        if self._dice.falls(faults.throttle):
            return Answer(429, {"message": "Too Many Requests"}, {"Retry-After": f"{faults.retry_after:g}"})
        if self._dice.falls(faults.fail):
            return Answer(503, {"message": "Service Unavailable"})
        return self._graphql(request, faults) if request.path == GRAPHQL else self._rest(request, faults)

    def operations(self, request: Request) -> tuple[str, ...]:
        """Return what a request to the GraphQL API is to do; () = nothing that it could understand."""
        query = (parsed(request.body) or {}).get("query")
        return self._api.operations(query) if isinstance(query, str) else ()

    def _refuses(self, faults: Faults) -> bool:
        """Whether one more answer is refused."""
        if not faults.refuse_times:
            return True
        with self._lock:
            self._refused += 1
            return self._refused <= faults.refuse_times

    def _rest(self, request: Request, faults: Faults) -> Answer:
        try:
            return Answer(200, self.history.listed(request.path, parse_qs(request.query), faults))
        except ValueError as problem:
            return Answer(400, {"message": str(problem)})

    def _graphql(self, request: Request, faults: Faults) -> Answer:
        body = parsed(request.body) or {}
        query, variables = body.get("query"), body.get("variables") or {}
        if not (isinstance(query, str) and isinstance(variables, dict)):
            return Answer(400, {"errors": [{"message": 'the body is not {"query": "...", "variables": {...}}'}]})
        changes = self._api.changes(query)
        if changes and faults.delay:
            self._wait(faults.delay * self._dice.share())
        document = self._api.execute(query, variables, faults)
        lost = changes and self._dice.falls(faults.lose)
        return LOST if lost else Answer(200, document)


def _refusal(faults: Faults) -> Answer:
    if faults.refuse == HTTPStatus.BAD_GATEWAY:
        return Answer(faults.refuse, {}, page="<html><body>502 Bad Gateway</body></html>\n")
    return Answer(faults.refuse, {faults.reason_key: HTTPStatus(faults.refuse).phrase.lower()})

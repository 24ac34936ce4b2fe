"""The sandbox: a real HTTP server on this machine alone, on which Panther's and Blink's sides answer as they would.

with Sandbox() as sandbox:
    sandbox.url                     http://127.0.0.1:<port>; Panther's GraphQL is at /public/graphql
    sandbox.rotate("soc", "other")  the key of one webhook; `sandbox` before
    sandbox.received()              what came in at the webhooks, oldest first
    sandbox.destinations()          what Panther holds
    sandbox.timeline()              what Panther held after each change
    sandbox.edit("Blink SOC", severities="CRITICAL")   a person clicks in Panther's console
    sandbox.traffic(alerts=200, days=7)                alerts of the last days, for Panther's read API
    sandbox.runs                    Blink's automations and their runs; its API is below /api/v1
    sandbox.requests()              every request to Panther and Blink, as far as it says what it is to do
    sandbox.asked()                 of these what Blink's API was asked: methods and paths, oldest first

The same over HTTP below /_sandbox/: see `blinkdecl.sandbox.control`.
"""

import sqlite3
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread
from types import TracebackType
from typing import Self

from blinkdecl.alert.payload import MAX_BODY
from blinkdecl.diagnostics import Failure, error
from blinkdecl.sandbox import blink, blink_api, control
from blinkdecl.sandbox.blink import Answer, Request
from blinkdecl.sandbox.http import Server
from blinkdecl.sandbox.panther.destination import Destination
from blinkdecl.sandbox.panther.faults import NO_FAULTS, Dice, Faults, read_faults
from blinkdecl.sandbox.panther.schema import Profile
from blinkdecl.sandbox.panther.side import ENDPOINTS, GRAPHQL, Panther
from blinkdecl.sandbox.panther.timeline import Timeline
from blinkdecl.sandbox.runs import Runs
from blinkdecl.sandbox.store import Asked, Received, Store

HOST = "127.0.0.1"
# Of the latest requests, so many are told of.
_REMEMBERED = 100_000


class Sandbox:
    """A context manager that serves from a thread of its own until it is left, and leaves nothing behind."""

    def __init__(
        self,
        port: int = 0,
        latency: float = 0.0,
        fail_rate: float = 0.0,
        api_key: str = "sandbox",
        database: Path | None = None,
        seed: int = 0,
        *,
        profile: Profile = "native",
        token: str = "sandbox-token",  # noqa: S107 - that of a sandbox
        faults: Faults = NO_FAULTS,
        introspection: bool = True,
        blink_key: str = "sandbox-blink-key",
    ) -> None:
        """Port 0 takes any free one. Webhooks wait `latency` seconds, then answer 500 at `fail_rate` (0 to 1).

        `profile` and `token` are Panther's, and so are the `faults`. `blink_key` is that of a user of Blink.
        """
        self._port = port
        self._latency = latency
        self._fail_rate = fail_rate
        self._dice = Dice(seed)
        self._keys = blink.Keys(api_key)
        self._database = database
        self._profile, self._token, self._introspection = profile, token, introspection
        self._faults = faults
        self._blink_key = blink_key
        self.runs = Runs(time.time())
        self._requests: deque[Asked] = deque(maxlen=_REMEMBERED)
        self._stopping = Event()

    def __enter__(self) -> Self:
        """Listen and serve; raises a `Failure` (``port-in-use``, ``unwritable``)."""
        self._store = Store(self._database)
        self._tenant_database = sqlite3.connect(
            self._database or ":memory:", check_same_thread=False, isolation_level=None
        )
        self._tenant_database.execute("pragma synchronous = off")
        self._panther = Panther(
            self._tenant_database, self._profile, self._token, self._dice, self._stopping.wait,
            introspection=self._introspection,
        )  # fmt: skip
        self._panther.set_faults(self._faults)
        try:
            self._server = Server((HOST, self._port), self)
        except OSError as problem:
            self._close()
            raise _port_taken(self._port, problem) from None
        self._thread = Thread(target=self._server.serve_forever, args=(0.05,), name="sandbox")
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._stopping.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        self._close()

    def _close(self) -> None:
        self._tenant_database.close()
        self._store.close()

    @property
    def url(self) -> str:
        """The address of the sandbox, without a slash at its end."""
        return f"http://{HOST}:{self._server.server_address[1]}"

    def serve_until(self, ended: Callable[[], bool]) -> None:
        """Wait until `ended` says so: an exception raised by a signal handler can get lost between two threads."""
        while not ended():
            self._stopping.wait(0.05)

    def rotate(self, path: str, key: str) -> None:
        """Give a webhook another API key."""
        self._keys.rotate(path, key)

    def received(self) -> tuple[Received, ...]:
        """Return every request to a webhook, oldest first."""
        return self._store.all()

    def requests(self) -> tuple[Asked, ...]:
        """Return every request to the APIs and webhooks, refused ones as well, oldest first."""
        return tuple(self._requests)

    def asked(self) -> tuple[tuple[str, str], ...]:
        """Return the method and path of every request to Blink's API, oldest first."""
        return tuple((each.method, each.path) for each in self.requests() if each.path.startswith(blink_api.PREFIX))

    def destinations(self) -> tuple[Destination, ...]:
        """Return what Panther holds, secrets included."""
        return self._panther.tenant.all()

    def timeline(self) -> Timeline:
        """Return what Panther held at the start and after each change, secrets included."""
        return self._panther.tenant.timeline()

    def set_faults(self, faults: Faults) -> None:
        """Replace the faults from now on."""
        self._panther.set_faults(faults)

    def edit(
        self, name: str, *, by: str = "jo@example.com", create: bool = False, delete: bool = False, **changes: object
    ) -> str:
        """Simulate an edit in Panther's console and return the destination's id; raises a ValueError if refused."""
        wanted = {"name": name, "fields": changes, "by": by, "create": create, "delete": delete}
        answer = self._edit(wanted)
        if answer.status != 200:
            raise ValueError(answer.document["error"])
        return str(answer.document["id"])

    def traffic(self, **wanted: object) -> None:
        """Have alerts of the last days, as `Traffic` describes them; raises a ValueError if refused."""
        answer = control.traffic(self._panther, wanted, datetime.now(UTC).replace(microsecond=0))
        if answer.status != 200:
            raise ValueError(answer.document["error"])

    def early(self, request: Request) -> Answer | None:
        """Answer what needs no body, or None."""
        if _is_api(request.path) or self._panther.faults.web_page:
            answer = blink.refused(413, "too large") if request.size > MAX_BODY else None
        elif (answer := blink.refuse_early(request)) is not None:
            self._record(request, answer)
        if answer is not None:
            self._requests.append(Asked(request.method, request.path))
        return answer

    def answer(self, request: Request) -> Answer:
        """Answer a complete request."""
        if _is_own(request.path):
            return self._control(request)
        operations = self._panther.operations(request) if request.path == GRAPHQL else ()
        self._requests.append(Asked(request.method, request.path, operations))
        if request.path in ENDPOINTS:
            return self._panther.answer(request)
        if request.path.startswith(blink_api.PREFIX):
            return self._blink_api(request)
        if self._latency:
            self._stopping.wait(self._latency)
        if self._panther.faults.web_page:
            answer = blink.LOGIN_PAGE
        elif self._dice.falls(self._fail_rate):
            answer = blink.refused(500, "the sandbox failed on purpose, by its fail rate")
        else:
            answer = blink.receive(request, self._keys, time.time())
        self._record(request, answer)
        if answer.status == 200 and not answer.page:
            event = {"payload": blink.parsed(request.body), "headers": dict(request.headers)}
            self.runs.accepted(request.path, event, time.time())
        return answer

    def _blink_api(self, request: Request) -> Answer:
        """Answer a question to Blink's API."""
        if latency := self.runs.faults.latency:
            self._stopping.wait(latency)
        return blink_api.answer(request, self.runs, self._blink_key, time.time())

    def _record(self, request: Request, answer: Answer) -> None:
        alert: Mapping[str, object] = blink.parsed(request.body) or {}
        self._store.add(
            Received(
                at=datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
                path=request.path,
                status=answer.status,
                alert_id=_text(alert.get("alertId")),
                title=_text(alert.get("title")),
                authentication=blink.authentication(request),
                size=request.size,
            )
        )

    def _control(self, request: Request) -> Answer:
        wanted = blink.parsed(request.body) or {}
        match request.method, request.path:
            case "GET", "/_sandbox/health":
                return Answer(200, {"status": "ok"})
            case "GET", "/_sandbox/received":
                return Answer(200, {"received": [asdict(each) for each in self.received()]})
            case "GET", "/_sandbox/destinations":
                rows = [{**asdict(each), "config": each.redacted()} for each in self.destinations()]
                return Answer(200, {"destinations": rows})
            case "GET", "/_sandbox/timeline" | "/timeline":
                return Answer(200, {"timeline": control.timeline(self.timeline())})
            case "POST", "/_sandbox/rotate":
                return self._rotate(wanted)
            case "POST", "/_sandbox/faults":
                return self._set_faults(wanted)
            case "POST", "/_sandbox/blink" | "/_sandbox/automations":
                return control.blink(self.runs, request.path.removeprefix("/_sandbox/"), wanted)
            case "POST", "/_sandbox/traffic":
                return control.traffic(self._panther, wanted, datetime.now(UTC).replace(microsecond=0))
            case "POST", "/_sandbox/edit":
                return self._edit(wanted)
        return blink.refused(404, "the sandbox has no such page")

    def _edit(self, wanted: Mapping[str, object]) -> Answer:
        return control.edit(self._panther.tenant, self._panther.kind, wanted)

    def _set_faults(self, wanted: Mapping[str, object]) -> Answer:
        try:
            self.set_faults(read_faults(wanted))
        except ValueError as problem:
            return blink.refused(400, str(problem))
        return Answer(200, {"status": "set"})

    def _rotate(self, wanted: Mapping[str, object]) -> Answer:
        path, key = wanted.get("path"), wanted.get("key")
        if not (isinstance(path, str) and path and isinstance(key, str) and key):
            return blink.refused(400, 'needs {"path": "...", "key": "..."}')
        self.rotate(path, key)
        return Answer(200, {"status": "rotated"})


def _is_own(path: str) -> bool:
    """Whether a path belongs to the sandbox itself, and to neither of the systems that it plays."""
    return path.startswith("/_sandbox/") or path == "/timeline"


def _is_api(path: str) -> bool:
    """Whether a path is no webhook's."""
    return _is_own(path) or path in ENDPOINTS or path.startswith(blink_api.PREFIX)


def _text(value: object) -> str | None:
    # SQLite does not accept lone surrogates, which JSON can spell.
    return value.encode(errors="replace").decode() if isinstance(value, str) else None


def _port_taken(port: int, problem: OSError) -> Failure:
    reason = (problem.strerror or "it cannot be used").lower()
    return error("port-in-use", f"cannot listen on {HOST}:{port}", note=reason, remedy="--port 0 takes any free port")

"""The sandbox: a real HTTP server on this machine alone, in which Blink's side answers as Blink would.

with Sandbox() as sandbox:
    sandbox.url                     http://127.0.0.1:<port>
    sandbox.rotate("soc", "other")  the key of one webhook; `sandbox` before
    sandbox.received()              what came in, oldest first

The same over HTTP: POST /_sandbox/rotate {"path", "key"}, GET /_sandbox/received, GET /_sandbox/health.
"""

import random
import time
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Lock, Thread
from types import TracebackType
from typing import Self

from blinkdecl.alert import MAX_BODY
from blinkdecl.diagnostics import Failure, error
from blinkdecl.sandbox import blink
from blinkdecl.sandbox.blink import Answer, Request
from blinkdecl.sandbox.http import Server
from blinkdecl.sandbox.store import Received, Store

HOST = "127.0.0.1"


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
    ) -> None:
        """Port 0 takes any free one. Webhooks wait `latency` seconds, then answer 500 at `fail_rate` (0 to 1)."""
        self._port = port
        self._latency = latency
        self._fail_rate = fail_rate
        self._dice = random.Random(seed)  # noqa: S311 - the same failures in every run are the point
        self._dice_lock = Lock()
        self._keys = blink.Keys(api_key)
        self._database = database
        self._stopping = Event()

    def __enter__(self) -> Self:
        """Listen and serve; raises a `Failure` (``port-in-use``, ``unwritable``)."""
        self._store = Store(self._database)
        try:
            self._server = Server((HOST, self._port), self)
        except OSError as problem:
            self._store.close()
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
        self._store.close()

    @property
    def url(self) -> str:
        """The address of the sandbox, without a slash at its end."""
        return f"http://{HOST}:{self._server.server_address[1]}"

    def serve_forever(self) -> None:
        """Wait until a signal ends the wait."""
        self._thread.join()

    def rotate(self, path: str, key: str) -> None:
        """Give a webhook another API key."""
        self._keys.rotate(path, key)

    def received(self) -> tuple[Received, ...]:
        """Return every request to a webhook, oldest first."""
        return self._store.all()

    def early(self, request: Request) -> Answer | None:
        """Answer what needs no body, or None."""
        if request.path.startswith("/_sandbox/"):
            return blink.refused(413, "too large") if request.size > MAX_BODY else None
        answer = blink.refuse_early(request)
        if answer is not None:
            self._record(request, answer)
        return answer

    def answer(self, request: Request) -> Answer:
        """Answer a complete request."""
        if request.path.startswith("/_sandbox/"):
            return self._control(request)
        if self._latency:
            self._stopping.wait(self._latency)
        if self._fails():
            answer = blink.refused(500, "the sandbox fails as told by its fail rate")
        else:
            answer = blink.receive(request, self._keys, time.time())
        self._record(request, answer)
        return answer

    def _fails(self) -> bool:
        if not self._fail_rate:
            return False
        with self._dice_lock:
            return self._dice.random() < self._fail_rate

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
        match request.method, request.path:
            case "GET", "/_sandbox/health":
                return Answer(200, {"status": "ok"})
            case "GET", "/_sandbox/received":
                return Answer(200, {"received": [asdict(each) for each in self.received()]})
            case "POST", "/_sandbox/rotate":
                return self._rotate(blink.parsed(request.body) or {})
        return blink.refused(404, "the sandbox has no such page")

    def _rotate(self, wanted: Mapping[str, object]) -> Answer:
        path, key = wanted.get("path"), wanted.get("key")
        if not (isinstance(path, str) and path and isinstance(key, str) and key):
            return blink.refused(400, 'needs {"path": "...", "key": "..."}')
        self.rotate(path, key)
        return Answer(200, {"status": "rotated"})


def _text(value: object) -> str | None:
    # SQLite takes no half surrogate pairs, which JSON can name.
    return value.encode(errors="replace").decode() if isinstance(value, str) else None


def _port_taken(port: int, problem: OSError) -> Failure:
    reason = (problem.strerror or "it cannot be used").lower()
    return error("port-in-use", f"cannot listen on {HOST}:{port}", note=reason, way_out="--port 0 takes any free port")

"""A proxy on loopback that does to any request, by chance, what networks and gateways do.

refuse        answered 502, not passed on          refuse_after  passed on, and answered 502
page          answered 200 with a web page         page_after    passed on, and answered with a web page
reset         the connection is reset (RST)        reset_after   passed on, then reset
throttle      answered 429 with Retry-After        truncate      passed on, and the answer breaks off
delay         passed on late
"""

import http.client
import random
import socket
import struct
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

MODES = (
    "refuse",
    "refuse_after",
    "page",
    "page_after",
    "reset",
    "reset_after",
    "throttle",
    "truncate",
    "delay",
)
# Seconds that a delayed request waits at most.
LATEST = 0.15
_PAGE = b"<!doctype html><html><body>Sign in to continue</body></html>"
_DROPPED = ("connection", "transfer-encoding", "content-length", "date", "server")


class ChaosProxy(ThreadingHTTPServer):
    """`rate` = the share of requests that something happens to; 0 is calm. `done` counts what happened."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, upstream: str, seed: int, rate: float) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.upstream = upstream.removeprefix("http://").partition("/")[0]
        self.rate, self.done = rate, Counter[str]()
        self._chance, self._guard = random.Random(seed), threading.Lock()

    @property
    def url(self) -> str:
        """The address of the proxy."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def fate(self) -> tuple[str, float]:
        """Return what happens to the next request ("" = nothing), and a number from 0 to 1 that it may need."""
        with self._guard:
            hit, share = self._chance.random() < self.rate, self._chance.random()
            mode = self._chance.choice(MODES) if hit else ""
            self.done[mode] += 1
            return mode, share

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: clients are killed here, and servers end."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = 30.0
    server: ChaosProxy

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
        """Say nothing."""

    def _serve(self) -> None:
        size = int(self.headers.get("Content-Length", 0))
        body = self.rfile.read(size)
        self.close_connection = True
        if len(body) < size:  # the client died in the midst of it
            return
        mode, share = self.server.fate()
        if mode == "delay":
            time.sleep(LATEST * share)
        passes = mode not in ("refuse", "page", "reset", "throttle")
        status, headers, answer = self._passed_on(body) if passes else (0, [], b"")
        with suppress(OSError):  # the client has gone
            self._answer(mode, share, (status, headers, answer))

    do_GET = do_POST = do_PUT = do_HEAD = do_DELETE = do_LOCK = do_UNLOCK = _serve  # noqa: N815 - the base's names

    def _passed_on(self, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        connection = http.client.HTTPConnection(self.server.upstream, timeout=10)
        try:
            connection.request(self.command, self.path, body or None, dict(self.headers.items()))
            answer = connection.getresponse()
            kept = [each for each in answer.getheaders() if each[0].lower() not in _DROPPED]
            return answer.status, kept, answer.read()
        finally:
            connection.close()

    def _answer(self, mode: str, share: float, real: tuple[int, list[tuple[str, str]], bytes]) -> None:
        match mode:
            case "reset" | "reset_after":
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            case "refuse" | "refuse_after":
                self._send(502, [("Content-Type", "text/html")], b"<html>bad gateway</html>")
            case "page" | "page_after":
                self._send(200, [("Content-Type", "text/html")], _PAGE)
            case "throttle":
                self._send(429, [("Retry-After", str(round(share)))], b"slow down")
            case "truncate":
                self._send(*real, length=int(len(real[2]) * share))
            case _:
                self._send(*real)

    def _send(self, status: int, headers: list[tuple[str, str]], body: bytes, length: int | None = None) -> None:
        """Answer; with `length`, break off after so many bytes of the body."""
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body[:length])


@contextmanager
def chaos(upstream: str, seed: int, rate: float) -> Iterator[ChaosProxy]:
    """Serve a chaos proxy before a server."""
    with ChaosProxy(upstream, seed, rate) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()

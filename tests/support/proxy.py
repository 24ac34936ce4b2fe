"""A proxy on loopback that does to one request of a kind what networks do, and passes on all others.

drop_before   reset, and nothing was passed on
drop_after    passed on, then reset: the server has done it, and nobody hears of it
hang          never answered, nor passed on
drip          passed on, and answered a byte now and then
truncate      passed on, and answered by half
lag           passed on late
status        passed on, and answered 502
page          not passed on, and answered 200 with a web page
"""

import http.client
import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Literal

Mode = Literal["drop_before", "drop_after", "hang", "drip", "truncate", "lag", "status", "page"]
MODES: tuple[Mode, ...] = ("drop_before", "drop_after", "hang", "drip", "truncate", "lag", "status", "page")


_PAGE = b"<!doctype html><html><body>Sign in to continue</body></html>"


class Proxy(ThreadingHTTPServer):
    """`fault` = (what a request of the kind contains, the mode), for the next such request; then it is None."""

    daemon_threads = True

    def __init__(self, upstream: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.upstream = upstream.removeprefix("http://").partition("/")[0]
        self.fault: tuple[bytes, Mode] | None = None
        self.guard, self.ended = threading.Lock(), threading.Event()

    @property
    def url(self) -> str:
        """The address of the proxy."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def fault_of(self, request: bytes) -> Mode | None:
        """Return what to do to a request, once."""
        with self.guard:
            if self.fault is None or self.fault[0] not in request:
                return None
            mode, self.fault = self.fault[1], None
            return mode


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Proxy

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
        """Say nothing."""

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        mode = self.server.fault_of(f"{self.command} {self.path} ".encode() + body)
        self.close_connection = True
        if mode == "drop_before":
            self._reset()
            return
        if mode == "hang":
            self.server.ended.wait(20)
            return
        if mode == "lag":
            time.sleep(0.3)
        status, answer = (200, _PAGE) if mode == "page" else self._passed_on(body)
        with suppress(OSError):  # the client has gone
            self._answer(mode, status, answer)

    do_GET = do_POST = do_DELETE = do_LOCK = do_UNLOCK = _serve  # noqa: N815 - the base's names

    def _passed_on(self, body: bytes) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection(self.server.upstream, timeout=10)
        try:
            connection.request(self.command, self.path, body, dict(self.headers.items()))
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def _answer(self, mode: Mode | None, status: int, answer: bytes) -> None:
        if mode == "drop_after":
            self._reset()
            return
        if mode == "status":
            status, answer = 502, b"<html>bad gateway</html>"
        self.send_response(status)
        self.send_header("Content-Length", str(len(answer) + (mode == "drip")))
        self.end_headers()
        if mode == "drip":
            for _ in range(200):
                self.wfile.write(b" ")
                time.sleep(0.05)
        else:
            self.wfile.write(answer[: len(answer) // 2] if mode == "truncate" else answer)

    def _reset(self) -> None:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()


@contextmanager
def proxy(upstream: str) -> Iterator[Proxy]:
    """Serve a proxy before a server."""
    with Proxy(upstream) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield server
        finally:
            server.ended.set()
            server.shutdown()
            thread.join()

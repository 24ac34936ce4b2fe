"""The sandbox's HTTP/1.1 on the standard library: keep-alive, one thread per connection, nothing left at the end."""

import json
import socket
import struct
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock
from typing import Protocol, cast

from blinkdecl.sandbox.blink import LOST, Answer, Request, refused

# After a refusal without reading the body: how much of it is thrown away, so that the client reads the answer before
# it sees the connection close.
_LINGER_BYTES = 20_000_000
_LINGER_SECONDS = 1.0
_IDLE_SECONDS = 60.0


class Application(Protocol):
    """What answers requests; called from many threads."""

    def early(self, request: Request) -> Answer | None:
        """Return an answer that needs no body, or None."""

    def answer(self, request: Request) -> Answer:
        """Return the answer to a complete request."""


class Server(ThreadingHTTPServer):
    """A server whose closing ends every connection and waits for its thread."""

    daemon_threads = False
    block_on_close = True
    request_queue_size = 512

    def __init__(self, address: tuple[str, int], application: Application) -> None:
        self.application = application
        self._open: set[socket.socket] = set()
        self._open_lock = Lock()
        super().__init__(address, _Handler)

    def server_bind(self) -> None:
        # HTTPServer would ask the resolver for this machine's name here, which can take seconds.
        socket.socket.bind(self.socket, cast("tuple[str, int]", self.server_address))
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = "127.0.0.1", self.server_address[1]

    def process_request(self, request: socket.socket | tuple[bytes, socket.socket], client_address: object) -> None:
        with self._open_lock:
            self._open.add(cast("socket.socket", request))
        super().process_request(request, client_address)

    def shutdown_request(self, request: socket.socket | tuple[bytes, socket.socket]) -> None:
        with self._open_lock:
            self._open.discard(cast("socket.socket", request))
        super().shutdown_request(request)

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: a client that goes away does not matter here, and stderr belongs to the command."""

    def server_close(self) -> None:
        """Stop listening, end idle connections and wait for their threads."""
        with self._open_lock:
            for connection in self._open:
                try:
                    connection.shutdown(socket.SHUT_RDWR)
                except OSError:
                    continue  # the client was faster
        super().server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = _IDLE_SECONDS
    server: Server

    def _serve(self) -> None:
        request = self._request()
        if isinstance(request, Answer):
            self._refuse(request)
            return
        early = self.server.application.early(request)
        if early is not None:
            self._refuse(early) if request.size else self._send(early)
            return
        body = self.rfile.read(request.size)
        if len(body) < request.size:
            self.close_connection = True
            return
        complete = Request(
            request.method, request.path, request.query, request.headers, request.url, request.size, body
        )  # fmt: skip
        self._send(self.server.application.answer(complete))

    def __getattr__(self, name: str) -> Callable[[], None]:
        # The base class looks for do_GET, do_POST, ...: every method is the application's to answer.
        if name.startswith("do_"):
            return self._serve
        raise AttributeError(name)

    def _request(self) -> Request | Answer:
        headers = {name.lower(): value for name, value in self.headers.items()}
        declared = headers.get("content-length", "0")
        if "transfer-encoding" in headers:
            return refused(411, "the sandbox needs a Content-Length")
        if not (declared.isascii() and declared.isdigit() and len(declared) < 16):
            return refused(400, "Content-Length is not a number")
        path, _, query = self.path.partition("?")
        url = f"http://{headers.get('host', '')}{self.path}"
        return Request(self.command, path, query, headers, url, int(declared))

    def _send(self, answer: Answer) -> None:
        if answer is LOST:
            self.close_connection = True
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            return
        body = answer.page.encode() or json.dumps(answer.document).encode()
        kind = "text/html; charset=utf-8" if answer.page else "application/json"
        extra = "".join(f"{name}: {value}\r\n" for name, value in answer.headers.items())
        # One write, one packet: the header methods of the base class would cost more than the decision itself.
        head = (
            f"HTTP/1.1 {answer.status} {HTTPStatus(answer.status).phrase}\r\n"
            f"Content-Type: {kind}\r\nContent-Length: {len(body)}\r\n{extra}"
            f"{'Connection: close' if self.close_connection else 'Connection: keep-alive'}\r\n\r\n"
        )
        self.wfile.write(head.encode() + (b"" if self.command == "HEAD" else body))

    def _refuse(self, answer: Answer) -> None:
        """Answer without reading the body, and let the client read the answer before the connection closes."""
        self.close_connection = True
        self._send(answer)
        self.connection.shutdown(socket.SHUT_WR)
        self.connection.settimeout(_LINGER_SECONDS)
        left = _LINGER_BYTES
        while left > 0 and (chunk := self.rfile.read1(65536)):
            left -= len(chunk)

    def handle_expect_100(self) -> bool:
        """Answer `Expect: 100-continue` (curl sends it with large bodies) before the body comes."""
        request = self._request()
        early = request if isinstance(request, Answer) else self.server.application.early(request)
        if early is None:
            return super().handle_expect_100()
        self.close_connection = True
        self._send(early)
        return False

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class calls it so
        """Log nothing: the query can hold a key."""

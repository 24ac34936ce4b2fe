"""Peers that repeat secrets: one server in front of Panther, Blink and the state, and a database that refuses."""

import http.client
import json
import socketserver
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Literal

# "blink" is its webhooks, "runs" its API.
Kind = Literal["panther", "blink", "runs", "state", "s3"]


@dataclass(frozen=True)
class Asked:
    """One request, as it came: of which kind, and the how-manieth of its kind since the fault began."""

    kind: Kind
    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    count: int

    @property
    def changes(self) -> bool:
        """Whether it is to change something in Panther."""
        return b'"query": "mutation' in self.body.replace(b"\\n", b" ").replace(b'" ', b'"')


@dataclass(frozen=True)
class Said:
    """An answer; status 0 = the connection is reset."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


Answering = Callable[[Asked], Said | None]
RESET = Said(0)


class Front(ThreadingHTTPServer):
    """Answers by the fault that is set, and where that says nothing, as what is behind it does."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.behind: dict[Kind, str] = {}
        self.answering: Answering = lambda _: None
        self.counts: dict[Kind, int] = {}
        self.guard = threading.Lock()

    @property
    def url(self) -> str:
        """The address, without a slash at its end."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def begin(self, answering: Answering) -> None:
        """Let a fault begin, or, with an answer of None to everything, end."""
        with self.guard:
            self.answering, self.counts = answering, {}

    def passed_on(self, asked: Asked) -> Said:
        """Return what is answered by what is behind it."""
        if asked.kind not in self.behind:
            return Said(404)
        connection = http.client.HTTPConnection(self.behind[asked.kind], timeout=10)
        try:
            connection.request(asked.method, asked.path, asked.body, asked.headers)
            answer = connection.getresponse()
            return Said(answer.status, answer.read(), {"Content-Type": answer.headers.get("Content-Type", "")})
        finally:
            connection.close()

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of clients that have gone."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Front

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
        """Say nothing."""

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        kind = _kind(self.path)
        with self.server.guard:
            count = self.server.counts[kind] = self.server.counts.get(kind, 0) + 1
            answering = self.server.answering
        asked = Asked(kind, self.command, self.path, dict(self.headers.items()), body, count)
        said = answering(asked) or self.server.passed_on(asked)
        self.close_connection = True
        if said.status == 0:
            self.connection.setsockopt(1, 13, struct.pack("ii", 1, 0))  # SO_LINGER of nothing: a reset
            self.connection.close()
            return
        with suppress(OSError):
            self.send_response(said.status)
            for name, value in said.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(said.body)))
            self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(said.body)

    do_GET = do_POST = do_PUT = do_HEAD = do_DELETE = do_LOCK = do_UNLOCK = _serve  # noqa: N815 - the base's names


def _kind(path: str) -> Kind:
    if path.startswith("/states/"):
        return "state"
    if path.startswith("/bucket"):
        return "s3"
    if path.startswith("/api/v1/"):
        return "runs"
    return "blink" if path.startswith("/webhooks/") else "panther"


@contextmanager
def serving(server: socketserver.TCPServer) -> Iterator[None]:
    """Serve in a thread until the context ends."""
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class Database(socketserver.ThreadingTCPServer):
    """PostgreSQL as far as the password, which it asks for in the clear, and then repeats in its refusal."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Refusing)
        self.texts: Callable[[str], str] = str
        self.given: list[str] = []


class _Refusing(socketserver.StreamRequestHandler):
    server: Database

    def handle(self) -> None:
        """Refuse one client."""
        with suppress(OSError, struct.error):
            (size,) = struct.unpack("!i", self.rfile.read(4))
            (code,) = struct.unpack("!i", self.rfile.read(size - 4)[:4])
            if code in (80877103, 80877104):  # TLS, GSSAPI: not here
                self.wfile.write(b"N")
                self.handle()
                return
            self.wfile.write(b"R" + struct.pack("!ii", 8, 3))
            self.rfile.read(1)
            (size,) = struct.unpack("!i", self.rfile.read(4))
            password = self.rfile.read(size - 4).rstrip(b"\0").decode()
            self.server.given.append(password)
            fields = f"SFATAL\0VFATAL\0C28P01\0M{self.server.texts(password)}\0\0".encode()
            self.wfile.write(b"E" + struct.pack("!i", len(fields) + 4) + fields)


def graphql_error(text: str, status: int = 200, **more: object) -> Said:
    """Return the answer of a GraphQL server that refuses."""
    body = json.dumps({"errors": [{"message": text, **more}], "data": None}).encode()
    return Said(status, body, {"Content-Type": "application/json"})

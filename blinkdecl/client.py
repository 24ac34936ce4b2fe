"""HTTP out of this process: the one door to httpx, opened late, since importing it takes a tenth of a second.

httpx reads URLs and makes the TLS context (certifi's authorities, or SSL_CERT_FILE and SSL_CERT_DIR for a private
one); its engine, httpcore, speaks HTTP/1.1 on connections that are kept here and bounded by `blinkdecl.wire`.
`httpx.Client` is passed by on purpose: it brings cookies, redirects, proxies from the environment and decompression,
none of which may touch a key, and its pool costs half the rate at fifty threads (600/s against 1,900/s measured).

- Nothing is retried. Redirects are never followed: a 3xx is an answer like any other.
- Proxies of the environment are not used: a key goes to the host it belongs to, or nowhere.
- An answer's body is read up to a cap and never decompressed.
- No exception of httpx or httpcore gets out, neither as cause nor as context: they hold URLs and header values.
"""

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from threading import BoundedSemaphore, Lock
from types import TracebackType
from typing import TYPE_CHECKING, Self, cast

from blinkdecl.wire import Backend, Clock, TransportError

if TYPE_CHECKING:
    import ssl

    import httpcore

__all__ = ["Client", "Reply", "TransportError"]

_MAX_ANSWER = 64 * 1024
_EXCERPT = 200
# Below the idle limits usual for servers and load balancers, so that a kept connection is seldom a dead one.
_KEEP_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Reply:
    """An HTTP answer. `latency` in seconds until its head; `excerpt` is the server's text, escaped and cut short."""

    status: int
    latency: float
    excerpt: str = ""


@dataclass(frozen=True, slots=True)
class _Line:
    """A connection and the clock that bounds what is done on it."""

    connection: "httpcore.HTTPConnection"
    clock: Clock


class Client:
    """Sends requests; to be shared by threads. `connections` bounds how many are open at a time."""

    def __init__(self, connections: int = 10) -> None:
        self._connections = connections
        self._slots = BoundedSemaphore(connections)
        self._lock = Lock()
        self._idle: dict[bytes, list[_Line]] = {}
        self._tls: ssl.SSLContext | None = None
        # They tell the URL at INFO and every header at DEBUG, to whichever handler the process has.
        for name in ("httpx", "httpcore"):
            logging.getLogger(name).setLevel(logging.WARNING)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close every idle connection; requests under way close their own."""
        with self._lock:
            lines = [line for kept in self._idle.values() for line in kept]
            self._idle.clear()
        for line in lines:
            line.connection.close()

    def post(self, url: str, body: bytes, headers: Mapping[str, str], timeout: float) -> Reply:
        """POST `body` once, within `timeout` seconds in all; raises a `TransportError` where no answer came."""
        started = time.monotonic()
        _check(headers)
        request = _request(url, body, headers)
        with self._slots:
            return self._send(request, started, timeout)

    def _send(self, request: "httpcore.Request", started: float, timeout: float) -> Reply:
        import httpcore

        line = self._line(request.url)
        line.clock.start(started, timeout)
        failure: TransportError | None = None
        try:
            response = line.connection.handle_request(request)
            latency = time.monotonic() - started
            reply = Reply(response.status, latency, _excerpt(response))
        except TransportError as problem:
            failure = problem.with_traceback(None)
        except httpcore.LocalProtocolError:
            failure = TransportError("protocol", "the request cannot be said in HTTP")
        except httpcore.RemoteProtocolError:
            failure = TransportError("protocol", "the answer is not HTTP")
        finally:
            self._give_back(request.url, line)
        # Raised out here, where no exception of the library is being handled, so that none becomes its context.
        if failure is not None:
            failure.__context__ = failure.__cause__ = None
            raise failure
        return reply

    def _line(self, url: "httpcore.URL") -> _Line:
        """Return an idle connection to the origin, the last used first, or a new one."""
        import httpcore

        while True:
            with self._lock:
                kept = self._idle.get(_site(url))
                line = kept.pop() if kept else None
            if line is None:
                break
            if not line.connection.has_expired():
                return line
            line.connection.close()
        clock = Clock()
        connection = httpcore.HTTPConnection(
            url.origin,
            ssl_context=self._context() if url.scheme == b"https" else None,
            keepalive_expiry=_KEEP_SECONDS,
            network_backend=cast("httpcore.NetworkBackend", Backend(clock)),
        )
        return _Line(connection, clock)

    def _give_back(self, url: "httpcore.URL", line: _Line) -> None:
        with self._lock:
            room = sum(map(len, self._idle.values())) < self._connections
            if room and line.connection.is_idle():
                self._idle.setdefault(_site(url), []).append(line)
                return
        line.connection.close()

    def _context(self) -> "ssl.SSLContext":
        with self._lock:
            if self._tls is None:
                self._tls = _tls_context()
            return self._tls


def _site(url: "httpcore.URL") -> bytes:
    return b"%s://%s:%d" % (url.scheme, url.host, url.port or 0)


def _check(headers: Mapping[str, str]) -> None:
    """Refuse by name what no header can carry: the library would quote the value, which may be a key."""
    for name, value in headers.items():
        if not (value.isascii() and value.isprintable() and value == value.strip()):
            raise TransportError("protocol", f"the value for the header {name} cannot be sent")


def _request(url: str, body: bytes, headers: Mapping[str, str]) -> "httpcore.Request":
    import httpcore
    import httpx

    try:
        parts = httpx.URL(url)
    except (httpx.InvalidURL, ValueError, TypeError):
        parts = httpx.URL()
    if parts.scheme not in ("https", "http") or not parts.host:
        raise TransportError("url", "the URL is not one")
    target = httpcore.URL(scheme=parts.raw_scheme, host=parts.raw_host, port=parts.port, target=parts.raw_path)
    sent = [(b"Host", parts.netloc), (b"Accept-Encoding", b"identity"), (b"Content-Length", b"%d" % len(body))]
    sent += [(name.encode(), value.encode()) for name, value in headers.items()]
    return httpcore.Request("POST", target, headers=sent, content=body)


def _excerpt(response: "httpcore.Response") -> str:
    """Read the body up to the cap. The status stands already: a body that fails or drips takes nothing from it."""
    import httpcore

    body = b""
    try:
        for chunk in response.iter_stream():
            body += chunk
            if len(body) >= _MAX_ANSWER:
                break
    except (TransportError, httpcore.ProtocolError):
        pass
    finally:
        response.close()
    if any(name.lower() == b"content-encoding" for name, _ in response.headers):
        return ""
    text = body[: 4 * _EXCERPT].decode(errors="replace")[:_EXCERPT]
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in text)


def _tls_context() -> "ssl.SSLContext":
    import httpx

    try:
        return httpx.create_ssl_context()
    except OSError:
        failure = TransportError("tls", "the certificate authorities that SSL_CERT_FILE names cannot be read")
    raise failure

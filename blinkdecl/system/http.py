"""HTTP out of this process: the one door to httpx, opened late, since importing it takes a tenth of a second.

httpx reads URLs; its engine, httpcore, speaks HTTP/1.1 on connections that are kept here and opened and bounded by
`blinkdecl.system.sockets`, to addresses that `blinkdecl.system.addresses` permits, or through the proxy that
`blinkdecl.system.proxy` finds, and with those whom `blinkdecl.system.tls` trusts.
`httpx.Client` is deliberately not used: it brings cookies, redirects, proxies from the environment and decompression,
none of which may touch a key, and its pool costs half the rate at fifty threads (600/s against 1,900/s measured).

- Nothing is retried. Redirects are never followed: a 3xx is an answer like any other.
- A proxy is passed through by a tunnel, and only with https: a key goes to the host it belongs to, or nowhere.
- An answer's body is read if the caller gives a limit, and never beyond that; compression is neither requested nor
  accepted. Without a limit only its beginning is kept, as far as it comes quickly; the rest is thrown away, to use the
  connection again, or left.
- No exception of httpx or httpcore gets out, neither as cause nor as context: they hold URLs and header values.
"""

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from threading import BoundedSemaphore, Lock
from types import MappingProxyType, TracebackType
from typing import TYPE_CHECKING, Self, cast

from blinkdecl.system.addresses import Resolve, resolved
from blinkdecl.system.proxy import proxy_for
from blinkdecl.system.sockets import Backend
from blinkdecl.system.tls import Authorities, Identity
from blinkdecl.system.transport import Clock, TransportError

if TYPE_CHECKING:
    import httpcore

__all__ = ["Client", "Reply", "TransportError", "url_sent"]

# A body that is larger or slower than this costs more than another connection.
_MAX_BODY = 64 * 1024
_BODY_SECONDS = 0.5
# As much of a body as tells what it is.
_BEGINNING = 4096
# Below the idle limits usual for servers and load balancers, so that a kept connection is seldom a dead one.
_KEEP_SECONDS = 5.0
_NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Reply:
    """An HTTP answer. `latency` in seconds until its head; `body` is the whole one only where a limit was given.

    Without a limit it is the beginning, or nothing. The names of the headers are in lower case.
    """

    status: int
    latency: float
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Connection:
    """A connection and the clock that bounds what is done on it."""

    http: "httpcore.HTTPConnection"
    clock: Clock


class Client:
    """Sends requests; to be shared by threads. `connections` bounds how many are open at a time.

    `environ` names the proxy and the authorities to trust (HTTPS_PROXY, NO_PROXY, SSL_CERT_FILE, SSL_CERT_DIR);
    `private` are the hosts, in lower case, that may be in a private network; `resolve` asks another resolver.
    """

    def __init__(
        self,
        connections: int = 10,
        *,
        environ: Mapping[str, str] = _NOTHING,
        private: frozenset[str] = frozenset(),
        resolve: Resolve = resolved,
        identity: Identity | None = None,
    ) -> None:
        self._connections = connections
        self._environ, self._private, self._resolve = environ, private, resolve
        self._authorities = Authorities(environ, identity)
        self._slots = BoundedSemaphore(connections)
        self._lock = Lock()
        self._idle: dict[bytes, list[_Connection]] = {}
        self._closed = False
        # They log the URL at INFO and every header at DEBUG, to whichever handler the process has.
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
            self._closed = True
            connections = [each for kept in self._idle.values() for each in kept]
            self._idle.clear()
        for each in connections:
            each.http.close()

    def post(
        self, url: str, body: bytes, headers: Mapping[str, str], timeout: float, *, limit: int | None = None
    ) -> Reply:
        """POST `body`: `request` with the usual method."""
        return self.request("POST", url, body, headers, timeout, limit=limit)

    def request(
        self, method: str, url: str, body: bytes, headers: Mapping[str, str], timeout: float, *, limit: int | None
    ) -> Reply:
        """Send `body` once, within `timeout` seconds in all; raises a `TransportError` where no answer came.

        With a `limit` the answer's body is read too, within the same time; a longer one raises ``too-large``, one that
        is cut off ``reset``.
        """
        _check(headers)
        request = _request(method, url, body, headers)
        started = time.monotonic()  # only now: the first request imports the libraries
        with self._slots:
            return self._send(request, started, timeout, limit)

    def _send(self, request: "httpcore.Request", started: float, timeout: float, limit: int | None) -> Reply:
        import httpcore

        connection = self._connection(request.url)
        connection.clock.start(started, timeout)
        failure: TransportError | None = None
        try:
            response = connection.http.handle_request(request)
            latency = time.monotonic() - started
            if limit is None:
                reply = Reply(response.status, latency, _finish(response, connection.clock), _told(response))
            else:
                reply = _whole(response, latency, limit)
        except TransportError as problem:
            failure = problem.with_traceback(None)
        except httpcore.LocalProtocolError:
            failure = TransportError("protocol", "the request cannot be expressed in HTTP")
        except httpcore.RemoteProtocolError:
            failure = TransportError("protocol", "the answer is not HTTP", sent=True)
        finally:
            self._give_back(request.url, connection)
        # Raised out here, where no exception of the library is being handled, so that none becomes its context.
        if failure is not None:
            failure.__context__ = failure.__cause__ = None
            raise failure
        return reply

    def _connection(self, url: "httpcore.URL") -> _Connection:
        """Return an idle connection to the origin, the last used first, or a new one."""
        import httpcore

        while True:
            with self._lock:
                kept = self._idle.get(_site(url))
                connection = kept.pop() if kept else None
            if connection is None:
                break
            if not connection.http.has_expired():
                return connection
            connection.http.close()
        clock, tls = Clock(), url.scheme == b"https"
        proxy = proxy_for(self._environ, url.host.decode(), url.port or 443) if tls else None
        backend = Backend(clock, self._private, self._resolve, proxy)
        http = httpcore.HTTPConnection(
            url.origin,
            ssl_context=self._authorities.context() if tls else None,
            keepalive_expiry=_KEEP_SECONDS,
            network_backend=cast("httpcore.NetworkBackend", backend),
        )
        return _Connection(http, clock)

    def _give_back(self, url: "httpcore.URL", connection: _Connection) -> None:
        with self._lock:
            room = not self._closed and sum(map(len, self._idle.values())) < self._connections
            if room and connection.http.is_idle():
                self._idle.setdefault(_site(url), []).append(connection)
                return
        connection.http.close()


def _site(url: "httpcore.URL") -> bytes:
    return b"%s://%s:%d" % (url.scheme, url.host, url.port or 0)


def _check(headers: Mapping[str, str]) -> None:
    """Refuse by name what no header can carry: the library would quote the value, which may be a key."""
    for name, value in headers.items():
        if not (value.isascii() and value.isprintable() and value == value.strip()):
            raise TransportError("protocol", f"the value for the header {name} cannot be sent")


def _request(method: str, url: str, body: bytes, headers: Mapping[str, str]) -> "httpcore.Request":
    import httpcore

    place = _place(url)
    if place is None:
        raise TransportError("url", "the URL is not valid")
    target, netloc = place
    sent = [(b"Host", netloc), (b"Accept-Encoding", b"identity"), (b"Content-Length", b"%d" % len(body))]
    sent += [(name.encode(), value.encode()) for name, value in headers.items()]
    return httpcore.Request(method, target, headers=sent, content=body)


def url_sent(url: str) -> str:
    """Return the URL as a request to it names it: what a signature has to cover. What is not a URL stays as it is."""
    place = _place(url)
    if place is None:
        return url
    target, netloc = place
    return f"{target.scheme.decode()}://{netloc.decode()}{target.target.decode()}"


@lru_cache(maxsize=1024)
def _place(url: str) -> "tuple[httpcore.URL, bytes] | None":
    """Return where a request to `url` goes, and its Host header; None where the libraries cannot tell."""
    import httpcore
    import httpx

    try:
        parts = httpx.URL(url)
        # The raw host: `parts.host` would decode an internationalised name, and raise where it is not one.
        place = httpcore.URL(scheme=parts.raw_scheme, host=parts.raw_host, port=parts.port, target=parts.raw_path)
        return (place, parts.netloc) if parts.scheme in ("https", "http") and parts.raw_host else None
    except Exception:  # noqa: BLE001 - whatever a parser raises quotes the URL, and says that it is not one
        return None


def _finish(response: "httpcore.Response", clock: Clock) -> bytes:
    """Return the body's beginning; read the rest away, or end the connection.

    The status is known already: nothing here changes it.
    """
    import httpcore

    beginning = b""
    length = 0 if response.status in (204, 304) else _MAX_BODY + 1
    for name, value in response.headers:
        if name.lower() == b"content-length":
            length = int(value[:10])
    try:
        clock.shorten(_BODY_SECONDS)
        for part in response.iter_stream():
            beginning += part[: _BEGINNING - len(beginning)]
            if length > _MAX_BODY and len(beginning) == _BEGINNING:
                break
    except (TransportError, httpcore.ProtocolError):
        pass
    finally:
        response.close()
    return beginning


def _whole(response: "httpcore.Response", latency: float, limit: int) -> Reply:
    """Return the answer with its body; raises a `TransportError` for one that is too long or compressed."""
    import httpcore

    headers = {name.lower(): value for name, value in response.headers}
    parts, size, cut = [], 0, False
    try:
        if headers.get(b"content-encoding", b"identity").strip().lower() != b"identity":
            raise TransportError("protocol", "the answer is compressed, which was not requested", sent=True)
        if int(headers.get(b"content-length", b"0")[:15]) > limit:
            raise _too_large(limit)
        for part in response.iter_stream():
            size += len(part)
            if size > limit:
                raise _too_large(limit)
            parts.append(part)
    except httpcore.RemoteProtocolError:
        cut = True
    finally:
        response.close()
    if cut:
        raise TransportError("reset", "the answer was cut off", sent=True)
    return Reply(response.status, latency, b"".join(parts), _told(response))


def _told(response: "httpcore.Response") -> dict[str, str]:
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers}


def _too_large(limit: int) -> TransportError:
    return TransportError("too-large", f"the answer is larger than {limit / 2**20:g} MiB", sent=True)

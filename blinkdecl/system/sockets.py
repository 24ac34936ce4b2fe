"""Sockets that keep a total deadline, for `blinkdecl.system.http` to put under its HTTP library.

httpx's own timeouts count each read by itself, so it never gives up on a server that drips a byte now and then. Here
one monotonic deadline bounds connecting, the TLS handshake, sending and receiving together. Two things it cannot
bound: the system's resolver, which has its own limit, and a body that arrived already.

Head and body of a request leave in one write: half the system calls, and one packet for a small alert.
"""

import select
import socket
import ssl
from collections.abc import Iterable

from blinkdecl.system.addresses import Place, Resolve, places, resolved
from blinkdecl.system.proxy import Proxy, open_tunnel
from blinkdecl.system.tls import handshake_failure
from blinkdecl.system.transport import Clock, TransportError


class Backend:
    """Opens connections; what httpcore calls a network backend. The clock replaces the timeouts it passes.

    A host's addresses are judged, unless it is in `private`; through a `proxy` they are not even known here.
    """

    def __init__(
        self,
        clock: Clock,
        private: frozenset[str] = frozenset(),
        resolve: Resolve = resolved,
        proxy: Proxy | None = None,
    ) -> None:
        self._clock, self._private, self._resolve, self._proxy = clock, private, resolve, proxy

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[object] | None = None,
    ) -> "Stream":
        """Connect to the first permitted address of `host` that takes the connection, or have the proxy do it."""
        if self._proxy is None:
            plain = self._connected(places(host, port, self._private, self._resolve))
        else:
            plain = self._tunnel(self._proxy, host, port)
        return Stream(plain, self._clock)

    def _connected(self, found: list[Place]) -> socket.socket:
        failure = TransportError("dns", "the host name does not resolve")
        for family, address in found:
            plain = socket.socket(family, socket.SOCK_STREAM)
            try:
                plain.settimeout(self._clock.left())
                plain.connect(address)
                plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                return plain
            except TimeoutError:
                failure = self._clock.expired()
            except OSError as problem:
                failure = TransportError("unreachable", (problem.strerror or "no connection").lower())
            except TransportError as problem:
                failure = problem
            plain.close()
        raise failure

    def _tunnel(self, proxy: Proxy, host: str, port: int) -> socket.socket:
        try:
            plain = self._connected(self._resolve(proxy.host, proxy.port))
        except TransportError as problem:
            if problem.kind == "timeout":
                raise
            raise TransportError("proxy", f"the proxy cannot be reached: {problem.detail}") from None
        try:
            open_tunnel(plain, proxy, host, port, self._clock)
        except BaseException:
            plain.close()
            raise
        return plain


class Stream:
    """One connection; what httpcore calls a network stream."""

    def __init__(self, connected: socket.socket, clock: Clock) -> None:
        self._socket = connected
        self._clock = clock
        self._unsent: list[bytes] = []
        self._answered = False

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Keep `buffer` until the answer is awaited."""
        self._unsent.append(bytes(buffer))

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Send what is unsent, then return what comes, b"" at the end of the connection."""
        if self._unsent:
            self._flush()
        received = self._receive(max_bytes)
        if not received and not self._answered:
            raise TransportError("reset", "the connection was closed without an answer", sent=True)
        self._answered = True
        return received

    def close(self) -> None:
        """Close the connection."""
        self._socket.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> "Stream":
        """Return the connection under TLS; raises a `TransportError` where the peer does not prove its name."""
        try:
            self._socket.settimeout(self._clock.left())
            return Stream(ssl_context.wrap_socket(self._socket, server_hostname=server_hostname), self._clock)
        except TimeoutError:
            failure = self._clock.expired()
        except (OSError, ValueError) as problem:
            failure = handshake_failure(problem)
        except TransportError as problem:
            failure = problem
        self.close()
        raise failure

    def get_extra_info(self, info: str) -> object:
        """Say whether something can be read, which on an idle connection means that the server closed it."""
        if info != "is_readable":
            return None
        if self._socket.fileno() < 0:
            return True
        poll = select.poll()
        poll.register(self._socket, select.POLLIN)
        return bool(poll.poll(0))

    def _flush(self) -> None:
        unsent, self._unsent, self._answered = b"".join(self._unsent), [], False
        try:
            self._socket.settimeout(self._clock.left())
            self._socket.sendall(unsent)
        except TimeoutError:
            raise self._clock.expired(sent=True) from None
        except OSError:
            return  # a server may answer (413, say) and close before it has read everything: the answer says more

    def _receive(self, max_bytes: int) -> bytes:
        try:
            self._socket.settimeout(self._clock.left(sent=True))
            return self._socket.recv(max_bytes)
        except TimeoutError:
            raise self._clock.expired(sent=True) from None
        except OSError:
            raise TransportError("reset", "the connection was reset", sent=True) from None

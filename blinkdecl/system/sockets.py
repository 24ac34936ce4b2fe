"""Sockets that keep a total deadline, for `blinkdecl.system.http` to put under its HTTP library.

httpx's own timeouts count each read by itself, so it never gives up on a server that drips a byte now and then. Here
one monotonic deadline bounds connecting, the TLS handshake, sending and receiving together. Two things it cannot
bound: the system's resolver, which has its own limit, and a body that arrived already.

Head and body of a request leave in one write: half the system calls, and one packet for a small alert.
"""

import select
import socket
import ssl
import time
from collections.abc import Iterable
from typing import Any, Literal

Kind = Literal["url", "dns", "unreachable", "tls", "timeout", "reset", "protocol", "too-large"]

_OTHER_HOST = 62  # OpenSSL's X509_V_ERR_HOSTNAME_MISMATCH; its message would name the host


class TransportError(Exception):
    """No HTTP answer came. `detail` is a fact for a person; neither holds a URL, a header's value or server text.

    `sent` tells whether a part of the request may have left: never where there was no connection.
    """

    def __init__(self, kind: Kind, detail: str, *, sent: bool = False) -> None:
        super().__init__(f"{kind}: {detail}")
        self.kind: Kind = kind
        self.detail = detail
        self.sent = sent


class Clock:
    """The time that a request has left; started anew for each request on a connection."""

    def __init__(self) -> None:
        self._limit = 0.0
        self._end = 0.0

    def start(self, started: float, seconds: float) -> None:
        """Give the request that began at `started` (monotonic) this long in all."""
        self._limit = seconds
        self._end = started + seconds

    def shorten(self, seconds: float) -> None:
        """Leave the request this long from now at most."""
        self._end = min(self._end, time.monotonic() + seconds)

    def left(self, *, sent: bool = False) -> float:
        """Return the seconds left; raises a `TransportError` where there are none."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise self.expired(sent=sent)
        return left

    def expired(self, *, sent: bool = False) -> TransportError:
        """Return the error that says that the time is up."""
        return TransportError("timeout", f"no answer within {self._limit:g}s", sent=sent)


class Backend:
    """Opens connections; what httpcore calls a network backend. The clock replaces the timeouts it passes."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[object] | None = None,
    ) -> "Stream":
        """Connect to the first address of `host` that takes the connection."""
        failure = TransportError("dns", "the host name does not resolve")
        for family, address in _resolve(host, port):
            plain = socket.socket(family, socket.SOCK_STREAM)
            try:
                plain.settimeout(self._clock.left())
                plain.connect(address)
                plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                return Stream(plain, self._clock)
            except TimeoutError:
                failure = self._clock.expired()
            except OSError as problem:
                failure = TransportError("unreachable", (problem.strerror or "no connection").lower())
            except TransportError as problem:
                failure = problem
            plain.close()
        raise failure


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
        except ssl.SSLCertVerificationError as problem:
            other = problem.verify_code == _OTHER_HOST
            reason = "it is for another host" if other else problem.verify_message
            failure = TransportError("tls", f"the certificate is not trusted: {reason}")
        except (OSError, ValueError):
            failure = TransportError("tls", "the TLS handshake failed")
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


def _resolve(host: str, port: int) -> "list[tuple[socket.AddressFamily, Any]]":
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    return [(family, address) for family, _, _, _, address in found]

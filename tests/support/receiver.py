"""A receiver on loopback that behaves as each test needs, and remembers the bytes of every request."""

import socket
import ssl
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event, Thread

Behaviour = Callable[[socket.socket], None]


@dataclass(slots=True)
class Receiver:
    """Where it listens, and what it was sent: one entry a request."""

    port: int
    requests: list[bytes] = field(default_factory=list)
    accepted: int = 0
    peers: list[socket.socket] = field(default_factory=list)

    @property
    def url(self) -> str:
        """A webhook on this receiver."""
        return f"http://127.0.0.1:{self.port}/webhooks/soc"


def answers(status: int, *headers: str, body: bytes = b"{}") -> Behaviour:
    """Answer every request with this status, and keep the connection."""
    head = [f"HTTP/1.1 {status} X", f"Content-Length: {len(body)}", *headers, "", ""]
    return lambda peer: peer.sendall("\r\n".join(head).encode() + body)


def hangs(peer: socket.socket) -> None:
    """Never answer; wait for the client to give up."""
    peer.recv(1)


def drips(head: bytes) -> Behaviour:
    """Send `head`, then a byte every 20 ms, until the client gives up."""

    def behave(peer: socket.socket) -> None:
        peer.sendall(head)
        done = Event()
        while not done.wait(0.02):
            peer.sendall(b"x")

    return behave


def resets(peer: socket.socket) -> None:
    """End the connection with a reset."""
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    peer.close()


@contextmanager
def receiver(behave: Behaviour, tls: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    """Serve `behave` on a free port of loopback; every connection ends with the context."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listening:
        found = Receiver(listening.getsockname()[1])
        threads: list[Thread] = []

        def accept() -> None:
            while True:
                try:
                    peer, _ = listening.accept()
                except OSError:
                    return
                found.accepted += 1
                peer.settimeout(5)
                threads.append(Thread(target=_converse, args=(peer, tls, behave, found)))
                threads[-1].start()

        accepting = Thread(target=accept)
        accepting.start()
        try:
            yield found
        finally:
            listening.shutdown(socket.SHUT_RDWR)
            accepting.join()
            for peer in found.peers:
                _end(peer)
            for thread in threads:
                thread.join()


def _converse(peer: socket.socket, tls: ssl.SSLContext | None, behave: Behaviour, found: Receiver) -> None:
    try:
        if tls:
            peer = tls.wrap_socket(peer, server_side=True, do_handshake_on_connect=False)
        found.peers.append(peer)
        with peer as connection:
            while request := _request(connection):
                found.requests.append(request)
                behave(connection)
    except OSError:
        return  # the client gave up, which is what many tests are about


def _request(peer: socket.socket) -> bytes:
    received = b""
    while b"\r\n\r\n" not in received:
        if not (chunk := peer.recv(65536)):
            return b""
        received += chunk
        if received.startswith(b"\x16\x03"):
            return received  # a TLS client that took this for a TLS server
    head, _, body = received.partition(b"\r\n\r\n")
    declared = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
    while len(body) < int(declared or 0):
        body += peer.recv(65536)
    return head + b"\r\n\r\n" + body


def _end(peer: socket.socket) -> None:
    try:
        peer.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # ended already

"""Proxies on loopback for a `receiver`: what they do when they are asked to CONNECT."""

import socket
from threading import Thread

from tests.support.receiver import Behaviour


def tunnels(port: int, seen: list[bytes]) -> Behaviour:
    """Connect to a port of loopback, whatever host is asked for, and remember what the client sends through."""

    def behave(peer: socket.socket) -> None:
        with socket.create_connection(("127.0.0.1", port), timeout=5) as target:
            peer.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            back = Thread(target=_copy, args=(target, peer, []))
            back.start()
            _copy(peer, target, seen)
            back.join()

    return behave


def _copy(source: socket.socket, sink: socket.socket, seen: list[bytes]) -> None:
    try:
        while received := source.recv(65536):
            seen.append(received)
            sink.sendall(received)
    except OSError:
        pass  # one side has gone
    try:
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        return

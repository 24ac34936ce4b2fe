"""What some targets need around them: a folder, and a server on loopback that answers with given bytes."""

import os
import socket
import tempfile
from contextlib import ExitStack, suppress
from pathlib import Path
from threading import Thread

_held = ExitStack()
_folders: list[Path] = []
_wires: list["Wire"] = []
_PLAIN = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"


class Wire:
    """A server that answers every request with `answer`, and closes: a whole HTTP answer, or the body of a good one."""

    def __init__(self) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        self.answer = b""
        self._thread = Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End the server."""
        self._listening.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._listening.close()

    def _serve(self) -> None:
        while True:
            try:
                peer, _ = self._listening.accept()
            except OSError:
                return
            with peer, suppress(OSError):
                peer.settimeout(2)
                _take_request(peer)
                answer = self.answer
                peer.sendall(answer if answer.startswith(b"HTTP/") else _PLAIN % len(answer) + answer)


def wire() -> Wire:
    """Return the one server of this process."""
    if not _wires:
        _wires.append(Wire())
        _held.callback(_end_wire)
    return _wires[0]


def folder() -> Path:
    """Return the one folder of this process."""
    if not _folders:
        memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
        _folders.append(Path(_held.enter_context(tempfile.TemporaryDirectory(prefix="blinkdecl-fuzz-", dir=memory))))
        _held.callback(_folders.clear)
    return _folders[0]


def leave() -> None:
    """End the server and remove the folder."""
    _held.close()


def _end_wire() -> None:
    _wires.pop().close()


def _take_request(peer: socket.socket) -> None:
    """Read a whole request: a connection that is closed before that is reset, and the answer lost."""
    received = b""
    while b"\r\n\r\n" not in received and (part := peer.recv(65536)):
        received += part
    head, _, body = received.partition(b"\r\n\r\n")
    declared = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
    left = int(declared or 0) - len(body)
    while left > 0 and (part := peer.recv(65536)):
        left -= len(part)

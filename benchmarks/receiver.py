"""A cheap webhook receiver, as a program: it answers each POST after a fixed time, and counts.

usage: receiver.py LATENCY_SECONDS

It prints its port. Then each line on stdin prints, as JSON, what came since the line before, and resets the counts.
It ends with its stdin, so it cannot outlive whoever started it. One thread and `select`: a timeout of `poll` and
`epoll` counts whole milliseconds, which would add up to 5 % to a latency of 20 ms.
"""

import json
import os
import select
import socket
import sys
import time
from collections import deque
from dataclasses import dataclass

_ANSWER = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 21\r\n"
    b"Connection: keep-alive\r\n\r\n" + b'{"status":"accepted"}'
)
_REFUSAL = b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n"


@dataclass(slots=True)
class Counts:
    """What came: requests, refused ones, the first request and the last answer (monotonic)."""

    requests: int = 0
    refused: int = 0
    first: float = 0.0
    last: float = 0.0

    def report(self) -> str:
        """Return one line of JSON; `seconds` from the first of the `timed` requests to the last answer."""
        seconds = self.last - self.first
        counts = {"requests": self.requests, "refused": self.refused, "timed": self.requests, "seconds": seconds}
        return json.dumps(counts)


class Receiver:
    """Serves on a free port of loopback until stdin ends."""

    def __init__(self, latency: float) -> None:
        self._latency = latency
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=512)
        self._received: dict[socket.socket, bytes] = {}
        # The latency is the same for all, so answers fall due in the order in which the requests came.
        self._due: deque[tuple[float, socket.socket, bytes]] = deque()
        self._counts = Counts()

    def serve(self) -> None:
        """Accept, receive, answer."""
        print(self._listening.getsockname()[1], flush=True)
        asked = sys.stdin.fileno()
        while True:
            wait = max(0.0, self._due[0][0] - time.monotonic()) if self._due else None
            ready, _, _ = select.select([asked, self._listening, *self._received], [], [], wait)
            for each in ready:
                if isinstance(each, int):
                    if not os.read(each, 4096):
                        return
                    self._report()
                elif each is self._listening:
                    self._accept()
                else:
                    self._receive(each)
            self._answer()

    def _report(self) -> None:
        print(self._counts.report(), flush=True)
        self._counts = Counts()

    def _accept(self) -> None:
        peer, _ = self._listening.accept()
        peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._received[peer] = b""

    def _receive(self, peer: socket.socket) -> None:
        try:
            chunk = peer.recv(65536)
        except OSError:
            chunk = b""
        if not chunk:
            del self._received[peer]
            peer.close()
            return
        received = self._received[peer] + chunk
        head, end, body = received.partition(b"\r\n\r\n")
        lowered = head.lower()
        declared = lowered.partition(b"\r\ncontent-length:")[2].partition(b"\r\n")[0]
        if not end or len(body) < int(declared or 0):
            self._received[peer] = received
            return
        self._received[peer] = b""
        now = time.monotonic()
        self._counts.first = self._counts.first or now
        self._counts.requests += 1
        known = b"\r\nblink-api-key: benchmark-" in lowered
        self._counts.refused += not known
        self._due.append((now + self._latency, peer, _ANSWER if known else _REFUSAL))

    def _answer(self) -> None:
        while self._due and self._due[0][0] <= time.monotonic():
            _, peer, answer = self._due.popleft()
            if peer in self._received:
                peer.send(answer)
                self._counts.last = time.monotonic()


if __name__ == "__main__":
    Receiver(float(sys.argv[1])).serve()

"""The receiver of test alerts as the harness sees it, and how much it can take: measured with plain sockets."""

import json
import select
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.process import BenchmarkError

PARALLEL = 50
LATENCY = 0.02

_BODY = b'{"title":"' + b"x" * 480 + b'"}'  # about the size of Panther's test alert
_REQUEST = (
    b"POST /webhooks/000 HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
    b"BLINK-API-KEY: benchmark-key-of-a-trigger-000\r\nContent-Length: %d\r\n\r\n" % len(_BODY)
) + _BODY
_ENOUGH = b'{"status":"accepted"}'


@dataclass(frozen=True, slots=True)
class Came:
    """What a receiver counted between two queries: `seconds` from the first request to the last answer."""

    requests: int
    refused: int
    connections: int
    seconds: float
    cpu: float

    @property
    def rate(self) -> float:
        """Requests per second."""
        return self.requests / self.seconds if self.seconds else 0.0


@dataclass(frozen=True, slots=True)
class Loopback:
    """A running receiver."""

    port: int
    process: "subprocess.Popen[str]"

    def look(self) -> Came:
        """Return what came since the last query."""
        stdin, stdout = self.process.stdin, self.process.stdout
        if stdin is None or stdout is None:
            raise TypeError
        print(file=stdin, flush=True)
        return Came(**json.loads(stdout.readline()))


@contextmanager
def loopback(latency: float) -> Iterator[Loopback]:
    """Run a receiver on loopback; it has ended when the context has."""
    program = Path(__file__).with_name("receiver.py")
    process = subprocess.Popen(
        [sys.executable, "-S", str(program), str(latency)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    with process:
        try:
            if process.stdout is None:
                raise TypeError
            yield Loopback(int(process.stdout.readline()), process)
        finally:
            process.kill()


def raw_rate(latency: float, count: int) -> float:
    """Return how many requests a second a receiver answers to plain sockets, `PARALLEL` at a time."""
    with loopback(latency) as receiver, ExitStack() as stack:
        peers = [stack.enter_context(socket.create_connection(("127.0.0.1", receiver.port))) for _ in range(PARALLEL)]
        started = time.perf_counter()
        try:
            converse(peers, count)
        except OSError as problem:
            raise BenchmarkError(f"the receiver hung up: {problem.strerror}") from problem
        return count / (time.perf_counter() - started)


def converse(peers: list[socket.socket], count: int, patience: float = 10) -> None:
    """Send `count` requests and await their answers; raises a `BenchmarkError` where none comes for `patience` s."""
    for peer in peers:
        peer.send(_REQUEST)
    unsent, unanswered = count - len(peers), count
    while unanswered > 0:
        ready, _, _ = select.select(peers, [], [], patience)
        if not ready:
            raise BenchmarkError(f"the receiver was silent for {patience:g} s")
        for peer in ready:
            if not peer.recv(65536).endswith(_ENOUGH):
                raise BenchmarkError("the receiver answered in pieces, or not at all")
            unanswered -= 1
            if unsent > 0:
                unsent -= 1
                peer.send(_REQUEST)

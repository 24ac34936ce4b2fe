"""The peers on this machine as the harness sees them, and how much they can take: measured with plain sockets.

The receiver takes test alerts, and is cheap; the other one is the sandbox's Panther.
"""

import json
import select
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.panther import TOKEN
from benchmarks.process import BenchmarkError, Run
from benchmarks.repository import WEBHOOKS
from blinkdecl.provider.panther.operations import documents

PARALLEL = 50
LATENCY = 0.02
PANTHER_LATENCY = 0.05

_ALERT = b'{"title":"' + b"x" * 480 + b'"}'  # about the size of Panther's test alert
_REQUEST = (
    b"POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n%s\r\nContent-Length: %d\r\n\r\n%s"
)
_OK = b"HTTP/1.1 200 OK\r\n"


@dataclass(frozen=True, slots=True)
class Came:
    """What a peer counted between two queries: `seconds` are from the first of `timed` requests to the last answer."""

    requests: int
    refused: int
    timed: int
    seconds: float

    @property
    def rate(self) -> float:
        """Requests per second."""
        return self.timed / self.seconds if self.seconds else 0.0


@dataclass(frozen=True, slots=True)
class Loopback:
    """A running peer; `request` makes the bytes of the request with a number, as plain sockets send it."""

    port: int
    process: "subprocess.Popen[str]"
    request: Callable[[int], bytes]

    def look(self) -> Came:
        """Return what came since the last query."""
        stdin, stdout = self.process.stdin, self.process.stdout
        if stdin is None or stdout is None:
            raise TypeError
        print(file=stdin, flush=True)
        return Came(**json.loads(stdout.readline()))


def receiver(latency: float) -> AbstractContextManager[Loopback]:
    """Run a receiver of test alerts on loopback; it has ended when the context has."""
    return _running(["-S", str(Path(__file__).with_name("receiver.py"))], latency, _alert)


def panther(latency: float) -> AbstractContextManager[Loopback]:
    """Run the sandbox with Panther's side; it has ended when the context has."""
    return _running(["-m", "benchmarks.panther"], latency, _creation)


@contextmanager
def _running(program: list[str], latency: float, request: Callable[[int], bytes]) -> Iterator[Loopback]:
    process = subprocess.Popen(
        [sys.executable, *program, str(latency)],
        cwd=Path(__file__).parent.parent,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    with process:
        try:
            if process.stdout is None:
                raise TypeError
            yield Loopback(int(process.stdout.readline()), process, request)
        finally:
            process.kill()


def raw_run(peer: Callable[[], AbstractContextManager[Loopback]], count: int, parallel: int) -> Run:
    """Return what a peer of its own takes for `count` requests of plain sockets, `parallel` at a time."""
    with peer() as running, ExitStack() as stack:
        address = ("127.0.0.1", running.port)
        sockets = [stack.enter_context(socket.create_connection(address)) for _ in range(min(parallel, count))]
        requests = map(running.request, range(count))
        started = time.perf_counter()
        try:
            converse(sockets, requests)
        except OSError as problem:
            raise BenchmarkError(f"the receiver hung up: {problem.strerror}") from problem
        wall = time.perf_counter() - started
    return Run(wall, 0.0, 0, count / wall)


def converse(peers: list[socket.socket], requests: Iterator[bytes], patience: float = 10) -> None:
    """Send the requests and await their answers; raises a `BenchmarkError` where none comes for `patience` s."""
    waiting = {peer for peer, request in zip(peers, requests, strict=False) if peer.send(request)}
    while waiting:
        ready, _, _ = select.select(waiting, [], [], patience)
        if not ready:
            raise BenchmarkError(f"the receiver was silent for {patience:g} s")
        for peer in ready:
            answer = peer.recv(65536)
            if not (answer.startswith(_OK) and answer.endswith(b"}")):
                raise BenchmarkError("the receiver answered in pieces, or not at all")
            if (request := next(requests, None)) is None:
                waiting.remove(peer)
            else:
                peer.send(request)


def _alert(number: int) -> bytes:
    return _posted(b"/webhooks/%05d" % number, b"BLINK-API-KEY: benchmark-key-of-a-trigger-000", _ALERT)


def _creation(number: int) -> bytes:
    """Return the request that creates a destination like those of the repositories."""
    document = documents(log_types=True, manual_dispatch=True, native_url=True).add
    made = {
        "displayName": f"Destination {number:05d}",
        "outputType": "blinkops",
        "outputConfig": {"blinkOps": {"webhookURL": f"{WEBHOOKS}/000", "apiKey": "benchmark-key-of-a-trigger-000"}},
        "defaultForSeverity": ["CRITICAL", "HIGH", "MEDIUM"],
        "alertTypes": ["RULE", "RULE_ERROR", "SCHEDULED_RULE"],
        "logTypes": ["AWS.CloudTrail", "Okta.SystemLog"],
        "allowManualDispatch": bool(number % 2),
    }
    body = json.dumps({"query": document, "variables": {"input": made}}).encode()
    return _posted(b"/public/graphql", b"X-API-Key: " + TOKEN.encode(), body)


def _posted(path: bytes, header: bytes, body: bytes) -> bytes:
    return _REQUEST % (path, header, len(body), body)

"""The sandbox's alerts at a fixed pace: every answer takes the same time, and comes from a process of its own.

Pages, their order and their cursors are the sandbox's. Only its GraphQL is passed over, which takes the sandbox longer
than the pace, so that it would be what is measured.
"""

import json
import multiprocessing
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from multiprocessing.connection import Connection
from threading import Lock, Thread
from urllib.parse import parse_qs

from blinkdecl.model.resource import SEVERITIES
from blinkdecl.sandbox.blink import Answer, Request
from blinkdecl.sandbox.http import Server
from blinkdecl.sandbox.panther.destination import Destination
from blinkdecl.sandbox.panther.faults import NO_FAULTS
from blinkdecl.sandbox.panther.history import History
from blinkdecl.sandbox.panther.traffic import Traffic, make_traffic

_DESTINATIONS, _RULES = 10, 2000
# A month, and a last day with seventy times as many alerts as the others.
_MONTH, _DAY = Traffic(alerts=31_000, days=30), Traffic(alerts=70_000, days=1)


class _Paced:
    """Answers each request when `latency` seconds have passed since it came."""

    def __init__(self, history: History, latency: float) -> None:
        self._history, self._latency = history, latency
        self.requests, self._counting = 0, Lock()

    def early(self, request: Request) -> None:
        """Leave everything to `answer`."""

    def answer(self, request: Request) -> Answer:
        """Return a page of alerts, or of detections."""
        due = time.monotonic() + self._latency
        with self._counting:
            self.requests += 1
        if request.method == "GET":
            document = self._history.listed(request.path, parse_qs(request.query), NO_FAULTS)
        else:
            asked = json.loads(request.body)["variables"]["input"]
            document = {"data": {"alerts": self._history.alerts(asked, NO_FAULTS)}}
        time.sleep(max(0.0, due - time.monotonic()))
        return Answer(200, document)


@dataclass(frozen=True)
class Served:
    """What is served, at `url`, by a process at the other end of `pipe`."""

    url: str
    pipe: Connection

    def requests(self) -> int:
        """Return how many requests there were."""
        self.pipe.send("count")
        return int(self.pipe.recv())


@contextmanager
def paced(end: datetime, latency: float) -> Iterator[Served]:
    """Serve a month of about 100,000 alerts that ends at `end`, most of them of its last day."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs, end, latency))
    process.start()
    try:
        yield Served(f"http://127.0.0.1:{ours.recv()}/public/graphql", ours)
    finally:
        ours.send("end")
        process.join()


def _serve(pipe: Connection, end: datetime, latency: float) -> None:
    application = _Paced(_history(end), latency)
    with Server(("127.0.0.1", 0), application) as server:
        thread = Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        pipe.send(server.server_address[1])
        while pipe.recv() == "count":
            pipe.send(application.requests)
        server.shutdown()
        thread.join()


def _history(end: datetime) -> History:
    made = History()
    known = [
        Destination(f"D{number}", "blinkOps", {}, SEVERITIES[number % 3 :], id=f"00000000-0000-4000-8000-{number:012}")
        for number in range(_DESTINATIONS)
    ]
    for traffic in (_MONTH, _DAY):
        make_traffic(made, known, traffic, end)
    rule = next(each for each in made.detections if each.path == "/rules")
    more = [replace(rule, id=f"Custom.Rule.{number}") for number in range(_RULES)]
    made.replace(end + timedelta(days=1), (), [*made.detections, *more])
    return made

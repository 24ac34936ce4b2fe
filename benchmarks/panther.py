"""The sandbox as a program of its own, with Panther's side counted: what came, and how long the changes took.

usage: python -m benchmarks.panther LATENCY_SECONDS

It prints its port. Then each line on stdin prints, as JSON, what came since the line before, and resets the counts;
`timed` are the changes, from the first that came to the last answer. It ends with its stdin.
"""

import json
import sys
import time
from dataclasses import dataclass
from threading import Lock
from urllib.parse import urlsplit

from blinkdecl.sandbox import Sandbox
from blinkdecl.sandbox.blink import Answer, Request
from blinkdecl.sandbox.panther.faults import Faults
from blinkdecl.sandbox.panther.side import GRAPHQL

TOKEN = "sandbox-token"


@dataclass(slots=True)
class _Counts:
    requests: int = 0
    refused: int = 0
    timed: int = 0
    first: float = 0.0
    last: float = 0.0


class CountingSandbox(Sandbox):
    """A sandbox that counts what its Panther is asked, and otherwise answers as ever."""

    def __init__(self, latency: float) -> None:
        """Panther answers after `latency` seconds."""
        super().__init__(token=TOKEN, faults=Faults(latency=latency))
        self._counts, self._count_lock = _Counts(), Lock()

    def answer(self, request: Request) -> Answer:
        """Answer a request, and count it where it is one of GraphQL."""
        came = time.monotonic()
        answer = super().answer(request)
        if request.path == GRAPHQL:
            self._count(answer, came, change=b'"mutation ' in request.body)
        return answer

    def report(self) -> str:
        """Return one line of JSON, and count anew."""
        with self._count_lock:
            came, self._counts = self._counts, _Counts()
        counts = {"requests": came.requests, "refused": came.refused, "timed": came.timed}
        return json.dumps({**counts, "seconds": came.last - came.first})

    def _count(self, answer: Answer, came: float, *, change: bool) -> None:
        with self._count_lock:
            counts = self._counts
            counts.requests += 1
            counts.refused += answer.status != 200
            if change:
                counts.timed += 1
                counts.first = min(counts.first or came, came)
                counts.last = time.monotonic()


def main(latency: float) -> None:
    """Serve until stdin ends."""
    with CountingSandbox(latency) as sandbox:
        print(urlsplit(sandbox.url).port, flush=True)
        for _ in sys.stdin:
            print(sandbox.report(), flush=True)


if __name__ == "__main__":
    main(float(sys.argv[1]))

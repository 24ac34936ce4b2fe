"""A sandbox that notes what Panther's API is asked, and does what none of its switches does."""

from threading import Event, Lock
from typing import Self

from blinkdecl.sandbox import Sandbox
from blinkdecl.sandbox.blink import Answer, Request, parsed
from blinkdecl.sandbox.panther.history import PATHS


class Recording(Sandbox):
    """A hosted Panther; `queries` are the GraphQL documents that it was asked.

    answers    what the next requests get instead, such as a page of HTML with status 200, or JSON of another shape
    backwards  alerts come in the other order than they are asked for
    """

    def __init__(self) -> None:
        super().__init__(profile="hosted")
        self.answers: list[Answer] = []
        self.backwards = False
        self._wanted = 0
        self.queries: list[str] = []
        self._noting, self._enough = Lock(), Event()
        self._enough.set()

    def __enter__(self) -> Self:
        """Serve, with a destination that takes everything and one that takes little."""
        super().__enter__()
        hook = f"{self.url}/webhooks/soc"
        self.edit("Everything", create=True, webhook_url=hook, severities="INFO,LOW,MEDIUM,HIGH,CRITICAL")
        self.edit("High", create=True, webhook_url=hook, severities="HIGH,CRITICAL")
        return self

    def hold_lists(self, queries: int) -> None:
        """From now on, answer no list of detections before so many queries more."""
        self._wanted = len(self.queries) + queries
        self._enough.clear()

    def answer(self, request: Request) -> Answer:
        """Answer as the sandbox does, unless something else is planned."""
        if request.path in PATHS and not self._enough.wait(10):
            return Answer(500, {"message": "the lists would have waited for ever"})
        with self._noting:
            planned = self.answers.pop(0) if self.answers else None
        answer = planned or super().answer(self._turned(request))
        if query := (parsed(request.body) or {}).get("query"):
            with self._noting:
                self.queries.append(str(query))
                if len(self.queries) >= self._wanted:
                    self._enough.set()
        return answer

    def _turned(self, request: Request) -> Request:
        if not self.backwards:
            return request
        body = request.body.replace(b'"ascending"', b'"descending"')
        return Request(request.method, request.path, request.query, request.headers, request.url, len(body), body)

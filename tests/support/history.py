"""Panther's public read API on loopback: alerts and deliveries by GraphQL, detections by REST, and its faults."""

import json
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from blinkdecl.history.codec import instant, moment_of
from blinkdecl.model.observed import ObservedAlert

TOKEN = "canary-7d2c-panther-token"
_LISTING = {"RULE_ERROR": "DETECTION_ERROR", "SCHEDULED_RULE_ERROR": "DETECTION_ERROR", "SYSTEM_ERROR": "SYSTEM_ERROR"}


class PantherHistory(ThreadingHTTPServer):
    """What it has, and how it fails: `answers` are (status, body) pairs that the next requests get instead.

    `requests` are the methods and paths, `queries` the GraphQL documents. `page` = the largest page; `inclusive` =
    whether both ends belong to a window; `empty_next` = a last page of REST says "" instead of nothing.
    """

    daemon_threads = True
    page = 50
    inclusive = True
    empty_next = False

    def __init__(self, alerts: Sequence[ObservedAlert], detections: dict[str, list[dict[str, Any]]]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.alerts, self.detections = sorted(alerts, key=lambda each: each.created_at, reverse=True), detections
        self.answers: list[tuple[int, str]] = []
        self.requests: list[str] = []
        self.queries: set[str] = set()
        self.guard = threading.Lock()

    @property
    def url(self) -> str:
        """The GraphQL endpoint."""
        return f"http://127.0.0.1:{self.server_address[1]}/public/graphql"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: PantherHistory

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
        """Say nothing."""

    def do_GET(self) -> None:
        """Answer a list of detections."""
        self._serve(b"")

    def do_POST(self) -> None:
        """Answer a query."""
        self._serve(self.rfile.read(int(self.headers["Content-Length"])))

    def _serve(self, body: bytes) -> None:
        parts = urlsplit(self.path)
        with self.server.guard:
            self.server.requests.append(f"{self.command} {parts.path}")
            planned = self.server.answers.pop(0) if self.server.answers else None
        if planned is not None:
            self._answer(*planned)
        elif self.headers.get("X-API-Key") != TOKEN:
            self._answer(401, '{"message": "unauthorized"}')
        elif self.command == "GET":
            self._answer(200, json.dumps(self._detections(parts.path, parse_qs(parts.query))))
        else:
            asked = json.loads(body)
            self.server.queries.add(asked["query"])
            self._answer(200, json.dumps({"data": {"alerts": self._alerts(asked["variables"]["input"])}}))

    def _detections(self, path: str, query: dict[str, list[str]]) -> dict[str, Any]:
        start, size = int(query.get("cursor", ["0"])[0]), min(int(query["limit"][0]), self.server.page)
        every = self.server.detections.get(path, [])
        more = start + size < len(every)
        following = {"next": str(start + size)} if more else {"next": ""} if self.server.empty_next else {}
        return {"results": every[start : start + size], **following}

    def _alerts(self, asked: dict[str, Any]) -> dict[str, Any]:
        after, before = moment_of(asked["createdAtAfter"]), moment_of(asked["createdAtBefore"])
        assert after is not None
        assert before is not None
        found = [
            each
            for each in self.server.alerts
            if _LISTING.get(each.type, "ALERT") == asked["type"]
            and (after <= each.created_at <= before if self.server.inclusive else after < each.created_at < before)
        ]
        start, size = int(asked.get("cursor", "0")), min(asked["pageSize"], self.server.page)
        more = start + size < len(found)
        info = {"hasNextPage": more, "endCursor": str(start + size) if more else None}
        return {"edges": [{"node": _node(each)} for each in found[start : start + size]], "pageInfo": info}

    def _answer(self, status: int, body: str) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body.encode())))
        self.end_headers()
        self.wfile.write(body.encode())


def _node(alert: ObservedAlert) -> dict[str, Any]:
    kind = "DeletedDetection" if alert.knowledge == "deleted" else "Detection"
    origin = {"__typename": "SystemError"} if alert.detection is None else {"__typename": kind, "id": alert.detection}
    told = [
        {
            "dispatchedAt": instant(each.at),
            "outputId": each.output_id,
            "statusCode": each.status,
            "success": each.success,
        }
        for each in alert.deliveries
    ]
    created = instant(alert.created_at)
    return {
        "id": alert.id, "createdAt": created, "severity": alert.severity, "type": alert.type, "origin": origin,
        "deliveries": [*told, *[None] * alert.unread],
    }  # fmt: skip


@contextmanager
def served(server: PantherHistory) -> Iterator[PantherHistory]:
    """Serve for as long as the context lasts."""
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()

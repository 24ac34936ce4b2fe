"""GitHub's REST API on loopback, as far as comments and issues go: pages, and tokens that may do only what they may."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

APP = {"login": "github-actions[bot]", "type": "Bot"}
REPOSITORY = "acme/alerts"


class GitHubApi(ThreadingHTTPServer):
    """The comments of pull request 7, and the issues. A token is the names of what it may write, with commas."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.comments: list[dict[str, Any]] = []
        self.issues: list[dict[str, Any]] = []
        self.said: list[str] = []  # on issues
        self.status: int | None = None  # the answer to everything
        self.requests: list[str] = []

    @property
    def url(self) -> str:
        """What the runner calls GITHUB_API_URL."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def add_comment(self, body: str, user: dict[str, str] | None = None) -> None:
        """Write a comment, as an app or as somebody else."""
        self.comments.append({"id": len(self.comments) + 1, "body": body, "user": user or APP})

    def answer(self, method: str, target: str, token: str, body: dict[str, Any]) -> tuple[int, object]:
        """Return status and document; 403 is what a token gets that may not."""
        self.requests.append(f"{method} {target}")
        path, query = urlsplit(target).path.removeprefix(f"/repos/{REPOSITORY}"), parse_qs(urlsplit(target).query)
        needed = "pull-requests" if path.startswith(("/issues/7/", "/issues/comments/")) else "issues"
        if self.status is not None:
            return self.status, {}
        if method != "GET" and needed not in token.removeprefix("Bearer ").split(","):
            return 403, {"message": "Resource not accessible by integration"}
        match method, path.split("/")[1:]:
            case "GET", ["issues", "7", "comments"]:
                return 200, _page(self.comments, query)
            case "POST", ["issues", "7", "comments"]:
                self.add_comment(body["body"])
                return 201, self.comments[-1]
            case "PATCH", ["issues", "comments", number]:
                self.comments[int(number) - 1] |= body
                return 200, self.comments[int(number) - 1]
            case "GET", ["issues"]:
                return 200, _page([each for each in self.issues if each["state"] == query["state"][0]], query)
            case "POST", ["issues"]:
                self.issues.append({"number": 100 + len(self.issues), "state": "open", "user": APP, **body})
                return 201, self.issues[-1]
            case "POST", ["issues", _, "comments"]:
                self.said.append(body["body"])
                return 201, {}
            case "PATCH", ["issues", number]:
                self.issues[int(number) - 100] |= body
                return 200, self.issues[int(number) - 100]
        return 404, {}


class _Handler(BaseHTTPRequestHandler):
    server: GitHubApi

    def _answer(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))) or b"{}")
        status, found = self.server.answer(self.command, self.path, self.headers.get("Authorization", ""), body)
        data = json.dumps(found).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_POST = do_PATCH = _answer  # noqa: N815 - http.server's names

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's name
        """Say nothing."""


def _page(found: list[dict[str, Any]], query: dict[str, list[str]]) -> list[dict[str, Any]]:
    size, number = int(query["per_page"][0]), int(query["page"][0])
    return found[(number - 1) * size : number * size]


@contextmanager
def github_api() -> Iterator[GitHubApi]:
    """Serve it until the context ends."""
    with GitHubApi() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()

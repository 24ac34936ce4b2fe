"""GitLab, as far as a component and its jobs know it: inputs, `extends`, and the notes of a merge request."""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import yaml

BOT = 7


def component(text: str, inputs: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the header of a component, and its configuration with the inputs, or their defaults, put in."""
    spec, body = yaml.safe_load_all(text)
    values = {name: each["default"] for name, each in spec["spec"]["inputs"].items()}
    return spec, _filled(body, {**values, **inputs})


def _filled(node: Any, values: Mapping[str, str]) -> Any:  # noqa: ANN401 - YAML
    """Put values into keys and texts, of what YAML was read to: no value can change its shape."""
    match node:
        case dict():
            return {_filled(key, values): _filled(value, values) for key, value in node.items()}
        case list():
            return [_filled(each, values) for each in node]
        case str():
            return re.sub(r"\$\[\[ inputs\.([a-z-]+) ]]", lambda found: values[found[1]], node)
    return node


def script(jobs: Mapping[str, Any], name: str) -> str:
    """Return what the runner hands to the job's shell: both scripts, one after the other."""
    job = {**jobs.get(jobs[name].get("extends", ""), {}), **jobs[name]}
    return "\n".join([*job.get("before_script", []), *job["script"]])


@dataclass
class Notes:
    """The notes of the one merge request, as the API has them; two to a page."""

    url: str = ""
    token: str = "note-token"
    held: list[dict[str, Any]] = field(default_factory=list)

    def add(self, author: int, body: str) -> None:
        """Write a note."""
        self.held.append({"id": len(self.held) + 1, "author": {"id": author}, "body": body})


@contextmanager
def serving() -> Iterator[Notes]:
    """Serve the API on a loopback port."""
    notes = Notes()
    with ThreadingHTTPServer(("127.0.0.1", 0), _handler(notes)) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        notes.url = f"http://127.0.0.1:{server.server_address[1]}"
        try:
            yield notes
        finally:
            server.shutdown()
            thread.join()


def _handler(notes: Notes) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == "/user":
                return self.answer({"id": BOT})
            page = int(self.path.rpartition("page=")[2])
            rest = len(notes.held) > 2 * page
            return self.answer(notes.held[2 * page - 2 : 2 * page], str(page + 1) if rest else "")

        def do_POST(self) -> None:
            notes.add(BOT, self.body())
            self.answer(notes.held[-1])

        def do_PUT(self) -> None:
            note = notes.held[int(self.path.rpartition("/")[2]) - 1]
            note["body"] = self.body()
            self.answer(note)

        def body(self) -> str:
            return str(json.loads(self.rfile.read(int(self.headers["Content-Length"])))["body"])

        def answer(self, document: object, next_page: str = "") -> None:
            allowed = self.headers["PRIVATE-TOKEN"] == notes.token
            self.send_response(200 if allowed else 401)
            self.send_header("X-Next-Page", next_page)
            self.end_headers()
            self.wfile.write(json.dumps(document if allowed else {}).encode())

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
            del format, args

    return Handler

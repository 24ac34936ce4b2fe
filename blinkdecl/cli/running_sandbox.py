"""A running sandbox, as the commands that change something in it reach it: by its own API."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from blinkdecl.cli.session import Session
from blinkdecl.diagnostics import error

_DEFAULT = "http://127.0.0.1:8787"
_LIMIT = 1024 * 1024


def ask_sandbox(
    session: Session, url: str | None, path: str, wanted: Mapping[str, object], timeout: float = 10.0
) -> Mapping[str, Any]:
    """Return the answer of ``/_sandbox/PATH``; raises a `Failure` (``unreachable``, ``rejected``)."""
    from blinkdecl.system.http import Client, TransportError

    origin = _origin(session, url)
    headers = {"Content-Type": "application/json"}
    with Client(1) as client:
        try:
            reply = client.post(
                f"{origin}/_sandbox/{path}", json.dumps(wanted).encode(), headers, timeout, limit=_LIMIT
            )
        except TransportError as problem:
            summary = f"no sandbox answers at {origin}: {problem.detail}"
            raise error("unreachable", summary, remedy="`blinkdecl sandbox` starts one; --url names another") from None
    try:
        document = json.loads(reply.body)
    except ValueError:
        document = {"error": "the server there is not a sandbox"}
    if reply.status != 200:
        raise error("rejected", f"the sandbox refused the change: {document.get('error')}")
    return dict(document)


def _origin(session: Session, url: str | None) -> str:
    if url is not None:
        return url.rstrip("/")
    parts = urlsplit(session.invocation.environ.get("PANTHER_API_URL", _DEFAULT))
    return f"{parts.scheme}://{parts.netloc}"

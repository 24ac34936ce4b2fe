"""An HTTP request as text, as ``dispatch --dry-run`` shows it."""

from collections.abc import Mapping

from blinkdecl.render.safe import one_line


def request_text(url: str, headers: Mapping[str, str], body: bytes) -> str:
    """Return the request as it would go out; whoever calls it has masked the secrets."""
    lines = [f"POST {one_line(url)}", *(f"{name}: {one_line(value)}" for name, value in headers.items())]
    return "\n".join([*lines, f"Content-Length: {len(body)}", "", body.decode()])

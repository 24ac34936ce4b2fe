"""A view as JSON: complete, indented, and harmless on a terminal and in the log of a CI system."""

import json
import re

from blinkdecl.render.safe import BEYOND_C0
from blinkdecl.render.view.parts import View

# JSON escapes C0 by itself. The others stand only inside of JSON strings.
_HOSTILE = re.compile(f"[{BEYOND_C0}]")


def to_json(view: View, *, ascii_only: bool = False) -> str:
    """Return the view as one JSON document that ends with a newline.

    `ascii_only` is for a stream that cannot carry other characters.
    """
    return harmless_json(json.dumps(view, indent=2, ensure_ascii=ascii_only) + "\n")


def harmless_json(text: str) -> str:
    """Return a JSON text that says exactly the same, with nothing that a terminal or a CI system obeys.

    All of that stands inside of strings; `##` as in ``##[error]``, which CI systems look for anywhere in a line.
    """
    text = text.replace("##", r"#\u0023")
    return text if text.isascii() and "\x7f" not in text else _HOSTILE.sub(_escaped, text)


def _escaped(match: re.Match[str]) -> str:
    return json.dumps(match.group())[1:-1] if match.group() != "\x7f" else "\\u007f"

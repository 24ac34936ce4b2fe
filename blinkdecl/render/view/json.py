"""A view as JSON: complete, a line for each entry, and harmless on a terminal and in the log of a CI system.

Python's encoder in C knows no indentation: with `indent`, the document of 10,000 changes took twice as long, and half
as much memory again. So what stands at the top is laid out here, and each entry of it is a line.
"""

import json
import re
from collections.abc import Iterator

from blinkdecl.render.safe import BEYOND_C0
from blinkdecl.render.view.parts import View

# JSON escapes C0 by itself. The others stand only inside of JSON strings.
_HOSTILE = re.compile(f"[{BEYOND_C0}]")


def to_json(view: View, *, ascii_only: bool = False) -> str:
    """Return the view as one JSON document that ends with a newline.

    `ascii_only` is for a stream that cannot carry other characters.
    """
    encoder = json.JSONEncoder(ensure_ascii=ascii_only, check_circular=False)
    return harmless_json("".join(_pieces(view, encoder)))


def harmless_json(text: str) -> str:
    """Return a JSON text that says exactly the same, with nothing that a terminal or a CI system obeys.

    All of that stands inside of strings; `##` as in ``##[error]``, which CI systems look for anywhere in a line.
    """
    text = text.replace("##", r"#\u0023")
    return text if text.isascii() and "\x7f" not in text else _HOSTILE.sub(_escaped, text)


def _pieces(view: View, encoder: json.JSONEncoder) -> Iterator[str]:
    """Yield the document: each key on a line, and below a key with a list each entry of that."""
    lead = "{\n  "
    for name, value in view.items():
        yield f"{lead}{encoder.encode(name)}: "
        lead = ",\n  "
        if isinstance(value, list) and value:
            for number, each in enumerate(value):
                yield ",\n    " if number else "[\n    "
                yield encoder.encode(each)
            yield "\n  ]"
        else:
            yield encoder.encode(value)
    yield "\n}\n" if view else "{}\n"


def _escaped(match: re.Match[str]) -> str:
    return json.dumps(match.group())[1:-1] if match.group() != "\x7f" else "\\u007f"

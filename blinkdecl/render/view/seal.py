"""The seal of a saved plan: who has the operator's key made it, and nobody has touched it since. Pure."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

from blinkdecl.render.view.parts import View

_NAME = "seal"


def with_seal(document: View, key: str) -> View:
    """Return the document with its seal."""
    return {**document, _NAME: _seal(document, key)}


def seal_problem(document: Mapping[str, Any], key: str) -> str | None:
    """Return why a document is not one that was sealed with this key, None where it is."""
    held = document.get(_NAME)
    if held is None:
        return "it has no seal, and BLINKDECL_PLAN_KEY is set here"
    if not hmac.compare_digest(str(held).encode(errors="surrogatepass"), _seal(document, key).encode()):
        return "its seal is not that of BLINKDECL_PLAN_KEY: it was altered, or the job that made it had another key"
    return None


def _seal(document: Mapping[str, Any], key: str) -> str:
    rest = {name: value for name, value in document.items() if name != _NAME}
    text = json.dumps(rest, sort_keys=True, separators=(",", ":"))
    return "hmac-sha256:" + hmac.digest(key.encode(errors="surrogateescape"), text.encode(), hashlib.sha256).hex()

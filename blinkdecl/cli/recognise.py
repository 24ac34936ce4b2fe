"""What a file is that is not what was expected: the usual mix-ups, told by their beginning or their keys. Pure.

What Git, an editor or a server made of a file is known elsewhere (`blinkdecl.system.contents`).
"""

import json
from collections.abc import Mapping
from enum import StrEnum

from blinkdecl.state.codec import begins_as_state


class Found(StrEnum):
    """What a file turned out to be, as a message says it."""

    STATE = "a recorded state"
    PLAN = "a saved plan"
    RESULTS = "what a command printed with --format json"
    ALERT = "an alert"
    SCHEMA = "a JSON Schema"
    TERRAFORM_PLAN = "a plan of Terraform"
    TERRAFORM_STATE = "a state of Terraform"
    JSON = "JSON of another kind"
    TEXT_PLAN = "a plan as text, which --output or a redirection wrote"
    MARKDOWN_PLAN = "a plan as Markdown"
    YAML = "YAML"
    ARCHIVE = "an archive, perhaps a plan of Terraform"
    DATA = "not text"
    TEXT = "a text"


_KEYS: tuple[tuple[Found, frozenset[str]], ...] = (
    (Found.TERRAFORM_STATE, frozenset(("terraform_version", "lineage"))),
    (Found.TERRAFORM_PLAN, frozenset(("terraform_version",))),
    (Found.STATE, frozenset(("lineage", "serial"))),
    (Found.PLAN, frozenset(("resource_changes", "config_digest"))),
    (Found.RESULTS, frozenset(("command", "exit_code"))),
    (Found.SCHEMA, frozenset(("$schema",))),
    *((Found.ALERT, frozenset((key,))) for key in ("alertId", "alertContext", "severity", "title")),
)
_BEGINNING = 65536


def recognised(data: bytes) -> Found:
    """Return what a file most likely is."""
    start = data[:_BEGINNING].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start[:1] in (b"{", b"["):
        try:
            document = json.loads(data)
        except (ValueError, RecursionError):
            return Found.STATE if begins_as_state(data) else Found.TEXT
        return _of_keys(document)
    if start.startswith(b"PK"):
        return Found.ARCHIVE
    if b"\0" in start:
        return Found.DATA
    return _of_text(start.decode(errors="replace"))


def _of_keys(document: object) -> Found:
    if not isinstance(document, Mapping):
        return Found.JSON
    return next((found for found, keys in _KEYS if keys <= document.keys()), Found.JSON)


def _of_text(text: str) -> Found:
    if any(sign in text for sign in ("will be created", "Plan: ", "No changes.")):
        return Found.MARKDOWN_PLAN if text.startswith(("## ", "### ", "<!--", "<details")) else Found.TEXT_PLAN
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return Found.YAML if lines and lines[0].startswith(("version:", "---")) else Found.TEXT

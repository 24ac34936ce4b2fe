"""The `blink` of the project file, as settings, and what a schema cannot say about it."""

from collections.abc import Iterator, Mapping
from typing import Any

from blinkdecl.config.document.finding import Finding, remedy_note
from blinkdecl.config.document.parse import Document
from blinkdecl.config.values import reference_of
from blinkdecl.model.configuration import BlinkSettings
from blinkdecl.model.urls import site_problem

_HELP = "write the address at which you sign in, such as https://acme.app.blinkops.com, without what follows"


def blink_of(document: Document) -> BlinkSettings | None:
    """Return where Blink is asked; None where the project does not say, or what it says was refused."""
    given: Mapping[str, Any] = document.data.get("blink", {})
    url, key = given.get("url"), given.get("api_key")
    if not (url and key):
        return None
    position = document.position("blink", "api_key")
    return BlinkSettings(reference_of(url) if isinstance(url, dict) else url, reference_of(key), position)


def blink_findings(document: Document) -> Iterator[Finding]:
    """Yield what is wrong with the address beyond its shape."""
    url = document.data.get("blink", {}).get("url")
    if isinstance(url, str) and (problem := site_problem(url)) is not None:
        yield Finding("invalid-value", problem, ("blink", "url"), notes=remedy_note(_HELP))

"""Where an attribute of a resource is written, for what is found out about it long after its file was read.

Nothing is kept for that: a file is read once more, and only where something is to be shown.
"""

from functools import cache
from pathlib import Path as File

from blinkdecl.config import include
from blinkdecl.config.document.file import read_text
from blinkdecl.config.document.finding import Finding, Path
from blinkdecl.config.document.parse import Document, Refusal
from blinkdecl.config.document.report import Locator
from blinkdecl.diagnostics import Diagnostic, Position
from blinkdecl.model.resource import Resource, kind_of, name_of

# A text is composed once more for its places; nobody reads more of them.
_MOST_FILES = 20
# What is written below another key than its own.
_BELOW = {
    ("trigger", "url"): "webhook",
    ("trigger", "api_key"): "webhook",
    ("destination", "ignore_changes"): "lifecycle",
}


class Places:
    """Finds attributes in the files below one root. What is in the 21st file, or gone by now, is not found."""

    def __init__(self, root: File) -> None:
        self._root = root
        self._files: set[str] = set()
        self._locator = cache(self._read)

    def key(self, resource: Resource, attribute: str) -> Position | None:
        """Return where the key of an attribute is, None where that is not to be found."""
        found = self._written(resource, attribute)
        return None if found is None else found[0].locate(found[1], on_key=True)[0]

    def pointed(self, diagnostic: Diagnostic, resource: Resource, attribute: str) -> Diagnostic:
        """Return the problem at the value of an attribute, with its lines; as it is where that is not to be found."""
        found = self._written(resource, attribute)
        if found is None:
            return diagnostic
        locator, path = found
        told = diagnostic.code, diagnostic.summary, path
        return locator.diagnostic(Finding(*told, notes=diagnostic.notes, severity=diagnostic.severity, at=False))

    def _written(self, resource: Resource, attribute: str) -> tuple[Locator, Path] | None:
        """Return the file and the path of an attribute; what a resource does not say itself, defaults may."""
        kind = kind_of(resource.address)
        below = _BELOW.get((kind, attribute))
        inside: Path = (below, attribute) if below else (attribute,)
        own = resource.position.file if resource.position is not None else None
        for file, path in (
            (own, (f"{kind}s", name_of(resource.address), *inside)),
            (include.ROOT_FILE, ("defaults", kind, *inside)),
        ):
            locator = None if file is None else self._locator(file)
            if locator is not None and locator.holds(path):
                return locator, path
        return None

    def _read(self, file: str) -> Locator | None:
        if len(self._files) >= _MOST_FILES:
            return None
        self._files.add(file)
        try:
            return Locator(Document(file, read_text(self._root / file, file, self._root)))
        except Refusal:
            return None

"""Which resources the files declare, and where; an address that is declared twice. Pure."""

from collections.abc import Iterable, Iterator
from functools import cached_property

from blinkdecl.config.document.finding import Finding
from blinkdecl.config.document.parse import Document
from blinkdecl.config.document.walk import RESOURCES
from blinkdecl.diagnostics import Position


class Declared:
    """The resources of some documents by section (``triggers``, ``destinations``) and name, sound or not."""

    def __init__(self, documents: Iterable[Document]) -> None:
        self._owners: dict[tuple[str, str], Document] = {}
        self._twice: list[tuple[Document, str, str]] = []
        for document in documents:
            for section, name in document.places:
                if isinstance(name, int) or section not in RESOURCES:
                    continue
                if self._owners.setdefault((section, name), document) is not document:
                    self._twice.append((document, section, name))

    @property
    def addresses(self) -> frozenset[str]:
        """Every declared address."""
        return frozenset(f"{section[:-1]}.{name}" for section, name in self._owners)

    def names(self, section: str) -> list[str]:
        """Return the names in a section, in the order of the files."""
        return self._names[section]

    def owner(self, section: str, name: str) -> Document:
        """Return the document that declares a resource, of two the first."""
        return self._owners[section, name]

    def position(self, section: str, name: str) -> Position:
        """Return where a resource is declared."""
        return self.owner(section, name).position(section, name)

    def findings(self) -> Iterator[tuple[Document, Finding]]:
        """Yield what is wrong: resources that are declared twice."""
        for document, section, name in self._twice:
            notes = (("note", f"first defined at {self.position(section, name)}"),)
            summary, label = f'"{name}" is defined twice', "defined again here"
            path = (section, name)
            yield document, Finding("duplicate-key", summary, path, on_key=True, label=label, notes=notes, at=False)

    @cached_property
    def _names(self) -> dict[str, list[str]]:
        return {section: [name for of, name in self._owners if of == section] for section in RESOURCES}

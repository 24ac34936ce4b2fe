"""Findings become diagnostics: each gets its place and its lines, and all are sorted into the order of the files.

A text is composed once more for that, and only where something is to be shown.
"""

from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING, Any

from blinkdecl.config.document.finding import Finding, Path
from blinkdecl.config.document.parse import Document, Refusal, compose
from blinkdecl.config.document.tally import Tally
from blinkdecl.config.document.walk import shown, token_width
from blinkdecl.diagnostics import Diagnostic, Position

if TYPE_CHECKING:
    from blinkdecl.config.document.excerpt import Excerpts


class Report:
    """The problems found while reading a set of files; `first` = the file whose problems come before the others'."""

    def __init__(self, first: str = "") -> None:
        self._first = first
        self._diagnostics: list[Diagnostic] = []
        self._findings: dict[str, tuple[Document, list[Finding], Tally]] = {}

    def add(self, document: Document, finding: Finding) -> None:
        """Add a finding in a document."""
        _, findings, tally = self._findings.setdefault(document.file, (document, [], Tally()))
        if tally.takes(finding.code):
            findings.append(finding)

    def extend(self, diagnostics: Iterable[Diagnostic]) -> None:
        """Add problems that have their place already."""
        self._diagnostics += diagnostics

    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """Return all problems: those without a place first, then by file, line and column."""
        found = list(self._diagnostics)
        for document, findings, tally in self._findings.values():
            locator = Locator(document)
            found += tally.noted(locator.diagnostic(each) for each in findings)
        return tuple(sorted(dict.fromkeys(found), key=self._order))

    def _order(self, diagnostic: Diagnostic) -> tuple[bool, bool, str, int, int]:
        place = diagnostic.position
        if place is None:
            return False, False, "", 0, 0
        return True, place.file != self._first, place.file, place.line, place.column


class Locator:
    """Finds the places of paths in one document."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._children: dict[int, dict[str, tuple[Any, Any]]] = {}

    def diagnostic(self, finding: Finding) -> Diagnostic:
        """Return the finding with its position and excerpt."""
        position, width = self.locate(finding.path, on_key=finding.on_key)
        excerpt = self._excerpts.at(position.line, position.column, width, finding.label)
        return Diagnostic(finding.code, finding.summary, finding.severity, position, excerpt, finding.all_notes)

    def locate(self, path: Path, *, on_key: bool = False) -> tuple[Position, int]:
        """Return where the value at `path` (or its key) is, and its width; 0 = to the end of the line.

        Where the path ends early, that is the last key on it; a block below its key is shown by the key.
        """
        node, key = self._root, None
        for part in path:
            found = self._child(node, part)
            if found is None:
                on_key = True
                break
            key, node = found
        if key is not None:
            node = key if on_key else shown(key, node)
        if node is None:
            return Position(self._document.file, 1, 1), 1
        mark = node.start_mark
        return Position(self._document.file, mark.line + 1, mark.column + 1), token_width(node)

    def holds(self, path: Path) -> bool:
        """Whether something is written at `path`."""
        node = self._root
        for part in path:
            found = self._child(node, part)
            if found is None:
                return False
            node = found[1]
        return True

    @cached_property
    def _root(self) -> Any:  # noqa: ANN401 - PyYAML's node
        try:
            return compose(self._document.file, self._document.text)
        except Refusal:
            return None

    @cached_property
    def _excerpts(self) -> "Excerpts":
        from blinkdecl.config.document.excerpt import Excerpts  # where something is wrong alone

        return Excerpts(self._document.text, self._root)

    def _child(self, node: Any, part: str | int) -> tuple[Any, Any] | None:  # noqa: ANN401 - PyYAML's node
        """Return the key and the value of a part, for an item of a list the item twice."""
        if node is None or node.id == "scalar":
            return None
        if isinstance(part, int):
            return (node.value[part],) * 2 if node.id == "sequence" and part < len(node.value) else None
        if node.id != "mapping":
            return None
        if id(node) not in self._children:
            # Backwards, so that of two equal keys the first is found.
            self._children[id(node)] = {
                key.value: (key, value) for key, value in reversed(node.value) if key.id == "scalar"
            }
        return self._children[id(node)].get(part)

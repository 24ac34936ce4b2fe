"""Gathers what is wrong, and puts it into the order of the files."""

from collections.abc import Iterable

from blinkdecl.config.finding import Finding
from blinkdecl.config.include import ROOT_FILE
from blinkdecl.config.locate import Locator
from blinkdecl.config.source import Document
from blinkdecl.diagnostics import Diagnostic


class Report:
    """The problems of one configuration."""

    def __init__(self) -> None:
        self._diagnostics: list[Diagnostic] = []
        self._findings: dict[str, tuple[Document, list[Finding]]] = {}

    def add(self, document: Document, finding: Finding) -> None:
        """Add a finding in a document."""
        self._findings.setdefault(document.file, (document, []))[1].append(finding)

    def extend(self, diagnostics: Iterable[Diagnostic]) -> None:
        """Add problems that have their place already."""
        self._diagnostics += diagnostics

    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """Return all problems: those without a place first, then by file, line and column, the project file first."""
        found = list(self._diagnostics)
        for document, findings in self._findings.values():
            locator = Locator(document)
            found += [locator.diagnostic(each) for each in findings]
        return tuple(sorted(dict.fromkeys(found), key=_order))


def _order(diagnostic: Diagnostic) -> tuple[bool, bool, str, int, int]:
    place = diagnostic.position
    if place is None:
        return False, False, "", 0, 0
    return True, place.file != ROOT_FILE, place.file, place.line, place.column

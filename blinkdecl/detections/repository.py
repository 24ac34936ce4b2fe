"""Detections in the layout of panther-analysis: YAML files anywhere below a folder, each with its Python file.

Whatever is wrong with a file is a warning, and the next one is read: these files are another tool's. The Python files
are never run.
"""

import os
import re
from dataclasses import replace
from pathlib import Path

from blinkdecl.config.document.file import Refusal, check_place, files_below, read_text
from blinkdecl.config.document.parse import Document, Source
from blinkdecl.detections.returns import parse, returns_of
from blinkdecl.diagnostics import Diagnostic, Position, error
from blinkdecl.model.detection import ALERT_TYPE_OF, Detection, Returns
from blinkdecl.model.resource import SEVERITIES

_ID = re.compile(r"^(?:RuleID|PolicyID)\b", re.MULTILINE)
_ENDINGS = (".yml", ".yaml")


def read_detections(root: Path, place: Path) -> tuple[tuple[Detection, ...], tuple[Diagnostic, ...]]:
    """Return the detections below a folder, and what is wrong with its files (``invalid-detection``, warnings).

    `place` is relative to `root`, and so are the file names in positions. Hidden folders are left out.
    Raises a `Failure` (``not-found``) where there is no such folder, or (``unreadable``) where a link leads there.
    """
    check_place(place, root)
    if not (root / place).is_dir():
        raise error("not-found", f"there is no folder {place}", remedy="name the folder of a detections repository")
    reading = _Reading(root, place)
    files, links = files_below(root, place, _ENDINGS)
    for file in files:
        reading.add(file)
    reading.problems += [_warning("it is a link that leads out of the folder", Position(each, 1, 1)) for each in links]
    return tuple(reading.found.values()), tuple(reading.problems)


class _Reading:
    """One pass over the files."""

    def __init__(self, root: Path, place: Path) -> None:
        self._root, self._top = root, (root / place).resolve()
        self._source = Source(root, fence=self._top)
        self.found: dict[str, Detection] = {}
        self.problems: list[Diagnostic] = []

    def add(self, file: str) -> None:
        """Read one YAML file; it is left out if it is not a detection and does not claim to be one."""
        document = self._source.read(file)
        self.problems += [_as_warning(each) for each in document.problems]
        data = document.data
        kind = data.get("AnalysisType")
        identifier = data.get("RuleID", data.get("PolicyID"))
        if document.broken or (kind is None and identifier is None):
            return
        if kind is not None and not isinstance(kind, str):
            self._report(document, "AnalysisType is not a word")
            return
        if kind is None:
            self._report(document, "it has no AnalysisType")
        elif kind.lower() in ALERT_TYPE_OF:
            self._add(document, ALERT_TYPE_OF[kind.lower()], identifier)

    def _add(self, document: Document, alert_type: str, identifier: object) -> None:
        data = document.data
        severity = data.get("Severity")
        if not isinstance(identifier, str) or not identifier:
            self._report(document, "it has no RuleID or PolicyID")
        elif not isinstance(severity, str) or severity.upper() not in SEVERITIES:
            self._report(document, f"the severity of {identifier} is not one of {', '.join(SEVERITIES)}")
        elif identifier in self.found:
            self._report(document, f"{identifier} is a duplicate: first at {self.found[identifier].position}")
        else:
            detection = Detection(
                identifier,
                _position(document),
                alert_type,
                severity.upper(),
                tuple(each for each, _ in self._words(document, "LogTypes")),
                enabled=data.get("Enabled") is not False,
                override=self._words(document, "OutputIds"),
            )
            self.found[identifier] = self._with_code(document, detection)

    def _words(self, document: Document, key: str) -> tuple[tuple[str, Position], ...]:
        """Return the strings of a list, with their places."""
        values = document.data.get(key)
        if values is None:
            return ()
        if not isinstance(values, list) or not all(isinstance(each, str) for each in values):
            self._report(document, f"{key} is not a list of strings")
            return ()
        here = _position(document)  # if the key is defined twice, an item may have no place
        places = (document.places.get((key, index), (here.line, here.column)) for index in range(len(values)))
        return tuple((each, Position(document.file, *place)) for each, place in zip(values, places, strict=True))

    def _with_code(self, document: Document, detection: Detection) -> Detection:
        """Return the detection with what its Python file says; if that cannot be read, it is dynamic."""
        name = document.data.get("Filename")
        if name is None:
            return detection
        unknown = replace(detection, returned=Returns((), dynamic=True), generated=Returns((), dynamic=True))
        file = os.path.normpath(Path(document.file).parent / str(name))
        if not isinstance(name, str) or "\0" in name or not (self._root / file).resolve().is_relative_to(self._top):
            self._report(document, "its Filename leads out of the folder")
            return unknown
        try:
            returned, generated = _returns(read_text(self._root / file, file, self._top))
        except Refusal as refusal:
            self.problems.append(_as_warning(refusal.diagnostic))
            return unknown
        except ValueError as problem:
            self.problems.append(_warning(str(problem), Position(file, 1, 1)))
            return unknown
        return replace(detection, code=file, returned=returned, generated=generated)

    def _report(self, document: Document, what: str) -> None:
        self.problems.append(_warning(what, _position(document)))


def _returns(text: str) -> tuple[Returns | None, Returns | None]:
    """Return what ``destinations()`` and ``severity()`` return; a word that is not a severity is dynamic."""
    try:
        tree = parse(text)
        returned, found = returns_of(tree, "destinations", lists=True), returns_of(tree, "severity", lists=False)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    if found is None:
        return returned, None
    known = tuple(each for each in found.literals if each is None or each[0][0].upper() in SEVERITIES)
    return returned, Returns(known, found.dynamic or known != found.literals)


def _position(document: Document) -> Position:
    found = _ID.search(document.text)
    return Position(document.file, document.text.count("\n", 0, found.start()) + 1 if found else 1, 1)


def _as_warning(problem: Diagnostic) -> Diagnostic:
    return _warning(problem.summary, problem.position, problem)


def _warning(what: str, position: Position | None, like: Diagnostic | None = None) -> Diagnostic:
    excerpt = like.excerpt if like is not None else None
    return Diagnostic("invalid-detection", what, "warning", position, excerpt)

"""The detections of a repository in the layout of panther-analysis: YAML files, each with its Python file.

Whatever is wrong with a file is a warning, one a file, and the next one is read: these files are another tool's. What
cannot be known of a detection is said in it, so that none passes unlooked at. The Python files are never run.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from blinkdecl.config.document.file import check_place
from blinkdecl.detections.detection import base_of, derived, described
from blinkdecl.detections.files import files_of
from blinkdecl.detections.library import Library
from blinkdecl.detections.modules import Module
from blinkdecl.detections.properties import Properties, read_properties
from blinkdecl.detections.pypanther import PACKAGE, read_classes
from blinkdecl.diagnostics import Diagnostic, Position, counted, error
from blinkdecl.model.detection import ALERT_TYPE_OF, Detection, Word

# The properties that hold an id, which is unique among all kinds.
_IDS = ("RuleID", "PolicyID", "GlobalID", "DataModelID", "QueryName", "PackID", "LookupName", "PromptName")
# The kinds of analysis that raise no alerts.
_OTHER_KINDS = (*("datamodel", "global", "pack", "saved_query", "scheduled_query", "lookup_table", "scheduled_prompt"),)


@dataclass(frozen=True, slots=True)
class Repository:
    """The detections, and the problems of their files (``invalid-detection``, warnings).

    `unread` are files that may be detections and could not be read: nobody knows where their alerts go. `passed_over` =
    how many YAML files are in folders that panther_analysis_tool does not read.
    """

    detections: tuple[Detection, ...]
    problems: tuple[Diagnostic, ...]
    unread: tuple[str, ...]
    passed_over: int = 0


@dataclass(frozen=True, slots=True)
class _Described:
    """A file that describes a detection, and the type of its alerts."""

    properties: Properties
    alert_type: str
    base: Word | None


def read_detections(root: Path, place: Path, logs: Iterable[str] = ()) -> Repository:
    """Return the detections below a folder; `logs` are the log types that PyPanther's names can stand for.

    `place` is relative to `root`, and so are the file names in positions. Raises a `Failure`: ``not-found`` where there
    is no such folder, ``unreadable`` where a link leads there, ``no-detections`` where it holds none.
    """
    check_place(place, root)
    if not (root / place).is_dir():
        raise error("not-found", f"there is no folder {place}", remedy="name the folder of a detections repository")
    files = files_of(root, place)
    reading = _Reading(root, place)
    for file in files.yaml:
        reading.add(file)
    for file in files.outside:
        reading.refuse(_warning("it is a link that leads out of the folder", Position(file, 1, 1)))
    library = reading.library()
    detections = (*reading.detections(library), *_classes(reading, library, files.python, place, logs))
    if not detections:
        note = "YAML files with an AnalysisType of rule, scheduled_rule, correlation_rule or policy were looked for"
        remedy = "name the folder that panther_analysis_tool reads; from the root of a repository that is . itself"
        first = next((each for each in reading.problems() if each.position is not None), None)
        if first is not None and first.position is not None:
            note = f"{counted(len(reading.unread), 'file')} could not be read; {first.position.file}: {first.summary}"
        raise error("no-detections", f"there is no detection in {place}", note=note, remedy=remedy)
    return Repository(detections, tuple(reading.problems()), tuple(reading.unread), files.passed_over)


def _classes(
    reading: "_Reading", library: Library, files: Sequence[str], place: Path, logs: Iterable[str]
) -> tuple[Detection, ...]:
    """Return the detections that are PyPanther's classes."""
    modules = _modules(reading, library, files, place)
    try:
        return tuple(read_classes(modules, logs))
    except RecursionError:
        for module in modules.values():
            reading.refuse(_warning("it, or a file beside it, is nested too deeply", Position(module.file, 1, 1)))
        return ()


def _modules(reading: "_Reading", library: Library, files: Iterable[str], place: Path) -> dict[str, Module]:
    """Return the modules of a repository that speaks of PyPanther, by the names under which they are imported."""
    texts: dict[str, str] = {}
    for file in files:
        try:
            texts[file] = library.text(file)
        except ValueError:
            continue
    if not any(PACKAGE in text for text in texts.values()):
        return {}
    modules: dict[str, Module] = {}
    for file, text in texts.items():
        parts = Path(file).relative_to(place).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        try:
            modules[name] = Module(file, library.module(file).tree, modules.get, ".".join(parts))
        except ValueError as problem:
            if PACKAGE in text:
                reading.refuse(_warning(str(problem), Position(file, 1, 1)))
    return modules


class _Reading:
    """One pass over the files."""

    def __init__(self, root: Path, place: Path) -> None:
        self._root, self._place, self._top = root, place, (root / place).resolve()
        self._described: list[_Described] = []
        self._owners: dict[str, Position] = {}
        self._helpers: dict[str, str] = {}
        self._told: list[Diagnostic] = []
        self.unread: list[str] = []

    def add(self, file: str) -> None:
        """Read one YAML file; nothing comes of it if it is not for panther_analysis_tool."""
        found = read_properties(self._root / file, file, self._top)
        if isinstance(found, Diagnostic):
            self.refuse(_warning(found.summary, found.position or Position(file, 1, 1), found))
        elif found is not None:
            self._take(found)

    def library(self) -> Library:
        """Return the Python files, with the helpers that were read of."""
        return Library(self._root, self._top, self._helpers)

    def detections(self, library: Library) -> tuple[Detection, ...]:
        """Return what was described, in the order of the files."""
        plain = [each for each in self._described if each.base is None]
        found = {id(each): described(each.properties, each.alert_type, library) for each in plain}
        bases = {each.id: each for each in reversed(found.values())}
        nested = {word[0] for each in self._described if each.base and (word := each.properties.word("RuleID"))}
        for each in self._described:
            if each.base is not None:
                name = each.base[0]
                base = bases.get(name)
                found[id(each)] = derived(each.properties, name, base, nested=base is None and name in nested)
        return tuple(self._once(found[id(each)], each.properties) for each in self._described)

    def problems(self) -> Iterator[Diagnostic]:
        """Yield what is wrong: of each file one thing, with a word about the others."""
        yield from self._told
        for each in self._described:
            found = each.properties.problems
            if found:
                more = ("note", f"and {counted(len(found) - 1, 'more problem')} in this file")
                yield replace(_warning(*found[0]), notes=(more,) if len(found) > 1 else ())

    def _take(self, found: Properties) -> None:
        kind = found.word("AnalysisType")
        if kind is None:
            self.refuse(_warning("its AnalysisType is not a word", found.at("AnalysisType")))
            return
        identifier = next((word for each in _IDS if (word := found.word(each)) is not None), None)
        alert_type = ALERT_TYPE_OF.get(kind[0].lower())
        if kind[0] not in (*ALERT_TYPE_OF, *_OTHER_KINDS):
            found.report("its AnalysisType is none that panther_analysis_tool knows", kind[1])
            found.flawed.add("AnalysisType")
            alert_type = alert_type or "RULE"
        if alert_type is not None:
            self._described.append(_Described(found, alert_type, base_of(found) if alert_type == "RULE" else None))
        elif identifier is not None and kind[0].lower() == "global" and (name := found.word("Filename")) is not None:
            self._helpers.setdefault(identifier[0], str(Path(found.file).parent / name[0]))
        if identifier is not None:
            self._owners.setdefault(*identifier)

    def _once(self, detection: Detection, found: Properties) -> Detection:
        """Return a detection, of which nothing is known if its id is taken: panther_analysis_tool refuses the file."""
        first = self._owners.get(detection.id, detection.position)
        if not detection.id:
            return replace(detection, id=found.file, unknown=(*detection.unknown, "its id"))
        if first == detection.position:
            return detection
        found.report(f"{detection.id} is a duplicate: first at {first}", detection.position)
        return replace(detection, unknown=(*detection.unknown, "which of two files with its id counts"))

    def refuse(self, problem: Diagnostic) -> None:
        """Note a file that may be a detection and cannot be read."""
        self._told.append(problem)
        self.unread.append(problem.position.file if problem.position is not None else "")


def _warning(what: str, position: Position, like: Diagnostic | None = None) -> Diagnostic:
    excerpt = like.excerpt if like is not None else None
    return Diagnostic("invalid-detection", what, "warning", position, excerpt)

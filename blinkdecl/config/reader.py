"""Reads the files of one configuration, and takes out of each what is wrong in it. All that is wrong is collected."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from blinkdecl.config import include
from blinkdecl.config.document import schema
from blinkdecl.config.document.finding import Finding, remedy_note
from blinkdecl.config.document.parse import Document, Source
from blinkdecl.config.document.prune import Origins, marked, pruned
from blinkdecl.config.document.report import Report
from blinkdecl.config.document.walk import RESOURCES
from blinkdecl.config.left_out import left_out
from blinkdecl.config.variables import Interpolation, may_stand_in
from blinkdecl.diagnostics import Suggestions

_RELATIVE = "paths start at the folder of blinkdecl.yaml"


class Reader:
    """The files below `root`, the `report` of what is wrong in them, and what names were probably meant.

    `patterns` are those by which the files that belong to the project file were looked for.
    """

    def __init__(self, root: Path, added: Mapping[str, str] = MappingProxyType({})) -> None:
        """`added` are the texts of files that are not there yet, by their paths below the root."""
        self.root = root
        self._added = added
        self._source = Source(root)
        self._origins: dict[str, Origins] = {}
        self.report = Report(include.ROOT_FILE)
        self.suggestions = Suggestions()
        self.patterns: Sequence[str] = include.DEFAULT
        self.complete = True  # whether every file could be read, so that a name nobody declares is an error in itself

    def read(self, file: str) -> Document:
        added = self._added.get(file)
        document = self._source.read(file) if added is None else self._source.parse(file, added)
        self.report.extend(document.problems)
        self.complete = self.complete and not document.broken
        return document

    def checked(self, document: Document, name: str, interpolation: Interpolation | None) -> Document:
        """Return the document with values in place of variables, and without what is wrong in it.

        A value may be refused without a finding here: what is wrong with its variable is reported elsewhere.
        """
        data = document.data
        findings: list[Finding] = []
        refused = False
        if interpolation is not None and may_stand_in(document.text):
            data = interpolation.document(data)
            findings, interpolation.findings = interpolation.findings, []
            refused = interpolation.refused
        known = {finding.path for finding in findings}
        many = len(findings) >= schema.MOST_FINDINGS
        checked = () if many else schema.check(data, name, self.suggestions)
        shape = [each for each in checked if each.path not in known]
        if name != schema.PROJECT:
            shape = [_misplaced(each, data, name) for each in shape]
        if not (refused or findings or shape or document.problems):
            return document if data is document.data else replace(document, data=data)
        from blinkdecl.config.habits import explained, value_at  # for what is wrong alone

        for finding in (*findings, *shape):
            self.report.add(document, explained(finding, value_at(document.data, finding.path)))
        if many or len(checked) >= schema.MOST_FINDINGS:
            self.complete = False  # what else is wrong was not looked for: nothing of it is sound
            return replace(document, data={}, given=data)
        given = marked(data, [*findings, *shape])
        self._origins[document.file] = Origins(given)
        return replace(document, data=pruned(given), given=given)

    def add(self, document: Document, finding: Finding) -> None:
        """Report what was found in a document from which something may have been taken out."""
        if (origins := self._origins.get(document.file)) is not None:
            finding = replace(finding, path=origins.of(finding.path))
        self.report.add(document, finding)

    def files(self, project: Document) -> list[str]:
        """Return the files that the project includes, relative to the root, and report what is wrong with a pattern."""
        self.patterns = project.data.get("include", include.DEFAULT)
        explicit = "include" in project.data
        if "include" in project.written and not explicit:
            self.complete = False  # it was refused: what it meant to name is not reported as missing
        files: list[str] = []
        expansion = include.Expansion(self.root)
        for index, pattern in enumerate(self.patterns):
            found, finding = self._expanded(expansion, pattern, index, explicit=explicit)
            files += found
            if finding is not None:
                self.complete = False
                self.add(project, finding)
        return files

    def included(self, project: Document) -> Iterator[Document]:
        files = self.files(project)
        self.report.extend(left_out(self.root, set(files)))
        for file in include.distinct(self.root, files):
            document = self.read(file)
            if not document.broken:
                yield document

    def _expanded(
        self, expansion: include.Expansion, pattern: str, index: int, *, explicit: bool
    ) -> tuple[list[str], Finding | None]:
        path = ("include", index)
        if (problem := include.problem_of(pattern)) is not None:
            return [], Finding("include", problem, path, at=False)
        try:
            found = expansion.expand(pattern)
        except include.LeavesRoot as link:
            notes = remedy_note("copy the files into the repository")
            return [], Finding("include", f"{link} is a link that leaves the root", path, notes=notes, at=False)
        except include.TooManyFolders:
            notes = remedy_note("name the folders of the configuration, with fewer '**'")
            summary = f"the includes look into folders more than {include.MOST_LOOKS} times"
            return [], Finding("include", summary, path, notes=notes, at=False)
        except OSError as problem_:
            return [], Finding("include", f"a folder cannot be read: {problem_.strerror}", path, at=False)
        found += [each for each in self._added if include.matches(pattern, each)]
        if explicit and not found:
            folder = pattern.rstrip("/")
            remedy = f"a folder's files are {folder}/**/*.yaml" if (self.root / folder).is_dir() else _RELATIVE
            notes = remedy_note(remedy)
            return [], Finding("include", f'"{pattern}" matches no file', path, notes=notes, at=False)
        return found, None


def _misplaced(finding: Finding, data: Mapping[str, Any], name: str) -> Finding:
    """Say where something belongs that another file has, or how it is written there."""
    key = finding.path[0] if finding.path else None
    if name == schema.ENVIRONMENT and key == "variables":
        given = data["variables"]
        plain = len(finding.path) == 2 and isinstance(given, dict) and isinstance(given.get(finding.path[1]), dict)
        notes = remedy_note(f"write the value itself, as in `{finding.path[-1]}: text`")
        return replace(finding, notes=notes) if plain else finding
    if len(finding.path) != 1 or not finding.on_key or key not in schema.schema("config")["properties"]:
        return finding
    place, remedy = f"{include.ROOT_FILE} only", f"move it to {include.ROOT_FILE}"
    if name == schema.ENVIRONMENT and key in RESOURCES:
        place = f"{include.ROOT_FILE} or a file that it includes"
        remedy = "move it there; what is for this environment only says `environments: [NAME]`"
    elif key in schema.schema("config")["$defs"]["environment_file"]["properties"]:
        place = f"{include.ROOT_FILE} or {include.ENVIRONMENTS}/NAME.yaml"
        remedy = f"move it to {include.ROOT_FILE}, or to the file of the environment that it is for"
    summary = f'"{key}" belongs in {place}'
    return Finding("misplaced-property", summary, finding.path, on_key=True, notes=remedy_note(remedy))

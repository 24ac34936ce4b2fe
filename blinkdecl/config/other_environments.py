"""The environments that were not chosen: typos in their files, two that would keep their state in one place, and where
each keeps it.

What a process or a command line gives to variables is not known of them, so that only their files count.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from posixpath import normpath
from typing import Any, NamedTuple

from blinkdecl.config import include
from blinkdecl.config.blink_settings import blink_findings
from blinkdecl.config.document import schema
from blinkdecl.config.document.finding import Finding, remedy_note
from blinkdecl.config.document.parse import Document
from blinkdecl.config.environment import source_of, state_in, variables_of
from blinkdecl.config.project_file import read_project
from blinkdecl.config.provider_settings import provider_findings
from blinkdecl.config.reader import Reader
from blinkdecl.config.rules import duplicate_findings
from blinkdecl.config.state_settings import state_findings
from blinkdecl.config.variables import Interpolation, undeclared_in, values_of
from blinkdecl.diagnostics import Position
from blinkdecl.model.configuration import StateSettings

# What tells the places of a backend apart; what is behind a reference is not known.
_PLACES: Mapping[str, tuple[str, ...]] = {
    "local": ("path",),
    "http": ("address",),
    "s3": ("endpoint", "url"),
    "postgres": ("dsn", "name"),
}
_OPTIONAL = ("endpoint",)


class _Kept(NamedTuple):
    """Where an environment's state is kept; `document` is its file, if that says so itself."""

    place: tuple[str, ...]
    name: str
    document: Document | None
    position: Position | None


def check_environments(
    reader: Reader, project: Document, chosen: Document, name: str | None, environ: Mapping[str, str]
) -> None:
    """Report what is wrong in the files of the other environments, and what two environments share.

    `project` is as it was written, `chosen` the file of the environment `name`, checked; `environ` may say where a
    state is.
    """
    others = _Others(reader, project, environ)
    documents: dict[str | None, Document] = {None: Document("")}
    for other, file in sorted(include.environments(reader.root).items()):
        documents[other] = chosen if other == name else others.checked(f"{include.ENVIRONMENTS}/{file}")
    sound = [(each, document) for each, document in documents.items() if not document.broken]
    kept = [place for each, document in sound if (place := others.kept(each, document)) is not None]
    for document, finding in _shared(kept):
        reader.add(document, finding)


def other_states(root: Path, name: str | None, environ: Mapping[str, str]) -> dict[str | None, StateSettings | None]:
    """Return where the environments other than `name` keep their states, None where their files alone do not say that.

    Those are left out whose provider is no Panther: nothing that they record is live in one. Nothing is reported:
    `validate` does that. Raises a `Failure` where there is no project file.
    """
    files = {each: file for each, file in sorted(include.environments(root).items()) if each != name}
    if name is None and not files:
        return {}  # as in most projects, whose file is not read once more then
    reader = Reader(root)
    project = read_project(reader)
    others = _Others(reader, project, environ)
    documents: dict[str | None, Document] = {None: Document("")} if name is not None else {}
    documents |= {each: others.checked(f"{include.ENVIRONMENTS}/{file}") for each, file in files.items()}
    return {
        each: others.state(each, document, environ)
        for each, document in documents.items()
        if _provider_type(project, document) not in ("local", "console")
    }


def _provider_type(project: Document, environment: Document) -> str:
    """Return the type as it is written, which may hold a variable."""
    given = source_of("provider", project, environment).data.get("provider", {})
    return str(given.get("type", "local")) if isinstance(given, dict) else ""


class _Others:
    def __init__(self, reader: Reader, project: Document, environ: Mapping[str, str]) -> None:
        self._reader, self._project, self._environ = reader, project, environ
        declared = project.data.get("variables", {})
        self._declared: Mapping[str, Any] | None = declared if isinstance(declared, dict) else None

    def checked(self, file: str) -> Document:
        """Return the file of an environment that was not chosen, without what is wrong in it."""
        reader, document = self._reader, self._reader.read(file)
        if document.broken:
            return document
        if self._declared is not None:
            for finding in undeclared_in(variables_of(document), self._declared, reader.suggestions):
                reader.report.add(document, finding)
        document = reader.checked(document, schema.ENVIRONMENT, self._interpolation(document))
        for finding in (
            *provider_findings(document),
            *blink_findings(document),
            *state_findings(document, self._environ),
        ):
            reader.add(document, finding)
        for finding in duplicate_findings(document.written):
            reader.report.add(document, finding)
        return document

    def kept(self, name: str | None, document: Document) -> _Kept | None:
        """Return where an environment keeps its state, None where that is not known."""
        state = self.state(name, document, {})
        place = None if state is None else _place(state)
        if state is None or place is None:
            return None
        return _Kept(place, name or "", document if "state" in document.written else None, state.position)

    def state(self, name: str | None, document: Document, environ: Mapping[str, str]) -> StateSettings | None:
        """Return the state of an environment, None where that is not known; `environ` may say where it is."""
        project = self._project
        if document.broken or project.broken:
            return None
        if "state" in document.written:
            wrong = document.written["state"] != document.data.get("state")
            if wrong or any(state_findings(document, self._environ)):
                return None
        else:
            interpolation = self._interpolation(document)
            given = interpolation.document({each: project.data[each] for each in ("state",) if each in project.data})
            if interpolation.refused or not schema.accepted({"version": 1, **given}, schema.PROJECT):
                return None
            project = replace(project, data=given, given=None)
        return state_in(project, document, name, environ)

    def _interpolation(self, document: Document) -> Interpolation:
        declared = self._declared or {}
        values = values_of(declared, variables_of(document), {}, {})
        return Interpolation(values, self._reader.suggestions, complete=self._declared is not None, valued=False)


def _place(state: StateSettings) -> tuple[str, ...] | None:
    """Return what tells a place apart from others, None where a part is behind a reference, or missing."""
    names = _PLACES[state.backend]
    if any(each not in state.options for each in names if each not in _OPTIONAL):
        return None
    found = [state.options.get(each, "") for each in names]
    return (state.backend, *(normpath(each) if state.backend == "local" else each for each in found))


def _shared(kept: list[_Kept]) -> Iterator[tuple[Document, Finding]]:
    """Yield a finding for each environment whose file names a place that another one has."""
    ordered = sorted(kept, key=lambda each: (each.place, each.document is not None, each.name))
    for _, group in groupby(ordered, key=lambda each: each.place):
        first, *others = group
        for each in others:
            if each.document is None:
                continue  # its place is derived from its name: the other one, which is not, is named
            whose = f'the environment "{first.name}"' if first.name else "the project without --env"
            where = f"at {first.position}" if first.position else "by default"
            notes = (("note", f"{whose} has that place {where}"), *remedy_note("give each a place of its own"))
            summary = f'the environment "{each.name}" and {whose} would keep their state in one place'
            yield each.document, Finding("shared-state", summary, ("state",), on_key=True, notes=notes, at=False)

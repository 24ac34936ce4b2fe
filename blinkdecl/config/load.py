"""Loading a configuration: read, put in variables, check the shape, resolve. Everything that is wrong comes at once.

What is wrong is taken out of a document before the next step looks at it, so that a step sees only what is sound, and
no consequence of an error is reported as another one. Where a whole file could not be read, names that it may declare
are not reported as missing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from blinkdecl.config import include
from blinkdecl.config.blink_settings import blink_findings
from blinkdecl.config.coverage_settings import coverage_findings
from blinkdecl.config.declared import Declared
from blinkdecl.config.document import schema
from blinkdecl.config.document.parse import Document
from blinkdecl.config.environment import read_environment, source_of, variables_of
from blinkdecl.config.left_out import nothing_declared
from blinkdecl.config.project_file import read_project
from blinkdecl.config.provider_settings import provider_findings
from blinkdecl.config.reader import Reader
from blinkdecl.config.resolve import Resolver
from blinkdecl.config.rules import OMISSIONS, duplicate_findings
from blinkdecl.config.secret_rules import blink_key_findings, project_reference_findings, reserved_references
from blinkdecl.config.settings import (
    move_findings,
    moves_of,
    removal_findings,
    removals_of,
    settings_of,
    waiver_findings,
)
from blinkdecl.config.state_settings import state_findings, state_of
from blinkdecl.config.variables import Interpolation, ambiguous, undeclared, undeclared_in, values_of
from blinkdecl.diagnostics import Diagnostic, Failure
from blinkdecl.model.configuration import Configuration, Settings, StateSettings
from blinkdecl.model.resource import Resource
from blinkdecl.model.trust import Trust, trust_of
from blinkdecl.model.urls import HostRules

_NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Loaded:
    """A sound configuration, and what its author should look at all the same.

    `usual_state` is where the state would be if the environment's file did not name a place.
    """

    configuration: Configuration
    warnings: tuple[Diagnostic, ...]
    usual_state: StateSettings


def load(
    root: Path,
    *,
    environment: str | None = None,
    variables: Mapping[str, str] = _NOTHING,
    environ: Mapping[str, str],
    every_environment: bool = False,
    added: Mapping[str, str] = _NOTHING,
) -> Loaded:
    """Read the configuration below `root`; raises a `Failure` with every error, in the order of files and lines.

    `every_environment` = the files of the other environments are checked too, as far as they can be by themselves.
    `added` are the texts of files that are not there yet, by their paths below the root.
    """
    return _Loading(Reader(root, added), environment, variables, environ).run(every_environment=every_environment)


def files_of(
    root: Path,
    *,
    environment: str | None = None,
    variables: Mapping[str, str] = _NOTHING,
    environ: Mapping[str, str],
) -> tuple[list[str], tuple[Diagnostic, ...]]:
    """Return the files of the configuration below `root`, environments too, and what is wrong with `include`.

    What is wrong otherwise does not count: of a project file that cannot be read, the default patterns are taken.
    Raises a `Failure` where there is no project file, or no such environment.
    """
    return _Loading(Reader(root), environment, variables, environ).files()


class _Loading:
    def __init__(
        self, reader: Reader, environment: str | None, variables: Mapping[str, str], environ: Mapping[str, str]
    ) -> None:
        self._environment = environment
        self._given, self._environ = variables, environ
        self._reader = reader

    def run(self, *, every_environment: bool) -> Loaded:
        reader = self._reader
        raw = read_project(reader)
        environment = read_environment(reader, self._environment)
        if raw.broken:
            raise Failure(*reader.report.diagnostics())
        interpolation = self._interpolation(raw, environment)
        project = reader.checked(raw, schema.PROJECT, interpolation)
        if self._environment is not None and not environment.broken:
            environment = reader.checked(environment, schema.ENVIRONMENT, interpolation)
        included = [reader.checked(each, schema.INCLUDED, interpolation) for each in reader.included(project)]
        declared = Declared((project, *included), self._environment, include.environments(reader.root))
        settings = settings_of(project, environment, self._environment, self._environ)
        trust = trust_of(self._environ)
        resources = self._resources((project, *included), environment, declared, settings, trust)
        self._check_settings(project, environment, declared, trust)
        for document in (project, environment, *included):
            for finding in duplicate_findings(document.written):
                reader.report.add(document, finding)
        if every_environment:
            from blinkdecl.config.other_environments import check_environments  # of one command alone

            check_environments(reader, raw, environment, self._environment, self._environ)
        return self._loaded(project, declared, settings, resources)

    def _loaded(
        self, project: Document, declared: Declared, settings: Settings, resources: dict[str, Resource]
    ) -> Loaded:
        """Return what was read, with its warnings; raises a `Failure` where there are errors."""
        diagnostics = self._reader.report.diagnostics()
        if any(each.severity == "error" for each in diagnostics):
            # Beside errors, what seems to be left out may just be misspelt.
            raise Failure(*(each for each in diagnostics if each.code not in OMISSIONS))
        elsewhere, removals = declared.elsewhere, removals_of(project)
        if not (resources or removals):
            diagnostics = (nothing_declared(self._reader.patterns, elsewhere), *diagnostics)
        configuration = Configuration(
            settings,
            resources,
            moves_of(project, elsewhere),
            self._environment,
            elsewhere=elsewhere,
            names_elsewhere=declared.names_elsewhere,
            removed=removals,
        )
        usual = state_of(project.data.get("state", {}), self._environment, self._environ, project)
        return Loaded(configuration, diagnostics, usual)

    def files(self) -> tuple[list[str], tuple[Diagnostic, ...]]:
        reader = self._reader
        project, environment = read_project(reader), read_environment(reader, self._environment)
        if not project.broken:
            project = reader.checked(project, schema.PROJECT, self._interpolation(project, environment))
        files = include.distinct(reader.root, reader.files(project))
        environments = [f"{include.ENVIRONMENTS}/{each}" for each in include.environments(reader.root).values()]
        problems = tuple(each for each in reader.report.diagnostics() if each.code == "include")
        return [include.ROOT_FILE, *files, *sorted(environments)], problems

    def _resources(
        self,
        documents: tuple[Document, ...],
        environment: Document,
        declared: Declared,
        settings: Settings,
        trust: Trust,
    ) -> dict[str, Resource]:
        """Return what is declared in this environment; the project file is the first of the `documents`."""
        reader, project = self._reader, documents[0]
        for document, finding in declared.findings(reader.suggestions):
            reader.add(document, finding)
        named = source_of("webhook_hosts", project, environment)
        known = not environment.broken and named.written.get("webhook_hosts") == named.data.get("webhook_hosts")
        hosts = HostRules(settings.webhook_hosts, trust.hosts) if known else None
        reserved = {**reserved_references(project.data), **reserved_references(environment.data)}
        complete = reader.complete
        blink = "blink" in source_of("blink", project, environment).written
        resolver = Resolver(
            documents, declared, reserved, trust, hosts, reader.add, reader.suggestions, complete=complete, blink=blink
        )
        return resolver.resources()

    def _check_settings(self, project: Document, environment: Document, declared: Declared, trust: Trust) -> None:
        reader = self._reader
        rest = project.data, declared, reader.suggestions
        for finding in (
            *move_findings(*rest, complete=reader.complete),
            *removal_findings(project.data, declared),
            *waiver_findings(*rest, complete=reader.complete),
            *coverage_findings(project, reader.suggestions),
        ):
            reader.add(project, finding)
        for document in (project, environment):
            for finding in (
                *provider_findings(document),
                *blink_findings(document),
                *state_findings(document, self._environ),
                *project_reference_findings(document, trust),
                *blink_key_findings(document, (project.data, environment.data)),
            ):
                reader.add(document, finding)

    def _interpolation(self, project: Document, environment: Document) -> Interpolation:
        of_environment = variables_of(environment)
        declared = project.data.get("variables", {})
        sound = isinstance(declared, dict)
        if sound:
            for finding in ambiguous(declared):
                self._reader.report.add(project, finding)
            self._reader.report.extend(undeclared(self._given, declared, self._reader.suggestions))
            for finding in undeclared_in(of_environment, declared, self._reader.suggestions):
                self._reader.report.add(environment, finding)
        values = values_of(declared, of_environment, self._environ, self._given) if sound else {}
        return Interpolation(values, self._reader.suggestions, complete=sound and self._reader.complete)

"""Loading a configuration: read, put in variables, check the shape, resolve. Everything that is wrong comes at once.

What is wrong is taken out of a document before the next step looks at it, so that a step sees only what is sound, and
no consequence of an error is reported as another one. Where a whole file could not be read, names that it may declare
are not reported as missing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

from blinkdecl.config.coverage_settings import coverage_findings
from blinkdecl.config.declared import Declared
from blinkdecl.config.digest import digest_of
from blinkdecl.config.document import schema
from blinkdecl.config.document.parse import Document
from blinkdecl.config.environment import read_environment
from blinkdecl.config.project_file import read_project
from blinkdecl.config.provider_settings import provider_findings
from blinkdecl.config.reader import Reader
from blinkdecl.config.resolve import Resolver
from blinkdecl.config.rules import OMISSIONS
from blinkdecl.config.secret_rules import project_reference_findings
from blinkdecl.config.settings import move_findings, moves_of, settings_of, waiver_findings
from blinkdecl.config.state_settings import state_findings
from blinkdecl.config.variables import Interpolation, ambiguous, undeclared, undeclared_in, values_of
from blinkdecl.diagnostics import Diagnostic, Failure
from blinkdecl.model.configuration import Configuration
from blinkdecl.model.trust import trust_of
from blinkdecl.model.urls import HostRules

_NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Loaded:
    """A sound configuration, and what its author should look at all the same."""

    configuration: Configuration
    warnings: tuple[Diagnostic, ...]


def load(
    root: Path,
    *,
    environment: str | None = None,
    variables: Mapping[str, str] = _NOTHING,
    environ: Mapping[str, str],
) -> Loaded:
    """Read the configuration below `root`; raises a `Failure` with every error, in the order of files and lines."""
    return _Loading(root, environment, variables, environ).run()


class _Loading:
    def __init__(
        self, root: Path, environment: str | None, variables: Mapping[str, str], environ: Mapping[str, str]
    ) -> None:
        self._environment = environment
        self._given, self._environ = variables, environ
        self._reader = Reader(root)

    def run(self) -> Loaded:
        project = read_project(self._reader)
        environment = read_environment(self._reader, self._environment)
        if project.broken:
            raise Failure(*self._reader.report.diagnostics())
        interpolation = self._interpolation(project, environment)
        project = self._reader.checked(project, schema.PROJECT, interpolation)
        included = [
            self._reader.checked(each, schema.INCLUDED, interpolation) for each in self._reader.included(project)
        ]
        settings = settings_of(project, self._environment)
        hosts_known = project.written.get("webhook_hosts") == project.data.get("webhook_hosts")
        trust = trust_of(self._environ)
        hosts = HostRules(settings.webhook_hosts, trust.hosts) if hosts_known else None
        documents = (project, *included)
        declared = Declared(documents)
        for document, finding in declared.findings():
            self._reader.add(document, finding)
        resolver = Resolver(
            documents,
            declared,
            trust,
            hosts,
            self._reader.add,
            self._reader.suggestions,
            complete=self._reader.complete,
        )
        resources = resolver.resources()
        rest = project.data, declared.addresses, self._reader.suggestions
        for finding in (
            *provider_findings(project),
            *state_findings(project),
            *project_reference_findings(project, trust),
            *move_findings(*rest, complete=self._reader.complete),
            *waiver_findings(*rest, complete=self._reader.complete),
            *coverage_findings(project, self._reader.suggestions),
        ):
            self._reader.add(project, finding)
        diagnostics = self._reader.report.diagnostics()
        if any(each.severity == "error" for each in diagnostics):
            # Beside errors, what seems to be left out may just be misspelt.
            raise Failure(*(each for each in diagnostics if each.code not in OMISSIONS))
        configuration = Configuration(settings, resources, moves_of(project), self._environment)
        return Loaded(replace(configuration, digest=digest_of(configuration)), diagnostics)

    def _interpolation(self, project: Document, environment: Document) -> Interpolation:
        of_environment = environment.data.get("variables", {})
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

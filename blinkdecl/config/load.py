"""Loading a configuration: read, put in variables, check the shape, resolve. Everything that is wrong comes at once.

What is wrong is taken out of a document before the next step looks at it, so that a step sees only what is sound, and
no consequence of an error is reported as another one. Where a whole file could not be read, names that it may declare
are not reported as missing.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from types import MappingProxyType

from blinkdecl.config import include
from blinkdecl.config.coverage_settings import coverage_findings
from blinkdecl.config.document import schema
from blinkdecl.config.document.finding import Finding, remedy_note
from blinkdecl.config.document.parse import Document, Source
from blinkdecl.config.document.prune import Origins, marked, pruned
from blinkdecl.config.document.report import Report
from blinkdecl.config.left_out import left_out
from blinkdecl.config.provider_settings import provider_findings
from blinkdecl.config.resolve import Resolver
from blinkdecl.config.rules import OMISSIONS
from blinkdecl.config.secret_rules import project_reference_findings
from blinkdecl.config.settings import move_findings, moves_of, settings_of, waiver_findings
from blinkdecl.config.state_settings import state_findings
from blinkdecl.config.variables import Interpolation, ambiguous, may_stand_in, undeclared, undeclared_in, values_of
from blinkdecl.diagnostics import Diagnostic, Failure, Suggestions, closest, did_you_mean, error
from blinkdecl.model.configuration import Configuration
from blinkdecl.model.resource import NAME_PATTERN, Resource
from blinkdecl.model.trust import trust_of
from blinkdecl.model.urls import HostRules

# How many folders above this one a project file is looked for.
_MOST_ABOVE = 5
_DEFAULT_INCLUDE = ("triggers/**/*.yaml", "destinations/**/*.yaml")
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
        self._root, self._environment = root, environment
        self._given, self._environ = variables, environ
        self._source = Source(root)
        self._report = Report(include.ROOT_FILE)
        self._suggestions = Suggestions()
        self._origins: dict[str, Origins] = {}
        self._complete = True

    def run(self) -> Loaded:
        project = self._read_project()
        environment = self._read_environment()
        if project.broken:
            raise Failure(*self._report.diagnostics())
        interpolation = self._interpolation(project, environment)
        project = self._checked(project, schema.PROJECT, interpolation)
        included = [self._checked(each, schema.INCLUDED, interpolation) for each in self._included(project)]
        settings = settings_of(project, self._environment)
        hosts_known = project.written.get("webhook_hosts") == project.data.get("webhook_hosts")
        trust = trust_of(self._environ)
        hosts = HostRules(settings.webhook_hosts, trust.hosts) if hosts_known else None
        documents = (project, *included)
        resolver = Resolver(documents, trust, hosts, self._add, self._suggestions, complete=self._complete)
        resources = resolver.resources()
        rest = project.data, resolver.declared, self._suggestions
        for finding in (
            *provider_findings(project),
            *state_findings(project),
            *project_reference_findings(project, trust),
            *move_findings(*rest, complete=self._complete),
            *waiver_findings(*rest, complete=self._complete),
            *coverage_findings(project, self._suggestions),
        ):
            self._add(project, finding)
        diagnostics = self._report.diagnostics()
        if any(each.severity == "error" for each in diagnostics):
            # Beside errors, what seems to be left out may just be misspelt.
            raise Failure(*(each for each in diagnostics if each.code not in OMISSIONS))
        configuration = Configuration(settings, resources, moves_of(project), self._environment)
        return Loaded(replace(configuration, digest=_digest(configuration)), diagnostics)

    def _read_project(self) -> Document:
        try:
            there = (self._root / include.ROOT_FILE).exists()
        except OSError:
            there = True  # reading it will say why it cannot be read
        if not there:
            remedy = _elsewhere(self._root) or "`blinkdecl init` makes one; --chdir names another folder"
            raise error("not-found", f"there is no {include.ROOT_FILE} here", remedy=remedy)
        return self._read(include.ROOT_FILE)

    def _read_environment(self) -> Document:
        """Return the environment's file, an empty document without an environment."""
        name = self._environment
        if name is None:
            return Document("")
        if not re.fullmatch(NAME_PATTERN, name):
            summary, remedy = "the environment's name is not allowed", f"names match {NAME_PATTERN}"
            raise error("invalid-name", summary, at="--env", remedy=remedy)
        known = include.environments(self._root)
        if name not in known:
            meant = did_you_mean(closest(name, known))
            listed = ", ".join(sorted(known))
            remedy = meant or f"environments: {listed}" if known else f"write environments/{name}.yaml"
            raise error("not-found", f'there is no environment "{name}"', at="--env", remedy=remedy)
        document = self._read(f"{include.ENVIRONMENTS}/{known[name]}")
        return document if document.broken else self._checked(document, schema.ENVIRONMENT, None)

    def _interpolation(self, project: Document, environment: Document) -> Interpolation:
        of_environment = environment.data.get("variables", {})
        declared = project.data.get("variables", {})
        sound = isinstance(declared, dict)
        if sound:
            for finding in ambiguous(declared):
                self._report.add(project, finding)
            self._report.extend(undeclared(self._given, declared, self._suggestions))
            for finding in undeclared_in(of_environment, declared, self._suggestions):
                self._report.add(environment, finding)
        values = values_of(declared, of_environment, self._environ, self._given) if sound else {}
        return Interpolation(values, self._suggestions, complete=sound and self._complete)

    def _included(self, project: Document) -> Iterator[Document]:
        patterns: Sequence[str] = project.data.get("include", _DEFAULT_INCLUDE)
        explicit = "include" in project.data
        if "include" in project.written and not explicit:
            self._complete = False  # it was refused: what it meant to name is not reported as missing
        files: list[str] = []
        expansion = include.Expansion(self._root)
        for index, pattern in enumerate(patterns):
            found, finding = self._expanded(expansion, pattern, index, explicit=explicit)
            files += found
            if finding is not None:
                self._complete = False
                self._add(project, finding)
        self._report.extend(left_out(self._root, set(files)))
        for file in include.distinct(self._root, files):
            document = self._read(file)
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
        if explicit and not found:
            notes = remedy_note("paths start at the folder of blinkdecl.yaml")
            return [], Finding("include", f'"{pattern}" matches no file', path, notes=notes, at=False)
        return found, None

    def _read(self, file: str) -> Document:
        document = self._source.read(file)
        self._report.extend(document.problems)
        self._complete = self._complete and not document.broken
        return document

    def _checked(self, document: Document, name: str, interpolation: Interpolation | None) -> Document:
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
        checked = () if many else schema.check(data, name, self._suggestions)
        shape = [each for each in checked if each.path not in known]
        if name == schema.INCLUDED:
            shape = [_misplaced(each) for each in shape]
        if not (refused or findings or shape or document.problems):
            return document if data is document.data else replace(document, data=data)
        for finding in (*findings, *shape):
            self._report.add(document, finding)
        if many or len(checked) >= schema.MOST_FINDINGS:
            self._complete = False  # what else is wrong was not looked for: nothing of it is sound
            return replace(document, data={}, given=data)
        given = marked(data, [*findings, *shape])
        self._origins[document.file] = Origins(given)
        return replace(document, data=pruned(given), given=given)

    def _add(self, document: Document, finding: Finding) -> None:
        """Report what was found in a document from which something may have been taken out."""
        if (origins := self._origins.get(document.file)) is not None:
            finding = replace(finding, path=origins.of(finding.path))
        self._report.add(document, finding)


def _misplaced(finding: Finding) -> Finding:
    """Say where a project setting belongs that another file has."""
    if len(finding.path) == 1 and finding.on_key and finding.path[0] in schema.schema("config")["properties"]:
        summary = f'"{finding.path[0]}" belongs in {include.ROOT_FILE} only'
        notes = remedy_note(f"move it to {include.ROOT_FILE}")
        return Finding("misplaced-property", summary, finding.path, on_key=True, notes=notes)
    return finding


def _digest(configuration: Configuration) -> str:
    """Return the SHA-256 (hex) of what plans depend on.

    Places in files and the order of resources do not count, nor where the state is kept: its content decides, and a
    plan names that by lineage and serial.
    """
    settings = configuration.settings
    limits, provider = settings.limits, replace(settings.provider, position=None)
    content: list[object] = [
        configuration.environment,
        [asdict(provider), settings.webhook_hosts, settings.allow_commands],
        [limits.max_deletes, limits.max_change_percent],
        [
            [each.severities, each.alert_types, each.log_types, each.min_destinations, each.independent]
            for each in settings.coverage
        ],
        [[each.severities, each.alert_types, each.log_types, each.reason] for each in settings.silences],
        [[move.origin, move.target] for move in configuration.moved],
        [_declared_facts(each) for _, each in sorted(configuration.resources.items())],
    ]
    return hashlib.sha256(json.dumps(content, sort_keys=True, check_circular=False).encode()).hexdigest()


def _declared_facts(resource: Resource) -> list[object]:
    probe = resource.probe
    return [
        resource.address,
        resource.attributes,
        [[name, secret.source, secret.argument] for name, secret in resource.secrets.items()],
        resource.prevent_destroy,
        resource.ignore_changes,
        [probe.preflight, probe.after_apply, probe.timeout],
    ]


def _elsewhere(root: Path) -> str:
    """Return where a project file may be instead: under another name, or in a folder above; "" = nowhere near."""
    if (root / "blinkdecl.yml").is_file():
        return f"there is a blinkdecl.yml: rename it to {include.ROOT_FILE}"
    above = root.resolve()
    for count in range(1, _MOST_ABOVE + 1):
        above = above.parent
        if (above / include.ROOT_FILE).is_file():
            folder = "/".join([".."] * count)
            return f"there is one in {folder}: use `-C {root / folder if root != Path() else folder}`"
    return ""

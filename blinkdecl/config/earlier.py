"""The backend that an earlier revision of the project file names: what the state is migrated from."""

from pathlib import Path

from blinkdecl.config import schema
from blinkdecl.config.report import Report
from blinkdecl.config.source import Source
from blinkdecl.config.state import state_findings, state_of
from blinkdecl.configuration import StateSettings
from blinkdecl.diagnostics import Failure


def default_state(environment: str | None) -> StateSettings:
    """Return the backend of a project that names none."""
    return state_of({}, environment)


def load_state(path: Path, environment: str | None) -> StateSettings:
    """Return what the `state` block of the project file at `path` says; raises a `Failure` with what is wrong there."""
    document, report = Source(path.parent).read(path.name), Report()
    report.extend(document.problems)
    found = [] if document.broken else [*schema.check(document.data, schema.PROJECT)]
    found = [each for each in found if each.path[:1] == ("state",)]
    for finding in found or ([] if document.broken else state_findings(document)):
        report.add(document, finding)
    if problems := report.diagnostics():
        raise Failure(*problems)
    return state_of(document.data.get("state", {}), environment, document)

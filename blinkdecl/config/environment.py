"""The file of an environment: found, read, and which of its settings replace the project's.

A setting replaces the project's as a whole; nothing is merged. So each has one document that it comes from, where
findings and positions point.
"""

import re
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

from blinkdecl.config import include
from blinkdecl.config.document.parse import Document
from blinkdecl.config.reader import Reader
from blinkdecl.config.state_settings import state_of
from blinkdecl.diagnostics import closest, did_you_mean, error
from blinkdecl.model.configuration import StateSettings
from blinkdecl.model.resource import NAME_PATTERN

# What an environment may have of its own.
SETTINGS = ("provider", "blink", "state", "webhook_hosts", "limits")


def read_environment(reader: Reader, name: str | None) -> Document:
    """Return the environment's file as it is, an empty document without an environment.

    Raises a `Failure` (``invalid-name``, ``not-found``) for one that there is not.
    """
    if name is None:
        return Document("")
    known = include.environments(reader.root)
    if name in known:
        return reader.read(f"{include.ENVIRONMENTS}/{known[name]}")
    file = PurePath(name).stem  # who names its file means the environment
    meant = did_you_mean(file if file in known else closest(name, known))
    check_environment_name(name, meant)
    unused = {better: file for file, better in include.unused_environments(reader.root).items()}
    listed = ", ".join(sorted(known))
    remedy = meant or (
        f"environments: {listed}; `blinkdecl init` makes this one as well"
        if known
        else f"write {include.ENVIRONMENTS}/{name}.yaml, or let `blinkdecl init` write it"
    )
    if name in unused:
        remedy = f"rename {include.ENVIRONMENTS}/{unused[name]} to {include.ENVIRONMENTS}/{name}.yaml"
    raise error("not-found", f'there is no environment "{name}"', at="--env", remedy=remedy)


def check_environment_name(name: str, meant: str = "") -> None:
    """Raise a `Failure` (``invalid-name``) for a name that no environment can have."""
    if not re.fullmatch(NAME_PATTERN, name):
        remedy = meant or f"names match {NAME_PATTERN}"
        raise error("invalid-name", "the environment's name is not allowed", at="--env", remedy=remedy)


def variables_of(environment: Document) -> Mapping[str, Any]:
    """Return the values of variables as they are written, of whatever type."""
    given = environment.written.get("variables")
    return given if isinstance(given, dict) else {}


def source_of(section: str, project: Document, environment: Document) -> Document:
    """Return the document that has a setting: the environment's, where that says anything about it."""
    return environment if section in environment.written else project


def state_in(project: Document, environment: Document, name: str | None, environ: Mapping[str, str]) -> StateSettings:
    """Return where the state is: as the environment's file says, otherwise a place of its own beside the project's."""
    if source_of("state", project, environment) is environment:
        return state_of(environment.data.get("state", {}), None, environ, environment)
    return state_of(project.data.get("state", {}), name, environ, project)

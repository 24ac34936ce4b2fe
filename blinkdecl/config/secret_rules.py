"""Which secret references the YAML may hold: a pull request must not choose what is sent where. Pure.

What a trigger names is sent to its webhook, and what the provider, Blink or the state name to those: so none may name
the credentials of another tool (`blinkdecl.model.trust`), a trigger none that the others name, and Blink none of the
provider or the state. Files are judged when they are read (`blinkdecl.secret.store`).
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from posixpath import normpath
from typing import Any

from blinkdecl.config.document.finding import Finding, Path, remedy_note
from blinkdecl.config.document.parse import Document
from blinkdecl.config.values import reference_of
from blinkdecl.model.resource import SecretReference
from blinkdecl.model.trust import SECRET_ENV, Trust, Use, env_problem

# A home folder, or a variable, as a shell writes it.
_OF_A_SHELL = re.compile(r"^~|\$\{?[A-Za-z_]|%[A-Za-z_]+%")
# The sections of the project file that name secrets of their own.
_SECTIONS = ("provider", "blink", "state")
_BLINK_KEY = "name a key of Blink's API, which a user makes at /user/profile/apikeys"
_OWN = (
    f"give the secret a variable of its own, such as BLINK_SOC_API_KEY, or list in {SECRET_ENV} all that the project "
    "may use"
)


def reserved_references(project: Mapping[str, Any]) -> dict[SecretReference, str]:
    """Return what the project file names outside of triggers, each with its place, such as ``provider.token``."""
    return {_plain(reference): ".".join(map(str, path)) for path, reference in _references(project)}


def reference_findings(
    reference: SecretReference, path: Path, trust: Trust, reserved: Mapping[SecretReference, str], *, commands: bool
) -> Iterator[Finding]:
    """Yield what forbids a reference of a trigger; `commands` = the project allows those that are run."""
    if reference.source == "command" and not commands:
        notes = remedy_note("write `allow_commands: true` in blinkdecl.yaml")
        yield Finding("command-forbidden", "commands are not allowed in this project", path, notes=notes)
    owner = reserved.get(_plain(reference))
    if owner is not None:
        summary = f"{reference} is the secret of {owner}, which must not be sent to a webhook"
        notes = remedy_note("name the secret of the webhook, from Trigger Setup in Blink")
        yield Finding("forbidden-secret", summary, path, notes=notes)
    else:
        yield from _env_findings(reference, path, trust, "webhook")
        yield from _file_findings(reference, path)


def _plain(reference: SecretReference) -> SecretReference:
    """Return a reference as two spellings of it are equal; where links lead is known when the value is read."""
    if reference.source != "file" or not isinstance(reference.argument, str):
        return reference
    return SecretReference("file", normpath(reference.argument))


def project_reference_findings(project: Document, trust: Trust) -> Iterator[Finding]:
    """Yield what forbids the references of the provider, Blink and the state."""
    for path, reference in _references(project.data):
        yield from _env_findings(reference, path, trust, "state" if path[0] == "state" else "api")
        yield from _file_findings(reference, path)


def blink_key_findings(document: Document, settings: Iterable[Mapping[str, Any]]) -> Iterator[Finding]:
    """Yield what forbids the key of Blink's API: it is a secret of the provider or the state in one of the `settings`.

    `settings` = the project file and that of the environment: each may name the key, and the other secret.
    """
    given = document.data.get("blink", {}).get("api_key")
    if not given:
        return
    others = {
        _plain(each): ".".join(map(str, path))
        for data in settings
        for path, each in _references(data)
        if path[0] != "blink"
    }
    reference = reference_of(given)
    if (owner := others.get(_plain(reference))) is not None:
        summary = f"{reference} is the secret of {owner}, which must not be sent to Blink"
        yield Finding("forbidden-secret", summary, ("blink", "api_key"), notes=remedy_note(_BLINK_KEY))


def _env_findings(reference: SecretReference, path: Path, trust: Trust, use: Use) -> Iterator[Finding]:
    if reference.source != "env" or not isinstance(reference.argument, str):
        return
    if (problem := env_problem(trust, reference.argument, use)) is not None:
        remedy = _OWN if trust.secret_env is None else f"add it to {SECRET_ENV}, in the settings of the pipeline"
        yield Finding("forbidden-secret", problem, path, notes=remedy_note(remedy))


def _file_findings(reference: SecretReference, path: Path) -> Iterator[Finding]:
    """Yield what is wrong with a path that only a shell would understand: it would be taken as it is written."""
    written = reference.argument
    if reference.source == "file" and isinstance(written, str) and _OF_A_SHELL.search(written):
        notes = remedy_note("write it out; a relative path starts at the folder of blinkdecl.yaml")
        yield Finding("invalid-value", f'no shell fills in "{written}": the path is used as written', path, notes=notes)


def _references(project: Mapping[str, Any]) -> Iterator[tuple[Path, SecretReference]]:
    for section in _SECTIONS:
        given = project.get(section)
        for name, value in given.items() if isinstance(given, dict) else ():
            if name == "headers" and isinstance(value, dict):
                yield from (((section, name, each), reference_of(of)) for each, of in value.items() if of)
            elif isinstance(value, dict) and value and name != "capabilities":
                yield (section, name), reference_of(value)

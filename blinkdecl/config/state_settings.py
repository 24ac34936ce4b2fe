"""The `state` of the project file, as settings, and what a schema cannot say about it."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from blinkdecl.config.document import schema
from blinkdecl.config.document.finding import Finding, remedy_note
from blinkdecl.config.document.parse import Document, Source
from blinkdecl.config.document.report import Report
from blinkdecl.config.document.schema_errors import missing
from blinkdecl.config.values import reference_of
from blinkdecl.diagnostics import Failure
from blinkdecl.model.configuration import StateSettings
from blinkdecl.model.urls import endpoint_problem

# What belongs to each backend; the first is required.
PROPERTIES: Mapping[str, tuple[str, ...]] = {
    "local": ("path",),
    "http": (
        "address", "lock_address", "unlock_address", "lock_method", "unlock_method", "update_method",
        "username", "password",
    ),
    "s3": ("url", "endpoint", "region", "access_key_id", "secret_access_key", "session_token"),
    "postgres": ("dsn", "name", "password"),
}  # fmt: skip
# What Terraform's backend reads in the environment of the process, and so does ours.
TERRAFORMS: Mapping[str, str] = {name: f"TF_HTTP_{name.upper()}" for name in PROPERTIES["http"][:6]}
_NEEDED = {
    "http": "for example `address: https://gitlab.example.com/api/v4/projects/7/terraform/state/blinkdecl`",
    "s3": "for example `url: s3://acme-state/blinkdecl/state.json`",
    "postgres": "for example `dsn: postgresql://blinkdecl@db.example.com/ops`",
}
_ADDRESSES = ("address", "lock_address", "unlock_address", "endpoint")
_GITLAB = re.compile(r"/api/v4/projects/[^/]+/terraform/state/[^/]+$")
_PASSWORD = re.compile(r"\b(?:ssl)?password\s*=|://[^/@:]*:[^/@]*@", re.IGNORECASE)


def load_state(
    path: Path, environment: str | None, *, root: Path, environ: Mapping[str, str], text: str | None = None
) -> tuple[StateSettings, ...]:
    """Return where the state of an environment may be by the `state` block of the file at `path`.

    That is a place of its own, if the file is a project's, and the place as it is written, if it is the environment's.
    Raises a `Failure` with what is wrong there. `path` is the caller's, and no link in `root` leads out of it on the
    way; `text` = what was read already.
    """
    from blinkdecl.config.habits import explained, value_at  # of one command alone

    source, report = Source(path.parent, fence=root), Report()
    document = source.read(path.name) if text is None else source.parse("standard input", text)
    report.extend(document.problems)
    found = [] if document.broken else [*schema.check(document.data, schema.PROJECT)]
    found = [each for each in found if each.path[:1] == ("state",)]
    for finding in found or ([] if document.broken else state_findings(document, environ)):
        report.add(document, explained(finding, value_at(document.data, finding.path)))
    if problems := report.diagnostics():
        raise Failure(*problems)
    given = document.data.get("state", {})
    return tuple(state_of(given, each, environ, document) for each in dict.fromkeys((environment, None)))


def default_state(environment: str | None) -> StateSettings:
    """Return the backend of a project that names none."""
    return state_of({}, environment, {})


def state_of(
    given: Mapping[str, Any], environment: str | None, environ: Mapping[str, str], project: Document | None = None
) -> StateSettings:
    """Return the settings of the backend; an environment has its own state beside the common one.

    `given` is the `state` block, of the `project` if it is there; `environ` gives what Terraform reads there as well.
    """
    backend = given.get("backend", "local")
    own = {name: given[name] for name in PROPERTIES[backend] if given.get(name)}
    secrets = {name: reference_of(value) for name, value in own.items() if isinstance(value, dict)}
    options = {name: str(value) for name, value in own.items() if name not in secrets}
    position = project.position("state", next(iter(given))) if project and given else None
    others = _terraforms(options, environ) if backend == "http" else {}
    options = _of_environment(backend, _complete(backend, {**others, **options}), environment)
    return StateSettings(backend, options, secrets, position)


def state_findings(project: Document, environ: Mapping[str, str]) -> Iterator[Finding]:
    """Yield what is wrong with the backend beyond its shape."""
    given: Mapping[str, Any] = project.data.get("state", {})
    found = project.written.get("state")
    written: Mapping[str, Any] = found if isinstance(found, dict) else {}
    if "backend" in written and "backend" not in given:
        return  # it was refused: nobody knows which properties belong to it
    backend = given.get("backend", "local")
    needed = PROPERTIES[backend][0]
    if backend != "local" and needed not in written and not (backend == "http" and environ.get(TERRAFORMS[needed])):
        yield missing(needed, ("state",), _NEEDED[backend])
    for name in given:
        if name != "backend" and name not in PROPERTIES[backend]:
            owner = next(each for each, names in PROPERTIES.items() if name in names)
            remedy = f"remove it, or write `backend: {owner}`"
            summary = f'"{name}" belongs to `backend: {owner}`'
            yield Finding("unknown-property", summary, ("state", name), on_key=True, notes=remedy_note(remedy))
    for name in _ADDRESSES:
        if isinstance(url := given.get(name), str) and (problem := endpoint_problem(url, "the address", "credentials")):
            remedy = "use https, or http to this machine; a user name and a password have their own properties"
            yield Finding("invalid-value", problem, ("state", name), notes=remedy_note(remedy))
    if isinstance(dsn := given.get("dsn"), str) and _PASSWORD.search(dsn):
        remedy = "write `password: {env: NAME}` beside it, or leave it to PGPASSWORD"
        yield Finding("literal-secret", "the file contains a password", ("state", "dsn"), notes=remedy_note(remedy))


def _terraforms(options: Mapping[str, str], environ: Mapping[str, str]) -> dict[str, str]:
    """Return what the environment adds to the options of the YAML.

    Addresses belong together: those of another state, which a pipeline sets for Terraform, must not lock this one.
    """
    together = "address" in options
    return {
        name: value
        for name, variable in TERRAFORMS.items()
        if name not in options and (value := environ.get(variable)) and not (together and name in _ADDRESSES)
    }


def _complete(backend: str, options: dict[str, str]) -> dict[str, str]:
    """Fill in what follows from the rest; GitLab's addresses show how GitLab locks."""
    if backend == "local":
        return {**StateSettings().options, **options}
    if backend == "postgres":
        return {"name": "default", **options}
    if backend != "http" or "address" not in options:
        return options
    gitlab = _GITLAB.search(options["address"]) is not None
    lock = options.get("lock_address", options["address"] + ("/lock" if gitlab else ""))
    methods = ("POST", "DELETE") if gitlab else ("LOCK", "UNLOCK")
    usual = {"lock_address": lock, "unlock_address": lock, "lock_method": methods[0], "unlock_method": methods[1]}
    return {**usual, "update_method": "POST", **options}


def _of_environment(backend: str, options: dict[str, str], environment: str | None) -> dict[str, str]:
    """Return the options of an environment's own state."""
    if environment is None:
        return options
    match backend:
        case "local" | "s3":
            name = "path" if backend == "local" else "url"
            folder, slash, file = options.get(name, "").rpartition("/")
            return {**options, name: f"{folder}{slash}{environment}/{file}"}
        case "postgres":
            return {**options, "name": f"{options['name']}/{environment}"}
    address = options.get("address", "")
    moved = {
        name: f"{address}-{environment}{options[name].removeprefix(address)}"
        if options[name].startswith(address)
        else f"{options[name]}-{environment}"
        for name in _ADDRESSES
        if name in options
    }
    return {**options, **moved}

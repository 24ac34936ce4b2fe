"""What an import would record and write, complete before anything of it is done.

live, unmanaged -> chosen -> YAML -> resources, as if the file were there -> records
"""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from blinkdecl.config.generate import as_live, records, variables_of, yaml_of
from blinkdecl.config.importable import Chosen, Skipped, choose, written_before
from blinkdecl.config.modeline import SCHEMA_COPY, modeline
from blinkdecl.diagnostics import Failure, closest, did_you_mean, error
from blinkdecl.model.configuration import Configuration
from blinkdecl.model.live import LiveObject, is_named
from blinkdecl.model.resource import Resource, SecretReference, kind_of, name_of
from blinkdecl.model.state import Holder, Recorded, State
from blinkdecl.planner.drift import unmanaged
from blinkdecl.planner.leftovers import made_for
from blinkdecl.planner.names import apart
from blinkdecl.project.project import Project, open_project
from blinkdecl.project.snapshot import Snapshot

_LISTED = 10


@dataclass(frozen=True, slots=True)
class Import:
    """The new records, what they leave open, and what is left alone.

    `hidden` are the attributes that Panther does not show of the one destination that is imported; `variables` are
    those that are to be set, each with the display names that it is for; `ignored` counts what is left to another
    repository, `elsewhere` is what other environments manage; `text` is what the new file holds, None where there is
    none, and `declared` the addresses in it.
    """

    records: tuple[Recorded, ...] = ()
    hidden: tuple[str, ...] = ()
    variables: Mapping[str, list[str]] = field(default_factory=dict)
    skipped: tuple[Skipped, ...] = ()
    ignored: int = 0
    text: str | None = None
    declared: tuple[str, ...] = ()
    elsewhere: tuple[tuple[LiveObject, Holder], ...] = ()


def import_one(snapshot: Snapshot, address: str, object_id: str) -> Import:
    """Return what records a live destination at a declared address; raises a `Failure` where it may not be."""
    configuration = snapshot.project.configuration
    resource = _declared(snapshot, address)
    if (held := snapshot.state.resources.get(address)) is not None:
        remedy = f"`blinkdecl state rm {address}` forgets it first"
        raise error("not-importable", f"{address} is recorded already, with the id {held.id}", remedy=remedy)
    live = _live(snapshot, object_id)
    made = made_for(snapshot.state, configuration.resources, snapshot.live, snapshot.elsewhere.held)
    made_before = made.get(address, live)
    if made_before.id != live.id:  # to record another object would leave this one to nobody
        summary = (
            f'a run that was cut off created "{made_before.display_name}" for {address}, with the id {made_before.id}'
        )
        raise error("not-importable", summary, remedy="`blinkdecl apply` takes that one over")
    literal = ("webhook_url",) if resource.attributes["webhook_url"] is not None else ()
    hidden = tuple(name for name in live.hidden if name in resource.secrets or name in literal)
    return Import(tuple(_records(configuration, snapshot, {address: live})), hidden)


def import_all(snapshot: Snapshot, globs: tuple[str, ...], path: Path, name: Path) -> Import:
    """Return what records every unmanaged destination of Blink's, with the file that is to be at `path`.

    `name` is how the caller knows the file.
    """
    project = snapshot.project
    configuration = project.configuration
    free = _unmanaged(snapshot)
    held = snapshot.elsewhere.held
    made_before = made_for(snapshot.state, configuration.resources, snapshot.live, held)
    taken = {each.id for each in made_before.values()}
    recorded = {*snapshot.state.resources, *made_before}
    by_name = written_before([each for each in free if each.id not in taken], configuration.resources, recorded)
    declared = {**made_before, **by_name}
    taken = {each.id for each in declared.values()}
    chosen = choose(
        [each for each in free if each.id not in taken],
        configuration.resources,
        project.hosts,
        globs,
        addresses=addresses_in_use(configuration, snapshot.state),
        webhooks=_webhooks(snapshot),
        variables=variables_in_use(configuration, snapshot.state),
        ignore=configuration.settings.unmanaged_ignore,
    )
    text = None
    if chosen.found:
        check_free(path, name)
        configuration, text = _with_file(project, chosen, path)
        declared |= {each.address: each.live for each in chosen.found}
    made = tuple(_records(configuration, snapshot, declared))
    variables = variables_of(configuration.resources[each] for each in declared)
    new = (*(f"trigger.{each.name}" for each in chosen.triggers), *(each.address for each in chosen.found))
    theirs = tuple((each, held[each.id]) for each in snapshot.live if each.id in held)
    skipped, ignored = chosen.skipped, chosen.ignored
    return Import(made, (), variables, skipped, ignored, text=text, declared=new, elsewhere=theirs)


def store_import(snapshot: Snapshot, done: Import) -> None:
    """Write the records to the state."""
    state = snapshot.state
    taken = {each.address: each for each in done.records}
    pending = {address: each for address, each in state.pending.items() if address not in taken}
    kept = replace(state, resources={**state.resources, **taken}, pending=pending)
    snapshot.project.backend.write(kept, snapshot.base)


def _declared(snapshot: Snapshot, address: str) -> Resource:
    """Return the declared destination; raises a `Failure` (``not-found``)."""
    known = [each for each in snapshot.project.configuration.resources if kind_of(each) == "destination"]
    if address in known:
        return snapshot.project.configuration.resources[address]
    snapshot.project.configuration.check_here(address)
    otherwise = "declare it first, or let `blinkdecl import --all` write it"
    remedy = did_you_mean(closest(address, known), otherwise, quoted=False)
    raise error("not-found", f'there is no destination "{address}" in the YAML', remedy=remedy)


def _live(snapshot: Snapshot, object_id: str) -> LiveObject:
    """Return the live destination that may be imported; raises a `Failure` (``not-found``, ``not-importable``)."""
    owner = next((each.address for each in snapshot.state.resources.values() if each.id == object_id), None)
    if owner is not None:
        remedy = f"`blinkdecl state mv {owner} ADDRESS` gives it another address"
        raise error("not-importable", f"{object_id} is managed already, as {owner}", remedy=remedy)
    found = next((each for each in snapshot.live if each.id == object_id), None)
    if found is None:
        free = _unmanaged(snapshot)
        shown = ", ".join(f'"{each.display_name}" {each.id}' for each in free[:_LISTED])
        note = f"unmanaged are: {shown}" if shown else "no live destination is unmanaged"
        raise error("not-found", f"there is no live destination with the id {object_id}", note=note)
    if found.foreign:
        raise error("not-importable", f'"{found.display_name}" is a destination of the type {found.kind}')
    if is_named(found, snapshot.project.configuration.settings.unmanaged_ignore):
        summary = f'"{found.display_name}" is left to another repository by `unmanaged.ignore`'
        raise error("not-importable", summary, remedy="change `unmanaged.ignore` first, once it is let go there")
    if (holder := snapshot.elsewhere.held.get(object_id)) is not None:
        summary = f'"{found.display_name}" is managed by this project {holder.place} ({holder.address})'
        remedy = apart(holder, snapshot.project.configuration.environment)
        raise error("not-importable", summary, note=f"id {object_id}", remedy=remedy)
    return found


def _unmanaged(snapshot: Snapshot) -> tuple[LiveObject, ...]:
    known = {each.id for each in snapshot.state.resources.values()} | snapshot.elsewhere.held.keys()
    listed, _ = unmanaged(snapshot.live, known)
    return listed


def _webhooks(snapshot: Snapshot) -> dict[str, str]:
    """Return the names of the declared triggers by their URLs, also where a reference that is available holds one."""
    found: dict[str, str] = {}
    for address, each in snapshot.project.configuration.resources.items():
        if each.kind == "trigger" and each.attributes["authentication"] == "api_key":
            url = each.attributes["url"]
            secret = snapshot.fingerprints.secret(each.secrets["url"]) if "url" in each.secrets else None
            known = str(url) if url else secret.reveal() if secret is not None else ""
            found.setdefault(known, name_of(address))
    found.pop("", None)
    return found


def addresses_in_use(configuration: Configuration, state: State) -> set[str]:
    """Return the addresses that mean something already: declared here or elsewhere, recorded, moved, removed."""
    gone = [address for each in configuration.moved for address in (each.origin, each.target)]
    gone += [each.address for each in configuration.removed]
    return {*configuration.resources, *configuration.elsewhere, *state.resources, *state.pending, *gone}


def variables_in_use(configuration: Configuration, state: State) -> set[str]:
    """Return the environment variables that the project uses already, or used when it was last applied."""
    provider = configuration.settings.provider
    used = [provider.url, provider.token, *provider.headers.values(), *configuration.settings.state.secrets.values()]
    used += [blink.url, blink.api_key] if (blink := configuration.settings.blink) else []
    used += [each for resource in configuration.resources.values() for each in resource.secrets.values()]
    used += [each.reference for record in state.resources.values() for each in record.secrets.values()]
    return {str(each.argument) for each in used if isinstance(each, SecretReference) and each.source == "env"}


def check_free(path: Path, name: Path) -> None:
    """Raise a `Failure` (``unwritable``) where the new file is there already; `name` is how the caller knows it."""
    if path.exists() or path.is_symlink():
        raise error("unwritable", f"{name} is there already", remedy="`--to` names another file")


def check_included(configuration: Configuration, addresses: Iterable[str]) -> None:
    """Raise a `Failure` (``include``) where a configuration lacks what the new file declares."""
    if any(each not in configuration.resources for each in addresses):
        remedy = "name a file with --to that `include` in blinkdecl.yaml matches"
        raise error("include", "the configuration does not include the new file", remedy=remedy)


def new_file(project: Project, path: Path) -> tuple[str, str]:
    """Return a file as includes have it, and the line that its text begins with."""
    root = Path(project.invocation.root)
    file = _below(root, path)
    return file, modeline(file) if (root / SCHEMA_COPY).is_file() else ""  # a line that leads nowhere alarms editors


def _with_file(project: Project, chosen: Chosen, path: Path) -> tuple[Configuration, str]:
    """Return the configuration to which the new file belongs, which declares what is live, and the file's text.

    Where the project's own defaults would make it something else, the text says everything.
    """
    file, head = new_file(project, path)
    for explicit in (False, True):
        text = head + yaml_of(chosen, project.hosts, explicit=explicit, environment=project.invocation.environment)
        try:
            configuration = open_project(project.invocation, project.say, added={file: text}).configuration
        except Failure:
            if explicit:
                raise
            continue
        check_included(configuration, (each.address for each in chosen.found))
        if all(as_live(configuration.resources[each.address], each.live) for each in chosen.found):
            break
    return configuration, text


def _below(root: Path, path: Path) -> str:
    """Return a path as includes have it, relative to the root: one outside of it, that none has, begins with `..`."""
    file = os.path.relpath(path, root)
    return os.path.relpath(os.path.realpath(path), os.path.realpath(root)) if file.startswith("..") else file


def _records(configuration: Configuration, snapshot: Snapshot, found: Mapping[str, LiveObject]) -> Iterable[Recorded]:
    done = set(snapshot.state.resources)
    for address, live in found.items():
        resource = configuration.resources[address]
        name = f"trigger.{resource.attributes['trigger']}"
        trigger = None if name in done else configuration.resources[name]
        done.add(name)
        yield from records(resource, live, trigger)

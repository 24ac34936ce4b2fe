"""``blinkdecl import``: take live destinations over, one into the state, or all as YAML."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import click

from blinkdecl.cli.command import session_command
from blinkdecl.cli.options import address_argument, lock_timeout
from blinkdecl.cli.session import Session, write_file
from blinkdecl.cli.types import OutputFile
from blinkdecl.config.generate import Found, Skipped, choose, placeholders, records, written_before, yaml_of
from blinkdecl.diagnostics import Diagnostic, closest, did_you_mean, error
from blinkdecl.model.configuration import Configuration
from blinkdecl.model.live import LiveObject
from blinkdecl.model.resource import Resource, kind_of
from blinkdecl.model.state import Recorded
from blinkdecl.planner.leftovers import made_for
from blinkdecl.project.project import open_project
from blinkdecl.project.snapshot import Snapshot, take_snapshot
from blinkdecl.render.text.results import import_text
from blinkdecl.render.view.results import results_view
from blinkdecl.state.rescue import left_behind

_FILE = Path("destinations/imported.yaml")
_LISTED = 10


@dataclass(frozen=True, slots=True)
class _Imported:
    """What was done: the new records, what they leave open, and what was left alone."""

    records: tuple[Recorded, ...] = ()
    hidden: tuple[str, ...] = ()
    variables: tuple[str, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    file: Path | None = None


@session_command(
    "import",
    address_argument(),
    click.Argument(["object_id"], required=False, metavar="[ID]"),
    click.Option(["--all", "every"], is_flag=True, help="Write YAML for every unmanaged Blink destination."),
    click.Option(
        ["--name-glob", "globs"],
        multiple=True,
        metavar="GLOB",
        help="With --all: treat custom webhooks with this name as Blink's; repeatable.",
    ),
    click.Option(
        ["--to", "file"],
        type=OutputFile(needs_name=True),
        metavar="FILE",
        help=f"With --all: the new file, {_FILE} by default.",
    ),
    lock_timeout(),
    formats=["json"],
    examples=(
        "blinkdecl import --all",
        "blinkdecl import --all --name-glob 'Blink *' --to destinations/soc.yaml",
        "blinkdecl import destination.soc 4f1d7b1e-8a53-4d0e-9f0c-2f5f1c0e6a11",
    ),
)
def command(
    session: Session,
    address: str | None,
    object_id: str | None,
    *,
    every: bool,
    globs: tuple[str, ...],
    file: Path | None,
    lock_timeout: float,
) -> int:
    """Take live destinations over. Nothing in Panther is changed.

    With ADDRESS and ID, the destination with this id is recorded at an address that is already declared. With --all,
    YAML is written for every live Blink destination that is not managed: native ones, custom webhooks that deliver to
    `webhook_hosts`, and, since Panther redacts URLs, those that --name-glob matches. What is declared under the same
    display name already, as after an import that was cut off, is recorded there, and so is what an apply that was cut
    off created.
    """
    if every == (address is not None) or (not every and object_id is None) or ((globs or file) and not every):
        raise error("usage", "import needs ADDRESS and ID, or --all", remedy="`blinkdecl import --help` says more")
    project = open_project(session.invocation, session.say, warn=session.warn)
    kind = project.configuration.settings.provider.type
    if kind != "panther":
        remedy = "`blinkdecl confirm` records what is there" if kind == "console" else "declare it, and apply"
        raise error("unsupported", f"the {kind} provider has nothing to import from", remedy=remedy)
    with project.lock(lock_timeout), take_snapshot(project) as snapshot:
        if address is not None and object_id is not None:
            done = _one(snapshot, address, object_id)
        else:
            done = _all(session, snapshot, globs, file or _FILE)
    return _conclude(session, done)


def _one(snapshot: Snapshot, address: str, object_id: str) -> _Imported:
    configuration = snapshot.project.configuration
    resource = _declared(snapshot, address)
    if (held := snapshot.state.resources.get(address)) is not None:
        remedy = f"`blinkdecl state rm {address}` forgets it first"
        raise error("not-importable", f"{address} is recorded already, with the id {held.id}", remedy=remedy)
    live = _live(snapshot, object_id)
    made_before = made_for(snapshot.state, configuration.resources, snapshot.live).get(address, live)
    if made_before.id != live.id:  # to record another object would leave this one to nobody
        summary = (
            f'a run that was cut off created "{made_before.display_name}" for {address}, with the id {made_before.id}'
        )
        raise error("not-importable", summary, remedy="`blinkdecl apply` takes that one over")
    made = tuple(_records(configuration, snapshot, {address: live}))
    _store(snapshot, made)
    literal = ("webhook_url",) if resource.attributes["webhook_url"] is not None else ()
    hidden = tuple(name for name in live.hidden if name in resource.secrets or name in literal)
    return _Imported(made, hidden)


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
        free = [each for each in _unmanaged(snapshot) if not each.foreign]
        shown = ", ".join(f'"{each.display_name}" {each.id}' for each in free[:_LISTED])
        note = f"unmanaged are: {shown}" if shown else "no live destination is unmanaged"
        raise error("not-found", f"there is no live destination with the id {object_id}", note=note)
    if found.foreign:
        raise error("not-importable", f'"{found.display_name}" is a destination of the type {found.kind}')
    return found


def _all(session: Session, snapshot: Snapshot, globs: tuple[str, ...], file: Path) -> _Imported:
    project = snapshot.project
    hosts = project.hosts
    configuration = project.configuration
    unmanaged = [each for each in _unmanaged(snapshot) if not each.foreign]
    made_before = made_for(snapshot.state, configuration.resources, snapshot.live)
    taken = {each.id for each in made_before.values()}
    free = [each for each in unmanaged if each.id not in taken]
    by_name = written_before(free, configuration.resources, {*snapshot.state.resources, *made_before})
    declared = {**made_before, **by_name}
    taken = {each.id for each in declared.values()}
    rest = [each for each in unmanaged if each.id not in taken]
    found, skipped = choose(rest, configuration.resources, hosts, globs)
    if not found:
        made = tuple(_records(configuration, snapshot, declared))
        if made:
            _store(snapshot, made)
        return _Imported(made, skipped=skipped)
    path = session.path(file)
    if path.exists() or path.is_symlink():
        raise error("unwritable", f"{file} is there already", remedy="`--to` names another file")
    try:
        configuration = _write(session, snapshot, path, found)
        made = tuple(_records(configuration, snapshot, {**declared, **{each.address: each.live for each in found}}))
        _store(snapshot, made)
    except BaseException:
        _remove(session, path)
        raise
    resources = [configuration.resources[each.address] for each in made]
    return _Imported(made, (), tuple(placeholders(resources)), skipped, file)


def _remove(session: Session, path: Path) -> None:
    """Remove a file that declares what was not recorded."""
    try:
        path.unlink(missing_ok=True)
    except OSError as problem:
        session.warn(left_behind(path, problem, "what it declares is not recorded, and looks as if it were to be made"))


def _write(session: Session, snapshot: Snapshot, path: Path, found: tuple[Found, ...]) -> Configuration:
    """Write the file and return the configuration that it belongs to, which declares what is live."""
    hosts = snapshot.project.hosts
    for explicit in (False, True):
        text = yaml_of(found, hosts, explicit=explicit)
        write_file(path, text, root=session.root, name=path.name, make_folders=True)
        configuration = open_project(session.invocation, session.say).configuration
        if any(each.address not in configuration.resources for each in found):
            remedy = "name a file with --to that `include` in blinkdecl.yaml matches"
            raise error("include", "the configuration does not include the new file", remedy=remedy)
        if all(_as_live(configuration.resources[each.address], each.live) for each in found):
            break
    return configuration


def _as_live(resource: Resource, live: LiveObject) -> bool:
    names = (name for name in live.attributes if name not in resource.ignore_changes and name != "webhook_url")
    return all(resource.attributes[name] == live.attributes[name] for name in names)


def _unmanaged(snapshot: Snapshot) -> Iterable[LiveObject]:
    known = {each.id for each in snapshot.state.resources.values()}
    return (each for each in snapshot.live if each.id not in known)


def _records(configuration: Configuration, snapshot: Snapshot, found: Mapping[str, LiveObject]) -> Iterable[Recorded]:
    done = set(snapshot.state.resources)
    for address, live in found.items():
        resource = configuration.resources[address]
        name = f"trigger.{resource.attributes['trigger']}"
        trigger = None if name in done else configuration.resources[name]
        done.add(name)
        yield from records(resource, live, trigger)


def _store(snapshot: Snapshot, made: tuple[Recorded, ...]) -> None:
    state = snapshot.state
    taken = {each.address: each for each in made}
    resources = {**state.resources, **taken}
    pending = {address: each for address, each in state.pending.items() if address not in taken}
    snapshot.project.backend.write(replace(state, resources=resources, pending=pending), snapshot.base)


def _conclude(session: Session, done: _Imported) -> int:
    left = [_left_alone(each) for each in done.skipped]
    view = results_view("import", 0, resources=done.records, diagnostics=left)
    file = str(done.file) if done.file else None
    session.show(
        view, partial(import_text, hidden=done.hidden, variables=done.variables, file=file, layout=session.layout)
    )
    if done.records:
        session.next_step(session.invocation.command_line("plan"))
    return 0


def _left_alone(skipped: Skipped) -> Diagnostic:
    summary = f'"{skipped.live.display_name}" was left alone'
    notes = (("note", f"id {skipped.live.id}: {skipped.reason}"),)
    return Diagnostic("not-importable", summary, severity="warning", notes=notes)

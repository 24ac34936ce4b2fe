"""The work of ``blinkdecl import``: take live destinations over, one into the state, or all as YAML."""

from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import replace
from functools import partial
from pathlib import Path

from blinkdecl.cli.session import Session
from blinkdecl.cli.written import write_file
from blinkdecl.config.importable import Skipped
from blinkdecl.diagnostics import Diagnostic, Failure, counted, error, several
from blinkdecl.project.imports import Import, import_all, import_one, store_import
from blinkdecl.project.project import Project, open_project
from blinkdecl.project.snapshot import Snapshot, take_snapshot
from blinkdecl.render.text.imports import import_text
from blinkdecl.render.view.results import import_view, results_view

_FILE = Path("destinations/imported.yaml")
_TRIGGERS = Path("triggers/imported.yaml")
_MOST_FILES = 1000


def run(
    session: Session,
    address: str | None,
    object_id: str | None,
    *,
    every: bool,
    blink: bool,
    globs: tuple[str, ...],
    to: Path | None,
    dry_run: bool,
    lock_timeout: float,
) -> int:
    """Run the command; returns its exit code, raises a `Failure`."""
    _check_usage(address, object_id, globs, to, every=every, blink=blink)
    project = open_project(session.invocation, session.say, warn=session.warn)
    if blink:
        return _import_automations(session, project, to, dry_run=dry_run)
    _check_provider(project)
    file = to or _free(session, _FILE)
    lock = nullcontext() if dry_run else project.lock(lock_timeout)
    with lock, take_snapshot(project) as snapshot:
        if address is not None and object_id is not None:
            done = import_one(snapshot, address, object_id)
        else:
            done = import_all(snapshot, globs, session.path(file), file)
        if not dry_run:
            _do(session, snapshot, done, file)
        unread = snapshot.elsewhere.unread
    _show(session, done, file, unread, dry_run=dry_run)
    called = session.invocation
    if done.records and dry_run:
        named = [word for glob in globs for word in ("--name-glob", glob)] + (["--to", str(file)] if to else [])
        whole = ["--all", *named] if address is None else [address, str(object_id)]
        session.next_step(called.command_line("import", *whole))
    elif done.records:
        session.next_step(called.command_line("plan"))
    return 0


def _check_usage(
    address: str | None, object_id: str | None, globs: tuple[str, ...], to: Path | None, *, every: bool, blink: bool
) -> None:
    """Raise a `Failure` (``usage``) for arguments and options that are none of the three ways to import."""
    ways = (every, blink, address is not None)
    if ways.count(True) != 1 or (address and object_id is None) or (globs and not every) or (to and address):
        remedy = "`blinkdecl import --help` says more"
        raise error("usage", "import needs ADDRESS and ID, or --all, or --blink", remedy=remedy)


def _check_provider(project: Project) -> None:
    """Raise a `Failure` (``unsupported``) where the provider has no destinations to take over."""
    kind = project.configuration.settings.provider.type
    if kind != "panther":
        then = "`blinkdecl confirm ADDRESS` records it" if kind == "console" else "`blinkdecl apply` records it"
        remedy = f"declare it as it is; then {then}"
        raise error("unsupported", f"the {kind} provider has nothing to import from", remedy=remedy)


def _import_automations(session: Session, project: Project, to: Path | None, *, dry_run: bool) -> int:
    """Write the triggers of automations in Blink, or show what would be written."""
    from blinkdecl.project.blink_imports import import_automations  # only here, with all that asks Blink

    file = to or _free(session, _TRIGGERS)
    done = import_automations(project, session.path(file), file)
    if done.text is not None and not dry_run:
        write_file(session.path(file), done.text, root=session.root, name=file, make_folders=True)
    view = results_view("import", 0, diagnostics=done.left)
    view |= import_view(
        dry_run=dry_run, file=str(file), text=done.text, addresses=done.declared, variables=done.variables
    )
    session.show(view, partial(import_text, blink=True, layout=session.layout))
    called = session.invocation
    if done.text is not None and dry_run:
        session.next_step(called.command_line("import", "--blink", *(["--to", str(to)] if to else [])))
    elif done.text is not None:
        session.next_step(called.command_line("plan"))
    return 0


def _free(session: Session, first: Path) -> Path:
    """Return the file that an import writes by default: `first`, or one with a number that is not there yet."""
    numbered = (first, *(first.with_stem(f"{first.stem}-{number}") for number in range(2, _MOST_FILES)))
    return next((each for each in numbered if not session.path(each).exists()), first)


def _do(session: Session, snapshot: Snapshot, done: Import, file: Path) -> None:
    """Write the file, then the state.

    The file stays where the state cannot be written: nobody knows how far that came, and what is recorded and not
    declared would be destroyed. What is declared and not recorded, the same command records.
    """
    if done.text is not None:
        write_file(session.path(file), done.text, root=session.root, name=file, make_folders=True)
    if not done.records:
        return
    try:
        store_import(snapshot, done)
    except Failure as failure:
        if done.text is None:
            raise
        first, *others = failure.diagnostics
        note = (
            "note",
            f"{file} is written and stays; what it declares and nothing records, `blinkdecl import --all` records",
        )
        raise Failure(replace(first, notes=(*first.notes, note)), *others) from None


def _show(session: Session, done: Import, file: Path, unread: tuple[Diagnostic, ...], *, dry_run: bool) -> None:
    left = [*unread, *_left_to_others(done), *(_left_alone(each) for each in done.skipped)]
    left += [_ignored(done.ignored)] if done.ignored else []
    view = results_view("import", 0, resources=done.records, diagnostics=left)
    view |= import_view(
        dry_run=dry_run, file=str(file), text=done.text, addresses=done.declared, variables=done.variables
    )
    session.show(view, partial(import_text, hidden=done.hidden, layout=session.layout))


def _left_to_others(done: Import) -> Iterator[Diagnostic]:
    """Say once what the other environments manage: most of it is no news."""
    if not (objects := done.elsewhere):
        return
    were, them = ("was", "it") if len(objects) == 1 else ("were", "them")
    what = counted(len(objects), "live destination")
    summary = f"{what} {were} left alone: this project manages {them} in another environment"
    by_place: dict[str, list[str]] = {}
    for _, holder in objects:
        by_place.setdefault(holder.place, []).append(holder.address)
    notes = [("note", f"{place}: {several(addresses)}") for place, addresses in sorted(by_place.items())]
    yield Diagnostic("not-importable", summary, severity="warning", notes=tuple(notes))


def _left_alone(skipped: Skipped) -> Diagnostic:
    summary = f'"{skipped.live.display_name}" was left alone'
    notes = (("note", f"id {skipped.live.id}: {skipped.reason}"),)
    return Diagnostic("not-importable", summary, severity="warning", notes=notes)


def _ignored(count: int) -> Diagnostic:
    remedy = "`--name-glob` with its name takes one over nevertheless"
    were = "was" if count == 1 else "were"
    summary = f"{counted(count, 'destination')} that `unmanaged.ignore` names {were} left alone"
    return Diagnostic("not-importable", summary, severity="warning", notes=(("help", remedy),))

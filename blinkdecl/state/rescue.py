"""The rescue file: where a state goes that its backend could not store. Holds no secret, like the state itself.

It is written beside a local state; if that fails too, and for backends elsewhere, to the current folder, otherwise to
the folder for temporary files. There its name holds the lineage, so that the next run finds its own and nobody else's.
"""

import contextlib
import os
import shlex
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from blinkdecl.diagnostics import Diagnostic, Failure, error
from blinkdecl.model.invocation import Invocation
from blinkdecl.model.state import State
from blinkdecl.state.codec import decode, encode, restored
from blinkdecl.state.interface import Warn, unheard
from blinkdecl.state.versions import relation
from blinkdecl.system.files import read_own, write_atomically


class Rescuer:
    """The rescue files of one state, as one client of it meets them: found, written, removed when stored after all.

    `beside` = the state's own file, where it has one; `called` names the commands that store a rescue file; `warn` is
    told of one that cannot be removed.
    """

    def __init__(self, called: Invocation, beside: Path | None = None, warn: Warn = unheard) -> None:
        self._called, self._beside, self._warn = called, beside, warn
        self._settled: set[Path] = set()

    def present(self, state: State | None) -> dict[Path, bytes]:
        """Return this state's rescue files and what they hold."""
        return _held(self._places(state))

    def refuse_pending(self, state: State | None, data: bytes | None, *, despite: bool, gone: bool) -> None:
        """Raise ``rescue-pending`` where a file holds anything but what is stored, unless `despite` it.

        `data` are the bytes of the stored `state`; `gone` = there was one, and there is none now.
        """
        for path, rescued in self.present(state).items():
            if rescued == data:
                self._settled.add(path)  # it was stored after all
            elif not despite:
                force = gone if state is None else _no_later(rescued, state)
                raise _pending_failure(path, push_command(self._called, path, force=force), force=force)

    def save(self, state: State) -> Path | None:
        """Leave `state` in a rescue file; this client's next write, whose state holds more, removes it."""
        path = _write_first(self._places(state), encode(state))
        if path is not None:
            self._settled.add(path)
        return path

    def unwritable(self, state: State, location: str, reason: str, *, force: bool) -> Failure:
        """Rescue a state that could not be stored, and return the failure that says so."""
        path = self.save(state)
        return _unwritable_failure(location, reason, path, self._command(path, force=force))

    def overtaken(self, state: State, failure: Failure) -> Failure:
        """Rescue what was done by a run that may no longer store its state, and return the failure that says so."""
        path = self.save(state)
        return _overtaken_failure(failure, path, self._command(path, force=True))

    def drop(self, stored: State) -> None:
        """Remove the rescue files whose content is stored now, under whatever serial; any other stays and is reported
        by the next run."""
        found = self.present(stored).items()
        held = {path: _decoded(rescued) for path, rescued in found if path not in self._settled}
        same = {path for path, state in held.items() if state and replace(state, serial=stored.serial) == stored}
        for path in self._settled | same:
            try:
                path.unlink(missing_ok=True)
            except OSError as problem:
                self._warn(left_behind(path, problem, "its content is stored, and the next run stops at it"))
        self._settled.clear()

    def _places(self, state: State | None) -> tuple[Path, ...]:
        return _candidates(os.environ, state.lineage if state else "", self._beside)

    def _command(self, path: Path | None, *, force: bool) -> str:
        return push_command(self._called, path, force=force) if path else ""


def push_command(called: Invocation, path: Path, *, force: bool = False) -> str:
    """Return the command that stores the state in the file at `path`, which it reads relative to the project's root."""
    given = path
    with contextlib.suppress(OSError, ValueError):  # no current folder, or not below the root: absolute, as it is
        given = path.relative_to(os.path.realpath(called.root))
    return called.command_line("state", "push", *(["--force"] if force else []), str(given))


def left_behind(path: Path, problem: OSError, note: str) -> Diagnostic:
    """Return the warning that a file which is not needed any more could not be removed; `note` says what it means."""
    notes = (
        ("note", f"{problem.strerror or 'unknown reason'}; {note}"),
        ("help", f"`{shlex.join(('rm', shown(path)))}`"),
    )
    return Diagnostic("left-behind", f"{shown(path)} could not be removed", severity="warning", notes=notes)


def shown(path: Path) -> str:
    """Return `path` as it reads best: relative where it is below the current folder."""
    folder = _current_folder()
    return str(path.relative_to(folder) if folder and path.is_relative_to(folder) else path)


def _candidates(environ: Mapping[str, str], lineage: str, beside: Path | None = None) -> tuple[Path, ...]:
    """Return where a rescue file of this lineage may be, the best place first."""
    temporary = Path(environ.get("TMPDIR") or "/tmp")  # noqa: S108 - found again by name, owner checked
    here = _current_folder()
    folders = (here, here / temporary) if here else (temporary,)
    name = f"blinkdecl-{lineage}.rescue.json"
    found = [] if beside is None else [beside.with_name(beside.name.removesuffix(".json") + ".rescue.json")]
    return (*found, *(folder / name for folder in folders if lineage.replace("-", "").isalnum()))


def _write_first(candidates: Iterable[Path], data: bytes) -> Path | None:
    """Write `data` to the first place that takes it; None when none does."""
    for path in candidates:
        try:
            write_atomically(path, data)
        except OSError:
            if _held((path,)).get(path) != data:  # otherwise only its name may not survive a power loss
                continue
        return path
    return None


def _held(candidates: Iterable[Path]) -> dict[Path, bytes]:
    """Return the rescue files of this user and what they hold. Someone else's in a shared folder does not count."""
    found = {}
    for path in candidates:
        try:
            if path.lstat().st_uid == os.geteuid():
                found[path] = read_own(path) or b""
        except FileNotFoundError:
            continue
        except OSError:
            found[path] = b""  # it is there and cannot be read: that is for a person to look at
    return found


def _pending_failure(path: Path, command: str, *, force: bool) -> Failure:
    """Return the refusal to go on beside a rescue file; `command` stores it, with `force` over no earlier version."""
    note = f"{shown(path)} holds what an earlier run did and could not store"
    remedy = f"store it with `{command}`, or delete the file to do without it"
    if force:
        note += "; what is stored now is not an earlier version of it"
        remedy = f"`{command}` replaces what is stored by it; or delete the file to do without it"
    return error("rescue-pending", "an earlier run left a rescue file", note=note, remedy=remedy)


def _unwritable_failure(location: str, reason: str, path: Path | None, command: str) -> Failure:
    """Return the ``state-unwritable`` failure; `path` = the rescue file, if there is one, `command` stores it."""
    if path is None:
        note = f"{reason}; nothing stored was damaged, and no rescue file could be written either"
        remedy = "fix the disk and run the command again: what the state lists as pending is settled then"
    else:
        note = f"{reason}; nothing stored was damaged, what this run did is in {shown(path)}"
        remedy = f"fix that, then run `{command}`"
    return error("state-unwritable", f"the state {location} could not be stored", note=note, remedy=remedy)


def _overtaken_failure(failure: Failure, path: Path | None, command: str) -> Failure:
    """Return why a run may not go on storing its state (`failure`), and where what it did is kept instead."""
    [problem] = failure.diagnostics
    if path is None:
        lost = ("note", "what this run did is recorded nowhere: no rescue file could be written either")
        return Failure(replace(problem, notes=(*problem.notes, lost)))
    held = ("note", f"what this run did is in {shown(path)}")
    remedy = f"`{command}` replaces what is stored by it; or delete the file to do without it"
    if problem.code not in ("state-conflict", "invalid-state"):  # not even force replaces what cannot be read
        remedy = f"{dict(problem.notes).get('help', 'fix that')}, then run `{command}`"
    kept = (note for note in problem.notes if note[0] != "help")
    return Failure(replace(problem, notes=(*kept, held, ("help", remedy))))


def _no_later(rescued: bytes, stored: State) -> bool:
    """Whether what a rescue file holds is not a later version of what is stored."""
    given = _decoded(rescued)
    return given is not None and relation(given, stored) != "ahead"


def _decoded(rescued: bytes) -> State | None:
    """Return the state in a rescue file, None where it is damaged: whoever pushes it is told so."""
    try:
        return decode(rescued, "")
    except Failure:
        return restored(rescued)


def _current_folder() -> Path | None:
    """Return the current folder, None where it was deleted."""
    try:
        return Path.cwd()
    except OSError:
        return None

"""The rescue file: where a state goes that its backend could not store. Holds no secret, like the state itself.

It stands beside a local state; where that fails too, and for backends elsewhere, in the current folder, or else in the
folder for temporary files. There its name holds the lineage, so that the next run finds its own and nobody else's.
"""

import os
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from blinkdecl.diagnostics import Failure, error
from blinkdecl.files import read_regular, write_atomically


def places(environ: Mapping[str, str], lineage: str, beside: Path | None = None) -> tuple[Path, ...]:
    """Return where a rescue file of this lineage may be, the best place first."""
    temporary = Path(environ.get("TMPDIR") or "/tmp")  # noqa: S108 - found again by name, owner checked
    here = _current_folder()
    folders = (here, here / temporary) if here else (temporary,)
    name = f"blinkdecl-{lineage}.rescue.json"
    found = [] if beside is None else [beside.with_name(beside.name.removesuffix(".json") + ".rescue.json")]
    return (*found, *(folder / name for folder in folders if lineage.replace("-", "").isalnum()))


def save(candidates: Iterable[Path], data: bytes) -> Path | None:
    """Write `data` to the first place that takes it; None when none does."""
    for path in candidates:
        try:
            write_atomically(path, data, follow=False)  # anybody can lay a link into a shared folder
        except OSError:
            if present((path,)).get(path) != data:  # else only its name may not survive a power loss
                continue
        return path
    return None


def present(candidates: Iterable[Path]) -> dict[Path, bytes]:
    """Return the rescue files of this user and what they hold. Someone else's in a shared folder does not count."""
    found = {}
    for path in candidates:
        try:
            if path.lstat().st_uid == os.geteuid():
                found[path] = read_regular(path) or b""
        except FileNotFoundError:
            continue
        except OSError:
            found[path] = b""  # it is there and cannot be read: that is for a person to look at
    return found


def pending(path: Path, command: str, *, force: bool) -> Failure:
    """Return the refusal to go on beside a rescue file; `command` stores it, by `force` over no earlier version."""
    note = f"{shown(path)} holds what an earlier run did and could not store"
    help_ = f"store it with `{command}`, or delete the file to do without it"
    if force:
        note += "; what is stored now is no earlier version of it"
        help_ = f"`{command}` replaces what is stored by it; or delete the file to do without it"
    return error("rescue-pending", "an earlier run left a rescue file", note=note, way_out=help_)


def unwritable(location: str, reason: str, path: Path | None, command: str) -> Failure:
    """Return the ``state-unwritable`` failure; `path` = the rescue file, if there is one, `command` stores it."""
    if path is None:
        note = f"{reason}; nothing stored was damaged, and no rescue file could be written either"
        help_ = "mend the disk and run the command again: what the state lists as pending is settled then"
    else:
        note = f"{reason}; nothing stored was damaged, what this run did is in {shown(path)}"
        help_ = f"mend that, then run `{command}`"
    return error("state-unwritable", f"the state {location} could not be stored", note=note, way_out=help_)


def overtaken(failure: Failure, path: Path | None, command: str) -> Failure:
    """Return why a run may not go on storing its state (`failure`), and where what it did is instead."""
    [problem] = failure.diagnostics
    if path is None:
        lost = ("note", "what this run did is recorded nowhere: no rescue file could be written either")
        return Failure(replace(problem, notes=(*problem.notes, lost)))
    held = ("note", f"what this run did is in {shown(path)}")
    way_out = f"`{command}` replaces what is stored by it; or delete the file to do without it"
    if problem.code not in ("state-conflict", "invalid-state"):  # not even force replaces what cannot be read
        way_out = f"{dict(problem.notes).get('help', 'mend that')}, then run `{command}`"
    kept = (note for note in problem.notes if note[0] != "help")
    return Failure(replace(problem, notes=(*kept, held, ("help", way_out))))


def shown(path: Path) -> str:
    """Return `path` as it is read best: relative where it is below the current folder."""
    folder = _current_folder()
    return str(path.relative_to(folder) if folder and path.is_relative_to(folder) else path)


def _current_folder() -> Path | None:
    """Return the current folder, None where it was deleted."""
    try:
        return Path.cwd()
    except OSError:
        return None

"""The rescue file: where a state goes that its backend could not store. Holds no secret, like the state itself.

It stands beside a local state; where that fails too, and for backends elsewhere, in the current folder, or else in the
folder for temporary files. There its name holds the lineage, so that the next run finds its own and nobody else's.
"""

import os
import shlex
from collections.abc import Iterable, Mapping
from pathlib import Path

from blinkdecl.diagnostics import Failure, error
from blinkdecl.files import read_regular, write_atomically


def places(environ: Mapping[str, str], lineage: str, beside: Path | None = None) -> tuple[Path, ...]:
    """Return where a rescue file of this lineage may be, the best place first."""
    folders = (Path.cwd(), Path(environ.get("TMPDIR") or "/tmp"))  # noqa: S108 - found again by name, owner checked
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


def push_command(path: Path, environment: str | None) -> str:
    """Return the command that stores the rescue file at `path`."""
    chosen = f"--env {shlex.quote(environment)} " if environment else ""
    return f"blinkdecl {chosen}state push {shlex.quote(shown(path))}"


def pending(path: Path, environment: str | None) -> Failure:
    """Return the refusal to go on beside a rescue file."""
    note = f"{shown(path)} holds what an earlier run did and could not store"
    help_ = f"store it with `{push_command(path, environment)}`, or delete the file to do without it"
    return error("rescue-pending", "an earlier run left a rescue file", note=note, way_out=help_)


def unwritable(location: str, reason: str, path: Path | None, environment: str | None) -> Failure:
    """Return the ``state-unwritable`` failure; `path` = the rescue file, if there is one."""
    if path is None:
        note = f"{reason}; the stored state is whole, and no rescue file could be written either"
        help_ = "mend the disk and run the command again: what the state lists as pending is settled then"
    else:
        note = f"{reason}; the stored state is whole, what this run did is in {shown(path)}"
        help_ = f"mend that, then run `{push_command(path, environment)}`"
    return error("state-unwritable", f"the state {location} could not be stored", note=note, way_out=help_)


def shown(path: Path) -> str:
    """Return `path` as it is pasted best: relative where it is below the current folder."""
    folder = Path.cwd()
    return str(path.relative_to(folder) if path.is_relative_to(folder) else path)

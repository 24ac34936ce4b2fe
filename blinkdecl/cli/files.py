"""The files of one call, before anything is done: what stands for a stream, and whether one is named twice.

``-``, ``/dev/stdin`` and ``/dev/fd/0`` are one thing, and so are ``-``, ``/dev/stdout`` and ``/dev/fd/1``. Two results
in one file, and a result in the place of what is read, are refused by whatever path.
"""

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import click

from blinkdecl.cli.session import Session
from blinkdecl.cli.types import InputFile, OutputFile
from blinkdecl.cli.written import refuse_project_file
from blinkdecl.diagnostics import Failure, error
from blinkdecl.system.files import read_bounded
from blinkdecl.system.paths import is_special

STREAM = Path("-")
_BEGINNING = 200
_STDIN = frozenset(("-", "/dev/stdin", "/dev/fd/0", "/proc/self/fd/0"))
_STDOUT = frozenset(("-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"))


@dataclass(frozen=True, slots=True)
class _Named:
    """A file that the caller named: where, as what, and what is found there (device and inode, or folder and name)."""

    option: str
    path: Path
    place: str
    identity: tuple[object, ...] | None

    def is_same(self, other: "_Named") -> bool:
        """Whether two names lead to one file."""
        return self.place == other.place or (self.identity is not None and self.identity == other.identity)


def told_file(path: Path) -> str:
    """Return how a message names a file that is read."""
    return "standard input" if path == STREAM else str(path)


def is_standard_input(path: Path) -> bool:
    """Whether a file that is read stands for standard input."""
    return str(path) in _STDIN


def check_files(session: Session, params: Sequence[click.Parameter], given: dict[str, object]) -> Session:
    """Return the session with its output; raises a `Failure` (``usage``, ``unwritable``) for what cannot be meant.

    What stands for a stream becomes `STREAM` in `given`. Where a file is written to standard output, what is otherwise
    printed there goes to standard error.
    """
    read: list[tuple[str, Path]] = []
    written: list[tuple[str, Path]] = []
    for param in params:
        name, kind = param.name or "", param.type
        if not isinstance(kind, InputFile | OutputFile) or not isinstance(path := given.get(name), Path):
            continue
        if is_standard_input(path) if isinstance(kind, InputFile) else str(path) in _STDOUT:
            path = given[name] = STREAM
        if isinstance(kind, InputFile):
            read.append((_told(param), path))
            continue
        if kind.needs_name and path == STREAM:
            remedy = "it cannot be written to standard output"
            raise error("usage", f"{_told(param)} needs the name of a file", remedy=remedy)
        written.append((_told(param), path))
        if not kind.needs_name and path != STREAM:
            _check_writable(session, path, yaml=kind.yaml)
    session = _streams(session, [each for each, path in read if path == STREAM], written)
    _check_distinct(session, read, written)
    given.pop("output", None)
    return session


def _streams(session: Session, from_stdin: Sequence[str], written: Sequence[tuple[str, Path]]) -> Session:
    """Return the session as the streams that were named leave it."""
    if len(from_stdin) > 1:
        summary = f"{from_stdin[0]} and {from_stdin[1]} are both standard input"
        raise error("usage", summary, remedy="name a file for one of them")
    to_stdout = [option for option, path in written if path == STREAM]
    others = [each for each in to_stdout if each != "--output"]
    if len(to_stdout) > 1 or (others and session.machine_format and session.output is None):
        other = "--output" if "--output" in to_stdout else f"--format {session.format}"
        second = next((each for each in others[1:]), other)
        summary = f"{others[0]} and {second} would both write to standard output"
        raise error("usage", summary, remedy="name a file for one of them")
    kept = None if "--output" in to_stdout else session.output
    return replace(session, output=kept, aside=bool(others))


def _check_distinct(session: Session, read: Sequence[tuple[str, Path]], written: Sequence[tuple[str, Path]]) -> None:
    """Raise a `Failure` (``usage``) where two names of files lead to one, and one of them is written."""
    results = [_named(session, *each) for each in written if each[1] != STREAM]
    sources = [_named(session, *each) for each in read if each[1] != STREAM]
    printed = _printed()
    for at, each in enumerate(results):
        if is_special(session.path(each.path)):
            continue
        for other in results[:at]:
            if each.is_same(other):
                raise error("usage", f"{other.option} and {each.option} name one file", remedy="name two files")
        for source in sources:
            if each.is_same(source):
                raise _overwrites(each.option, source)
        if printed is not None and each.identity == printed:
            summary = f"{each.option} and standard output lead to one file"
            raise error("usage", summary, remedy="leave one of the two out, or name two files")
    for source in sources:
        if printed is not None and source.identity == printed:
            raise _overwrites("standard output", source)


def _overwrites(what: str, source: _Named) -> Failure:
    summary = f"{what} would replace {source.path}, which is read as {source.option}"
    return error("usage", summary, remedy="name another file for the result")


def _named(session: Session, option: str, path: Path) -> _Named:
    place = os.path.realpath(session.path(path))
    return _Named(option, path, place, _identity(place))


def _identity(place: str) -> tuple[object, ...] | None:
    """Return what tells one file from all others, None where that cannot be known."""
    try:
        found = os.stat(place)  # noqa: PTH116 - `place` is free of links already
    except FileNotFoundError:
        folder, name = os.path.split(place)
        above = _identity(folder) if folder != place else None
        return None if above is None else (*above, name)
    except (OSError, ValueError):
        return None
    return found.st_dev, found.st_ino


def _printed() -> tuple[object, ...] | None:
    """Return what standard output leads to where that is a regular file, None elsewhere."""
    from stat import S_ISREG

    try:
        found = os.fstat(sys.stdout.fileno())
    except (OSError, ValueError):
        return None
    return (found.st_dev, found.st_ino) if S_ISREG(found.st_mode) else None


def _check_writable(session: Session, path: Path, *, yaml: bool) -> None:
    """Raise a `Failure` (``unwritable``) for a result that cannot be written, or that must not be."""
    place = session.path(path)
    refuse_project_file(place, root=session.root, name=path, new_yaml=yaml)
    if _holds_state(place, session.root):
        remedy = "name another file, e.g. plan.json"
        raise error("unwritable", f"{path} is a recorded state and is not overwritten", remedy=remedy)
    if place.is_dir() or not os.access(place.parent, os.W_OK):
        raise error("unwritable", f"{path} cannot be written", remedy="name a file in a folder that exists")


def _holds_state(place: Path, root: Path) -> bool:
    from blinkdecl.state.codec import begins_as_state  # seldom, and milliseconds

    try:
        return not is_special(place) and begins_as_state(read_bounded(place, _BEGINNING, root=root))
    except (OSError, ValueError):  # there is none yet, or it cannot be written either
        return False


def _told(param: click.Parameter) -> str:
    """Return what a parameter is called in help."""
    if isinstance(param, click.Option):
        return max(param.opts, key=len)
    return (param.metavar or param.name or "").strip("[]").upper()

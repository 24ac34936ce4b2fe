"""From a folder to its files, and from a file to its text: regular, not too large, UTF-8; or the one reason why not."""

import os
from pathlib import Path

from blinkdecl.config.document.finding import remedy_note
from blinkdecl.config.document.node import MAX_DEPTH, MAX_NODES
from blinkdecl.diagnostics import Diagnostic, Position, error
from blinkdecl.system.contents import recognised
from blinkdecl.system.files import read_bounded
from blinkdecl.system.paths import LeavesRootError, NotRegularError, landed

MAX_BYTES = 1024 * 1024
_REMEDIES = {
    "encrypted": "blinkdecl decrypts nothing, and no secret is in YAML: it is named by env, file or command",
    "terraform": "a state belongs to no `include`: narrow the pattern",
}


class Refusal(Exception):
    """The file as a whole is refused, for the reason that the diagnostic gives."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.code)
        self.diagnostic = diagnostic


def read_text(path: Path, file: str, fence: Path) -> str:
    """Return the text of the file at `path`, called `file` in messages; raises `Refusal`.

    A link that lies in the folder `fence` is not followed out of it.
    """
    return decoded(file, _read_bytes(path, file, fence))


def decoded(file: str, data: bytes) -> str:
    """Return bytes, called `file` in messages, as text; raises `Refusal`."""
    if len(data) > MAX_BYTES:
        raise Refusal(too_large("larger than 1 MiB", Position(file, 1, 1)))
    return _decoded(file, data)


def check_place(place: Path, root: Path) -> None:
    """Raise a `Failure` (``unreadable``) where a link in `root` leads out of it on the way to `place`."""
    try:
        landed(root / place, root)
    except OSError as problem:
        remedy = getattr(problem, "remedy", None)
        raise error("unreadable", f"{place} is not read: {problem.strerror}", remedy=remedy) from None


def files_below(root: Path, place: Path, endings: tuple[str, ...]) -> tuple[list[str], list[str]]:
    """Return the files in the folder `place` and below with one of these endings, and those that are links out of it.

    Both are relative to `root`, in order. Hidden folders, and folders that are links, are left out.
    """
    top = os.path.realpath(root / place)
    inside: list[str] = []
    outside: list[str] = []
    for folder, folders, names in os.walk(root / place):
        folders[:] = sorted(each for each in folders if not each.startswith("."))
        for name in sorted(names):
            if name.endswith(endings):
                stays = os.path.realpath(f"{folder}/{name}").startswith(f"{top}/")
                (inside if stays else outside).append(str(place / Path(folder, name).relative_to(root / place)))
    return inside, outside


def too_large(reason: str, place: Position) -> Diagnostic:
    """Return the diagnostic for a file that is past a limit."""
    limits = f"at most 1 MiB, {MAX_DEPTH} levels and {MAX_NODES} values with aliases expanded"
    return Diagnostic("too-large", f"the file is {reason}", position=place, notes=(("note", f"{limits} in a file"),))


def _read_bytes(path: Path, file: str, fence: Path) -> bytes:
    try:
        data = read_bounded(path, MAX_BYTES, root=fence)
    except IsADirectoryError:
        raise Refusal(Diagnostic("unreadable", f"{file} is a folder")) from None
    except NotRegularError:
        raise Refusal(Diagnostic("unreadable", f"{file} is not a regular file")) from None
    except LeavesRootError as problem:
        summary, notes = f"{file} is not read: {problem.strerror}", remedy_note(problem.remedy)
        raise Refusal(Diagnostic("unreadable", summary, notes=notes)) from None
    except (OSError, ValueError) as problem:
        reason = (problem.strerror if isinstance(problem, OSError) else None) or "not a path"
        raise Refusal(Diagnostic("unreadable", f"{file} cannot be read: {reason}")) from None
    return data


def _decoded(file: str, data: bytes) -> str:
    found = recognised(data)
    if found is not None and found.kind != "empty":  # what is empty is told where its keys are missed
        code = "invalid-encoding" if found.kind in ("utf-16", "mark") else "not-yaml"
        raise _refused(
            code, f"the file is {found.what}", file, data, found.offset, _REMEDIES.get(found.kind, found.remedy)
        )
    problem, offset = "", 0
    if (offset := data.find(0)) >= 0:
        problem = "the file holds a NUL byte"
    else:
        try:
            return data.decode()
        except UnicodeDecodeError as wrong:
            problem, offset = "the file is not UTF-8", wrong.start
    raise _refused("invalid-encoding", problem, file, data, offset, "save it as UTF-8 without a byte order mark")


def _refused(code: str, problem: str, file: str, data: bytes, offset: int, remedy: str) -> Refusal:
    before = data[:offset].decode(errors="replace")
    place = Position(file, before.count("\n") + 1, len(before) - before.rfind("\n"))
    return Refusal(Diagnostic(code, problem, position=place, notes=remedy_note(remedy)))

"""Where a path leads, in a repository that a stranger may have written.

Git keeps links, so a branch can make ``plan.json`` a link to the home folder of whoever runs blinkdecl there, and
``environments`` one to ``/etc``. Links that stay inside the root are for sharing files, and are followed. Therefore a
path is resolved first and judged by where it leads, and then that place is opened, without following a link any more:
what a walk with ``O_NOFOLLOW`` alone would refuse, links for sharing, works, and a link that is put there in between
as the file itself is refused all the same. Whoever can exchange a folder in between can already write in the
repository while blinkdecl runs; for the state, whose folder others may not write to, see `check_private`.

What counts is where a link lies, not how a path is spelt: outside of the root everything is the caller's own wish.

    link in the root, leads to another place in it    followed
    link in the root, leads out of it                 `LeavesRootError`
    link outside (``/tmp/x``, ``/dev/stdout``)        followed: the caller named it
    any way into ``.git``                             `LeavesRootError`: what is there (hooks, tokens) is Git's alone
"""

import contextlib
import errno
import os
import stat
from pathlib import Path

_GIT = ".git"


class NotRegularError(OSError):
    """What is at a path is neither a regular file nor a folder: a FIFO, a device, a socket."""

    def __init__(self) -> None:
        super().__init__(errno.EINVAL, "it is not a regular file")


class NotPrivateError(OSError):
    """Others can exchange the files in a folder."""

    def __init__(self, why: str, remedy: str) -> None:
        super().__init__(errno.EPERM, why)
        self.remedy = remedy


class LeavesRootError(OSError):
    """A link that lies in the repository leads out of it, or into what Git keeps there; nothing was opened."""

    remedy = "remove the link"

    def __init__(self, link: str = "", *, into_git: bool = False) -> None:
        if into_git:
            super().__init__(errno.EPERM, f"it leads into {_GIT}, which is Git's alone")
        else:
            super().__init__(errno.ELOOP, f"the link {link} leads out of the repository")


def landed(path: Path, root: Path) -> Path:
    """Return where `path` leads, absolute and free of links; raises `LeavesRootError` or another `OSError`."""
    return located(path, root)[0]


def located(path: Path, root: Path) -> tuple[Path, bool]:
    """Return where `path` leads, as `landed` does, and whether that is in the root."""
    top = Path(os.path.realpath(root))
    here = Path("/")
    for part in (path if path.is_absolute() else Path.cwd() / path).parts[1:]:
        if part == "..":
            here = here.parent
            continue
        entry = here / part
        if entry.is_symlink():
            entry = Path(os.path.realpath(entry))
            if here.is_relative_to(top) and not entry.is_relative_to(top):
                raise LeavesRootError(str((here / part).relative_to(top)))
        here = entry
    inside = here.is_relative_to(top)
    if inside and any(each.lower() == _GIT for each in here.relative_to(top).parts):
        raise LeavesRootError(into_git=True)
    return here, inside


def is_special(path: Path) -> bool:
    """Whether there is something at `path`, links followed, that is neither a regular file nor a folder."""
    try:
        kind = path.stat().st_mode
    except (OSError, ValueError):  # nothing is there, or it cannot be known: whoever opens it is told why
        return False
    return not stat.S_ISREG(kind) and not stat.S_ISDIR(kind)


def is_plain(path: Path) -> bool:
    """Whether there is a regular file at `path` itself: a link is none."""
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:
        return False


def check_plain(path: Path) -> None:
    """Raise `NotRegularError` where `path` itself is a link, or anything else but a regular file or nothing."""
    try:
        kind = path.lstat().st_mode
    except FileNotFoundError:
        return
    if not stat.S_ISREG(kind):
        raise NotRegularError


def check_writable(path: Path, root: Path) -> Path:
    """Return where a file that the caller named is to be written; raises an `OSError` where it may not be."""
    place, inside = located(path, root)
    if inside and is_special(place):
        raise NotRegularError
    return place


def check_private(folder: Path, root: Path) -> None:
    """Raise a `NotPrivateError` where others can exchange the files in `folder`; nothing is wrong where there is none.

    It must belong to this user, to the system, or to whom the whole root belongs: in a container that runs as root over
    another user's checkout, that user is the one for whom it runs. A group is left alone: it may be the user's own.
    """
    try:
        found = folder.stat()
    except (FileNotFoundError, NotADirectoryError):
        return
    if found.st_mode & stat.S_IWOTH and not found.st_mode & stat.S_ISVTX:
        raise NotPrivateError("every user of this machine can write in its folder", f"`chmod o-w {folder}`")
    if found.st_uid not in (0, os.geteuid()) and found.st_uid != root.stat().st_uid:
        raise NotPrivateError("its folder belongs to another user", f"`chown` gives {folder} to whoever runs this")


def within_repository(folder: Path, workspace: str | None = None) -> str:
    """Return a folder's path within its Git repository, "" where it is the repository itself, or in none.

    `workspace` = what is taken for the repository where there is none.
    """
    with contextlib.suppress(OSError):  # a folder that is gone, or may not be looked into
        here = Path(os.path.realpath(folder))
        top = next((each for each in (here, *here.parents) if (each / _GIT).exists()), None)
        if top is None:
            top = Path(os.path.realpath(workspace)) if workspace else here
        if top != here and here.is_relative_to(top):
            return here.relative_to(top).as_posix()
    return ""

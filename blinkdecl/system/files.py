"""Files that are whole or not there: atomic, durable writes for the state, saved plans and reports; bounded reads.

Everything in blinkdecl that reads or writes below the project's root does it here:

    read_bounded, read_regular                 what the repository or the caller names: `blinkdecl.system.paths` judges
    write_named, writing_named, rewrite        the same, to be written
    read_named, open_named                     the same; outside of the root it may be a pipe
    read_own, write_atomically                 what blinkdecl keeps beside the state: no link is followed at all
"""

import contextlib
import errno
import fcntl
import os
import stat
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from blinkdecl.system.paths import NotRegularError, check_writable, is_plain, is_special, located

# Non-blocking, so that a FIFO answers at once instead of hanging the run.
_READING = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC


def read_bounded(path: Path, limit: int | None = None, *, root: Path) -> bytes:
    """Return what the regular file at `path` holds, of a file of more than `limit` bytes the first `limit` + 1.

    Raises `LeavesRootError` where a link in `root` leads out of it, `IsADirectoryError`, `NotRegularError` or another
    `OSError`, and a `ValueError` for what cannot be a path.
    """
    return _regular(_opened(path, root), limit)


def read_regular(path: Path, *, root: Path) -> bytes | None:
    """Return what the regular file at `path` holds, None where there is nothing; raises `OSError`."""
    return _if_there(lambda: _opened(path, root))


def read_own(path: Path) -> bytes | None:
    """Return what the regular file at `path` holds, None where there is nothing; a link is not followed.

    For what blinkdecl keeps for itself, in places that it chose. Raises `OSError`.
    """
    return _if_there(lambda: os.open(path, _READING | os.O_NOFOLLOW))


def read_named(path: Path, limit: int, *, root: Path) -> bytes:
    """Return up to `limit` + 1 bytes of a file that the caller named, as `open_named` opens it; raises `OSError`."""
    with open_named(path, root=root) as file:
        return file.read(limit + 1)


def open_named(path: Path, *, root: Path) -> BinaryIO:
    """Open for reading a file that the caller named; raises `OSError`.

    Outside of `root` that may be a device or a pipe (``/dev/stdin``, ``<(...)``). One that nobody writes to is empty.
    """
    descriptor = _opened(path, root)
    if located(path, root)[1] or not is_special(path):
        return _open_regular(descriptor)
    os.set_blocking(descriptor, True)
    return open(descriptor, "rb")  # noqa: PTH123 - Path has no open for a descriptor; the caller closes it


def write_named(path: Path, data: bytes, *, root: Path, mode: int = 0o644, make_folders: bool = False) -> None:
    """Write a file that the caller named, whole or not at all, as `writing_named` does; raises `OSError`."""
    with writing_named(path, root=root, mode=mode, make_folders=make_folders) as file:
        file.write(data)


@contextlib.contextmanager
def writing_named(path: Path, *, root: Path, mode: int = 0o644, make_folders: bool = False) -> Iterator[BinaryIO]:
    """Write a file that the caller named bit by bit; it is there, whole, when the context ends without an exception.

    A link keeps pointing where it pointed, unless it lies in `root` and leads out of it (`LeavesRootError`). What is
    not a regular file (``/dev/stdout``, a FIFO) is written to rather than replaced, outside of `root` alone. Raises
    `OSError`, as `write_atomically` does.
    """
    place = check_writable(path, root)
    if is_special(path):
        with _into(path) as file:
            yield file
        return
    if make_folders:
        make_folder(place.parent)
    with _writing_atomically(place, mode) as file:
        yield file


def append(path: Path, data: bytes) -> None:
    """Add `data` to a file that is there already; raises `OSError`."""
    with path.open("ab") as stream:
        stream.write(data)


def rewrite(path: Path, data: bytes, *, root: Path) -> None:
    """Put `data` into the regular file that is at `path`, whole or not at all; its mode and owner stay.

    A link keeps pointing where it pointed. Raises an `OSError`, as `write_named` does.
    """
    place = check_writable(path, root)
    found = place.stat()
    if not stat.S_ISREG(found.st_mode):
        raise NotRegularError
    write_atomically(place, data, like=found)


def write_atomically(
    path: Path,
    data: bytes,
    *,
    mode: int = 0o600,
    backup: Path | None = None,
    like: os.stat_result | None = None,
) -> None:
    """Put `data` at `path`, so that a reader, a kill or a power loss sees the old file or the new one, never a part.

    Whatever has the name is replaced, a link too. With `backup`, the replaced version is kept under that name.
    With `like`, the file gets that mode to the letter, and that owner where this user may give files away.
    Raises `OSError`; nothing has changed then, except when only the last step, making the name durable, failed.
    """
    with _writing_atomically(path, mode, backup, like) as file:
        file.write(data)


@contextlib.contextmanager
def memory_file(data: bytes) -> Iterator[str]:
    """Yield the path of a file that holds `data` and is gone afterwards: in memory alone on Linux, else private."""
    if hasattr(os, "memfd_create"):
        descriptor = os.memfd_create("blinkdecl", os.MFD_CLOEXEC)
        try:
            os.write(descriptor, data)
            yield f"/proc/self/fd/{descriptor}"
        finally:
            os.close(descriptor)
        return
    import tempfile

    descriptor, path = tempfile.mkstemp(prefix="blinkdecl-")  # readable for its owner only
    try:
        os.write(descriptor, data)
        os.close(descriptor)
        yield path
    finally:
        Path(path).unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Make the names in `folder` durable, as far as its file system can: some cannot sync a folder."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    except OSError as problem:
        if problem.errno not in (errno.EINVAL, errno.ENOTSUP):
            raise
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def folder_alone(folder: Path, timeout: float) -> Iterator[None]:
    """Hold the kernel's lock on a folder itself, which nobody can remove or replace; freed when its holder dies.

    Raises a `TimeoutError`. On file systems that cannot lock a folder there is no lock.
    """
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    until = time.monotonic() + timeout
    try:
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > until:
                    raise TimeoutError(errno.ETIMEDOUT, "another process is writing in this folder") from None
                time.sleep(0.02)
            except OSError as problem:
                if problem.errno not in (errno.EINVAL, errno.ENOTSUP, errno.EBADF):
                    raise
                break
        yield
    finally:
        os.close(descriptor)


def make_folder(folder: Path) -> None:
    """Make `folder`, readable for its owner only, and its parents; one that exists stays as it is."""
    if not folder.is_dir():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        sync_folder(folder.parent)


def sweep(path: Path) -> None:
    """Remove what a killed `write_atomically` of `path` left; only where nobody can be writing it now."""
    for each in path.parent.iterdir():
        if each.name.startswith(f".{path.name}.") and each.name.endswith(".tmp"):
            each.unlink(missing_ok=True)


def _opened(path: Path, root: Path) -> int:
    """Open for reading what the repository or the caller names, as `blinkdecl.system.paths` judges it."""
    place, inside = located(path, root)
    if inside:
        return os.open(place, _READING | os.O_NOFOLLOW)
    return os.open(path, _READING)  # by the kernel's own way: what ``/dev/stdin`` leads to may have no name


def _if_there(opened: Callable[[], int]) -> bytes | None:
    try:
        return _regular(opened(), None)
    except FileNotFoundError:
        return None
    except IsADirectoryError:
        raise OSError(0, "it is a directory") from None


def _regular(descriptor: int, limit: int | None) -> bytes:
    """Read an open file up to its end, or one byte past the limit, and close it."""
    with _open_regular(descriptor) as file:
        return file.read(-1 if limit is None else limit + 1)


def _open_regular(descriptor: int) -> BinaryIO:
    """Return an open file to be read, closed where it is none."""
    kind = os.fstat(descriptor).st_mode
    if not stat.S_ISREG(kind):
        os.close(descriptor)
        if stat.S_ISDIR(kind):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        raise NotRegularError
    return open(descriptor, "rb")


def _into(path: Path) -> BinaryIO:
    """Open a device or a pipe to be written to; one that nobody reads from is refused instead of waited for."""
    descriptor = os.open(path, os.O_WRONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    os.set_blocking(descriptor, True)
    return open(descriptor, "wb")  # noqa: PTH123 - Path has no open for a descriptor; the caller closes it


@contextlib.contextmanager
def _writing_atomically(
    path: Path, mode: int, backup: Path | None = None, like: os.stat_result | None = None
) -> Iterator[BinaryIO]:
    """Yield a file beside `path` that takes its place when the context ends, and is gone where that raises."""
    temporary = _beside(path)
    try:
        with _new(temporary, mode, like) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if backup is not None:
            _keep(path, backup, mode)
        temporary.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):  # what went wrong first is told; `sweep` removes what is left
            temporary.unlink(missing_ok=True)
        raise
    # One sync for both renames is enough: whichever of them a power loss undoes, each name leads to a complete version.
    sync_folder(path.parent)


def _beside(path: Path) -> Path:
    return path.with_name(f".{path.name}.{os.getpid()}-{os.urandom(4).hex()}.tmp")


def _new(path: Path, mode: int, like: os.stat_result | None) -> BinaryIO:
    """Open for writing a file that must not exist yet."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, mode)
    file = open(descriptor, "wb")  # noqa: PTH123, SIM115 - Path has no open for a descriptor; the caller closes it
    if like is not None:
        with contextlib.suppress(PermissionError):
            os.fchown(descriptor, like.st_uid, like.st_gid)
        os.fchmod(descriptor, stat.S_IMODE(like.st_mode))
    return file


def _keep(path: Path, backup: Path, mode: int) -> None:
    """Give the version at `path` the name `backup` as well, without a moment in which `backup` is incomplete."""
    if not is_plain(path):
        return
    linked = _beside(backup)
    try:
        os.link(path, linked)
    except OSError:
        # No hard links here (FAT, some network folders), or none to another owner's file.
        write_atomically(backup, read_own(path) or b"", mode=mode)
        return
    try:
        with contextlib.suppress(PermissionError):
            linked.chmod(mode)
        linked.replace(backup)
    except BaseException:
        with contextlib.suppress(OSError):
            linked.unlink(missing_ok=True)
        raise

"""Files that are whole or not there: atomic, durable writes for the state, saved plans and reports; bounded reads."""

import contextlib
import errno
import fcntl
import os
import stat
import time
from collections.abc import Iterator
from pathlib import Path


def write_atomically(
    path: Path, data: bytes, *, mode: int = 0o600, backup: Path | None = None, follow: bool = True
) -> None:
    """Put `data` at `path`, so that a reader, a kill or a power loss sees the old file or the new one, never a part.

    A link keeps pointing where it pointed, and what is not a regular file (``/dev/stdout``, a FIFO) is written to
    rather than replaced, unless `follow` is false. With `backup`, the replaced version is kept under that name.
    Raises `OSError`; nothing has changed then, except when only the last step, making the name durable, failed.
    """
    if follow:
        path = Path(os.path.realpath(path))
        if path.exists() and not path.is_file() and not path.is_dir():
            path.write_bytes(data)
            return
    temporary = _beside(path)
    try:
        _write_new(temporary, data, mode)
        if backup is not None:
            _keep(path, backup, mode)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    # One sync for both renames is enough: whichever of them a power loss undoes, each name leads to a complete version.
    sync_folder(path.parent)


class NotRegularError(OSError):
    """What is at a path is neither a regular file nor a folder: a FIFO, a device, a socket."""


def read_bounded(path: Path, limit: int | None = None) -> bytes:
    """Return what the regular file at `path` holds, of a file of more than `limit` bytes the first `limit` + 1.

    Raises `IsADirectoryError`, `NotRegularError` or another `OSError`, and a `ValueError` for what cannot be a path.
    """
    # Non-blocking, so that a FIFO answers at once instead of hanging the run.
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    kind = os.fstat(descriptor).st_mode
    if not stat.S_ISREG(kind):
        os.close(descriptor)
        if stat.S_ISDIR(kind):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        raise NotRegularError(0, "it is not a regular file")
    with open(descriptor, "rb") as file:  # noqa: PTH123 - Path has no open for a descriptor
        return file.read(-1 if limit is None else limit + 1)


def read_regular(path: Path) -> bytes | None:
    """Return what the regular file at `path` holds, None where there is nothing; raises `OSError`."""
    try:
        return read_bounded(path)
    except FileNotFoundError:
        return None
    except IsADirectoryError:
        raise OSError(0, "it is a directory") from None


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


def _beside(path: Path) -> Path:
    return path.with_name(f".{path.name}.{os.getpid()}-{os.urandom(4).hex()}.tmp")


def _write_new(path: Path, data: bytes, mode: int) -> None:
    """Write a file that must not exist yet, and wait until the disk has it."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, mode)
    with open(descriptor, "wb") as file:  # noqa: PTH123 - Path has no open for a descriptor
        file.write(data)
        file.flush()
        os.fsync(descriptor)


def _keep(path: Path, backup: Path, mode: int) -> None:
    """Give the version at `path` the name `backup` as well, without a moment in which `backup` is incomplete."""
    if not path.exists():
        return
    linked = _beside(backup)
    try:
        os.link(path, linked)
    except OSError:
        # No hard links here (FAT, some network folders), or none to another owner's file.
        write_atomically(backup, path.read_bytes(), mode=mode)
        return
    try:
        with contextlib.suppress(PermissionError):
            linked.chmod(mode)
        linked.replace(backup)
    except BaseException:
        linked.unlink(missing_ok=True)
        raise

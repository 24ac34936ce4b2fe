"""Where a local state is, and what is kept beside it; a folder that others lead elsewhere, or write in, is refused."""

import contextlib
import shlex
from pathlib import Path

from blinkdecl.diagnostics import error
from blinkdecl.system.paths import check_plain, check_private, landed


class Place:
    """The state's file, as `display` to people, and its companions, which are never links.

    A link to the state is followed once, here: what is kept beside it must be beside the same file for everybody.
    """

    def __init__(self, path: Path, display: str, root: Path) -> None:
        self.display, self._root = display, root
        self._refused: OSError | None = None
        try:
            self.path = landed(path, root)
        except OSError as problem:  # told when it is used: who only validates has no need of the state
            self.path, self._refused = path, problem
        self.backup = self._beside(".backup")
        self.lock = self._beside(".lock")
        self.info = self._beside(".lock.info")
        self.deliveries = self._beside(".deliveries")

    def check(self) -> None:
        """Raise a `Failure` (``unreadable``) before anything is opened where the state must not be."""
        try:
            self.verify()
        except OSError as problem:
            remedy = getattr(problem, "remedy", "the state needs a folder that this user can read and write")
            reason = problem.strerror or "it cannot be read"
            raise error("unreadable", f"the state {self.display} is not used", note=reason, remedy=remedy) from None

    def verify(self) -> None:
        """Do as `check`, with an `OSError`, for whoever must rescue a state then."""
        if self._refused is not None:
            raise self._refused
        check_private(self.path.parent, self._root)

    @property
    def trusted(self) -> Path | None:
        """The state's file, None where that must not be, or cannot be known."""
        return None if self._refused is not None else self.path

    def check_lock(self) -> None:
        """Raise `NotRegularError` where the lock is a link, a FIFO, or anything else that is not to be opened."""
        check_plain(self.lock)

    def git_command(self) -> str | None:
        """Return the command that restores the state as it was last committed, None where no Git repository is.

        Whether Git has the file is not looked up: that takes a process, and a message can say so.
        """
        with contextlib.suppress(OSError):
            here = Path.cwd()
            for folder in self.path.parents:
                if (folder / ".git").exists():
                    inside = here.is_relative_to(folder)
                    name = self.path.relative_to(here) if self.path.is_relative_to(here) else self.path
                    where = ("git", "checkout") if inside else ("git", "-C", str(self.path.parent), "checkout")
                    return shlex.join((*where, "HEAD", "--", str(name) if inside else self.path.name))
        return None

    def _beside(self, suffix: str) -> Path:
        return self.path.with_name(self.path.name + suffix)

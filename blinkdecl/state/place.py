"""Where a local state is, and what is kept beside it; a folder that others lead elsewhere, or write in, is refused."""

from pathlib import Path

from blinkdecl.diagnostics import Failure, error
from blinkdecl.system.paths import LeavesRootError, check_plain, check_private, landed


class Place:
    """The state's file, as `display` to people, and its companions, which are never links.

    A link to the state is followed once, here: what is kept beside it must be beside the same file for everybody.
    """

    def __init__(self, path: Path, display: str, root: Path) -> None:
        self.display, self._root = display, root
        self._refused: LeavesRootError | None = None
        try:
            self.path = landed(path, root)
        except LeavesRootError as problem:  # told when it is used: who only validates has no need of the state
            self.path, self._refused = path, problem
        self.backup = self._beside(".backup")
        self.lock = self._beside(".lock")
        self.info = self._beside(".lock.info")

    def check(self) -> None:
        """Raise a `Failure` (``unreadable``) before anything is opened where the state must not be."""
        try:
            self.verify()
        except LeavesRootError as problem:
            raise self._failure(problem, problem.remedy) from None
        except OSError as problem:
            remedy = f"`chmod o-w` and `chown` its folder {self.path.parent}, so that nobody else can replace the state"
            raise self._failure(problem, remedy) from None

    def verify(self) -> None:
        """Do as `check`, with an `OSError`, for who must rescue a state then."""
        if self._refused is not None:
            raise self._refused
        check_private(self.path.parent, self._root)

    @property
    def trusted(self) -> Path | None:
        """The state's file, None where a link leads out of the root on the way to it."""
        return None if self._refused is not None else self.path

    def check_lock(self) -> None:
        """Raise an `OSError` where the lock is a link, a FIFO, or anything else that is not to be opened."""
        check_plain(self.lock)

    def _beside(self, suffix: str) -> Path:
        return self.path.with_name(self.path.name + suffix)

    def _failure(self, problem: OSError, remedy: str) -> Failure:
        reason = problem.strerror or "it cannot be read"
        return error("unreadable", f"the state {self.display} is not used", note=reason, remedy=remedy)

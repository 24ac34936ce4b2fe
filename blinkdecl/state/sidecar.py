"""What is kept with the state and is no part of it: a file beside it, or an object or a row beside its own.

`blinkdecl.state.interface.Sidecar` is the contract.
"""

from collections.abc import Callable
from dataclasses import dataclass

from blinkdecl.diagnostics import Failure, OutcomeUnknown, error
from blinkdecl.state.place import Place
from blinkdecl.system.files import make_folder, read_own, write_atomically


@dataclass(frozen=True, slots=True)
class StoreSidecar:
    """What an engine keeps beside the state's bytes; `get` and `put` raise `OutcomeUnknown` or a `Failure`."""

    location: str
    get: Callable[[], bytes | None]
    put: Callable[[bytes], object]

    def read(self) -> bytes | None:
        """Return what is stored, None where nothing is."""
        try:
            return self.get()
        except OutcomeUnknown as problem:
            raise self._failure("read", problem) from None

    def write(self, data: bytes) -> None:
        """Replace what is stored, whatever that is."""
        try:
            self.put(data)
        except OutcomeUnknown as problem:
            raise self._failure("written", problem) from None

    def _failure(self, done: str, problem: OutcomeUnknown) -> Failure:
        return error("unreachable", f"{self.location} cannot be {done}", note=str(problem))


class FileSidecar:
    """A file beside a local state, or where that would be: ``state.json.deliveries``."""

    def __init__(self, place: Place) -> None:
        """`place` = that of the state."""
        self._place, self._path = place, place.deliveries

    @property
    def location(self) -> str:
        """The path, as people know it."""
        return f"{self._place.display}.deliveries"

    def read(self) -> bytes | None:
        """Return what the file holds, None where there is none; no link is followed."""
        self._place.check()
        try:
            return read_own(self._path)
        except OSError as problem:
            raise self._failure("unreadable", "read", problem) from None

    def write(self, data: bytes) -> None:
        """Replace the file; a kill leaves the old one or the new one."""
        self._place.check()
        try:
            make_folder(self._path.parent)
            write_atomically(self._path, data)
        except OSError as problem:
            raise self._failure("unwritable", "written", problem) from None

    def _failure(self, code: str, done: str, problem: OSError) -> Failure:
        note = problem.strerror or "unknown reason"
        return error(code, f"{self.location} cannot be {done}", note=note, remedy="it is safe to delete")

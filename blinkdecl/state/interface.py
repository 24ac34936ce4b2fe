"""The edge to the place where the state is kept.

The contract, which every backend keeps (and one suite, ``tests/state_contract.py``, checks):

- `read` returns None only where there never was a state. An empty, truncated or altered one raises, never reads as
  "nothing there". It raises ``rescue-pending`` where an earlier run could not store its state, except for a
  caller that is about to store it (`despite_rescue`).
- `write` is atomic and durable when it returns, and is refused unless the stored state is the `base` that the writer
  read (same lineage and serial): a writer that lost its lock cannot overwrite a newer state.
- The state goes to a rescue file if storing it fails, and if `write` is refused to a client that has stored `base`
  itself: it announced something and may have done it, so this may be the only record. A client that has only read
  `base` leaves none: what it wanted is easily done again. Storing the same content removes the rescue file.
- `lock` is taken by everything that writes. It raises ``locked`` with the holder when `timeout` seconds have passed.
- A lock that cannot be freed does not undo what was done under it: the client warns (``lock-kept``), and goes on.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from blinkdecl.diagnostics import Diagnostic
from blinkdecl.model.state import State

# Called with what a person should know although the run ends as it earned: clean-up that failed.
Warn = Callable[[Diagnostic], None]


def unheard(problem: Diagnostic) -> None:
    """Tell nobody: for whoever only reads, and for tests."""
    del problem


@dataclass(frozen=True, slots=True)
class WayOut:
    """What can be done where a state is kept: `again` stores the content of the file as it was written, `earlier`
    returns how to get an older version in the place of the bytes that are there."""

    again: str = ""
    earlier: Callable[[bytes], str] = lambda _: ""


NO_WAY_OUT = WayOut()


@dataclass(frozen=True, slots=True)
class LockInfo:
    """Who holds the lock. `created` is RFC 3339 in UTC; `run` the CI run's URL, or "".

    `process` identifies the holder among all processes since its machine's boot ("" where that is unknown). `lease` is
    how many seconds the lock lasts unrenewed (0 = it is not renewed), `beat` counts the renewals.
    """

    id: str
    who: str
    command: str
    created: str
    pid: int
    run: str = ""
    process: str = ""
    lease: float = 0.0
    beat: int = 0


class Sidecar(Protocol):
    """A place for a few bytes that belong to one state and are no part of it: observed deliveries.

    It is written without the lock, and the last writer wins. It is safe to delete: no plan depends on it.
    """

    @property
    def location(self) -> str:
        """Where it is, for people; holds no credential."""

    def read(self) -> bytes | None:
        """Return what is there, None where nothing is; raises a `Failure`."""

    def write(self, data: bytes) -> None:
        """Replace what is there; raises a `Failure`, and the earlier bytes are there then, whole."""


class StateBackend(Protocol):
    """A place that keeps one environment's state."""

    @property
    def location(self) -> str:
        """Where the state is, for people; holds no credential."""

    @property
    def interval(self) -> float:
        """Seconds between two writes of a run: what it announced is found again without the writes in between."""

    @property
    def sidecar(self) -> Sidecar | None:
        """Where observed deliveries are kept with the state; None where the engine has no place for anything else."""

    def read(self, *, despite_rescue: bool = False) -> State | None:
        """Return the state, or None where there never was one."""

    def write(self, state: State, base: State | None) -> State:
        """Store `state` with the serial after `base`'s (without one: its own, at least 1), return it as stored."""

    def overwrite(self, state: State) -> State:
        """Store `state` over whatever is there, even if that is damaged or missing.

        What was there becomes the backup where the backend keeps one; elsewhere the engine's own versions do that.

        The serial is the one after the stored state's; where that is unknown, its own, at least 1. For
        `state push --force` alone.
        """

    def lock(self, info: LockInfo, timeout: float) -> AbstractContextManager[None]:
        """Hold the lock within the context; wait up to `timeout` seconds for it."""

    def holder(self) -> LockInfo | None:
        """Return who holds the lock now, or None."""

    def unlock(self, lock_id: str) -> LockInfo:
        """Free a lock that its dead holder left behind, return whose it was.

        Raises ``locked`` while the holder lives, ``not-locked`` where no lock has this id.
        """

"""The edge between a state backend and the engine that keeps its bytes elsewhere: a store, and its lock.

What every store keeps, beyond what it says below:

- `put` stores the whole or nothing, and only over `expected`: the engine compares and swaps.
- A `Failure` says that nothing was done, and why. `OutcomeUnknown` says that nobody knows: the caller reads, and
  compares.
"""

from dataclasses import dataclass
from typing import Protocol

from blinkdecl.diagnostics import Failure, OutcomeUnknown, error
from blinkdecl.model.state import State
from blinkdecl.state.interface import LockInfo, Sidecar


@dataclass(frozen=True, slots=True)
class Version:
    """Stored bytes, and the engine's own name for this version of them (an ETag, a serial; "" where it has none)."""

    data: bytes
    tag: str = ""


@dataclass(frozen=True, slots=True)
class Held:
    """A lock that somebody holds; `tag` names this version of the lock's record and changes when it is renewed."""

    info: LockInfo
    tag: str


class Conflict(Exception):
    """What is stored is not what was expected; nothing was done."""


def unread(location: str, problem: OutcomeUnknown) -> Failure:
    """Return the failure that says why the state cannot be read at its place."""
    remedy = "compare `state` in the YAML with where it is kept, and check that this machine may connect there"
    if problem.wait:
        remedy = f"wait {problem.wait:.0f}s, as it asks, then run the same command again"
    return error(
        "unreachable", f"the state {location} cannot be read", note=f"{problem}; nothing was changed", remedy=remedy
    )


class Store(Protocol):
    """Keeps the bytes of one environment's state, and a lock for it."""

    @property
    def location(self) -> str:
        """Where the state is, for people; holds no credential."""

    @property
    def sidecar(self) -> Sidecar | None:
        """What is kept beside the state; None where this engine keeps one document for each state."""

    def get(self) -> Version | None:
        """Return what is stored, None where there never was anything; raises a `Failure`, never `OutcomeUnknown`."""

    def put(self, data: bytes, state: State, expected: Version | None) -> str:
        """Store `data`, the bytes of `state`, over `expected` (None = nothing yet), and return the new tag.

        Raises `Conflict`, `OutcomeUnknown` or a `Failure`.
        """

    def lock_holder(self) -> Held | None:
        """Return who holds the lock, None where nobody does."""

    def acquire(self, info: LockInfo, take_over_from: Held | None) -> Held:
        """Take the lock, also from a dead holder, and return who holds it then: the caller, or somebody else.

        Raises `OutcomeUnknown` or a `Failure`.
        """

    def renew(self, info: LockInfo, tag: str) -> str | None:
        """Store `info` anew in a lock that is held, and return its tag; None where this engine cannot renew.

        Raises `Conflict` where somebody else has it now, `OutcomeUnknown` or a `Failure`.
        """

    def release(self, info: LockInfo, tag: str) -> None:
        """Free a lock: the caller's own, or one that a person ordered to be freed. One that is free is fine.

        Raises `Conflict`, `OutcomeUnknown` or a `Failure`.
        """

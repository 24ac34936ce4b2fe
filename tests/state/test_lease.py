"""Leases against a store in memory: whose lock may be taken, and when a holder knows that it is not one any more."""

import threading
import time
from collections.abc import Callable
from dataclasses import replace

import pytest

from blinkdecl.diagnostics import Failure
from blinkdecl.model import State
from blinkdecl.state.interface import LockInfo
from blinkdecl.state.invocation import HERE
from blinkdecl.state.lease import Lease, Terms, acquire, holding
from blinkdecl.state.locking import is_dead, lock_info, process_of
from blinkdecl.state.store import Conflict, Held, Unclear, Version
from tests.state_contract import code_of

TERMS = Terms(length=0.4, beat=0.05, poll=0.02)
ME = lock_info("blinkdecl apply", {})
# Of another machine: nobody here can tell whether it lives.
FAR = replace(lock_info("blinkdecl apply", {}), process="another boot 1 1", lease=0.3)


class MemoryStore:
    """A lock in memory, with faults: answers that are lost after the call, and renewals that fail."""

    location = "memory"

    def __init__(self, held: LockInfo | None = None, *, renewable: bool = True) -> None:
        self.held = Held(held, "0") if held is not None else None
        self.renewable, self.loses, self.deaf, self.renewals = renewable, 0, False, 0
        self._tag = 0
        self._guard = threading.Lock()

    def get(self) -> Version | None:
        """Nothing is stored."""
        return None

    def put(self, data: bytes, state: State, expected: Version | None) -> str:
        """Nothing is stored."""
        raise Conflict

    def look(self) -> Held | None:
        """Return who holds the lock."""
        return self.held

    def take(self, info: LockInfo, over: Held | None) -> Held:
        """Take the lock, if it is free or the dead one's."""
        with self._guard:
            if self.held is not None and self.held != over:
                return self.held
            self._put(info)
            if self.loses:
                self.loses -= 1
                raise Unclear
            assert self.held is not None
            return self.held

    def renew(self, info: LockInfo, tag: str) -> str | None:
        """Replace the record."""
        with self._guard:
            if not self.renewable:
                return None
            if self.deaf:
                raise Unclear
            if self.held is None or self.held.tag != tag:
                raise Conflict
            self.renewals += 1
            return self._put(info)

    def release(self, info: LockInfo, tag: str) -> None:
        """Free the lock."""
        with self._guard:
            if self.held is not None and self.held.info.id != info.id:
                raise Conflict
            self.held = None

    def _put(self, info: LockInfo) -> str:
        self._tag += 1
        self.held = Held(info, str(self._tag))
        return self.held.tag


def taken(store: MemoryStore, timeout: float = 0.0) -> Lease:
    """Return the lock."""
    return acquire(store, ME, timeout, HERE, TERMS)


def test_it_is_renewed_while_it_is_held_and_then_free() -> None:
    """Far beyond its length nobody else gets it."""
    store = MemoryStore()
    with holding(taken(store)) as lease:
        time.sleep(2 * TERMS.length)
        lease.check()
        assert store.held is not None
        assert (store.held.info.lease, store.renewals > 3) == (TERMS.length, True)
        with pytest.raises(Failure) as caught:
            acquire(store, lock_info("blinkdecl plan", {}), 1.5 * TERMS.length, HERE, TERMS)
        assert code_of(caught) == "locked"
    assert store.held is None


def test_a_lease_that_nobody_renews_is_taken_after_its_length() -> None:
    """Seen on the waiter's own clock: neither at once, however old it says to be, nor much later."""
    store = MemoryStore(replace(FAR, created="2001-01-01T00:00:00Z"))
    with pytest.raises(Failure, match="locked"):
        taken(store, timeout=0.2)
    begun = time.monotonic()
    with holding(taken(store, timeout=5)):
        assert FAR.lease < time.monotonic() - begun < 2


def test_a_lock_that_is_not_renewable_is_never_taken_by_time() -> None:
    """Its lease is 0: only a person, or its death seen in this process table, frees it."""
    store = MemoryStore(replace(FAR, lease=0.0))
    with pytest.raises(Failure, match="locked"):
        taken(store, timeout=0.8)


def test_a_process_that_died_here_holds_nothing() -> None:
    """Its lock is taken at once, renewable or not."""
    dead = replace(FAR, process=ME.process.rpartition(" ")[0] + " 1", lease=0.0)
    assert ME.process == process_of(ME.pid)
    assert (is_dead(dead), is_dead(ME), is_dead(FAR)) == (True, False, False)
    with holding(taken(MemoryStore(dead))) as lease:
        lease.check()


def test_a_taken_lock_whose_answer_was_lost_is_held() -> None:
    """The next attempt meets its own id."""
    store = MemoryStore()
    store.loses = 1
    with holding(taken(store, timeout=1)):
        assert store.held is not None
        assert store.held.info.id == ME.id


def lost(lease: Lease) -> str | None:
    """Return the code of what the holder is told, if it is told anything."""
    try:
        lease.check()
    except Failure as failure:
        return failure.diagnostics[0].code
    return None


@pytest.mark.parametrize(
    "lose",
    [
        lambda store: setattr(store, "held", Held(FAR, "stolen")),
        lambda store: setattr(store, "held", None),
        lambda store: setattr(store, "deaf", True),
    ],
    ids=["taken over", "freed by a person", "cut off"],
)
def test_a_holder_notices_its_loss(lose: Callable[[MemoryStore], None]) -> None:
    """It may not write any more, and frees nobody else's lock at its end."""
    store = MemoryStore()
    with holding(taken(store)) as lease:
        lose(store)
        problem = None
        until = time.monotonic() + 5
        while problem is None and time.monotonic() < until:
            time.sleep(0.02)
            problem = lost(lease)
        assert problem == "lock-lost"
        before = store.held
    assert store.held == before


def test_a_release_that_fails_is_left_to_the_end_of_the_lease() -> None:
    """What was done is done: the command does not fail for it."""
    store = MemoryStore()

    def refuse(info: LockInfo, tag: str) -> None:
        raise Unclear

    store.release = refuse  # type: ignore[method-assign]
    with holding(taken(store)):
        pass
    assert store.held is not None

"""Leases against a store in memory: whose lock may be taken, and when a holder knows that it is not one any more."""

import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace

import pytest

from blinkdecl.diagnostics import Failure, OutcomeUnknown, error
from blinkdecl.model.invocation import HERE
from blinkdecl.model.state import State
from blinkdecl.state.interface import LockInfo
from blinkdecl.state.lease import Lease, LeaseTimes, holding
from blinkdecl.state.lock_info import is_dead, lock_info, process_of
from blinkdecl.state.store import Conflict, Held, Version
from tests.state.contract import code_of

TIMES = LeaseTimes(length=0.4, beat=0.05, poll=0.02)
ME = lock_info("blinkdecl apply", {})
# Of another machine: nobody here can tell whether it lives.
FAR = replace(lock_info("blinkdecl apply", {}), process="another boot 1 1", lease=0.3)


class MemoryStore:
    """A lock in memory, with faults: answers that are lost after the call, and renewals that fail."""

    location = "memory"
    sidecar = None

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

    def lock_holder(self) -> Held | None:
        """Return who holds the lock."""
        return self.held

    def acquire(self, info: LockInfo, over: Held | None) -> Held:
        """Take the lock, if it is free or the dead one's."""
        with self._guard:
            if self.held is not None and self.held != over:
                return self.held
            self._put(info)
            if self.loses:
                self.loses -= 1
                raise OutcomeUnknown
            assert self.held is not None
            return self.held

    def renew(self, info: LockInfo, tag: str) -> str | None:
        """Replace the record."""
        with self._guard:
            if not self.renewable:
                return None
            if self.deaf:
                raise OutcomeUnknown
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


def taken(store: MemoryStore, timeout: float = 0.0) -> AbstractContextManager[Lease]:
    """Hold the lock within the context."""
    return holding(store, ME, timeout, HERE, TIMES)


def test_it_is_renewed_while_it_is_held_and_then_free() -> None:
    """Far beyond its length nobody else gets it."""
    store = MemoryStore()
    with taken(store) as lease:
        time.sleep(2 * TIMES.length)
        lease.check()
        assert store.held is not None
        assert (store.held.info.lease, store.renewals > 3) == (TIMES.length, True)
        other = holding(store, lock_info("blinkdecl plan", {}), 1.5 * TIMES.length, HERE, TIMES)
        with pytest.raises(Failure) as caught, other:
            pytest.fail("two hold the lock")
        assert code_of(caught) == "locked"
    assert store.held is None


def test_a_lease_that_nobody_renews_is_taken_after_its_length() -> None:
    """Seen on the waiter's own clock: neither at once, however old it says to be, nor much later."""
    store = MemoryStore(replace(FAR, created="2001-01-01T00:00:00Z"))
    with pytest.raises(Failure, match="locked"), taken(store, timeout=0.2):
        pytest.fail("it was taken")
    begun = time.monotonic()
    with taken(store, timeout=5):
        assert FAR.lease < time.monotonic() - begun < 2


def test_a_lock_that_is_not_renewable_is_never_taken_by_time() -> None:
    """Its lease is 0: only a person, or its death seen in this process table, frees it."""
    store = MemoryStore(replace(FAR, lease=0.0))
    with pytest.raises(Failure, match="locked"), taken(store, timeout=0.8):
        pytest.fail("it was taken")


def test_a_process_that_died_here_holds_nothing() -> None:
    """Its lock is taken at once, renewable or not."""
    dead = replace(FAR, process=ME.process.rpartition(" ")[0] + " 1", lease=0.0)
    assert ME.process == process_of(ME.pid)
    assert (is_dead(dead), is_dead(ME), is_dead(FAR)) == (True, False, False)
    with taken(MemoryStore(dead)) as lease:
        lease.check()


def test_a_taken_lock_whose_answer_was_lost_is_held() -> None:
    """The next attempt meets its own id."""
    store = MemoryStore()
    store.loses = 1
    with taken(store, timeout=1):
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
    with taken(store) as lease:
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
        raise OutcomeUnknown

    store.release = refuse  # type: ignore[method-assign]  # one method of a double goes wrong
    with taken(store):
        pass
    assert store.held is not None


def test_a_first_renewal_whose_answer_is_lost_costs_nothing() -> None:
    """The lock is held already: the next beat renews it."""
    store = MemoryStore()
    store.deaf = True
    with taken(store) as lease:
        store.deaf = False
        time.sleep(4 * TIMES.beat)
        lease.check()
        assert store.renewals > 0
    assert store.held is None


def test_a_first_renewal_that_is_refused_frees_the_lock() -> None:
    """Nobody is left to hold it."""
    store = MemoryStore()

    def refuse(info: LockInfo, tag: str) -> str | None:
        raise error("unreachable", "HTTP 403")

    store.renew = refuse  # type: ignore[method-assign]  # one method of a double goes wrong
    with pytest.raises(Failure, match="unreachable"), taken(store):
        pytest.fail("it was taken")
    assert store.held is None


def test_a_signal_while_the_lock_is_taken_frees_it() -> None:
    """The request may have been carried out, though its answer never came."""
    store = MemoryStore()
    acquire = store.acquire

    def interrupted(info: LockInfo, over: Held | None) -> Held:
        acquire(info, over)
        raise KeyboardInterrupt

    store.acquire = interrupted  # type: ignore[method-assign]  # one method of a double goes wrong
    with pytest.raises(KeyboardInterrupt), taken(store):
        pytest.fail("it was taken")
    assert store.held is None

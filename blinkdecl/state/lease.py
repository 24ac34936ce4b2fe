"""The lock of a store elsewhere: a lease that its holder renews, so that a dead holder's lock frees itself.

A lock is taken from its holder in two cases only, never because a clock says that it is old:

- its holder ran in this very process table (same boot, same PID namespace) and is gone from it
- the waiter saw it unrenewed for the whole length of its lease, on the waiter's own monotonic clock

An engine whose locks cannot be renewed (`Store.renew`) gives leases of length 0: there only the first case and
``state unlock`` free them. Whoever is overtaken all the same writes nothing: a holder that could not renew for the
length of its lease holds itself for overtaken, and the store compares and swaps anyway.
"""

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from blinkdecl.diagnostics import Failure, error
from blinkdecl.state.interface import LockInfo
from blinkdecl.state.invocation import Invocation
from blinkdecl.state.locking import is_dead, locked
from blinkdecl.state.store import Conflict, Held, Store, Unclear

# How often taking the lock may go without an answer.
_ATTEMPTS = 4


@dataclass(frozen=True, slots=True)
class Terms:
    """Seconds: how long a lease lasts unrenewed, how often it is renewed, how often a waiter looks."""

    length: float = 30.0
    beat: float = 8.0
    poll: float = 1.0


class Lease:
    """A lock that is held. A thread renews it until it is released, or lost."""

    def __init__(self, store: Store, held: Held, terms: Terms) -> None:
        self._store, self._info, self._tag, self._terms = store, held.info, held.tag, terms
        self._renewed = time.monotonic()
        self._released = threading.Event()
        self._lost = ""
        self._thread = threading.Thread(target=self._keep, name="lease", daemon=True)
        self._renewable = self._renew()
        if self._renewable:
            self._thread.start()

    def check(self) -> None:
        """Raise a `Failure` (``lock-lost``) where this lock is not, or may not be, held any more."""
        unrenewed = time.monotonic() - self._renewed
        if self._renewable and not self._lost and unrenewed > self._terms.length:
            self._lost = f"it could not be renewed for {unrenewed:.0f}s"
        if self._lost:
            way_out = "run the command again: it starts from what is stored then"
            raise error("lock-lost", "this run lost the state's lock", note=self._lost, way_out=way_out)

    def release(self) -> None:
        """Free the lock, unless it was lost; a release that fails leaves it to the end of the lease."""
        self._released.set()
        if self._thread.is_alive():
            self._thread.join()
        if not self._lost:
            with contextlib.suppress(Conflict, Unclear, Failure):
                self._store.release(self._info, self._tag)

    def _keep(self) -> None:
        while not self._released.wait(self._terms.beat) and not self._lost:
            with contextlib.suppress(Unclear, Failure):  # the next beat tries again, the length of the lease decides
                self._renew()

    def _renew(self) -> bool:
        """Renew once; return whether this engine can."""
        begun = time.monotonic()
        renewed = replace(self._info, lease=self._terms.length, beat=self._info.beat + 1)
        try:
            tag = self._store.renew(renewed, self._tag)
        except Conflict:
            self._lost = "another run took it, or `state unlock` freed it"
            return True
        if tag is None:
            return False
        self._info, self._tag, self._renewed = renewed, tag, begun
        return True


def acquire(
    store: Store,
    info: LockInfo,
    timeout: float,
    called: Invocation,
    terms: Terms,
    sleep: Callable[[float], None] = time.sleep,
) -> Lease:
    """Return the lock once it is free.

    Raises ``locked`` with its holder when `timeout` seconds have passed, ``unreachable`` where nobody answers.
    """
    begun, lost = time.monotonic(), 0
    watched: tuple[Held, float] | None = None
    while True:
        try:
            held = store.take(info, watched[0] if watched is not None and _abandoned(*watched) else None)
        except Unclear as problem:  # was it taken? the next attempt meets its own lock then
            lost += 1
            if lost == _ATTEMPTS:
                note = f"{problem}; nothing was changed"
                raise error("unreachable", "the state's lock cannot be taken", note=note) from None
            sleep(terms.poll)
            continue
        if held.info.id == info.id:
            return Lease(store, held, terms)
        now = time.monotonic()
        if watched is None or watched[0] != held:
            watched = held, now
            if is_dead(held.info):
                continue
        if now - begun >= timeout:
            raise locked(held.info, called)
        sleep(min(terms.poll, max(0.01, timeout - (now - begun))))


def _abandoned(held: Held, since: float) -> bool:
    """Whether a lock that was seen unchanged `since` then has no holder any more."""
    return is_dead(held.info) or 0 < held.info.lease < time.monotonic() - since


@contextlib.contextmanager
def holding(lease: Lease) -> Iterator[Lease]:
    """Release the lease at the end, whatever happens."""
    try:
        yield lease
    finally:
        lease.release()

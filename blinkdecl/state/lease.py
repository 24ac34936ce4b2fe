"""The lock of a store elsewhere: a lease that its holder renews, so that a dead holder's lock frees itself.

A lock is taken from its holder in two cases only, never because a clock says that it is old:

- its holder ran in this very process table (same boot, same PID namespace) and is gone from it
- the waiter saw it unrenewed for the whole length of its lease, on the waiter's own monotonic clock

An engine whose locks cannot be renewed (`Store.renew`) gives leases of length 0: there only the first case and
``state unlock`` free them. A holder that is overtaken all the same writes nothing: once it could not renew for the
length of its lease it considers itself overtaken, and the store compares and swaps anyway.
"""

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from blinkdecl.diagnostics import Failure, OutcomeUnknown, error
from blinkdecl.model.invocation import Invocation
from blinkdecl.secret.value import Mask
from blinkdecl.state.interface import LockInfo, Warn, unheard
from blinkdecl.state.lock_info import is_dead, kept, locked, shown
from blinkdecl.state.store import Conflict, Held, Store

# How many attempts to take the lock may go unanswered.
_ATTEMPTS = 4
# How long the end of a run waits for a renewal under way: a store that does not answer frees the lock by itself.
_SECONDS_TO_END = 3.0


@dataclass(frozen=True, slots=True)
class LeaseTimes:
    """Seconds: how long a lease lasts unrenewed, how often it is renewed, how often a waiter looks."""

    length: float = 30.0
    beat: float = 8.0
    poll: float = 1.0


class Lease:
    """A lock that is held. A thread renews it until it is released, or lost."""

    def __init__(self, store: Store, held: Held, times: LeaseTimes, kept: Callable[[LockInfo, str], None]) -> None:
        """`kept` is called with the lock, and why it could not be freed."""
        self._kept = kept
        self._store, self._info, self._tag, self._times = store, held.info, held.tag, times
        self._renewed = time.monotonic()
        self._released = threading.Event()
        self._renewable, self._lost = True, ""
        self._thread = threading.Thread(target=self._keep, name="lease", daemon=True)

    def start(self) -> None:
        """Renew it from now on, where the engine can; raises a `Failure` where that is refused."""
        with contextlib.suppress(OutcomeUnknown):  # the next beat tries again
            self._renew()
        if self._renewable:
            self._thread.start()

    def check(self) -> None:
        """Raise a `Failure` (``lock-lost``) where this lock is no longer held, or may not be."""
        unrenewed = time.monotonic() - self._renewed
        if self._renewable and not self._lost and unrenewed > self._times.length:
            self._lost = f"it could not be renewed for {unrenewed:.0f}s"
        if self._lost:
            remedy = "run the command again: it starts from what is stored then"
            raise error("lock-lost", "this run lost the state's lock", note=self._lost, remedy=remedy)

    def release(self) -> None:
        """Free the lock, unless it was lost; a release that fails is told, and left to the end of the lease."""
        self._released.set()
        if self._thread.is_alive():
            self._thread.join(_SECONDS_TO_END)
        if self._lost:
            return
        if self._thread.is_alive():
            self._kept(self._info, "its last renewal is not answered")
        elif (reason := _not_freed(self._store, self._info, self._tag)) is not None:
            self._kept(self._info, reason)

    def _keep(self) -> None:
        while self._renewable and not self._lost and not self._released.wait(self._times.beat):
            # What failed is tried again at the next beat; the length of the lease decides.
            with contextlib.suppress(OutcomeUnknown, Failure):
                self._renew()

    def _renew(self) -> None:
        """Renew once, or find out that this engine cannot, or that the lock is lost."""
        begun = time.monotonic()
        renewed = replace(self._info, lease=self._times.length, beat=self._info.beat + 1)
        try:
            tag = self._store.renew(renewed, self._tag)
        except Conflict:
            self._lost = "another run took it, or `state unlock` freed it"
            return
        if tag is None:
            self._renewable = False
        else:
            self._info, self._tag, self._renewed = renewed, tag, begun


@contextlib.contextmanager
def holding(
    store: Store,
    info: LockInfo,
    timeout: float,
    called: Invocation,
    times: LeaseTimes,
    mask: Mask = str,
    warn: Warn = unheard,
) -> Iterator[Lease]:
    """Hold the lock within the context, once it is free, and release it at the end, whatever happens.

    Raises ``locked`` with its holder when `timeout` seconds have passed, ``unreachable`` where nobody answers.
    `mask` takes the secrets of this run out of what is said of the holder; `warn` is told where it cannot be released.
    """

    def tell(lock: LockInfo, reason: str) -> None:
        warn(kept(lock, called, mask(reason)))

    lease: Lease | None = None
    try:
        lease = Lease(store, _taken(store, info, timeout, called, times, mask), times, tell)
        lease.start()
        yield lease
    except Failure:
        raise
    except BaseException:
        if lease is None:  # a signal came in the middle of the request, which may have been carried out
            _free(store, info, tell)
        raise
    finally:
        if lease is not None:
            lease.release()


def _taken(store: Store, info: LockInfo, timeout: float, called: Invocation, times: LeaseTimes, mask: Mask) -> Held:
    """Return the lock once it is free."""
    begun, lost = time.monotonic(), 0
    watched: tuple[Held, float] | None = None
    while True:
        try:
            held = store.acquire(info, watched[0] if watched is not None and _abandoned(*watched) else None)
        except OutcomeUnknown as problem:  # if it was taken, the next attempt finds its own lock
            lost += 1
            if lost == _ATTEMPTS:
                note = f"{problem}; nothing was changed"
                raise error("unreachable", "the state's lock cannot be taken", note=note) from None
            time.sleep(times.poll)
            continue
        if held.info.id == info.id:
            return held
        now = time.monotonic()
        if watched is None or watched[0] != held:
            watched = held, now
            if is_dead(held.info):
                continue
        if now - begun >= timeout:
            unknown = "wait, or free it where the state is kept: nothing there says who holds it"
            raise locked(shown(held.info, mask), called, remedy=None if held.info.id else unknown)
        time.sleep(min(times.poll, max(0.01, timeout - (now - begun))))


def _abandoned(held: Held, since: float) -> bool:
    """Whether a lock that was seen unchanged `since` then no longer has a holder."""
    return is_dead(held.info) or 0 < held.info.lease < time.monotonic() - since


def _free(store: Store, info: LockInfo, tell: Callable[[LockInfo, str], None]) -> None:
    """Free the lock if it is the caller's; say so where that fails, or nobody knows whose it is."""
    try:
        held = store.lock_holder()
    except Failure as problem:
        tell(info, problem.diagnostics[0].summary)
        return
    if held is None or held.info.id != info.id:
        return
    if (reason := _not_freed(store, held.info, held.tag)) is not None:
        tell(held.info, reason)


def _not_freed(store: Store, info: LockInfo, tag: str) -> str | None:
    """Free a lock, and return why that did not succeed; None where it did."""
    try:
        store.release(info, tag)
    except Conflict:
        return "the lock is not this run's any more, by what is answered"
    except OutcomeUnknown as problem:
        return str(problem) or "there was no answer"
    except Failure as failure:
        return failure.diagnostics[0].summary
    return None

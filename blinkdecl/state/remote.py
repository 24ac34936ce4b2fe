"""The state in a store elsewhere: one backend for every `Store`.

The store compares and swaps, so an unanswered write may be repeated: it is stored at most once. What became of it is
found out by reading: stored bytes equal to those of the write prove that it was made.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from blinkdecl.diagnostics import Failure, OutcomeUnknown, error
from blinkdecl.model.invocation import HERE, Invocation
from blinkdecl.model.state import State
from blinkdecl.secret.value import Mask
from blinkdecl.state.codec import decode, encode
from blinkdecl.state.interface import LockInfo, Sidecar, Warn, WayOut, unheard
from blinkdecl.state.lease import Lease, LeaseTimes, holding
from blinkdecl.state.lock_info import same_lock, shown
from blinkdecl.state.rescue import Rescuer
from blinkdecl.state.store import Conflict, Store, Version
from blinkdecl.state.versions import same_version

# How often a write is tried before it counts as impossible, and the seconds between attempts.
_ATTEMPTS = 3
_PAUSE = 1.0
_TIMES = LeaseTimes()
_WAY_OUT = WayOut(
    "fetch it, and `blinkdecl state push --force FILE` stores it as it was written; the store has to keep the bytes as "
    "they are",
    lambda _: (
        "restore the latest version that the store kept, or `blinkdecl state push --force FILE` with one that you have"
    ),
)
# A run that meets these may no longer store its state, whatever the engine says.
_REFUSALS = ("state-conflict", "lock-lost", "invalid-state", "newer-state")


class RemoteBackend:
    """Keeps the state in `store`; `called` is how commands are named to people."""

    def __init__(
        self,
        store: Store,
        called: Invocation = HERE,
        times: LeaseTimes = _TIMES,
        pause: float = _PAUSE,
        mask: Mask = str,
        warn: Warn = unheard,
    ) -> None:
        """`mask` takes the secrets of this run out of what the store says; `warn` is told of clean-up that fails."""
        self._mask, self._warn = mask, warn
        self._store, self._called, self._times, self._pause = store, called, times, pause
        self._rescuer = Rescuer(called, warn=warn)
        self._seen: tuple[Version | None, State | None] | None = None
        self._own: State | None = None  # what this client stored last
        self._lease: Lease | None = None

    @property
    def location(self) -> str:
        """Where the store is; holds no credential."""
        return self._store.location

    @property
    def sidecar(self) -> Sidecar | None:
        """What the store keeps beside the state, where it can."""
        return self._store.sidecar

    @property
    def interval(self) -> float:
        """Many engines keep every version: a short run writes twice, before its first call and at its end."""
        return 10.0

    def read(self, *, despite_rescue: bool = False) -> State | None:
        """Return the state, None where there never was one; `despite_rescue` is for whoever pushes the rescue file."""
        version = self._store.get()
        state = None if version is None else self._decoded(version)
        if state is not None and version is not None:
            self._rescuer.refuse_pending(state, version.data, despite=despite_rescue, gone=False)
        self._seen = (version, state)
        return state

    def _decoded(self, version: Version) -> State | None:
        """Return the state that a version stands for: the one of the last time, if its bytes are the same."""
        seen, state = self._seen or (None, None)
        if seen is not None and seen.data == version.data:
            return state
        return decode(version.data, self.location, _WAY_OUT)

    def write(self, state: State, base: State | None) -> State:
        """Store `state` after `base`, return the state as stored."""
        stored = replace(state, serial=base.serial + 1 if base else max(state.serial, 1))
        try:
            if self._lease is not None:
                self._lease.check()
            expected = self._expected(base)
            return self._stored(stored, expected)
        except Failure as failure:
            refused = failure.code in _REFUSALS
            if not refused or base is None or not same_version(base, self._own):
                raise
            raise self._rescuer.overtaken(stored, failure) from None

    def overwrite(self, state: State) -> State:
        """Store `state` over whatever is there, even if that is damaged."""
        version = self._store.get()
        serial = max(state.serial, 1)
        if version is not None:
            try:
                serial = decode(version.data, self.location).serial + 1
            except Failure as failure:
                if failure.code != "invalid-state":  # a newer one is intact
                    raise
        return self._stored(replace(state, serial=serial), version, force=True)

    @contextmanager
    def lock(self, info: LockInfo, timeout: float) -> Iterator[None]:
        """Hold the lock within the context; raises ``locked`` with the holder after `timeout` seconds."""
        held = holding(self._store, info, timeout, self._called, self._times, self._mask, self._warn)
        with held as lease:
            self._lease = lease
            try:
                yield
            finally:
                self._lease = None

    def holder(self) -> LockInfo | None:
        """Return who holds the lock now, or None."""
        held = self._store.lock_holder()
        return shown(held.info, self._mask) if held is not None else None

    def unlock(self, lock_id: str) -> LockInfo:
        """Free a lock by force, return whose it was: if that run is alive, it can no longer write."""
        held = self._store.lock_holder()
        if held is None:
            raise error("not-locked", "the state is not locked")
        if not same_lock(lock_id, held.info):
            seen = shown(held.info, self._mask)
            note = f"the lock that is held is {seen.id[:8] or 'of unknown id'}, by {seen.who}"
            raise error("not-locked", f"there is no lock {lock_id}", note=note)
        try:
            self._store.release(held.info, held.tag)
        except (Conflict, OutcomeUnknown) as problem:
            left = self._store.lock_holder()
            if left is not None and left.info.id == held.info.id:
                note = str(problem) or "its holder renewed it at that moment"
                raise error("unreachable", "the lock could not be freed", note=note, remedy="run it again") from None
        return shown(held.info, self._mask)

    def _expected(self, base: State | None) -> Version | None:
        """Return the stored version that is `base`; raises a `Failure` where something else is stored."""
        if self._seen is None or not same_version(self._seen[1], base):
            self.read(despite_rescue=True)
        version, stored = self._seen or (None, None)
        if not same_version(stored, base):
            raise self._changed(stored)
        return version

    def _stored(self, state: State, expected: Version | None, *, force: bool = False) -> State:
        """Swap `expected` for `state`; whatever cannot be stored goes to a rescue file."""
        data, reason = encode(state), ""
        try:
            for attempt in range(_ATTEMPTS):
                if attempt:
                    time.sleep(self._pause)
                try:
                    tag = self._store.put(data, state, expected)
                except (Conflict, OutcomeUnknown) as problem:
                    reason = str(problem)
                    found = self._store.get()
                    if found is not None and found.data == data:
                        return self._settle(found, state)
                    if found != expected and (found is None or expected is None or found.data != expected.data):
                        raise self._changed(decode(found.data, self.location) if found else None) from None
                    expected = found
                else:
                    return self._settle(Version(data, tag), state)
        except Failure as failure:
            told = failure.diagnostics[0]
            if told.code in _REFUSALS:
                raise
            reason = ": ".join((told.summary, *(text for kind, text in told.notes if kind == "note")))
        raise self._rescuer.unwritable(state, self.location, reason or "it was refused", force=force)

    def _settle(self, version: Version, state: State) -> State:
        self._seen, self._own = (version, state), state
        self._rescuer.drop(state)
        return state

    def _changed(self, stored: State | None) -> Failure:
        has = f"is at serial {stored.serial} of lineage {self._mask(stored.lineage)}" if stored else "is gone"
        note = f"{self.location} {has}; nothing was overwritten"
        remedy = "run the command again: it starts from what is stored now"
        return error("state-conflict", "the state changed since it was read", note=note, remedy=remedy)

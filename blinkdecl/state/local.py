"""The state in a file. Beside ``state.json``:

    state.json.backup      the version before
    state.rescue.json      a version that could not be stored (`blinkdecl.state.rescue`)
    state.json.lock        the lock: never replaced, never removed, and empty
    state.json.lock.info   who holds it, for people; left behind by a kill, it blocks nothing
    state.json.deliveries  what was observed of deliveries (`blinkdecl.state.sidecar`)

The kernel frees the lock when its holder dies, so it needs no lease. The state file itself is not locked: replacing it
would leave the lock on the file that was replaced.
"""

import contextlib
import hashlib
import shlex
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from blinkdecl.diagnostics import Diagnostic, Failure, error
from blinkdecl.model.invocation import HERE, Invocation
from blinkdecl.model.state import State
from blinkdecl.state.codec import decode, encode, restored
from blinkdecl.state.interface import LockInfo, Sidecar, Warn, WayOut, unheard
from blinkdecl.state.lock_info import UNKNOWN, decode_info, encode_info, locked, same_lock
from blinkdecl.state.place import Place
from blinkdecl.state.rescue import Rescuer, left_behind, push_command, shown
from blinkdecl.state.sidecar import FileSidecar
from blinkdecl.state.versions import same_version
from blinkdecl.system.files import folder_alone, make_folder, read_own, sweep, write_atomically
from blinkdecl.system.paths import NotRegularError, is_plain

_POLL_SECONDS = 0.1
# How long a writer waits for another one that compares and replaces; only one that was paused takes longer.
_SECONDS_ALONE = 10.0


class LocalBackend:
    """Keeps the state at `path`; `display` is that path as people know it, `called` how commands are named to them.

    `warn` is told of clean-up that fails.
    """

    def __init__(self, path: Path, display: str, called: Invocation = HERE, warn: Warn = unheard) -> None:
        self._warn = warn
        self._place = Place(path, display, Path(called.root))
        self._path, self._display, self._called = self._place.path, display, called
        self._seen: tuple[bytes | None, State | None] | None = None
        self._own: State | None = None  # what this client stored last
        self._unsure: tuple[State | None, State] | None = None  # a base, and what is there but perhaps not durable
        self._rescuer = Rescuer(called, self._place.trusted, warn)

    @property
    def location(self) -> str:
        """The path, as people know it."""
        return self._display

    @property
    def sidecar(self) -> Sidecar:
        """A file beside the state's."""
        return FileSidecar(self._place)

    @property
    def interval(self) -> float:
        """A write costs little here."""
        return 0.5

    def read(self, *, despite_rescue: bool = False) -> State | None:
        """Return the state, None where there never was one; `despite_rescue` is for whoever pushes the rescue file."""
        self._place.check()
        data = self._stored()
        digest = _digest(data)
        state = self._decoded(data, digest)
        gone = data is None and is_plain(self._place.backup)
        self._rescuer.refuse_pending(state, data, despite=despite_rescue, gone=gone)
        if gone:
            note = f"its backup {shown(self._place.backup)} shows that there was one"
            lost = "to begin anew, with everything live unmanaged, remove the backup as well"
            problem = Diagnostic(
                "invalid-state",
                f"the state {self._display} is missing",
                notes=(("note", note), ("help", self._way_back(None)), ("help", lost)),
            )
            raise Failure(problem)
        self._seen = (digest, state)
        return state

    def _decoded(self, data: bytes | None, digest: bytes | None) -> State | None:
        """Return the state that these bytes stand for: the one of the last time, if they are the same."""
        if data is None:
            return None
        if self._seen is not None and self._seen[0] == digest:
            return self._seen[1]
        return decode(data, self._display, self._way_out())

    def write(self, state: State, base: State | None) -> State:
        """Store `state` after `base`, keep `base`'s version as the backup, return the state as stored."""
        with self._alone(replace(state, serial=base.serial + 1 if base else max(state.serial, 1))):
            try:
                current = self._check_base(base)
            except Failure as failure:
                if base is None or not same_version(base, self._own):
                    raise
                raise self._rescuer.overtaken(replace(state, serial=base.serial + 1), failure) from None
            return self._store(state, current, base)

    def overwrite(self, state: State) -> State:
        """Store `state` over whatever is there, even if damaged or missing; what was there becomes the backup."""
        try:
            base = self.read(despite_rescue=True)
        except Failure as failure:
            if failure.code != "invalid-state":  # a newer version's is intact, and not ours to replace
                raise
            base = None
        with self._alone(state, force=True):
            return self._store(state, base, base, force=True)

    @contextlib.contextmanager
    def lock(self, info: LockInfo, timeout: float) -> Iterator[None]:
        """Hold the lock within the context; raises ``locked`` with the holder after `timeout` seconds."""
        with self._held(timeout) as held:
            if not held:
                raise locked(self._info(), self._called)
            with contextlib.suppress(OSError):  # a full disk is the state's to report, not the lock's
                sweep(self._path)
                write_atomically(self._place.info, encode_info(info))
            try:
                yield
            finally:
                self._drop_info()

    def holder(self) -> LockInfo | None:
        """Return who holds the lock now, or None."""
        if not is_plain(self._place.lock):
            return None
        with self._held(0) as held:
            return None if held else self._info() or UNKNOWN

    def unlock(self, lock_id: str) -> LockInfo:
        """Remove the note that a dead run left, return what it said. A lock whose holder lives is never broken."""
        if not is_plain(self._place.lock) and not is_plain(self._place.info):
            raise error("not-locked", "the state is not locked")
        with self._held(0) as dead:  # while it is held here, the note cannot be a newcomer's
            left = self._info()
            if dead and left is None:
                raise error("not-locked", "the state is not locked")
            found = left or UNKNOWN
            if not same_lock(lock_id, found):
                which = f"the lock that {'a dead run left' if dead else 'is held'}"
                note = f"{which} is {found.id[:8] or 'of unknown id'}, by {found.who}"
                raise error("not-locked", f"there is no lock {lock_id}", note=note)
            if dead:
                self._drop_info()
                return found
        host = found.who.partition("@")[2]
        raise locked(found, remedy=f"that process still runs: end it with `kill {found.pid}` on {host}")

    def _stored(self) -> bytes | None:
        try:
            return read_own(self._path)
        except OSError as problem:
            remedy = "set the path of `state` in the YAML to a file that this user can read"
            reason = problem.strerror or "it cannot be read"
            raise error("unreadable", f"the state {self._display} cannot be read", note=reason, remedy=remedy) from None

    def _check_base(self, base: State | None) -> State | None:
        """Return the version to go on from; raises a `Failure` unless `base` is stored, or what a write after `base`
        left there without knowing whether it is durable. Bytes that were decoded once are not decoded again."""
        if self._seen is not None and same_version(self._seen[1], base) and self._seen[0] == _digest(self._stored()):
            return base
        stored = self.read(despite_rescue=True)
        if self._unsure is not None and same_version(base, self._unsure[0]) and stored == self._unsure[1]:
            return stored
        if not same_version(stored, base):
            has = f"is at serial {stored.serial} of lineage {stored.lineage}" if stored else "is gone"
            note = f"{self._display} {has}; nothing was overwritten"
            remedy = "run the command again: it starts from what is stored now"
            raise error("state-conflict", "the state changed since it was read", note=note, remedy=remedy)
        return base

    @contextlib.contextmanager
    def _alone(self, state: State, *, force: bool = False) -> Iterator[None]:
        """Keep every other writer out from the comparison to the replacement, even one whose lock was taken away;
        `state` is rescued where that is impossible."""
        with contextlib.ExitStack() as stack:
            try:
                self._place.verify()
                make_folder(self._path.parent)
                stack.enter_context(folder_alone(self._path.parent, _SECONDS_ALONE))
            except OSError as problem:
                reason = problem.strerror or "it cannot be written"
                raise self._rescuer.unwritable(state, self._display, reason, force=force) from None
            yield

    def _store(self, state: State, current: State | None, base: State | None, *, force: bool = False) -> State:
        """Replace `current` with `state` for a writer who read `base`, return it as stored; `force` = by force."""
        stored = replace(state, serial=current.serial + 1 if current else max(state.serial, 1))
        data = encode(stored)
        try:
            write_atomically(self._path, data, backup=self._place.backup)
        except OSError as problem:
            with contextlib.suppress(OSError):
                if read_own(self._path) == data:  # it is there, if perhaps not durably: reported all the same
                    self._unsure = (base, stored)
            reason = problem.strerror or "it cannot be written"
            raise self._rescuer.unwritable(stored, self._display, reason, force=force) from None
        self._seen, self._own, self._unsure = (_digest(data), stored), stored, None
        self._rescuer.drop(stored)
        return stored

    def _way_out(self) -> WayOut:
        again = f"`{push_command(self._called, self._path, force=True)}` stores it as it was written"
        return WayOut(again, self._way_back)

    def _way_back(self, lost: bytes | None) -> str:
        """Return how to get the latest version in the place of the bytes that are there, and what is lost by that."""
        for path in self._rescuer.present(None):
            return f"replace it with what the last run did: `{push_command(self._called, path, force=True)}`"
        try:
            kept = read_own(self._place.backup)
            backup = None if kept is None else restored(kept)
            written = datetime.fromtimestamp(self._place.backup.stat().st_mtime, UTC).strftime("%Y-%m-%d %H:%M UTC")
        except OSError:
            backup = None
        if backup is None:
            git = self._place.git_command()
            committed = f"by `{git}` where Git has it," if git else "from Git"
            return f"restore the file {committed} or from a backup of the disk"
        from blinkdecl.state.damage import earlier_version  # only ever needed on the way to an error

        copy = shlex.join(("cp", shown(self._place.backup), shown(self._path)))
        if kept != encode(backup):  # formatted anew itself
            copy = push_command(self._called, self._place.backup, force=True)
        return earlier_version(copy, backup, written, lost, self._place.git_command())

    @contextlib.contextmanager
    def _held(self, timeout: float) -> Iterator[bool]:
        """Try for the lock; the value says whether it is held within the context."""
        from filelock import FileLock, Timeout  # only what writes needs it

        lock = FileLock(
            self._place.lock, mode=0o600, thread_local=False, fallback_to_soft=False, preserve_lock_file=True
        )
        self._place.check()
        try:
            self._place.check_lock()
            make_folder(self._path.parent)
            with contextlib.suppress(Timeout):
                lock.acquire(timeout=timeout, poll_interval=_POLL_SECONDS)
        except OSError as problem:
            raise self._no_lock(problem) from None
        try:
            yield lock.is_locked
        finally:
            lock.release()

    def _no_lock(self, problem: OSError) -> Failure:
        path, reason = shown(self._place.lock), problem.strerror or "it cannot be locked"
        remedy = "the state needs a folder that this user can write to, on a file system with file locks"
        if isinstance(problem, NotRegularError):
            remedy = "remove it: the next command makes a new one"
        return error("unwritable", f"the lock {path} cannot be taken", note=reason, remedy=remedy)

    def _info(self) -> LockInfo | None:
        with contextlib.suppress(OSError):
            return decode_info(read_own(self._place.info))
        return None

    def _drop_info(self) -> None:
        try:
            self._place.info.unlink(missing_ok=True)
        except OSError as problem:
            note = "it says who held the lock, which is free, and blocks nothing"
            self._warn(left_behind(self._place.info, problem, note))


def _digest(data: bytes | None) -> bytes | None:
    return None if data is None else hashlib.sha256(data).digest()

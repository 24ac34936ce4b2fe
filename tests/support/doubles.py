"""In-memory doubles of the two edges, with switches for faults. They keep the edges' contracts otherwise."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

from blinkdecl.diagnostics import OutcomeUnknown, error
from blinkdecl.model.live import Capabilities, LiveObject
from blinkdecl.model.resource import Attributes
from blinkdecl.model.state import State
from blinkdecl.provider.interface import DeliveryResponse
from blinkdecl.provider.local import LocalProvider
from blinkdecl.secret.value import Secret
from blinkdecl.state.interface import LockInfo


class MemoryBackend:
    """A state in memory: writes are compared and swapped; every state that was written is kept.

    `fail_from` = the number of the write (from 1) from which on none succeeds, `fail_until` the last that fails.
    """

    def __init__(self, stored: State | None = None, *, fail_from: int = 0, fail_until: int = 10**9) -> None:
        self.stored = stored
        self.written: list[State] = []
        self.attempts = 0
        self.fail_from, self.fail_until = fail_from, fail_until
        self.interval = 0.5
        self._holder: LockInfo | None = None

    @property
    def location(self) -> str:
        """Nowhere that a person could look."""
        return "memory"

    @property
    def sidecar(self) -> None:
        """Memory keeps the state alone."""

    def read(self, *, despite_rescue: bool = False) -> State | None:
        """Return what was stored; there is never a rescue file."""
        del despite_rescue
        return self.stored

    def write(self, state: State, base: State | None) -> State:
        """Store, unless the base is not what is stored."""
        self.attempts += 1
        if 0 < self.fail_from <= self.attempts <= self.fail_until:
            raise error("state-unwritable", "the state could not be stored")
        held = self.stored
        if (held and (held.lineage, held.serial)) != (base and (base.lineage, base.serial)):
            raise error("state-conflict", "the stored state changed")
        self.stored = replace(state, serial=base.serial + 1 if base else max(1, state.serial))
        self.written.append(self.stored)
        return self.stored

    def overwrite(self, state: State) -> State:
        """Store over whatever is there."""
        return self.write(state, self.stored)

    @contextmanager
    def lock(self, info: LockInfo, timeout: float) -> Iterator[None]:
        """Hold the lock, or refuse at once."""
        del timeout
        if self._holder is not None:
            raise error("locked", "the state is locked")
        self._holder = info
        try:
            yield
        finally:
            self._holder = None

    def holder(self) -> LockInfo | None:
        """Return who holds the lock."""
        return self._holder

    def unlock(self, lock_id: str) -> LockInfo:
        """Free the lock."""
        if self._holder is None or self._holder.id != lock_id:
            raise error("not-locked", "there is no such lock")
        freed, self._holder = self._holder, None
        return freed


class MemoryProvider:
    """A tenant in memory that counts its calls and misbehaves on request, by display name.

    fails    the call is refused, nothing is done
    loses    the call is made, its answer is lost
    drops    these severities are not stored; the answer says so, or nothing of severities where it is `taciturn`
    breaks   the call raises what no provider may raise
    hangs    the call waits for `release` before it is made
    deaf     listing fails
    `before` is called with (operation, name) ahead of every change; `delay` seconds pass in each.
    """

    def __init__(self, objects: tuple[LiveObject, ...] = ()) -> None:
        self._tenant = LocalProvider({each.id: each for each in objects})
        self._lock = threading.Lock()
        self.calls: list[tuple[str, str]] = []
        self.sent: list[Mapping[str, Secret]] = []
        self.fails: set[str] = set()
        self.loses: set[str] = set()
        self.drops: dict[str, set[str]] = {}
        self.taciturn = False
        self.breaks: set[str] = set()
        self.hangs: set[str] = set()
        self.deaf = False
        self.release = threading.Event()
        self.before: Callable[[str, str], None] = lambda operation, name: None
        self.delay = 0.0
        self.offered = Capabilities()
        self.quiet_time = 0.0

    @property
    def capabilities(self) -> Capabilities:
        """Everything, unless a test says otherwise."""
        return self.offered

    @property
    def host(self) -> str | None:
        """A name that is no address."""
        return "tenant.invalid"

    @property
    def location(self) -> str | None:
        """Nowhere that a person could look."""
        return "memory"

    def list(self) -> tuple[LiveObject, ...]:
        """Return every live destination."""
        if self.deaf:
            raise error("unreachable", "the tenant does not answer")
        return self._tenant.list()

    def create(self, attributes: Attributes, secrets: Mapping[str, Secret]) -> LiveObject:
        """Make a destination."""
        name = self._begin("create", str(attributes["display_name"]), secrets)
        return self._answer(name, self._tenant.create(self._kept(attributes), secrets))

    def update(self, object_id: str, attributes: Attributes, secrets: Mapping[str, Secret]) -> LiveObject:
        """Change a destination."""
        name = self._begin("update", str(attributes["display_name"]), secrets)
        return self._answer(name, self._tenant.update(object_id, self._kept(attributes), secrets))

    def delete(self, object_id: str) -> None:
        """Remove a destination."""
        name = self.names().get(object_id, "")
        self._begin("delete", name, {})
        self._tenant.delete(object_id)
        if name in self.loses:
            raise OutcomeUnknown

    def send_test_alert(self, object_id: str) -> DeliveryResponse:
        """Say that the test alert arrived, unless its destination `fails`."""
        name = self.names()[object_id]
        self._begin("test", name, {})
        return DeliveryResponse(delivered=True, status=200, latency=0.01, at="2026-11-23T10:00:00Z")

    def names(self) -> dict[str, str]:
        """Return the display names by id."""
        return {each.id: each.display_name for each in self._tenant.list()}

    def _begin(self, operation: str, name: str, secrets: Mapping[str, Secret]) -> str:
        self.before(operation, name)
        with self._lock:
            self.calls.append((operation, name))
            self.sent.append(secrets)
        if name in self.hangs:
            self.release.wait(timeout=30)
        if self.delay:
            time.sleep(self.delay)
        if name in self.fails:
            raise error("provider", f"{name} was refused")
        if name in self.breaks:
            raise RuntimeError(name)
        return name

    def _kept(self, attributes: Attributes) -> Attributes:
        dropped, severities = self.drops.get(str(attributes["display_name"]), ()), attributes["severities"]
        assert isinstance(severities, tuple)
        return {**attributes, "severities": tuple(each for each in severities if each not in dropped)}

    def _answer(self, name: str, made: LiveObject) -> LiveObject:
        if name in self.loses:
            raise OutcomeUnknown
        if self.taciturn:
            return replace(made, attributes={"display_name": made.display_name})
        return made

"""A tenant, a backend and a configuration in memory, for tests of the applier."""

from collections.abc import Callable

from blinkdecl.applier.change import Tools
from blinkdecl.applier.run import Baseline, apply
from blinkdecl.model.plan import Change, Options, Plan
from blinkdecl.model.resource import Resource
from blinkdecl.model.results import Delivery, Event, Results
from blinkdecl.model.state import Intent, State
from tests.support.builders import LINEAGE, SALT, configuration, fingerprints, live, plan_of, recorded
from tests.support.doubles import MemoryBackend, MemoryProvider

Probe = Callable[[Change], Delivery]


class World:
    """A tenant, a backend and a configuration; `apply` plans and applies what is there."""

    def __init__(self, *desired: Resource, there: tuple[Resource, ...] = (), state: State | None = None) -> None:
        self.desired = configuration(*desired)
        stored = state or (recorded(*there) if there else None)
        self.provider = MemoryProvider(live(*there))
        self.backend = MemoryBackend(stored)
        self.known = fingerprints()
        self.probe: Probe | None = None
        self.signal: int | None = None
        self.events: list[Event] = []

    def plan(self, options: Options | None = None) -> Plan:
        """Plan what is there now."""
        return plan_of(self.desired, self.state, self.provider.list(), self.known, options)

    @property
    def state(self) -> State:
        """What is stored, or the state that a first run starts from."""
        return self.backend.stored or State(LINEAGE, SALT)

    def apply(self, *, parallelism: int = 4, options: Options | None = None) -> Results:
        """Plan and apply."""
        tools = Tools(
            self.provider,
            self.backend,
            self.known,
            self.probe,
            self.events.append,
            lambda: self.signal,
            parallelism,
        )
        return apply(
            self.plan(options), self.desired, Baseline(self.state, self.backend.stored, self.provider.list()), tools
        )[1]

    def outcomes(self, results: Results) -> dict[str, str]:
        """Return the outcomes by the name of the address."""
        return {each.address.partition(".")[2]: each.outcome for each in results.results}


def killed(*resources: Resource) -> World:
    """Return a world in which a run was killed after it made these resources and before it recorded any."""
    world = World(*resources)
    pending = {each.address: Intent("create", each.address.partition(".")[2], "killed") for each in resources}
    world.backend.stored = State(LINEAGE, SALT, serial=1, pending=pending)
    world.provider = MemoryProvider(live(*resources))
    return world

"""Where a run leaves things, by what can be read of it afterwards."""

from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest

from blinkdecl.model.configuration import CoverageRule, Settings, Silence
from blinkdecl.model.live import LiveObject
from blinkdecl.model.plan import Action, Options, Plan
from blinkdecl.model.resource import ALERT_TYPES, Resource
from blinkdecl.model.results import Result, Results
from blinkdecl.model.state import Intent, State
from blinkdecl.project.ending import Ending, complete, ending
from blinkdecl.render.view.routing import missed_alerts, row_view
from tests.support.builders import destination, live, trigger
from tests.support.doubles import MemoryProvider
from tests.support.world import World

if TYPE_CHECKING:
    from blinkdecl.project.snapshot import Snapshot

SETTINGS = Settings(coverage=(CoverageRule(severities=("CRITICAL",)),))
DONE = Result("destination.a", Action.CREATE, "done")


@dataclass(frozen=True)
class Run:
    """A run, and what was there before it."""

    world: World
    plan: Plan
    state: State
    live: tuple[LiveObject, ...]
    results: Results

    def left(self, settings: Settings = SETTINGS) -> Ending:
        """Return where it leaves things."""
        project = SimpleNamespace(configuration=replace(self.world.desired, settings=settings))
        snapshot = SimpleNamespace(
            project=project, provider=self.world.provider, live=self.live, state=self.state, recorded=self.state
        )
        return ending(self.plan, cast("Snapshot", snapshot), self.world.state, self.results)


def failing(*there: Resource) -> Run:
    """Return a run whose create of what is to receive CRITICAL is refused."""
    world = World(destination("b", severities=["CRITICAL"]), trigger(), there=(*there, trigger()))
    world.provider.fails = {"b"}
    plan, state, before = world.plan(), world.state, world.provider.list()
    return Run(world, plan, state, before, world.apply())


def test_losses_and_a_broken_rule() -> None:
    """Nobody receives CRITICAL, who was to is named, and the rule is broken by what is live."""
    found = failing().left()
    [row] = found.routing
    assert (row.severities, row.before, row.after) == (("CRITICAL",), (), ("destination.b",))
    assert [each.code for each in found.uncovered] == ["coverage"]
    assert not found.recorded


def test_what_is_declared_to_reach_nobody_is_no_loss() -> None:
    """It is told as such, so that nobody is warned of what they asked for."""
    silences = (Silence(severities=("CRITICAL",), reason="a pager comes later"),)
    found = failing().left(Settings(silences=silences))
    [row] = found.routing
    assert (row.silent, row.before, row.after) == (True, (), ("destination.b",))
    assert missed_alerts([row_view(row)]) == []
    assert missed_alerts([row_view(each) for each in failing().left().routing]) == [
        "CRITICAL (every alert type, every log)"
    ]


def test_what_was_to_be_replaced_still_receives() -> None:
    """Then no rule is broken."""
    found = failing(destination("a", severities=["CRITICAL"])).left()
    [row] = found.routing
    assert (row.before, row.after, found.uncovered) == (("destination.a",), ("destination.b",), ())


@pytest.mark.parametrize("signal", [None, 15])
def test_what_is_recorded_where_nothing_can_be_read(signal: int | None) -> None:
    """It is said that this is the record; after a signal nobody waits for a list. What is unmanaged stays in sight."""
    run = failing(destination("a", severities=["CRITICAL"]))
    run.world.provider.deaf = signal is None
    other = LiveObject("x", destination("other", severities=["CRITICAL"]).attributes)
    run = replace(run, results=replace(run.results, interrupted=signal), live=(*run.live, other))
    found = run.left()
    assert found.recorded
    assert [row.before for row in found.routing] == [('"other"', "destination.a")]


def test_an_object_whose_answer_was_lost_has_its_address() -> None:
    """It is there, although it is not recorded yet."""
    run = failing()
    run.world.provider = MemoryProvider(live(destination("b", severities=["CRITICAL"])))
    run.world.backend.stored = replace(run.world.state, pending={"destination.b": Intent("create", "b", "run")})
    assert run.left() == Ending()


def test_a_move_is_no_difference() -> None:
    """What has a new address is the same before and after."""
    run = failing(destination("a", severities=["LOW"]))
    run.world.provider = MemoryProvider(run.live)
    moved = replace(run.state.resources["destination.a"], address="destination.c")
    resources = {"destination.c": moved, "trigger.soc": run.state.resources["trigger.soc"]}
    run.world.backend.stored = replace(run.world.state, resources=resources)
    changes = [each for each in run.plan.changes if each.address != "destination.a"]
    no_op = replace(changes[0], address="destination.c", action=Action.NO_OP, previous_address="destination.a")
    run = replace(run, plan=replace(run.plan, changes=(*changes, no_op)))
    [others, system_errors] = run.left().routing
    assert (system_errors.alert_types, system_errors.severities) == (("SYSTEM_ERROR",), ("CRITICAL",))
    assert (others.alert_types, others.severities) == (ALERT_TYPES[:-1], ("CRITICAL",))


def test_destroy_checks_no_rule() -> None:
    """Whoever destroys breaks rules on purpose."""
    run = failing()
    assert replace(run, plan=replace(run.plan, options=Options(destroy=True))).left().uncovered == ()


def test_what_is_complete() -> None:
    """Everything done, or left to a person; no failure, nothing skipped, no signal."""
    assert complete(Results((DONE, replace(DONE, outcome="awaiting"))))
    assert not complete(Results((DONE, replace(DONE, outcome="skipped"))))
    assert not complete(Results((DONE,), interrupted=2))

"""Which changes may start now, and which never may because one that they wait for failed."""

import time
from collections.abc import Iterable

from blinkdecl.applier.schedule import Schedule, Step
from blinkdecl.model.plan import Action, Change, FirstStep
from tests.support.builders import destination, trigger
from tests.support.world import World


def change(name: str, *after: str) -> Change:
    """Return a change that waits for others."""
    return Change(name, Action.CREATE, depends_on=after)


def names(steps: Iterable[Step]) -> list[str]:
    """Return the addresses, those of first steps with a mark."""
    return [f"{each.change.address}{'+' if each.first else ''}" for each in steps]


def split(name: str, *after: str, first_after: tuple[str, ...] = ()) -> Change:
    """Return a change in two steps."""
    return Change(name, Action.UPDATE, depends_on=after, first=FirstStep({"display_name": name}, first_after))


def test_each_starts_after_everything_it_waits_for() -> None:
    """A change that waits for two is ready after the second, not the first."""
    schedule = Schedule([change("a"), change("b"), change("c", "a", "b"), change("d", "c")])
    assert names(schedule.ready()) == ["a", "b"]
    assert names(schedule.released(Step(change("a")))) == []
    assert names(schedule.released(Step(change("b")))) == ["c"]
    assert names(schedule.released(Step(change("c")))) == ["d"]


def test_what_is_not_carried_out_is_not_waited_for() -> None:
    """An address that is not among the changes keeps nothing waiting."""
    assert names(Schedule([change("a", "elsewhere")]).ready()) == ["a"]


def test_what_waits_for_a_split_change_waits_for_its_first_step() -> None:
    """The other half of a swap starts after the first step, the own change after both."""
    one = split("destination.a", "destination.b")
    schedule = Schedule([one, change("destination.b", "destination.a")])
    assert names(schedule.ready()) == ["destination.a+"]
    assert names(schedule.released(Step(one, first=True))) == ["destination.b"]
    assert names(schedule.released(Step(change("destination.b")))) == ["destination.a"]


def test_a_trigger_goes_after_the_whole_change() -> None:
    """What is split uses its old trigger until it is whole."""
    one = split("destination.a", "destination.b")
    gone = Change("trigger.t", Action.DELETE, depends_on=("destination.a",))
    schedule = Schedule([one, change("destination.b", "destination.a"), gone])
    schedule.released(Step(one, first=True))
    schedule.released(Step(change("destination.b")))
    assert names(schedule.released(Step(one))) == ["trigger.t"]


def test_a_first_step_for_nobody_is_left_out() -> None:
    """Where all that a first step is for has failed, nothing is touched."""
    one = split("destination.a", "destination.b")
    assert names(Schedule([one, change("destination.b", "destination.a")], ["destination.b"]).ready()) == []


def test_failure_stops_only_what_waits_for_it() -> None:
    """After a delete that fails, its trigger and whatever wants its name are skipped; the others are carried out."""
    there = (trigger("old"), destination("gone", trigger="old"), destination("kept"))
    world = World(destination("kept"), destination("heir", display_name="gone"), destination("a"), there=there)
    world.provider.fails = {"gone"}
    outcomes = world.outcomes(world.apply())
    assert outcomes == {"a": "done", "gone": "failed", "heir": "skipped", "old": "skipped"}
    assert set(world.state.resources) == {"trigger.old", "destination.gone", "destination.kept", "destination.a"}
    assert world.state.pending == {}


def test_its_time_grows_with_the_changes() -> None:
    """20,000 changes in one chain, and 20,000 that one of them waits for, are released in a moment."""
    begun = time.process_time()
    chain = [change("0"), *(change(str(number), str(number - 1)) for number in range(1, 20_000))]
    for changes in (
        chain,
        [*(change(str(number)) for number in range(20_000)), change("all", *map(str, range(20_000)))],
    ):
        schedule = Schedule(changes)
        ready, count = list(schedule.ready()), 0
        while ready:
            count += 1
            ready += schedule.released(ready.pop())
        assert count == len(changes)
    assert time.process_time() - begun < 5

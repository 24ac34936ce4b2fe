"""Which changes may start now, and which never may because one that they wait for failed."""

from collections.abc import Iterable

from blinkdecl.applier.schedule import Schedule
from blinkdecl.model.plan import Action, Change
from tests.support.builders import destination, trigger
from tests.support.world import World


def change(name: str, *after: str) -> Change:
    """Return a change that waits for others."""
    return Change(name, Action.CREATE, depends_on=after)


def names(changes: Iterable[Change]) -> list[str]:
    """Return the addresses."""
    return [each.address for each in changes]


def test_each_starts_after_everything_it_waits_for() -> None:
    """A change that waits for two is ready after the second, not the first."""
    schedule = Schedule([change("a"), change("b"), change("c", "a", "b"), change("d", "c")])
    assert names(schedule.first()) == ["a", "b"]
    assert names(schedule.released("a")) == []
    assert names(schedule.released("b")) == ["c"]
    assert names(schedule.released("c")) == ["d"]


def test_what_is_not_carried_out_is_not_waited_for() -> None:
    """An address that is not among the changes keeps nothing waiting."""
    assert names(Schedule([change("a", "elsewhere")]).first()) == ["a"]


def test_failure_stops_only_what_waits_for_it() -> None:
    """After a delete that fails, its trigger and whatever wants its name are skipped; the others are carried out."""
    there = (trigger("old"), destination("gone", trigger="old"), destination("kept"))
    world = World(destination("kept"), destination("heir", display_name="gone"), destination("a"), there=there)
    world.provider.fails = {"gone"}
    outcomes = world.outcomes(world.apply())
    assert outcomes == {"a": "done", "gone": "failed", "heir": "skipped", "old": "skipped"}
    assert set(world.state.resources) == {"trigger.old", "destination.gone", "destination.kept", "destination.a"}
    assert world.state.pending == {}

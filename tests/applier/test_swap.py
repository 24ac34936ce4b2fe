"""Display names that are swapped through a temporary one."""

import pytest

from blinkdecl.model.resource import Resource
from tests.support.builders import destination, trigger
from tests.support.world import World


def swap(*, others: tuple[Resource, ...] = ()) -> World:
    """Return a world in which two destinations are to swap their names."""
    there = (trigger("old"), destination("a", trigger="old"), destination("b", trigger="old"))
    return World(destination("a", display_name="b"), destination("b", display_name="a"), *others, there=there)


def test_swap_of_names() -> None:
    """Two names are swapped through a third, and both records end as desired."""
    world = swap()
    assert world.apply().count("done") == 3
    assert world.provider.names() == {"id-a": "b", "id-b": "a"}
    assert world.provider.calls == [("update", "a (renaming)"), ("update", "a"), ("update", "b")]
    assert not world.plan().pending


def test_temporary_name_that_is_refused() -> None:
    """If the temporary name is refused, nothing in the circle is renamed and what waits for it is skipped."""
    world = swap(others=(destination("c"),))
    world.provider.fails = {"a (renaming)"}
    assert world.outcomes(world.apply()) == {"a": "failed", "b": "skipped", "c": "done", "old": "skipped"}
    assert world.provider.names().keys() >= {"id-a", "id-b"}
    assert (world.provider.names()["id-a"], world.provider.names()["id-b"]) == ("a", "b")


def test_swap_that_stops_halfway() -> None:
    """After a failure halfway the record says what is live, and the next run completes the swap."""
    world = swap()
    world.provider.fails = {"a"}
    assert world.outcomes(world.apply()) == {"a": "skipped", "b": "failed", "old": "skipped"}
    assert world.provider.names() == {"id-a": "a (renaming)", "id-b": "b"}
    assert world.state.resources["destination.a"].attributes["display_name"] == "a (renaming)"
    world.provider.fails = set()
    world.apply()
    assert world.provider.names() == {"id-a": "b", "id-b": "a"}


def test_killed_during_a_swap() -> None:
    """A run that died right after it took the temporary name is completed by the next."""
    world = swap()
    world.provider.breaks = {"a"}
    with pytest.raises(RuntimeError):
        world.apply()
    world.provider.breaks = set()
    world.apply()
    assert world.provider.names() == {"id-a": "b", "id-b": "a"}
    assert world.state.pending == {}

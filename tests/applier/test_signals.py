"""A signal ends a run early, and what was done is recorded."""

import time

import pytest

from blinkdecl.applier import run
from tests.support.builders import destination
from tests.support.world import World

SIGTERM = 15


def test_interruption_midway() -> None:
    """After a signal nothing new starts; what was done is recorded, the rest is skipped and keeps no intent."""
    world = World(*(destination(f"d{number:02}") for number in range(40)))
    world.provider.delay = 0.01

    def interrupt(_operation: str, name: str) -> None:
        if name == "d10":
            world.signal = SIGTERM

    world.provider.before = interrupt
    results = world.apply(parallelism=2)
    done = results.count("done")
    assert results.interrupted == SIGTERM
    assert 10 <= done < 40
    assert (results.count("skipped"), results.count("failed")) == (40 - done, 0)
    assert len(world.provider.list()) == len(world.state.resources) == done
    assert world.state.pending == {}


def test_interruption_before_anything() -> None:
    """A signal that comes before the first call leaves the tenant as it is."""
    world = World(destination("a"), destination("b"), there=(destination("a", severities=["LOW"]),))
    world.signal = SIGTERM
    assert world.apply().count("skipped") == 2
    assert (world.provider.calls, world.state.pending) == ([], {})


def test_hanging_call_is_waited_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    """After a signal a hanging call is given the grace period and no more; it counts as lost, and its intent stays."""
    monkeypatch.setattr(run, "_GRACE", 0.3)
    world = World(destination("hang"), destination("other"))
    world.provider.hangs = {"hang"}

    def interrupt(_operation: str, name: str) -> None:
        world.signal = SIGTERM if name == "hang" else None

    world.provider.before = interrupt
    begun = time.monotonic()
    results = world.apply(parallelism=1)
    assert 0.3 <= time.monotonic() - begun < 3
    assert world.outcomes(results) == {"hang": "failed", "other": "skipped"}
    assert set(world.state.pending) == {"destination.hang"}
    world.provider.release.set()

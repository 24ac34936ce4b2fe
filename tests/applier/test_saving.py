"""When and how often the record is stored, and what a run does when it cannot be."""

import threading
import time
from dataclasses import replace

import pytest

from blinkdecl.applier import run
from blinkdecl.applier.change import Tools
from blinkdecl.applier.run import Baseline, apply
from blinkdecl.diagnostics import Failure
from blinkdecl.model.state import State
from tests.support.builders import LINEAGE, SALT, destination
from tests.support.world import World


def test_writes_are_bounded() -> None:
    """A thousand creates take a dozen writes, not a thousand."""
    world = World(*(destination(f"d{number}") for number in range(1000)))
    assert world.apply(parallelism=10).count("done") == 1000
    assert len(world.backend.written) <= 12
    assert len(world.state.resources) == 1000


def test_progress_is_stored_while_a_call_hangs() -> None:
    """What is done is stored soon, even when the next answer takes a long time."""
    world = World(destination("a"), destination("b"))
    world.backend.interval = 0.05
    world.provider.hangs = {"b"}
    thread = threading.Thread(target=world.apply)
    thread.start()
    until = time.monotonic() + 10
    while "destination.a" not in world.state.resources and time.monotonic() < until:
        time.sleep(0.01)
    assert "destination.a" in world.state.resources
    world.provider.release.set()
    thread.join()
    assert len(world.backend.written) <= 4


def test_state_that_cannot_be_written_at_first() -> None:
    """Where the intents cannot be stored, no call is made."""
    world = World(destination())
    world.backend.fail_from = 1
    with pytest.raises(Failure, match="state-unwritable"):
        world.apply()
    assert world.provider.calls == []


def test_state_that_cannot_be_written_midway(monkeypatch: pytest.MonkeyPatch) -> None:
    """The run stops, tries once more to store all that was done, and raises."""
    monkeypatch.setattr(run, "_SHARE", 0)
    world = World(*(destination(f"d{number}") for number in range(50)))
    world.backend.interval = 0.0
    world.backend.fail_from = 2
    world.provider.delay = 0.005
    with pytest.raises(Failure, match="state-unwritable"):
        world.apply(parallelism=2)
    assert world.backend.attempts == 3
    assert len(world.provider.calls) < 50
    assert len(world.state.pending) == 50


def test_state_that_can_be_written_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """If the last attempt succeeds, all that was done is recorded; the rest is skipped."""
    monkeypatch.setattr(run, "_SHARE", 0)
    world = World(*(destination(f"d{number}") for number in range(20)))
    world.backend.interval = 0.0
    world.backend.fail_from = world.backend.fail_until = 2
    world.provider.delay = 0.005
    assert world.apply(parallelism=1).count("skipped") > 0
    assert len(world.state.resources) == len(world.provider.list())
    assert world.state.pending == {}


def test_nothing_is_kept_from_whoever_watches_while_the_state_is_stored(monkeypatch: pytest.MonkeyPatch) -> None:
    """A backend may take long: what was done until then is printed before."""
    world, seen = World(destination()), list[str]()
    write = world.backend.write

    def stored(state: State, base: State | None) -> State:
        seen.append("stored")
        return write(state, base)

    monkeypatch.setattr(world.backend, "write", stored)
    tools = Tools(world.provider, world.backend, world.known, None, world.events.append, lambda: None)
    tools = replace(tools, idle=lambda: seen.append("idle"))
    apply(world.plan(), world.desired, Baseline(world.state, None, ()), tools)
    assert seen.count("stored") >= 2
    assert all(seen[number - 1] == "idle" for number, each in enumerate(seen) if each == "stored")


def test_conflicting_writer_is_fenced() -> None:
    """A run whose base is no longer the stored state makes no call."""
    world = World(destination())
    plan, base = world.plan(), State(LINEAGE, SALT, serial=7)
    tools = Tools(world.provider, world.backend, world.known, None, world.events.append, lambda: None)
    with pytest.raises(Failure, match="state-conflict"):
        apply(plan, world.desired, Baseline(base, base, ()), tools)
    assert world.provider.calls == []


def test_bug_in_a_provider_loses_no_record() -> None:
    """An error that no provider may raise is passed on, once what was done is stored; every intent is kept."""
    world = World(*(destination(f"d{number:02}") for number in range(20)))
    world.provider.breaks, world.provider.delay = {"d03"}, 0.01
    with pytest.raises(RuntimeError, match="d03"):
        world.apply(parallelism=2)
    made = {f"destination.{each.display_name}" for each in world.provider.list()}
    assert set(world.state.resources) == made
    assert set(world.state.pending) == set(world.desired.resources)
    assert len(world.provider.calls) < 20
    world.provider.breaks = set()
    world.apply()
    assert (len(world.provider.list()), world.state.pending) == (20, {})

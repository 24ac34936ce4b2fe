"""A whole run, with real threads: its intents, lost answers, and what an earlier run left behind."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from blinkdecl.diagnostics import error
from blinkdecl.model.live import LiveObject
from blinkdecl.model.plan import Action, Options
from blinkdecl.model.resource import Attributes, Resource
from blinkdecl.model.state import Intent
from blinkdecl.secret.value import Secret
from tests.support.builders import configuration, destination, trigger
from tests.support.doubles import MemoryProvider
from tests.support.world import World, killed

# The number of writes at a call, and the intents that were stored by then.
Seen = tuple[int, dict[str, Intent]]


def test_every_intent_is_stored_before_the_first_call() -> None:
    """Before the first call one write has named every operation, with the ids that bear the names by then."""
    world = World(destination("a"), destination("b"), there=(destination("b", severities=["LOW"]), destination("c")))
    seen: list[Seen] = []
    world.provider.before = lambda *_: seen.append((len(world.backend.written), dict(world.state.pending)))
    world.apply()
    assert {writes for writes, _ in seen} == {1}
    assert {address: (each.operation, each.display_name, each.before_ids) for address, each in seen[0][1].items()} == {
        "destination.a": ("create", "a", ()),
        "destination.b": ("update", "b", ("id-b",)),
        "destination.c": ("delete", "c", ("id-c",)),
    }
    assert world.state.pending == {}


def test_nothing_to_call_needs_no_intent() -> None:
    """Triggers, and changes of the record alone, are stored in one write, without a call."""
    world = World(trigger(), replace(destination(), prevent_destroy=True), there=(destination(),))
    world.apply()
    assert len(world.backend.written) == 1
    assert world.provider.calls == []


@pytest.mark.parametrize("there", [(), (destination(severities=["LOW"]),)])
def test_lost_answer_keeps_its_intent(there: tuple[Resource, ...]) -> None:
    """Where even listing fails, the outcome is unknown: the intent stays, and the next run finds out."""
    world = World(destination(), destination("b"), there=there)
    world.provider.loses = {"blink"}
    world.provider.before = lambda *_: setattr(world.provider, "deaf", True)
    assert world.outcomes(world.apply()) == {"b": "done", "blink": "failed"}
    assert set(world.state.pending) == {"destination.blink"}
    world.provider.loses, world.provider.before, world.provider.deaf = set(), lambda *_: None, False
    assert world.apply().count("done") == 1
    assert (len(world.provider.list()), world.state.pending) == (2, {})
    assert not world.plan().pending


def test_adopt() -> None:
    """What a killed run made is recorded under its id and updated with all its secrets; its intent is settled."""
    world = killed(destination())
    (result,) = world.apply().results
    assert (result.action, result.outcome, result.id) == (Action.ADOPT, "done", "id-blink")
    assert world.provider.calls == [("update", "blink")]
    assert world.provider.sent[0]["api_key"].reveal() == "key-one"
    assert world.state.pending == {}
    assert not world.plan().pending


def test_adoption_that_fails_can_be_repeated() -> None:
    """An adoption that fails keeps its intent, the proof that the object is ours, so the next run adopts it."""
    world = killed(destination())
    world.provider.fails = {"blink"}
    assert world.apply().count("failed") == 1
    world.provider.fails = set()
    assert world.apply().count("done", Action.ADOPT) == 1


def test_intents_out_of_sight_stay() -> None:
    """A run that leaves an address out keeps the intent that a killed run stored for it."""
    world = killed(destination("a"), destination("b"))
    world.apply(options=Options(targets=("destination.a",)))
    assert set(world.state.pending) == {"destination.b"}
    assert world.apply().count("done", Action.ADOPT) == 1


def test_twins_are_never_made() -> None:
    """The plan refuses a name that an object made by hand has taken; no second one is created."""
    world = World(destination())
    world.provider = MemoryProvider((LiveObject("id-hand", destination().attributes),))
    assert world.plan().refused


class Denying(MemoryProvider):
    """A tenant that makes what it is asked for, and answers with a no: a proxy has sent the request twice."""

    def create(self, attributes: Attributes, secrets: Mapping[str, Secret]) -> LiveObject:
        """Create it, and say that it exists already."""
        super().create(attributes, secrets)
        raise error("exists", "the display name is in use in Panther")


def test_a_creation_that_was_answered_with_a_no() -> None:
    """What shows under the name, and did not before, is ours: one list finds all of it."""
    world = World(destination("a"), destination("b"))
    world.provider = Denying()
    assert world.outcomes(world.apply()) == {"a": "done", "b": "done"}
    assert {each.id for each in world.state.resources.values()} == {each.id for each in world.provider.list()}
    assert (world.state.pending, world.plan().pending) == ({}, False)


def test_a_no_that_is_one() -> None:
    """Nothing shows, so nothing is recorded, and nothing stays open."""
    world = World(destination("a"))
    world.provider.fails = {"a"}
    assert world.outcomes(world.apply()) == {"a": "failed"}
    assert (world.state.resources, world.state.pending) == ({}, {})


def test_a_no_of_which_nobody_knows_what_it_means() -> None:
    """Where the list fails, the intent stays, and the next run takes over what was made."""

    class Deaf(Denying):
        def create(self, attributes: Attributes, secrets: Mapping[str, Secret]) -> LiveObject:
            self.deaf = True
            return super().create(attributes, secrets)

    world = World(destination("a"))
    world.provider = provider = Deaf()
    assert world.outcomes(world.apply()) == {"a": "failed"}
    assert list(world.state.pending) == ["destination.a"]
    provider.deaf = False
    assert [each.action for each in world.plan().changes] == [Action.ADOPT]


def test_what_a_killed_run_made_follows_the_yaml() -> None:
    """What was created for an address that the YAML renames, moves or drops since is not left behind."""
    world = killed(destination("a"), destination("b"), destination("c"))
    named = replace(destination("a"), attributes={**destination("a").attributes, "display_name": "b"})
    moved = replace(destination("d"), attributes={**destination("d").attributes, "display_name": "a"})
    world.desired = configuration(named, moved)
    assert world.outcomes(world.apply()) == {"a": "done", "b": "done", "c": "done", "d": "done"}
    assert sorted(each.display_name for each in world.provider.list()) == ["a", "b"]
    assert {each.id for each in world.provider.list()} == {each.id for each in world.state.resources.values()}
    assert (world.state.pending, world.plan().pending) == ({}, False)


def test_what_a_killed_run_made_is_destroyed() -> None:
    """Destroying everything takes what no record knows as well, if it is ours."""
    world = killed(destination("a"))
    world.apply(options=Options(destroy=True))
    assert (world.provider.list(), dict(world.state.resources), world.state.pending) == ((), {}, {})

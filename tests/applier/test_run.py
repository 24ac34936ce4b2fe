"""The applier, with real threads: what is written when, and what a failure, a lost answer or a signal leaves behind."""

import threading
import time
from collections.abc import Callable
from dataclasses import replace

import pytest

from blinkdecl.applier import run
from blinkdecl.applier.change import Tools
from blinkdecl.applier.run import Baseline, apply
from blinkdecl.diagnostics import Failure, error
from blinkdecl.model.live import LiveObject
from blinkdecl.model.plan import Action, Change, Options, Plan
from blinkdecl.model.resource import Resource
from blinkdecl.model.results import Delivery, Event, Results
from blinkdecl.model.state import Intent, RecordedSecret, State
from tests.support.builders import (
    KEY,
    LINEAGE,
    OTHER_KEY,
    SALT,
    configuration,
    destination,
    fingerprints,
    live,
    plan_of,
    recorded,
    trigger,
)
from tests.support.doubles import MemoryBackend, MemoryProvider

SIGTERM = 15
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


def test_create_records_what_was_made() -> None:
    """The record holds the provider's id, the attributes and the fingerprint; a second plan is empty."""
    world = World(trigger(), destination(prevent_destroy=True))
    assert world.apply().count("done", Action.CREATE) == 2
    (made,) = world.provider.list()
    record = world.state.resources["destination.blink"]
    assert (record.id, record.attributes, record.prevent_destroy) == (made.id, made.attributes, True)
    assert record.secrets["api_key"].fingerprint == world.known.of(KEY)
    assert not world.plan().pending


def test_every_intent_is_stored_before_the_first_call() -> None:
    """When the first call is made, one write has named all that is intended, with who bears the names now."""
    world = World(destination("a"), destination("b"), there=(destination("b", severities=["LOW"]), destination("c")))
    seen: list[tuple[int, dict[str, Intent]]] = []
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
    """Triggers and changes of the record alone are stored in one write, without a call."""
    world = World(trigger(), replace(destination(), prevent_destroy=True), there=(destination(),))
    world.apply()
    assert len(world.backend.written) == 1
    assert world.provider.calls == []


def test_writes_are_bounded() -> None:
    """A thousand creates need a handful of writes, not a thousand."""
    world = World(*(destination(f"d{number}") for number in range(1000)))
    assert world.apply(parallelism=10).count("done") == 1000
    assert len(world.backend.written) <= 12
    assert len(world.state.resources) == 1000


def test_progress_is_stored_while_a_call_hangs() -> None:
    """What is done is stored soon, also when the next answer takes long to come."""
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


def test_failure_stops_only_what_waits_for_it() -> None:
    """A delete that fails keeps its trigger and whoever wants its name waiting; the others are made."""
    there = (trigger("old"), destination("gone", trigger="old"), destination("kept"))
    world = World(destination("kept"), destination("heir", display_name="gone"), destination("a"), there=there)
    world.provider.fails = {"gone"}
    outcomes = world.outcomes(world.apply())
    assert outcomes == {"a": "done", "gone": "failed", "heir": "skipped", "old": "skipped"}
    assert set(world.state.resources) == {"trigger.old", "destination.gone", "destination.kept", "destination.a"}
    assert world.state.pending == {}


def test_failure_is_told() -> None:
    """A refused call becomes a result with the provider's words."""
    world = World(destination())
    world.provider.fails = {"blink"}
    (result,) = world.apply().results
    assert result.diagnostic is not None
    assert (result.outcome, result.diagnostic.summary) == ("failed", "blink was refused")
    assert [each.moment for each in world.events] == ["started", "failed"]


@pytest.mark.parametrize("there", [(), (destination(severities=["LOW"]),)])
def test_lost_answer_keeps_its_intent(there: tuple[Resource, ...]) -> None:
    """Where even listing fails, it is not known whether it was done: the intent stays, the next run finds out."""
    world = World(destination(), destination("b"), there=there)
    world.provider.loses = {"blink"}
    world.provider.before = lambda *_: setattr(world.provider, "deaf", True)
    assert world.outcomes(world.apply()) == {"b": "done", "blink": "failed"}
    assert set(world.state.pending) == {"destination.blink"}
    world.provider.loses, world.provider.before, world.provider.deaf = set(), lambda *_: None, False
    assert world.apply().count("done") == 1
    assert (len(world.provider.list()), world.state.pending) == (2, {})
    assert not world.plan().pending


def killed(*resources: Resource) -> World:
    """Return a world in which a run was killed after it had made these, and before it recorded any."""
    world = World(*resources)
    pending = {each.address: Intent("create", each.address.partition(".")[2], "killed") for each in resources}
    world.backend.stored = State(LINEAGE, SALT, serial=1, pending=pending)
    world.provider = MemoryProvider(live(*resources))
    return world


def test_adopt() -> None:
    """What a killed run made is recorded under its id, and set right with all secrets; its intent is settled."""
    world = killed(destination())
    (result,) = world.apply().results
    assert (result.action, result.outcome, result.id) == (Action.ADOPT, "done", "id-blink")
    assert world.provider.calls == [("update", "blink")]
    assert world.provider.sent[0]["api_key"].reveal() == "key-one"
    assert world.state.pending == {}
    assert not world.plan().pending


def test_adoption_that_fails_can_be_repeated() -> None:
    """An object of ours is not lost because one call failed: the proof that it is ours stays."""
    world = killed(destination())
    world.provider.fails = {"blink"}
    assert world.apply().count("failed") == 1
    world.provider.fails = set()
    assert world.apply().count("done", Action.ADOPT) == 1


def test_intents_out_of_sight_stay() -> None:
    """A run that was told to leave an address alone does not forget what a killed run intended there."""
    world = killed(destination("a"), destination("b"))
    world.apply(options=Options(targets=("destination.a",)))
    assert set(world.state.pending) == {"destination.b"}
    assert world.apply().count("done", Action.ADOPT) == 1


def delivery(change: Change, *, delivered: bool) -> Delivery:
    """Return the outcome of a test alert."""
    return Delivery(change.address, "direct", delivered, 200 if delivered else 401, 0.01, "2026-01-01T00:00:00Z")


def test_preflight_that_fails_leaves_the_provider_alone() -> None:
    """A destination whose test alert fails is not touched, and keeps no intent; the others go on."""
    world = World(destination("a"), destination("b"))
    world.probe = lambda change: delivery(change, delivered=change.address != "destination.a")
    results = world.apply()
    assert world.outcomes(results) == {"a": "failed", "b": "done"}
    assert world.provider.calls == [("create", "b")]
    assert world.state.pending == {}
    assert [each.delivery and each.delivery.status for each in results.results] == [401, 200]


def test_preflight_is_recorded() -> None:
    """The record tells of the last test alert, also after a later change that needs none."""
    world = World(destination())
    world.probe = lambda change: delivery(change, delivered=True)
    world.apply()
    world.desired = configuration(destination(severities=["LOW"]))
    assert world.apply().results[0].delivery is None
    last = world.state.resources["destination.blink"].last_test
    assert last is not None
    assert (last.delivered, last.status) == (True, 200)


def test_preflight_that_cannot_be_sent() -> None:
    """A test alert that is refused before it is sent fails its change alone."""

    def refuse(change: Change) -> Delivery:
        raise error("forbidden-host", f"{change.address} leads elsewhere")

    world = World(trigger(), destination())
    world.probe = refuse
    assert world.outcomes(world.apply()) == {"soc": "done", "blink": "failed"}
    assert world.provider.calls == []


@pytest.mark.parametrize(
    ("desired", "probed"),
    [
        (destination(severities=["LOW"]), False),
        (destination(webhook_url="https://acme.app.blinkops.com/webhooks/new"), True),
        (destination(secrets={"api_key": OTHER_KEY}), True),
        (destination(prevent_destroy=True), False),
    ],
)
def test_preflight_where_url_or_key_changes(desired: Resource, probed: bool) -> None:  # noqa: FBT001 - a case
    """Only another URL or key calls for a test alert: each one runs somebody's automation."""
    world = World(desired, there=(destination(),))
    probes: list[str] = []

    def probe(change: Change) -> Delivery:
        probes.append(change.address)
        return delivery(change, delivered=True)

    world.probe = probe
    world.apply()
    assert probes == ["destination.blink"] * probed


def test_interruption_midway() -> None:
    """After a signal nothing new is started; what was done is recorded, the rest is skipped without an intent."""
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
    """After a signal a call that hangs gets the grace and no more; it is called lost, and its intent stays."""
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


def test_state_that_cannot_be_written_at_first() -> None:
    """Where the intents cannot be stored, no call is made."""
    world = World(destination())
    world.backend.fail_from = 1
    with pytest.raises(Failure, match="state-unwritable"):
        world.apply()
    assert world.provider.calls == []


def test_state_that_cannot_be_written_midway(monkeypatch: pytest.MonkeyPatch) -> None:
    """The run stops, tries once more with all that was done, and raises."""
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
    """A final attempt that succeeds has recorded all that was done; the rest is skipped."""
    monkeypatch.setattr(run, "_SHARE", 0)
    world = World(*(destination(f"d{number}") for number in range(20)))
    world.backend.interval = 0.0
    world.backend.fail_from = world.backend.fail_until = 2
    world.provider.delay = 0.005
    assert world.apply(parallelism=1).count("skipped") > 0
    assert len(world.state.resources) == len(world.provider.list())
    assert world.state.pending == {}


def test_conflicting_writer_is_fenced() -> None:
    """A run whose base is no longer what is stored makes no call."""
    world = World(destination())
    plan, base = world.plan(), State(LINEAGE, SALT, serial=7)
    tools = Tools(world.provider, world.backend, world.known, None, world.events.append, lambda: None)
    with pytest.raises(Failure, match="state-conflict"):
        apply(plan, world.desired, Baseline(base, base, ()), tools)
    assert world.provider.calls == []


def test_bug_in_a_provider_loses_no_record() -> None:
    """An error that no provider may raise comes out, but what was done is stored first, and every intent kept."""
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


def test_move() -> None:
    """A moved resource keeps its object and its last test alert, under the new address alone, without a call."""
    world = World(there=(destination(),))
    new = destination("new", display_name="blink")
    world.desired = configuration(new, moved=[("destination.blink", "destination.new")])
    assert world.apply().results[0].id == "id-blink"
    assert world.provider.calls == []
    assert list(world.state.resources) == ["destination.new"]
    assert not world.plan().pending


def test_destroy_of_what_moves() -> None:
    """A destroy leaves no record behind under the old address."""
    world = World(there=(destination(),))
    world.desired = configuration(destination("new"), moved=[("destination.blink", "destination.new")])
    world.apply(options=Options(destroy=True))
    assert (world.provider.list(), world.state.resources) == ((), {})


def test_forget() -> None:
    """What is neither desired nor there any more is taken out of the record without a call."""
    world = World(destination("kept"), there=(destination("kept"), destination("gone")))
    world.provider.delete("id-gone")
    world.provider.calls.clear()
    assert world.apply().results[0].action is Action.FORGET
    assert (world.provider.calls, list(world.state.resources)) == ([], ["destination.kept"])


def test_ignored_secret_is_not_sent() -> None:
    """A key under ignore_changes stays as it was: in the tenant and in the record."""
    world = World(there=(destination(),))
    known = world.known.of(KEY)
    world.desired = configuration(destination(severities=["LOW"], ignore_changes=("api_key",)))
    world.known = fingerprints({KEY: "rotated"})
    world.apply()
    assert world.provider.sent == [{}]
    assert world.state.resources["destination.blink"].secrets["api_key"].fingerprint == known
    assert not world.plan().pending


def test_secret_that_nobody_resolved_has_no_fingerprint() -> None:
    """A fingerprint is of a value; where nobody knows the value in place, the record says so."""
    world = World(trigger())
    world.known = fingerprints({})
    world.apply()
    assert world.state.resources["trigger.soc"].secrets == {"api_key": RecordedSecret(KEY, "")}


def swap(*, others: tuple[Resource, ...] = ()) -> World:
    """Return a world in which two destinations are to swap their names."""
    there = (trigger("old"), destination("a", trigger="old"), destination("b", trigger="old"))
    return World(destination("a", display_name="b"), destination("b", display_name="a"), *others, there=there)


def test_swap_of_names() -> None:
    """Two names are swapped by way of a third, and both records are as desired in the end."""
    world = swap()
    assert world.apply().count("done") == 3
    assert world.provider.names() == {"id-a": "b", "id-b": "a"}
    assert world.provider.calls == [("update", "a (renaming)"), ("update", "a"), ("update", "b")]
    assert not world.plan().pending


def test_temporary_name_that_is_refused() -> None:
    """Without the temporary name nobody of the circle moves, nor what waits for them; the others go on."""
    world = swap(others=(destination("c"),))
    world.provider.fails = {"a (renaming)"}
    assert world.outcomes(world.apply()) == {"a": "failed", "b": "skipped", "c": "done", "old": "skipped"}
    assert world.provider.names().keys() >= {"id-a", "id-b"}
    assert (world.provider.names()["id-a"], world.provider.names()["id-b"]) == ("a", "b")


def test_swap_that_stops_halfway() -> None:
    """After a failure in the middle the record says what is there, and the next run ends the swap."""
    world = swap()
    world.provider.fails = {"a"}
    assert world.outcomes(world.apply()) == {"a": "skipped", "b": "failed", "old": "skipped"}
    assert world.provider.names() == {"id-a": "a (renaming)", "id-b": "b"}
    assert world.state.resources["destination.a"].attributes["display_name"] == "a (renaming)"
    world.provider.fails = set()
    world.apply()
    assert world.provider.names() == {"id-a": "b", "id-b": "a"}


def test_killed_during_a_swap() -> None:
    """A run that died right after the temporary name was taken is completed by the next."""
    world = swap()
    world.provider.breaks = {"a"}
    with pytest.raises(RuntimeError):
        world.apply()
    world.provider.breaks = set()
    world.apply()
    assert world.provider.names() == {"id-a": "b", "id-b": "a"}
    assert world.state.pending == {}


def test_twins_are_never_made() -> None:
    """An object that somebody made by hand in the meantime is refused by the plan, not doubled."""
    world = World(destination())
    world.provider = MemoryProvider((LiveObject("id-hand", destination().attributes),))
    assert world.plan().refused

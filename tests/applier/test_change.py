"""One change: its test alert, its call to the provider, and the record that it leaves."""

import pytest

from blinkdecl.diagnostics import error
from blinkdecl.model.plan import Action, Change, Options
from blinkdecl.model.resource import Resource
from blinkdecl.model.results import Delivery
from blinkdecl.model.state import RecordedSecret
from tests.support.builders import KEY, OTHER_KEY, configuration, destination, fingerprints, trigger
from tests.support.world import World, killed


def test_create_records_what_was_made() -> None:
    """The record holds the provider's id, the attributes and the fingerprint; a second plan is empty."""
    world = World(trigger(), destination(prevent_destroy=True))
    assert world.apply().count("done", Action.CREATE) == 2
    (made,) = world.provider.list()
    record = world.state.resources["destination.blink"]
    assert (record.id, record.attributes, record.prevent_destroy) == (made.id, made.attributes, True)
    assert record.secrets["api_key"].fingerprint == world.known.of(KEY)
    assert not world.plan().pending


def test_failure_is_told() -> None:
    """A refused call becomes a failed result in the provider's words."""
    world = World(destination())
    world.provider.fails = {"blink"}
    (result,) = world.apply().results
    assert result.diagnostic is not None
    assert (result.outcome, result.diagnostic.summary) == ("failed", "blink was refused")
    assert [each.moment for each in world.events] == ["started", "failed"]


def delivery(change: Change, *, delivered: bool) -> Delivery:
    """Return the outcome of a test alert."""
    return Delivery(change.address, "direct", delivered, 200 if delivered else 401, 0.01, "2026-01-01T00:00:00Z")


def test_preflight_that_fails_leaves_the_provider_alone() -> None:
    """A destination whose test alert fails is not touched and keeps no intent; the others are carried out."""
    world = World(destination("a"), destination("b"))
    world.probe = lambda change: delivery(change, delivered=change.address != "destination.a")
    results = world.apply()
    assert world.outcomes(results) == {"a": "failed", "b": "done"}
    assert world.provider.calls == [("create", "b")]
    assert world.state.pending == {}
    assert [each.delivery and each.delivery.status for each in results.results] == [401, 200]


def test_preflight_is_recorded() -> None:
    """The record keeps the last test alert, even after a later change that needs none."""
    world = World(destination())
    world.probe = lambda change: delivery(change, delivered=True)
    world.apply()
    world.desired = configuration(destination(severities=["LOW"]))
    assert world.apply().results[0].delivery is None
    last = world.state.resources["destination.blink"].last_test
    assert last is not None
    assert (last.delivered, last.status) == (True, 200)


def test_preflight_that_cannot_be_sent() -> None:
    """A test alert that is refused before it is sent fails only its own change."""

    def refuse(change: Change) -> Delivery:
        raise error("forbidden-host", f"{change.address} leads elsewhere")

    world = World(trigger(), destination())
    world.probe = refuse
    assert world.outcomes(world.apply()) == {"soc": "skipped", "blink": "failed"}
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
    """Only a new URL or key needs a test alert: each one runs somebody's automation."""
    world = World(desired, there=(destination(),))
    probes: list[str] = []

    def probe(change: Change) -> Delivery:
        probes.append(change.address)
        return delivery(change, delivered=True)

    world.probe = probe
    world.apply()
    assert probes == ["destination.blink"] * probed


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
    """A destroy leaves no record under the old address."""
    world = World(there=(destination(),))
    world.desired = configuration(destination("new"), moved=[("destination.blink", "destination.new")])
    world.apply(options=Options(destroy=True))
    assert (world.provider.list(), world.state.resources) == ((), {})


def test_let_go() -> None:
    """What is let go stays as it is, without a call: only its record goes."""
    world = World(there=(destination("kept"), destination("gone")))
    world.desired = configuration(destination("kept"), removed=["destination.gone"])
    assert world.apply().count("done", Action.FORGET) == 1
    assert (world.provider.calls, len(world.provider.list())) == ([], 2)
    assert list(world.state.resources) == ["destination.kept"]


def test_what_a_killed_run_made_is_let_go() -> None:
    """Its intent goes too: otherwise it would be taken for ours again, and destroyed once the entry is gone."""
    world = killed(destination("gone"))
    world.desired = configuration(destination("kept"), removed=["destination.gone"])
    assert world.apply().count("done", Action.FORGET) == 1
    assert world.state.pending == {}
    world.desired = configuration(destination("kept"))
    assert not world.plan().pending


def test_forget() -> None:
    """What is neither desired nor live any more is removed from the record without a call."""
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
    """Where the value in place is unknown, the record holds an empty fingerprint."""
    world = World(trigger())
    world.known = fingerprints({})
    world.apply()
    assert world.state.resources["trigger.soc"].secrets == {"api_key": RecordedSecret(KEY, "")}


def test_what_a_refused_key_has_nothing_to_do_with() -> None:
    """A trigger whose automation alone has another name is recorded, whatever becomes of its destinations."""
    world = World(trigger(), destination())
    world.probe = lambda change: delivery(change, delivered=True)
    world.apply()
    world.desired = configuration(trigger(automation="Another"), destination(), destination("other", display_name="O"))
    world.probe = lambda change: delivery(change, delivered=False)
    assert world.outcomes(world.apply()) == {"soc": "done", "other": "failed"}

"""What a plan may not do: protected resources, limits, moves that collide, lists that lack too much, and renames."""

from dataclasses import replace

import pytest

from blinkdecl.diagnostics import Failure
from blinkdecl.model.configuration import Limits
from blinkdecl.model.plan import Action, Options
from blinkdecl.model.resource import Resource
from blinkdecl.model.state import Intent
from tests.support.builders import URL, configuration, destination, fleet, live, plan_of, recorded, trigger
from tests.support.resources import BLINK, KEPT, SOC, VAULT_A, VAULT_B


def test_prevent_destroy_outlives_its_block() -> None:
    """Deleting the block, or the whole configuration, does not lift the protection that the state keeps."""
    protected = destination(prevent_destroy=True)
    state, objects = recorded(protected, KEPT), live(protected, KEPT)
    for options in (Options(), Options(destroy=True)):
        plan = plan_of(configuration(KEPT), state, objects, options=options)
        assert [each.code for each in plan.diagnostics if each.severity == "error"] == ["prevent-destroy"]


def test_prevent_destroy_that_is_declared_only() -> None:
    """A protection that no apply has recorded yet already blocks a destroy."""
    plan = plan_of(
        configuration(destination(prevent_destroy=True)), recorded(BLINK), live(BLINK), options=Options(destroy=True)
    )
    assert plan.refused


def test_prevent_destroy_is_lifted_by_an_apply() -> None:
    """Lifting the protection updates the record alone, and is one of the differences."""
    (change,) = plan_of(configuration(BLINK), recorded(destination(prevent_destroy=True)), live(BLINK)).changes
    assert change.recorded_only
    assert [(each.name, each.before, each.after) for each in change.differences] == [("prevent_destroy", True, False)]


def test_move_onto_another() -> None:
    """A move to an address that is already recorded is refused."""
    new = destination("new")
    desired = configuration(new, moved=[("destination.blink", "destination.new")])
    plan = plan_of(desired, recorded(BLINK, new), live(BLINK, new))
    assert [each.code for each in plan.diagnostics if each.severity == "error"] == ["invalid-move"]


@pytest.mark.parametrize(
    ("old", "new", "offered"),
    [
        (BLINK, destination("new", display_name="blink"), True),
        (BLINK, destination("new"), False),
        (SOC, trigger("new", url=f"{URL}/soc"), True),
        (SOC, trigger("new"), False),
        (trigger(url=None, secrets={"url": VAULT_A}), trigger("new", url=None, secrets={"url": VAULT_A}), True),
        (trigger(url=None, secrets={"url": VAULT_A}), trigger("new", url=None, secrets={"url": VAULT_B}), False),
        (trigger(url=None), trigger("new", url=None), False),
    ],
)
def test_rename_hint(old: Resource, new: Resource, offered: bool) -> None:  # noqa: FBT001 - a case of the table
    """A key that was renamed while the name or the webhook stayed is offered as a `moved` entry, ready to paste."""
    plan = plan_of(configuration(new, KEPT), recorded(old, KEPT), live(old, KEPT))
    hints = [text for each in plan.diagnostics if each.code == "renamed" for _, text in each.notes]
    assert any(f"- {{from: {old.address}, to: {new.address}}}" in text for text in hints) == offered
    if offered:  # of a trigger only the record changes
        kept = "the record" if new.kind == "trigger" else "the object"
        assert any(f"to keep {kept}, add" in text for text in hints)
        assert any("destroyed" in text for text in hints) == (new.kind != "trigger")
    assert not plan.refused


@pytest.mark.parametrize(
    ("managed", "deletes", "changes", "limits", "options", "refused"),
    [
        (9, 3, 0, Limits(), Options(), "--allow-deletes 3"),
        (10, 3, 0, Limits(), Options(), None),
        (4, 2, 0, Limits(), Options(), None),
        (9, 3, 0, Limits(), Options(allow_deletes=3), None),
        (9, 4, 0, Limits(), Options(allow_deletes=3), "--allow-deletes 4"),
        (9, 0, 9, Limits(), Options(), None),
        (100, 2, 0, Limits(max_deletes=1), Options(), "--allow-deletes 2"),
        (100, 1, 0, Limits(max_deletes=1), Options(), None),
        (4, 3, 0, Limits(max_deletes=3), Options(), None),
        (100, 1, 0, Limits(max_deletes=0), Options(allow_deletes=1), None),
        (10, 0, 4, Limits(max_change_percent=30), Options(), "--allow-changes 4"),
        (10, 1, 3, Limits(max_change_percent=30), Options(), "--allow-changes 4"),
        (10, 0, 3, Limits(max_change_percent=30), Options(), None),
        (10, 0, 4, Limits(max_change_percent=30), Options(allow_changes=4), None),
        (10, 0, 4, Limits(max_deletes=0, max_change_percent=30), Options(), "--allow-changes 4"),
    ],
)
def test_limits(
    managed: int, deletes: int, changes: int, limits: Limits, options: Options, refused: str | None
) -> None:
    """A plan beyond its limits is refused, with the exact flag that allows it."""
    there = fleet(managed)
    kept = [destination(each.address.partition(".")[2], severities=["LOW"]) for each in there[deletes:][:changes]]
    desired = configuration(*kept, *there[deletes + changes :], limits=limits)
    plan = plan_of(desired, recorded(*there), live(*there), options=options)
    found = [dict(each.notes)["help"] for each in plan.diagnostics if each.code == "limits"]
    assert (found[0].rpartition("`")[0].rpartition("`")[2] if found else None) == refused
    assert plan.count(Action.DELETE) == deletes


@pytest.mark.parametrize(
    ("managed", "gone", "accepted", "refused"),
    [
        (3, 2, None, False),
        (3, 3, None, True),
        (10, 3, None, False),
        (9, 3, None, True),
        (10, 4, None, True),
        (10, 4, 3, True),
        (10, 4, 4, False),
        (10, 10, 9, True),
    ],
)
@pytest.mark.parametrize("destroy", [False, True])
def test_a_list_that_lacks_too_much_is_not_believed(
    managed: int,
    gone: int,
    accepted: int | None,
    *,
    refused: bool,
    destroy: bool,
) -> None:
    """More than 30 % of the managed objects, at least 3, vanished at once: the plan is refused, with the exact flag."""
    there = fleet(managed)
    options = Options(accept_missing=accepted, destroy=destroy)
    given = (configuration(*there), recorded(*there), live(*there)[gone:])
    if not refused:
        assert plan_of(*given, options=options).count(Action.FORGET if destroy else Action.CREATE) == gone
        return
    with pytest.raises(Failure) as caught:
        plan_of(*given, options=options)
    assert [each.code for each in caught.value.diagnostics] == ["many-missing"]
    assert f"--accept-missing {gone}`" in str(caught.value.diagnostics)


def test_what_an_earlier_run_was_to_delete_is_believed() -> None:
    """A killed destroy goes on: what its intents name may be gone, and nothing else."""
    there = fleet(10)
    state = recorded(*there)
    ours = {each.address: Intent("delete", each.address, "killed") for each in there[:8]}
    given = (configuration(*there), replace(state, pending=ours))
    options = Options(destroy=True)
    assert plan_of(*given, live(*there)[8:], options=options).count(Action.FORGET) == 8
    assert plan_of(*given, live(*there)[6:], options=options).count(Action.FORGET) == 6
    few = replace(state, pending=dict(list(ours.items())[:2]))
    with pytest.raises(Failure):
        plan_of(given[0], few, live(*there)[8:], options=options)


def test_a_look_alike_in_panther_is_only_told() -> None:
    """An unmanaged object with a name of the same look is neither adopted nor in the way; the message names it."""
    other = live(destination("other", display_name="bl\u0456nk"))
    plan = plan_of(configuration(BLINK), None, other)
    assert [(each.action, each.id) for each in plan.changes if each.kind == "destination"] == [(Action.CREATE, None)]
    [found] = [each for each in plan.diagnostics if each.code == "look-alike"]
    assert "the other has U+0456" in found.summary
    assert not plan.refused
    kept = plan_of(configuration(BLINK), recorded(BLINK), (*live(BLINK), *other))
    assert [each.code for each in kept.diagnostics] == []

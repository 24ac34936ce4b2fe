"""What is let go (``removed`` in YAML): the record goes, the object stays and is not managed here any more."""

from dataclasses import replace

import pytest

from blinkdecl.diagnostics import Failure
from blinkdecl.model.configuration import CoverageRule, Limits
from blinkdecl.model.live import Capabilities
from blinkdecl.model.plan import Action, Options
from blinkdecl.model.state import Intent
from blinkdecl.planner.actions import make_plan
from blinkdecl.planner.drift import drift_plan
from tests.support.builders import (
    TODAY,
    configuration,
    destination,
    fingerprints,
    fleet,
    live,
    plan_of,
    recorded,
    trigger,
)  # fmt: skip
from tests.support.resources import BLINK, CHANGED, KEPT, SOC

LET_GO = configuration(KEPT, removed=["destination.blink"])
STATE, THERE = recorded(BLINK, KEPT), live(BLINK, KEPT)


def test_it_is_forgotten_and_stays() -> None:
    """Only the record goes; who receives what does not change, and the place is that of the entry."""
    plan = plan_of(LET_GO, STATE, THERE)
    (change,) = plan.changes
    assert (change.action, change.recorded_only, change.calls_provider) == (Action.FORGET, True, False)
    assert str(change.position) == "blinkdecl.yaml:1:1"
    assert (plan.routing, plan.unmanaged, plan.diagnostics, plan.count(Action.FORGET)) == ((), (), (), 1)


def test_it_is_unmanaged_afterwards() -> None:
    """The entry may stay in the file: what is live is listed as unmanaged, and nothing is left to do."""
    plan = plan_of(LET_GO, recorded(KEPT), THERE)
    assert (plan.pending, [each.id for each in plan.unmanaged]) == (False, ["id-blink"])


def test_what_is_gone_is_forgotten_as_ever() -> None:
    """Of what was deleted outside nothing stays, and that is no drift."""
    plan = plan_of(LET_GO, STATE, live(KEPT))
    assert (plan.changes[0].action, plan.changes[0].recorded_only, plan.drift) == (Action.FORGET, False, ())


def test_neither_protection_nor_limits_forbid_it() -> None:
    """Nothing is destroyed: prevent_destroy has nothing to protect, and no limit counts it."""
    protected = destination(prevent_destroy=True)
    none = configuration(KEPT, removed=["destination.blink"], limits=Limits(max_deletes=0, max_change_percent=1))
    assert plan_of(none, recorded(protected, KEPT), live(protected, KEPT)).diagnostics == ()


def test_prevent_destroy_names_the_way_out() -> None:
    """Where a protected resource would be destroyed, the entry that lets it go is offered."""
    protected = destination(prevent_destroy=True)
    (problem,) = plan_of(configuration(KEPT), recorded(protected, KEPT), live(protected, KEPT)).diagnostics
    assert "`removed: [{from: destination.blink}]`" in problem.notes[-1][1]


def test_destroy_lets_go_as_well() -> None:
    """A destroy removes what is managed, and not what is to be let go."""
    plan = plan_of(LET_GO, STATE, THERE, options=Options(destroy=True))
    assert {each.address: each.action for each in plan.changes} == {
        "destination.blink": Action.FORGET,
        "destination.kept": Action.DELETE,
    }


def test_all_may_be_let_go() -> None:
    """An empty configuration is no mistake where it names all that is recorded; otherwise it is."""
    everything = configuration(removed=["destination.blink", "destination.kept"])
    assert plan_of(everything, STATE, THERE).count(Action.FORGET) == 2
    with pytest.raises(Failure, match="nothing is declared"):
        plan_of(configuration(removed=["destination.blink"]), STATE, THERE)


def test_its_display_name_is_not_free() -> None:
    """A new destination cannot have it; the error offers a move in place of the entry."""
    new = destination("new", display_name="blink")
    plan = plan_of(configuration(new, removed=["destination.blink"]), recorded(BLINK), live(BLINK))
    (problem,) = plan.diagnostics
    assert (problem.code, "{from: destination.blink, to: destination.new}" in problem.notes[-1][1]) == ("exists", True)
    renamed = configuration(destination("kept", display_name="blink"), removed=["destination.blink"])
    (problem,) = plan_of(renamed, STATE, THERE).diagnostics
    assert (problem.code, "another display name" in problem.notes[-1][1]) == ("exists", True)


@pytest.mark.parametrize(
    ("options", "forgotten"),
    [
        (Options(targets=("destination.blink",)), 1),
        (Options(targets=("destination.kept",)), 0),
        (Options(excludes=("destination.*",)), 0),
    ],
)
def test_it_can_be_selected(options: Options, forgotten: int) -> None:
    """`--target` and `--exclude` know its address."""
    assert plan_of(LET_GO, STATE, THERE, options=options).count(Action.FORGET) == forgotten


def test_it_counts_for_no_rule() -> None:
    """A coverage rule that it alone kept is broken, and the error says why and who receives the alerts all the same."""
    rule = CoverageRule(("HIGH",))
    kept = destination("kept", severities=["LOW"])
    desired = configuration(kept, removed=["destination.blink"], coverage=(rule,))
    plan = plan_of(desired, recorded(BLINK, kept), live(BLINK, kept))
    (problem,) = plan.diagnostics
    assert problem.code == "coverage"
    assert any("this plan lets it go" in text for _, text in problem.notes)
    assert any("not managed here" in text for _, text in problem.notes)


def test_a_trigger_is_let_go_after_its_users() -> None:
    """A trigger whose destination goes as well waits for it, whether that is destroyed or let go."""
    for removed in (["trigger.soc"], ["trigger.soc", "destination.blink"]):
        plan = plan_of(configuration(KEPT, removed=removed), recorded(SOC, BLINK, KEPT), live(BLINK, KEPT))
        changes = plan.by_address()
        assert changes["trigger.soc"].action is Action.FORGET
        assert changes["trigger.soc"].depends_on == ("destination.blink",)


def test_a_declared_one_stays() -> None:
    """Where an environment has the resource, an entry for the others is nothing."""
    assert not plan_of(configuration(BLINK, removed=["destination.blink"]), recorded(BLINK), live(BLINK)).pending
    plan = plan_of(
        configuration(BLINK, removed=["destination.blink"]), recorded(BLINK), live(BLINK), options=Options(destroy=True)
    )
    assert plan.changes[0].action is Action.DELETE


def test_other_changes_around_it() -> None:
    """Coverage that is handed over in the same plan is arranged without what is let go."""
    old, new = fleet(2), destination("d001", severities=["LOW"])
    rules = (CoverageRule(("LOW",)),)
    desired = configuration(trigger(), new, removed=["destination.d000"], coverage=rules)
    plan = plan_of(desired, recorded(trigger(), *old), live(*old))
    assert [each.action for each in plan.changes] == [Action.UPDATE, Action.FORGET]


def test_drift_of_it_is_nobodys_business() -> None:
    """What was changed there is no drift, and nobody is said to receive less."""
    plan = drift_plan(LET_GO, STATE, live(CHANGED, KEPT), fingerprints(), Capabilities(), today=TODAY)
    assert (plan.drift, plan.routing, plan.diagnostics) == ((), (), ())


def test_an_intent_for_it_awaits_nobody() -> None:
    """With a manual provider nobody is asked to confirm what was begun there."""
    state = replace(STATE, pending={"destination.blink": Intent("update", "blink", "run", ())})
    manual = Capabilities(manual=True)
    plan = make_plan(LET_GO, state, THERE, fingerprints(), Options(), manual, today=TODAY)
    assert [each.awaiting for each in plan.changes] == [False]


@pytest.mark.parametrize(("name", "told"), [("blik", 1), ("blink-2", 1), ("payments", 0)])
def test_an_entry_that_misses_what_is_destroyed(name: str, told: int) -> None:
    """It may have been to protect that; it may as well be done, so that nothing is refused."""
    plan = plan_of(configuration(KEPT, removed=[f"destination.{name}"]), STATE, THERE)
    assert (plan.refused, [each.code for each in plan.diagnostics].count("missed-removal")) == (False, told)
    kept = plan_of(configuration(BLINK, KEPT, removed=[f"destination.{name}"]), STATE, THERE)
    assert "missed-removal" not in {each.code for each in kept.diagnostics}

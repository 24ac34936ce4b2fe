"""The table of desired, recorded and live; moves, destroy and the empty configuration."""

from dataclasses import dataclass, replace

import pytest

from blinkdecl.diagnostics import Failure
from blinkdecl.model.live import LiveObject
from blinkdecl.model.plan import Action, Options
from blinkdecl.model.resource import Resource
from blinkdecl.model.state import Holder, Intent, State
from tests.support.builders import configuration, destination, fleet, live, only_action, plan_of, recorded, trigger
from tests.support.resources import BLINK, CHANGED, EMPTY, KEPT, NEWBORN, SOC


def pending(*before_ids: str, operation: str = "create", state: State = EMPTY) -> State:
    """Return the state left by a run that was killed while it worked on the destination."""
    return replace(state, pending={"destination.blink": Intent(operation, "blink", "run", before_ids)})


@dataclass(frozen=True)
class Row:
    """One case of the table: the destination is called blink, and `kept` is there so that the YAML is not empty."""

    case: str
    desired: tuple[Resource, ...]
    state: State
    objects: tuple[LiveObject, ...]
    action: Action | None
    drift: tuple[str, ...] = ()
    unmanaged: int = 0
    codes: tuple[str, ...] = ()


KEEP = recorded(KEPT)
KEEP_LIVE = live(KEPT)
RECORDED = recorded(BLINK, KEPT)
TABLE = (
    Row("desired", (BLINK,), EMPTY, (), Action.CREATE),
    Row("all three, equal", (BLINK,), recorded(BLINK), live(BLINK), None),
    Row("all three, desired differs", (CHANGED,), recorded(BLINK), live(BLINK), Action.UPDATE),
    Row("all three, live differs", (BLINK,), recorded(BLINK), live(CHANGED), Action.UPDATE, ("changed",)),
    Row("all three, live is as desired", (CHANGED,), recorded(BLINK), live(CHANGED), Action.UPDATE, ("changed",)),
    Row("deleted outside", (BLINK,), recorded(BLINK), (), Action.CREATE, ("deleted",)),
    Row("live, another's name", (BLINK,), EMPTY, live(KEPT), Action.CREATE, unmanaged=1),
    Row("live, same name", (BLINK,), EMPTY, (NEWBORN,), None, codes=("exists",)),
    Row("same name, from a killed create", (BLINK,), pending(), (NEWBORN,), Action.ADOPT),
    Row("same name, there before", (BLINK,), pending("id-newborn"), (NEWBORN,), None, codes=("exists",)),
    Row("same name, from an update", (BLINK,), pending(operation="update"), (NEWBORN,), None, codes=("exists",)),
    Row(
        "same name, twice",
        (BLINK,),
        pending(),
        (NEWBORN, replace(NEWBORN, id="id-twin")),
        None,
        codes=("exists",),
    ),
    Row(
        "not desired, from a killed create",
        (KEPT,),
        pending(state=KEEP),
        (*KEEP_LIVE, NEWBORN),
        Action.DELETE,
        codes=("leftover",),
    ),
    Row(
        "not desired, there before",
        (KEPT,),
        pending("id-newborn", state=KEEP),
        (*KEEP_LIVE, NEWBORN),
        None,
        unmanaged=1,
    ),
    Row(
        "recreated, then killed, not desired",
        (KEPT,),
        pending(state=RECORDED),
        (*KEEP_LIVE, NEWBORN),
        Action.DELETE,
        codes=("leftover",),
    ),
    Row("recreated, then killed", (BLINK,), pending(state=recorded(BLINK)), (NEWBORN,), Action.ADOPT, ("deleted",)),
    Row("deleted and made by hand", (BLINK,), recorded(BLINK), (NEWBORN,), None, ("deleted",), codes=("exists",)),
    Row(
        "renamed to a name in use",
        (destination(display_name="kept"),),
        recorded(BLINK),
        (*live(BLINK), *KEEP_LIVE),
        None,
        codes=("exists",),
    ),
    Row("not desired", (KEPT,), RECORDED, live(BLINK, KEPT), Action.DELETE),
    Row("not desired, gone", (KEPT,), RECORDED, KEEP_LIVE, Action.FORGET, ("deleted",)),
    Row("unmanaged", (KEPT,), KEEP, live(BLINK, KEPT), None, unmanaged=1),
    Row("trigger desired", (SOC,), EMPTY, (), Action.CREATE),
    Row("trigger equal", (SOC,), recorded(SOC), (), None),
    Row("trigger differs", (trigger(pack="Panther"),), recorded(SOC), (), Action.UPDATE),
    Row("trigger not desired", (KEPT,), recorded(SOC, KEPT), KEEP_LIVE, Action.DELETE),
)


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.case)
def test_table(row: Row) -> None:
    """Every combination of desired, recorded and live leads to the one action that the table names."""
    plan = plan_of(configuration(*row.desired), row.state, row.objects)
    assert only_action(plan) == row.action
    assert tuple(each.kind for each in plan.drift) == row.drift
    assert len(plan.unmanaged) == row.unmanaged
    assert tuple(each.code for each in plan.diagnostics) == row.codes
    assert plan.refused == bool(set(row.codes) - {"leftover"})


def test_trigger_is_changed_in_the_record_alone() -> None:
    """A trigger has no object: an update of one does not call the provider."""
    (change,) = plan_of(configuration(trigger(pack="Panther")), recorded(SOC)).changes
    assert change.recorded_only


def test_live_as_desired_changes_the_record_alone() -> None:
    """Where somebody has made by hand what is now desired, only the record is updated."""
    (change,) = plan_of(configuration(CHANGED), recorded(BLINK), live(CHANGED)).changes
    assert change.recorded_only
    assert change.differences == ()


def test_only_what_bears_the_intents_name_is_adopted() -> None:
    """A destination made by hand is not adopted because a killed run had an intent at its address."""
    renamed = destination(display_name="by hand")
    plan = plan_of(configuration(renamed), pending(), live(renamed))
    assert (plan.changes, [each.code for each in plan.diagnostics]) == ((), ["exists"])


def test_an_ignored_name_is_not_taken() -> None:
    """A display name that stays as it is live collides with no other."""
    theirs = LiveObject("theirs", {**BLINK.attributes, "display_name": "wanted"})
    desired = destination(display_name="wanted", ignore_changes=("display_name",))
    plan = plan_of(configuration(desired), recorded(BLINK), (*live(BLINK), theirs))
    assert plan.diagnostics == ()


def test_moved() -> None:
    """A moved resource keeps its object; the plan names its previous address."""
    desired = configuration(destination("new", display_name="blink"), moved=[("destination.blink", "destination.new")])
    (change,) = plan_of(desired, recorded(BLINK), live(BLINK)).changes
    assert (change.action, change.id, change.previous_address) == (Action.NO_OP, "id-blink", "destination.blink")


def test_moved_already() -> None:
    """A move that an earlier apply made may stay in the file."""
    new = destination("new")
    assert not plan_of(
        configuration(new, moved=[("destination.old", "destination.new")]), recorded(new), live(new)
    ).pending


def test_destroy_of_what_moves() -> None:
    """A destroy finds the record of a resource that has not been moved yet."""
    desired = configuration(destination("new"), moved=[("destination.blink", "destination.new")])
    (change,) = plan_of(desired, recorded(BLINK), live(BLINK), options=Options(destroy=True)).changes
    assert (change.action, change.previous_address) == (Action.DELETE, "destination.blink")


def test_empty_configuration() -> None:
    """An empty configuration is an error where the state records resources; otherwise there is nothing to do."""
    with pytest.raises(Failure, match="the state records 1 resource ") as caught:
        plan_of(configuration(), recorded(BLINK), live(BLINK))
    assert caught.value.exit_code == 1
    assert not plan_of(configuration()).pending


def test_destroy() -> None:
    """A destroy deletes everything that is recorded, without limits, and forgets what is gone."""
    there = fleet(5)
    plan = plan_of(configuration(*there), recorded(*there), live(*there[1:]), options=Options(destroy=True))
    assert (plan.count(Action.DELETE), plan.count(Action.FORGET)) == (4, 1)
    assert not plan.refused


def test_what_another_environment_records_is_its_own() -> None:
    """It is neither adopted by its name, nor destroyed as a leftover, nor unmanaged; the plan says whose it is."""
    theirs = {NEWBORN.id: Holder("prod", "destination.theirs")}
    plan = plan_of(configuration(BLINK), pending(), (NEWBORN,), elsewhere=theirs)
    [problem] = plan.diagnostics
    assert (plan.changes, plan.unmanaged, problem.code) == ((), (), "exists")
    assert problem.summary == '"blink" is managed by this project in the environment prod (destination.theirs)'
    assert "import" not in str(problem.notes)
    there = (*KEEP_LIVE, NEWBORN)
    dropped = plan_of(configuration(KEPT), pending(state=KEEP), there, elsewhere=theirs)
    assert (dropped.changes, dropped.unmanaged, dropped.diagnostics) == ((), (), ())

"""The planner: its table, canonical form, secrets, lifecycle, moves, limits, selection, the digest, drift."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from blinkdecl.diagnostics import Failure
from blinkdecl.model.configuration import Limits
from blinkdecl.model.live import LiveObject
from blinkdecl.model.plan import Action, Options, Plan
from blinkdecl.model.resource import ALERT_TYPES, Resource, SecretReference
from blinkdecl.model.state import Intent, State
from blinkdecl.planner.drift import drift_plan
from blinkdecl.planner.stale import what_moved
from tests.support.builders import (
    KEY,
    LINEAGE,
    OTHER_KEY,
    SALT,
    TODAY,
    URL,
    configuration,
    destination,
    fingerprints,
    live,
    plan_of,
    recorded,
    trigger,
)

BLINK, SOC = destination(), trigger()
CHANGED = destination(severities=["LOW"])
KEPT = destination("kept", trigger="", webhook_url=None, secrets={})
EMPTY = State(LINEAGE, SALT)
NEWBORN = LiveObject("id-newborn", BLINK.attributes)


def pending(*before_ids: str, operation: str = "create", state: State = EMPTY) -> State:
    """Return a state that a run left which was killed while it worked on the destination."""
    return replace(state, pending={"destination.blink": Intent(operation, "blink", "run", before_ids)})


def one(plan: Plan) -> Action | None:
    """Return the action of a plan of at most one change."""
    assert len(plan.changes) <= 1
    return plan.changes[0].action if plan.changes else None


@dataclass(frozen=True)
class Row:
    """One case of the table: the destination is called blink; `kept` only keeps the YAML from being empty."""

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
    assert one(plan) == row.action
    assert tuple(each.kind for each in plan.drift) == row.drift
    assert len(plan.unmanaged) == row.unmanaged
    assert tuple(each.code for each in plan.diagnostics) == row.codes
    assert plan.refused == bool(row.codes)


def test_trigger_is_changed_in_the_record_alone() -> None:
    """A trigger has no object: an update of one calls nobody."""
    (change,) = plan_of(configuration(trigger(pack="Panther")), recorded(SOC)).changes
    assert change.recorded_only


def test_live_as_desired_changes_the_record_alone() -> None:
    """Where somebody made by hand what is desired now, only the record is brought up to date."""
    (change,) = plan_of(configuration(CHANGED), recorded(BLINK), live(CHANGED)).changes
    assert change.recorded_only
    assert change.differences == ()


@pytest.mark.parametrize(
    ("one_way", "another"),
    [
        ({"severities": ["HIGH", "LOW", "HIGH"]}, {"severities": ["LOW", "HIGH"]}),
        ({"log_types": ["AWS.CloudTrail", "AWS.ALB"]}, {"log_types": ["AWS.ALB", "AWS.CloudTrail"]}),
        ({"alert_types": list(reversed(ALERT_TYPES))}, {}),
        ({"alert_types": []}, {}),
        ({"log_types": []}, {}),
        ({"allow_manual_dispatch": False}, {}),
    ],
)
def test_canonical_form(one_way: dict[str, Any], another: dict[str, Any]) -> None:
    """Two spellings of one meaning give no change, whichever is desired and whichever is live."""
    for left, right in ((one_way, another), (another, one_way)):
        wanted, there = destination(**left), destination(**right)
        assert not plan_of(configuration(wanted), recorded(there), live(there)).pending


@pytest.mark.parametrize(
    ("reference", "value", "status", "action"),
    [
        (KEY, "key-one", "same", None),
        (KEY, "another", "rotated", Action.UPDATE),
        (KEY, None, "unverified", None),
        (OTHER_KEY, "key-one", "same", Action.UPDATE),
        (OTHER_KEY, "another", "rotated", Action.UPDATE),
        (OTHER_KEY, None, "unverified", Action.UPDATE),
    ],
)
def test_secrets(reference: SecretReference, value: str | None, status: str, action: Action | None) -> None:
    """A secret is told by its fingerprint: same, rotated, or unverified; another reference changes the record."""
    wanted = destination(secrets={"api_key": reference})
    known = fingerprints({} if value is None else {reference: value})
    plan = plan_of(configuration(wanted), recorded(BLINK), live(BLINK), known)
    assert one(plan) == action
    assert plan.unverified == ((("destination.blink", ("api_key",)),) if status == "unverified" else ())
    for change in plan.changes:
        assert [each.status for each in change.secrets] == [status]
        assert change.recorded_only == (status != "rotated")


def test_ignored_secret_is_left_alone() -> None:
    """A key under ignore_changes is neither compared nor sent nor called unverified, whatever else changes."""
    wanted = destination(severities=["LOW"], ignore_changes=("api_key",), secrets={"api_key": OTHER_KEY})
    for known in (fingerprints({OTHER_KEY: "another"}), fingerprints({})):
        plan = plan_of(configuration(wanted), recorded(BLINK), live(BLINK), known)
        assert plan.changes[0].secrets == ()
        assert plan.unverified == ()


def test_secret_that_is_no_longer_declared_changes_the_object() -> None:
    """A URL that comes out of the vault into the file is a change of the object."""
    there = destination(webhook_url=None, secrets={"api_key": KEY, "webhook_url": OTHER_KEY})
    (change,) = plan_of(configuration(BLINK), recorded(there), live(there)).changes
    assert not change.recorded_only
    assert [(each.name, each.after) for each in change.differences] == [("webhook_url", f"{URL}/soc")]


@pytest.mark.parametrize("live_too", [False, True])
def test_ignore_changes(live_too: bool) -> None:  # noqa: FBT001 - a case of the table
    """An ignored attribute may differ in the YAML, and be changed outside, without a change or drift."""
    wanted = destination(log_types=["AWS.ALB"], ignore_changes=("log_types",))
    there = destination(log_types=["AWS.S3"]) if live_too else BLINK
    plan = plan_of(configuration(wanted), recorded(BLINK), live(there))
    assert not plan.changes
    assert not plan.drift


def test_ignored_attribute_keeps_its_live_value() -> None:
    """An update for another reason leaves the ignored attribute as it is."""
    wanted = destination(severities=["LOW"], log_types=["AWS.ALB"], ignore_changes=("log_types",))
    (change,) = plan_of(configuration(wanted), recorded(BLINK), live(destination(log_types=["AWS.S3"]))).changes
    assert change.after is not None
    assert change.after["log_types"] == ("AWS.S3",)
    assert [each.name for each in change.differences] == ["severities"]


def test_prevent_destroy_outlives_its_block() -> None:
    """Deleting the block, or the whole configuration, does not lift the protection that the state keeps."""
    protected = destination(prevent_destroy=True)
    state, objects = recorded(protected, KEPT), live(protected, KEPT)
    for options in (Options(), Options(destroy=True)):
        plan = plan_of(configuration(KEPT), state, objects, options=options)
        assert [each.code for each in plan.diagnostics if each.severity == "error"] == ["prevent-destroy"]


def test_prevent_destroy_that_is_declared_only() -> None:
    """A protection that no apply has recorded yet protects already from destroy."""
    plan = plan_of(
        configuration(destination(prevent_destroy=True)), recorded(BLINK), live(BLINK), options=Options(destroy=True)
    )
    assert plan.refused


def test_prevent_destroy_is_lifted_by_an_apply() -> None:
    """Lifting the protection is an update of the record alone, and the digest knows it."""
    (change,) = plan_of(configuration(BLINK), recorded(destination(prevent_destroy=True)), live(BLINK)).changes
    assert change.recorded_only
    assert [(each.name, each.before, each.after) for each in change.differences] == [("prevent_destroy", True, False)]


def test_moved() -> None:
    """A moved resource keeps its object; the plan names where it was."""
    desired = configuration(destination("new", display_name="blink"), moved=[("destination.blink", "destination.new")])
    (change,) = plan_of(desired, recorded(BLINK), live(BLINK)).changes
    assert (change.action, change.id, change.previous_address) == (Action.NO_OP, "id-blink", "destination.blink")


def test_moved_already() -> None:
    """A move that an earlier apply made may stay in the file."""
    new = destination("new")
    assert not plan_of(
        configuration(new, moved=[("destination.old", "destination.new")]), recorded(new), live(new)
    ).pending


def test_move_onto_another() -> None:
    """A move to an address that is recorded itself is refused."""
    new = destination("new")
    desired = configuration(new, moved=[("destination.blink", "destination.new")])
    plan = plan_of(desired, recorded(BLINK, new), live(BLINK, new))
    assert [each.code for each in plan.diagnostics if each.severity == "error"] == ["invalid-move"]


def test_destroy_of_what_moves() -> None:
    """A destroy finds the record of a resource that has not been moved yet."""
    desired = configuration(destination("new"), moved=[("destination.blink", "destination.new")])
    (change,) = plan_of(desired, recorded(BLINK), live(BLINK), options=Options(destroy=True)).changes
    assert (change.action, change.previous_address) == (Action.DELETE, "destination.blink")


VAULT_A, VAULT_B = (SecretReference("command", ("vault", "read", name)) for name in "ab")


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
    assert not plan.refused


def test_empty_configuration() -> None:
    """A configuration without a resource beside a state that has some is an error; without any there is nothing."""
    with pytest.raises(Failure, match="the state records 1 resource ") as caught:
        plan_of(configuration(), recorded(BLINK), live(BLINK))
    assert caught.value.exit_code == 1
    assert not plan_of(configuration()).pending


def fleet(count: int) -> tuple[Resource, ...]:
    """Return so many destinations."""
    return tuple(destination(f"d{number:03}") for number in range(count))


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
    """A plan beyond its limits is refused, with the exact flag that lets it through."""
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
    """More than 30 % of the managed objects, at least 3, vanished at once: that is asked about, with the exact flag."""
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


def test_destroy() -> None:
    """A destroy deletes all that is recorded, without limits, and forgets what is gone."""
    there = fleet(5)
    plan = plan_of(configuration(*there), recorded(*there), live(*there[1:]), options=Options(destroy=True))
    assert (plan.count(Action.DELETE), plan.count(Action.FORGET)) == (4, 1)
    assert not plan.refused


def addresses(plan: Plan) -> list[str]:
    """Return the names of the changes' addresses, in order."""
    return [each.address.partition(".")[2] for each in plan.changes]


WIDE = configuration(trigger(), trigger("ops"), destination("a"), destination("b"), destination("c", trigger="ops"))


@pytest.mark.parametrize(
    ("options", "chosen"),
    [
        (Options(targets=("destination.a",)), ["soc", "a"]),
        (Options(targets=("trigger.ops",)), ["ops"]),
        (Options(excludes=("trigger.soc",)), ["ops", "c"]),
        (Options(excludes=("destination.a",)), ["ops", "soc", "b", "c"]),
        (Options(targets=("destination.a",), excludes=("trigger.soc",)), []),
    ],
)
def test_selection(options: Options, chosen: list[str]) -> None:
    """Targets come with all that they wait for, exclusions take along all that waits for them."""
    assert addresses(plan_of(WIDE, options=options)) == chosen


@pytest.mark.parametrize("options", [Options(targets=("destination.b",)), Options(excludes=("destination.a",))])
def test_selection_within_a_swap(options: Options) -> None:
    """Half of a swap of names is never selected: the other half would find its name taken."""
    state, objects = recorded(destination("a"), destination("b")), live(destination("a"), destination("b"))
    swapped = configuration(destination("a", display_name="b"), destination("b", display_name="a"))
    assert len(addresses(plan_of(swapped, state, objects, options=options))) in (0, 2)


def test_selection_of_an_unknown_address() -> None:
    """An address that is nowhere is an error with a suggestion."""
    with pytest.raises(Failure) as caught:
        plan_of(WIDE, options=Options(targets=("destination.aa",)))
    assert dict(caught.value.diagnostics[0].notes)["help"] == "did you mean destination.a?"


def test_excluded_problem_is_not_in_the_way() -> None:
    """What stands in the way of one destination does not keep the others from being applied."""
    desired = configuration(BLINK, KEPT)
    for options in (Options(excludes=("destination.blink",)), Options(targets=("destination.kept",))):
        plan = plan_of(desired, EMPTY, (NEWBORN,), options=options)
        assert not plan.refused
        assert addresses(plan) == ["kept"]


def digest_of(
    *desired: Resource, state: State, there: tuple[LiveObject, ...], known: dict[SecretReference, str]
) -> Plan:
    """Return a plan of the same configuration digest, whatever is desired."""
    return plan_of(replace(configuration(*desired), digest="same"), state, there, fingerprints(known))


def test_digest_does_not_know_rotation() -> None:
    """A key that is rotated, or can be resolved, between plan and apply does not make the plan stale."""
    state, there = recorded(BLINK, destination("b")), live(BLINK, destination("b"))
    plans = [
        digest_of(BLINK, destination("b", severities=["LOW"]), state=state, there=there, known=known)
        for known in ({KEY: "key-one"}, {KEY: "rotated"}, {})
    ]
    assert len({each.digest for each in plans}) == 1
    assert what_moved(plans[0], plans[1]) == ()
    assert [len(each.changes) for each in plans] == [1, 2, 1]


@pytest.mark.parametrize(
    "other",
    [
        lambda plan: plan_of(configuration(destination(severities=["INFO"])), recorded(BLINK), live(BLINK)),
        lambda plan: plan_of(configuration(CHANGED), recorded(BLINK), live(destination(severities=["INFO"]))),
        lambda plan: plan_of(configuration(CHANGED), recorded(BLINK), ()),
        lambda plan: plan_of(configuration(BLINK), recorded(BLINK), live(BLINK)),
        lambda plan: plan_of(configuration(replace(CHANGED, prevent_destroy=True)), recorded(BLINK), live(BLINK)),
        lambda plan: plan_of(
            configuration(replace(CHANGED, secrets={"api_key": VAULT_A})), recorded(BLINK), live(BLINK)
        ),
    ],
)
def test_digest_knows_whatever_was_reviewed(other: Callable[[Plan], Plan]) -> None:
    """Anything that a reviewer saw and that is otherwise now changes the digest, and is named."""
    saved = plan_of(configuration(CHANGED), recorded(BLINK), live(BLINK))
    current = other(saved)
    assert saved.digest != current.digest
    assert what_moved(saved, current) == ("destination.blink",)


def test_what_moved_tells_commands_apart() -> None:
    """Two commands of one program are two references, although people see the program alone."""
    plans = [plan_of(configuration(destination(secrets={"api_key": each}))) for each in (VAULT_A, VAULT_B)]
    assert what_moved(*plans) == ("destination.blink",)


def test_digest_knows_the_lineage() -> None:
    """A plan against another state is another plan, even where nothing changes."""
    one_way, another = (plan_of(configuration(), State(lineage, SALT)) for lineage in ("one", "two"))
    assert one_way.digest != another.digest


def test_drift_by_whom() -> None:
    """A change outside is told with its attributes and its author, and the update heals it."""
    plan = plan_of(configuration(BLINK), recorded(BLINK), live(CHANGED, by="mallory"))
    (drift,) = plan.drift
    assert [(each.name, each.before, each.after) for each in drift.differences] == [("severities", ("HIGH",), ("LOW",))]
    assert drift.by == "mallory"
    assert plan.changes[0].after == BLINK.attributes


def test_drift_plan() -> None:
    """Drift by itself has no changes; it is told by address, with what nobody manages and nobody could verify."""
    there = (destination("b"), destination("a"))
    objects = (*live(destination("b", severities=["LOW"])), NEWBORN)
    plan = drift_plan(configuration(*there), recorded(*there), objects, fingerprints({}), today=TODAY)
    assert not plan.pending
    assert [(each.address, each.kind) for each in plan.drift] == [
        ("destination.a", "deleted"),
        ("destination.b", "changed"),
    ]
    assert plan.unmanaged == (NEWBORN,)
    assert {address for address, _ in plan.unverified} == {"destination.b"}


def test_drift_of_a_rotated_key() -> None:
    """A key that was rotated in its store is drift of the destination; one that cannot be resolved is none."""
    state, there = recorded(BLINK), live(BLINK)
    (drift,) = plan_of(configuration(BLINK), state, there, fingerprints({KEY: "rotated"})).drift
    assert (drift.kind, drift.rotated) == ("changed", ("api_key",))
    assert plan_of(configuration(BLINK), state, there, fingerprints({})).drift == ()


def test_only_what_bears_the_intents_name_is_adopted() -> None:
    """A person's own destination is not taken over because a killed run once meant its address."""
    renamed = destination(display_name="by hand")
    plan = plan_of(configuration(renamed), pending(), live(renamed))
    assert (plan.changes, [each.code for each in plan.diagnostics]) == ((), ["exists"])


def test_an_ignored_name_is_not_taken() -> None:
    """A display name that is left as it is live collides with nobody."""
    theirs = LiveObject("theirs", {**BLINK.attributes, "display_name": "wanted"})
    desired = destination(display_name="wanted", ignore_changes=("display_name",))
    plan = plan_of(configuration(desired), recorded(BLINK), (*live(BLINK), theirs))
    assert plan.diagnostics == ()


def test_unverified_is_told_of_what_is_selected_alone() -> None:
    """What `--exclude` leaves out needs no secret, so its secret is nobody's concern."""
    options = Options(excludes=("destination.blink",))
    plan = plan_of(configuration(BLINK), recorded(BLINK), live(BLINK), fingerprints({}), options)
    assert plan.unverified == ()

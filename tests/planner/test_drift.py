"""Drift: what was changed outside and by whom; what a waiver covers, and until when."""

from dataclasses import replace

import pytest

from blinkdecl.model.configuration import Settings, Waiver
from blinkdecl.model.live import Capabilities, LiveObject
from blinkdecl.model.plan import Action, Change, Difference, Drift
from blinkdecl.model.resource import Resource
from blinkdecl.model.secret_values import NewValue
from blinkdecl.planner.drift import drift_plan, unmanaged, waive
from tests.support.builders import (
    KEY,
    OTHER_KEY,
    TODAY,
    configuration,
    destination,
    fingerprints,
    live,
    plan_of,
    recorded,
)  # fmt: skip
from tests.support.resources import BLINK, CHANGED, EMPTY, NEWBORN

SEVERITIES = Difference("severities", ("HIGH",), ("LOW",))
NAME = Difference("display_name", "a", "b")
LOGS = Difference("log_types", (), ("Okta.SystemLog",))
DRIFTED = Drift("destination.a", "changed", (SEVERITIES, NAME, LOGS))
GONE = Drift("destination.a", "deleted")


def test_drift_by_whom() -> None:
    """A change made outside is reported with its attributes and its author, and the plan undoes it."""
    plan = plan_of(configuration(BLINK), recorded(BLINK), live(CHANGED, by="mallory"))
    (drift,) = plan.drift
    assert [(each.name, each.before, each.after) for each in drift.differences] == [("severities", ("HIGH",), ("LOW",))]
    assert drift.by == "mallory"
    assert plan.changes[0].after == BLINK.attributes


def test_drift_plan() -> None:
    """A drift plan has no changes; it lists drift by address, what is unmanaged and what could not be verified."""
    there = (destination("b"), destination("a"))
    objects = (*live(destination("b", severities=["LOW"])), NEWBORN)
    plan = drift_plan(configuration(*there), recorded(*there), objects, fingerprints({}), Capabilities(), today=TODAY)
    assert not plan.pending
    assert [(each.address, each.kind) for each in plan.drift] == [
        ("destination.a", "deleted"),
        ("destination.b", "changed"),
    ]
    assert plan.unmanaged == (NEWBORN,)
    assert {address for address, _ in plan.unverified} == {"destination.b"}


def test_what_is_ignored_is_counted() -> None:
    """By patterns of display names, in plans and in drift; what is managed is never ignored."""
    objects = (*live(BLINK), *(LiveObject(name, {"display_name": name}) for name in ("dev a", "Dev a", "dev", "prod")))
    settings = Settings(unmanaged_ignore=("dev*", str(BLINK.attributes["display_name"])))
    desired = replace(configuration(BLINK), settings=settings)
    made = plan_of(desired, recorded(BLINK), objects)
    told = drift_plan(desired, recorded(BLINK), objects, fingerprints({}), Capabilities(), today=TODAY)
    for each in (made, told):
        assert ([found.id for found in each.unmanaged], each.unmanaged_ignored) == (["Dev a", "prod"], 2)


def test_what_is_unmanaged_has_one_order() -> None:
    """By name, whatever order Panther lists it in; a plan, drift and `import` share it."""
    there = live(destination("c"), destination("a"), destination("b"))
    listed = tuple(sorted(there, key=lambda each: each.display_name))
    assert unmanaged(there, ()) == unmanaged(there[::-1], ()) == (listed, 0)
    assert plan_of(configuration(), EMPTY, there).unmanaged == listed


def test_a_new_value_is_no_drift() -> None:
    """A new value behind our own reference is a change of ours, in the changes alone: nobody has touched anything."""
    state, there = recorded(BLINK), live(BLINK, by="jo@example.com")
    plan = plan_of(configuration(BLINK), state, there, fingerprints({KEY: "rotated"}))
    assert (plan.drift, [each.secrets[0].status for each in plan.changes]) == ((), ["rotated"])
    told = drift_plan(configuration(BLINK), state, there, fingerprints({KEY: "rotated"}), Capabilities(), today=TODAY)
    assert (told.drift, told.drifted, told.unverified) == ((), False, ())
    assert told.not_applied == (NewValue("destination.blink", "api_key", KEY),)
    assert (
        drift_plan(configuration(BLINK), state, there, fingerprints({}), Capabilities(), today=TODAY).not_applied == ()
    )


def test_a_new_value_beside_drift_has_nobodys_name() -> None:
    """Who and when stand beside what was compared with what is live, and the new value apart from it."""
    known = fingerprints({KEY: "rotated"})
    told = drift_plan(
        configuration(BLINK), recorded(BLINK), live(CHANGED, by="mallory"), known, Capabilities(), today=TODAY
    )
    [drift] = told.drift
    assert ([each.name for each in drift.differences], drift.by) == (["severities"], "mallory")
    assert [each.name for each in told.not_applied] == ["api_key"]


@pytest.mark.parametrize(
    "wanted", [destination("blink", secrets={"api_key": OTHER_KEY}), destination("blink", ignore_changes=("api_key",))]
)
def test_what_apply_would_not_put_in_place(wanted: Resource) -> None:
    """Another reference in the YAML is another change; an ignored secret and a destination that goes are none."""
    known = fingerprints({KEY: "rotated", OTHER_KEY: "key-two"})
    for desired in (configuration(wanted), configuration()):
        assert drift_plan(desired, recorded(BLINK), live(BLINK), known, Capabilities(), today=TODAY).not_applied == ()


def waiver(*attributes: str, until: str = TODAY, address: str = "destination.a") -> Waiver:
    """Return a waiver that still holds today."""
    return Waiver(address, until, attributes)


@pytest.mark.parametrize(
    ("drift", "change", "undone"),
    [
        (DRIFTED, Change("destination.a", Action.UPDATE, differences=DRIFTED.differences), True),
        (DRIFTED, Change("destination.a", Action.UPDATE, differences=(Difference("trigger", "a", "b"),)), False),
        (DRIFTED, Change("destination.a", Action.UPDATE, differences=DRIFTED.differences, recorded_only=True), False),
        (DRIFTED, Change("destination.a", Action.DELETE), False),
        (GONE, Change("destination.a", Action.CREATE), True),
        (GONE, Change("destination.a", Action.FORGET), False),
    ],
)
def test_what_a_plan_undoes(drift: Drift, change: Change, undone: bool) -> None:  # noqa: FBT001 - pytest passes it by name
    """An attribute that is put back, an object that is made again."""
    assert drift.is_undone_by(change) is undone


def told(*drift: Drift) -> list[tuple[bool, tuple[str, ...]]]:
    """Return for each entry whether it is waived, and the names in it."""
    return [(each.waived, tuple(d.name for d in each.differences)) for each in drift]


def test_without_waivers_drift_is_as_it_is() -> None:
    """Without a waiver the entries stay as they are."""
    assert waive([DRIFTED, GONE], (), TODAY) == (DRIFTED, GONE)


@pytest.mark.parametrize("drift", [DRIFTED, GONE])
def test_a_waiver_without_attributes_covers_all(drift: Drift) -> None:
    """The entry stays whole: waived, with the waiver that covers it."""
    (found,) = waive([drift], (waiver(),), TODAY)
    assert (found.waived, found.waiver, found.kind) == (True, waiver(), drift.kind)


def test_a_waiver_splits_an_entry() -> None:
    """What the waiver covers is waived, the rest is still drift."""
    found = waive([DRIFTED], (waiver("severities"),), TODAY)
    assert told(*found) == [(True, ("severities",)), (False, ("display_name", "log_types"))]


def test_several_waivers_share_an_entry() -> None:
    """Each waiver covers the attributes it names; the first that names one wins."""
    found = waive([DRIFTED], (waiver("severities"), waiver("log_types", "severities"), waiver("display_name")), TODAY)
    assert told(*found) == [(True, ("severities",)), (True, ("log_types",)), (True, ("display_name",))]


def test_a_deletion_is_not_covered_by_attributes() -> None:
    """Tolerating other severities does not mean tolerating that nobody receives alerts."""
    assert waive([GONE], (waiver("severities"),), TODAY) == (GONE,)


def test_an_expired_waiver_is_drift_again_and_named() -> None:
    """From the day after its last day a waiver covers nothing; of several, the latest is named."""
    old, older = waiver(until="2026-11-23"), waiver(until="2026-10-01")
    (found,) = waive([DRIFTED], (older, old), TODAY)
    assert (found.waived, found.waiver) == (False, old)
    assert told(found) == told(DRIFTED)


def test_another_address_is_not_covered() -> None:
    """A waiver is for one destination."""
    assert waive([DRIFTED], (waiver(address="destination.b"),), TODAY) == (DRIFTED,)


def test_what_another_environment_records_is_not_unmanaged() -> None:
    """It is managed, although not here."""
    other = replace(live(BLINK)[0], id="other")
    told = drift_plan(
        configuration(BLINK), recorded(BLINK), (*live(BLINK), other), fingerprints({}), Capabilities(), today=TODAY,
        elsewhere=[other.id],
    )  # fmt: skip
    assert told.unmanaged == ()

"""Waivers: what they cover, until when, and that nothing is lost between what is waived and what is not."""

import pytest

from blinkdecl.model.configuration import Waiver
from blinkdecl.model.plan import Difference, Drift
from blinkdecl.planner.drift import waive

TODAY = "2026-11-24"
SEVERITIES = Difference("severities", ("HIGH",), ("LOW",))
NAME = Difference("display_name", "a", "b")
CHANGED = Drift("destination.a", "changed", (SEVERITIES, NAME), ("api_key",))
GONE = Drift("destination.a", "deleted")


def waiver(*attributes: str, until: str = TODAY, address: str = "destination.a") -> Waiver:
    """Return a waiver that still holds today."""
    return Waiver(address, until, attributes)


def told(*drift: Drift) -> list[tuple[bool, tuple[str, ...]]]:
    """Return of each entry whether it is waived, and the names in it."""
    return [(each.waived, (*(d.name for d in each.differences), *each.rotated)) for each in drift]


def test_without_waivers_drift_is_as_it_is() -> None:
    """The same entries."""
    assert waive([CHANGED, GONE], (), TODAY) == (CHANGED, GONE)


@pytest.mark.parametrize("drift", [CHANGED, GONE])
def test_a_waiver_without_attributes_covers_all(drift: Drift) -> None:
    """One entry, waived, with the waiver that covers it."""
    (found,) = waive([drift], (waiver(),), TODAY)
    assert (found.waived, found.waiver, found.kind) == (True, waiver(), drift.kind)


def test_a_waiver_splits_an_entry() -> None:
    """What it covers is waived, the rest is drift."""
    found = waive([CHANGED], (waiver("severities"),), TODAY)
    assert told(*found) == [(True, ("severities",)), (False, ("display_name", "api_key"))]


def test_several_waivers_share_an_entry() -> None:
    """Each covers its own."""
    found = waive([CHANGED], (waiver("severities"), waiver("api_key", "severities"), waiver("display_name")), TODAY)
    assert told(*found) == [(True, ("severities",)), (True, ("api_key",)), (True, ("display_name",))]


def test_a_deletion_is_not_covered_by_attributes() -> None:
    """Who tolerates other severities does not tolerate that nobody receives alerts."""
    assert waive([GONE], (waiver("severities"),), TODAY) == (GONE,)


def test_an_expired_waiver_is_drift_again_and_named() -> None:
    """From the day after its last day on; the latest is the one that is named."""
    old, older = waiver(until="2026-11-23"), waiver(until="2026-10-01")
    (found,) = waive([CHANGED], (older, old), TODAY)
    assert (found.waived, found.waiver) == (False, old)
    assert told(found) == told(CHANGED)


def test_another_address_is_not_covered() -> None:
    """A waiver is for one destination."""
    assert waive([CHANGED], (waiver(address="destination.b"),), TODAY) == (CHANGED,)

"""What a plan changes about who gets which alerts: by masks, and by asking the routing for every cell."""

import itertools
import time
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blinkdecl.model.live import LiveObject
from blinkdecl.model.plan import OTHER, Action, Change, Difference, RoutingRow
from blinkdecl.model.resource import ALERT_TYPES, LOGLESS, SEVERITIES, Attributes
from blinkdecl.model.state import Recorded
from blinkdecl.routing.cells import label_of
from blinkdecl.routing.impact import drift_impact, drift_sides, impact, plan_impact
from blinkdecl.routing.receiver import Receiver
from blinkdecl.routing.route import RoutedAlert, route

Cell = tuple[str, str, str | None]
LOGS = ("AWS.CloudTrail", "Okta.SystemLog", "Custom.App")


def receiver(name: str, *severities: str, types: tuple[str, ...] = (), logs: tuple[str, ...] = ()) -> Receiver:
    """Return a destination."""
    return Receiver(f"destination.{name}", None, name.upper(), severities, types, logs)


def some(values: tuple[str, ...], most: int = 4) -> st.SearchStrategy[tuple[str, ...]]:
    """Draw some of these, each once."""
    return st.lists(st.sampled_from(values), unique=True, max_size=most).map(tuple)


def destinations(names: str) -> st.SearchStrategy[list[Receiver]]:
    """Draw destinations of different names, some of them managed here."""
    each = st.builds(
        lambda name, managed, *settings: Receiver(f"destination.{name}" if managed else None, name, name, *settings),
        st.sampled_from(names), st.booleans(), some(SEVERITIES), some(ALERT_TYPES), some(LOGS, 2),
    )  # fmt: skip
    return st.lists(each, max_size=6, unique_by=lambda found: found.display_name)


def brute(before: list[Receiver], after: list[Receiver]) -> dict[Cell, tuple[set[str], set[str]]]:
    """Return who gets each cell of the whole product that occurs, by the routing itself."""
    logs = {log for each in (*before, *after) for log in each.log_types}
    found = {}
    for severity, alert_type in itertools.product(SEVERITIES, ALERT_TYPES):
        if alert_type == "SYSTEM_ERROR" and severity != "CRITICAL":
            continue
        for log in (None,) if alert_type in LOGLESS else (*logs, OTHER):
            alert = RoutedAlert(severity, alert_type, (log,) if log else ())
            was, becomes = ({label_of(each) for each in route(alert, side).reached} for side in (before, after))
            found[severity, alert_type, log] = was, becomes
    return found


def copies(receivers: list[Receiver], count: int) -> list[Receiver]:
    """Return so many of the first, under names of their own."""
    return [replace(each, address=None, display_name=f"{number}") for each in receivers[:1] for number in range(count)]


@settings(max_examples=300, deadline=None)
@given(destinations("abcdef"), destinations("abcdef"), st.sampled_from((0, 0, 31, 32, 80)))
def test_the_same_as_asking_for_every_cell(before: list[Receiver], after: list[Receiver], alike: int) -> None:
    """Each cell that changes, or that nobody gets, is in exactly one row, and the row says who gets it.

    System errors are CRITICAL alone; a row about them and other types may name other severities, too. Of many that are
    alike the same is said as of each.
    """
    before, after = [*before, *copies(before, alike)], [*after, *copies(after, alike)]
    rows = impact(before, after)
    cells = brute(before, after)
    if all(was == becomes for was, becomes in cells.values()):
        assert [row for row in rows if row.changed] == []
        return
    told: dict[Cell, RoutingRow] = {}
    logs = {log for _, _, log in cells} - {None}
    for row in rows:
        for severity, alert_type in itertools.product(row.severities, row.alert_types):
            if alert_type == "SYSTEM_ERROR" and severity != "CRITICAL":
                assert "CRITICAL" in row.severities
                continue
            every = {None} if alert_type in LOGLESS else logs
            for log in every if row.log_types is None else row.log_types:
                assert told.setdefault((severity, alert_type, log), row) is row
    assert {cell: (set(row.before), set(row.after)) for cell, row in told.items()} == {
        cell: sides for cell, sides in cells.items() if sides[0] != sides[1] or not sides[0]
    }


def test_the_first_destination() -> None:
    """Two rows: what somebody gets now, and what still nobody gets."""
    assert impact([], [receiver("soc", "HIGH", "CRITICAL")]) == (
        RoutingRow(("CRITICAL", "HIGH"), ALERT_TYPES, None, (), ("destination.soc",)),
        RoutingRow(("MEDIUM", "LOW", "INFO"), ALERT_TYPES[:-1], None, (), ()),
    )


def test_losses_come_first() -> None:
    """What reaches nobody any more before what reaches fewer, before gains, before what never reached anybody."""
    soc, digest = receiver("soc", "CRITICAL", "HIGH"), receiver("digest", "HIGH", "LOW")
    rows = impact([soc, digest], [receiver("digest", "HIGH", "LOW", "MEDIUM")])
    assert [row.alert_types for row in rows][1:3] == [("SYSTEM_ERROR",), ALERT_TYPES[:-1]]
    assert [(row.severities, row.before, row.after) for row in rows] == [
        (("CRITICAL",), ("destination.soc",), ()),
        (("CRITICAL",), ("destination.digest", "destination.soc"), ("destination.digest",)),
        (("HIGH",), ("destination.digest", "destination.soc"), ("destination.digest",)),
        (("MEDIUM",), (), ("destination.digest",)),
        (("INFO",), (), ()),
    ]


def test_log_types_and_what_has_none() -> None:
    """A destination that takes some logs gets no policies; any other log stands beside those that are named."""
    before, after = [receiver("a", "HIGH")], [receiver("a", "HIGH", logs=("AWS.CloudTrail",))]
    changed = [row for row in impact(before, after) if row.changed]
    assert [(row.alert_types, row.log_types) for row in changed] == [
        (("SYSTEM_ERROR",), None),
        (("POLICY", "POLICY_ERROR"), None),
        (tuple(each for each in ALERT_TYPES if each not in LOGLESS), (OTHER,)),
    ]
    assert all(row.after == () for row in changed)


def test_nothing_changes() -> None:
    """No rows, also where nobody gets something."""
    assert impact([receiver("a", "HIGH")], [receiver("a", "HIGH")]) == ()


@pytest.mark.parametrize("count", [10_000])
def test_ten_thousand(count: int) -> None:
    """Within a part of the plan's budget."""
    before = [
        receiver(f"d{each}", SEVERITIES[each % 5], logs=(f"Custom.L{each % 300}",) if each % 3 else ())
        for each in range(count)
    ]
    seconds = []
    for _ in range(3):
        begun = time.perf_counter()
        rows = impact(before, before[1:])
        seconds.append(time.perf_counter() - begun)
    assert rows[0].before[0] == "destination.d0"
    assert min(seconds) < 0.5, seconds


def live(name: str, *severities: str) -> LiveObject:
    """Return a live destination."""
    attributes: Attributes = {"display_name": name, "severities": severities, "alert_types": (), "log_types": ()}
    return LiveObject(f"id-{name}", attributes)


def recorded(name: str, *severities: str, types: tuple[str, ...] = ()) -> Recorded:
    """Return the record of it."""
    attributes = {**live(name, *severities).attributes, "alert_types": types, "trigger": "soc"}
    return Recorded(f"destination.{name}", f"id-{name}", attributes, {}, prevent_destroy=False)


def test_a_plan_that_deletes_the_last_one() -> None:
    """What nothing manages goes on getting its alerts, under its display name."""
    change = Change("destination.soc", Action.DELETE, id="id-soc", before=live("soc", "CRITICAL", "HIGH").attributes)
    rows = plan_impact(
        [change], [live("soc", "CRITICAL", "HIGH"), live("other", "HIGH")], {"destination.soc": recorded("soc", "HIGH")}
    )
    assert [(row.severities, row.before, row.after) for row in rows if row.changed] == [
        (("CRITICAL",), ("destination.soc",), ()),
        (("CRITICAL",), ('"other"', "destination.soc"), ('"other"',)),
        (("HIGH",), ('"other"', "destination.soc"), ('"other"',)),
    ]


def test_a_plan_that_routes_nothing_else() -> None:
    """A new display name, or a new key, moves no alert."""
    after = {**live("soc", "HIGH").attributes, "display_name": "New"}
    change = Change(
        "destination.soc", Action.UPDATE, id="id-soc", before=live("soc", "HIGH").attributes, after=after,
        differences=(Difference("display_name", "soc", "New"),),
    )  # fmt: skip
    assert plan_impact([change], [live("soc", "HIGH")], {"destination.soc": recorded("soc", "HIGH")}) == ()


def test_drift_and_what_cannot_be_read() -> None:
    """Only what changed; an attribute that the provider does not show is as recorded."""
    blind = LiveObject("id-soc", {"display_name": "soc", "severities": ("CRITICAL",)})
    rows = drift_impact(
        *drift_sides({"destination.soc": recorded("soc", "HIGH", "CRITICAL", types=("RULE",))}, [blind])
    )
    assert rows == (RoutingRow(("HIGH",), ("RULE",), None, ("destination.soc",), ()),)

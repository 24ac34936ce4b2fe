"""What a reviewed plan is held to: what its digest covers, and which addresses are named when it is stale."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from blinkdecl.diagnostics import Diagnostic, Failure
from blinkdecl.model.live import LiveObject
from blinkdecl.model.plan import Options, Plan, PlannedAlerts, RoutingRow
from blinkdecl.model.resource import Resource, SecretReference
from blinkdecl.model.state import State
from blinkdecl.planner.stale import check_age, check_fresh, sealed, what_happened, what_moved
from tests.support.builders import KEY, SALT, configuration, destination, fingerprints, live, plan_of, recorded
from tests.support.resources import BLINK, CHANGED, VAULT_A, VAULT_B


def digest_of(
    *desired: Resource, state: State, there: tuple[LiveObject, ...], known: dict[SecretReference, str]
) -> Plan:
    """Return a plan whose configuration digest is the same, whatever is desired."""
    plan = plan_of(configuration(*desired), state, there, fingerprints(known))
    return sealed(replace(plan, config_digest="same"))


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
    """Whatever a reviewer saw and has changed since changes the digest, and is named."""
    saved = plan_of(configuration(CHANGED), recorded(BLINK), live(BLINK))
    current = other(saved)
    assert saved.digest != current.digest
    assert what_moved(saved, current) == ("destination.blink",)


def test_what_moved_tells_commands_apart() -> None:
    """Two commands of one program are two references, although only the program is shown."""
    plans = [plan_of(configuration(destination(secrets={"api_key": each}))) for each in (VAULT_A, VAULT_B)]
    assert what_moved(*plans) == ("destination.blink",)


NARROWED = destination("blink", severities=["INFO"])
OF_BLINK = "the configuration of destination.blink changed"


@pytest.mark.parametrize(
    ("current", "told"),
    [
        (plan_of(configuration(NARROWED), recorded(BLINK), live(BLINK)), [OF_BLINK]),
        (plan_of(configuration(CHANGED), recorded(BLINK), live(NARROWED)), ["destination.blink changed in Panther"]),
        (plan_of(configuration(CHANGED), recorded(BLINK), ()), ["destination.blink changed in Panther"]),
        (plan_of(configuration(BLINK), recorded(BLINK), live(BLINK)), [OF_BLINK]),
        (
            plan_of(configuration(CHANGED), replace(recorded(CHANGED), serial=9), live(CHANGED)),
            ["this plan was applied already: nothing of it is left to do"],
        ),
    ],
)
def test_what_happened_since(current: Plan, told: list[str]) -> None:
    """Whether the YAML, Panther, or an apply is to be looked at."""
    saved = plan_of(configuration(CHANGED), recorded(BLINK), live(BLINK))
    assert what_happened(saved, current) == told


def test_what_happened_to_one_of_two() -> None:
    """What another run did, and what somebody did in Panther, beside each other."""
    others = destination("b"), destination("b", severities=["LOW"])
    saved = plan_of(configuration(CHANGED, others[1]), recorded(BLINK, others[0]), live(BLINK, others[0]))
    there = live(NARROWED, others[1])
    current = plan_of(configuration(CHANGED, others[1]), replace(recorded(BLINK, others[1]), serial=9), there)
    assert what_happened(saved, current) == [
        "done already by another run: destination.b",
        "destination.blink changed in Panther",
    ]


def test_digest_knows_the_lineage() -> None:
    """A plan made on another state has another digest, even where nothing changes."""
    one_way, another = (plan_of(configuration(), State(lineage, SALT)) for lineage in ("one", "two"))
    assert one_way.digest != another.digest


LOST = RoutingRow(("CRITICAL",), ("RULE",), None, ("destination.blink",), ())


@pytest.mark.parametrize(
    "told",
    [
        {"options": Options(allow_deletes=100)},
        {"options": Options(allow_changes=100)},
        {"options": Options(accept_missing=9)},
        {"options": Options(targets=("destination.blink",))},
        {"options": Options(excludes=("destination.b",))},
        {"options": Options(destroy=True)},
        {"diagnostics": (Diagnostic("limits", "too many"),)},
        {"routing": (LOST,)},
        {"routing": (replace(LOST, silent=True),)},
        {"timestamp": "2026-11-28T10:00:00Z"},
        {"test_alerts": PlannedAlerts(3, 0)},
    ],
)
def test_digest_knows_what_the_reviewer_was_told(told: dict[str, object]) -> None:
    """The terms, the warnings, who loses alerts, how many test alerts go out, and when it was made."""
    plan = plan_of(configuration(CHANGED), recorded(BLINK), live(BLINK))
    assert sealed(replace(plan, **told)).digest != plan.digest  # type: ignore[arg-type]  # fields of a plan


def test_no_loss_that_nobody_was_told_of() -> None:
    """A plan that would now lose alerts is not what was reviewed; what was told may be lost, in fewer words too."""
    plan = plan_of(configuration(CHANGED), recorded(BLINK), live(BLINK))
    without, losing = replace(plan, routing=()), replace(plan, routing=(LOST,))
    with pytest.raises(Failure) as caught:
        check_fresh(without, losing, "blinkdecl plan")
    assert "leave CRITICAL alerts without a destination" in caught.value.diagnostics[0].notes[0][1]
    check_fresh(losing, without, "blinkdecl plan")
    check_fresh(losing, replace(plan, routing=(replace(LOST, log_types=("A", "any other")),)), "blinkdecl plan")


@pytest.mark.parametrize(
    ("timestamp", "problem"),
    [
        ("2026-11-28T10:00:00Z", None),
        ("2026-11-28T11:04:00Z", None),
        ("2026-11-28T09:00:00Z", "it was made 7200s ago"),
        ("2026-11-28T11:06:00Z", "this is still to come"),
        ("", "does not say when it was made"),
        ("yesterday", "does not say when it was made"),
        ("2026-11-28", "does not say when it was made"),
    ],
)
def test_age(timestamp: str, problem: str | None) -> None:
    """At most an hour here; clocks may differ by five minutes."""
    plan = replace(plan_of(configuration(BLINK)), timestamp=timestamp)
    now = datetime(2026, 11, 28, 11, tzinfo=UTC)
    if problem is None:
        check_age(plan, 3600, now, "blinkdecl plan")
        return
    with pytest.raises(Failure) as caught:
        check_age(plan, 3600, now, "blinkdecl plan")
    assert problem in caught.value.diagnostics[0].notes[0][1]

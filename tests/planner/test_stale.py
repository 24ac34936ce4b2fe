"""What a reviewed plan is held to: what its digest covers, and which addresses are named when it is stale."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from blinkdecl.model.live import LiveObject
from blinkdecl.model.plan import Plan
from blinkdecl.model.resource import Resource, SecretReference
from blinkdecl.model.state import State
from blinkdecl.planner.stale import what_moved
from tests.support.builders import KEY, SALT, configuration, destination, fingerprints, live, plan_of, recorded
from tests.support.resources import BLINK, CHANGED, VAULT_A, VAULT_B


def digest_of(
    *desired: Resource, state: State, there: tuple[LiveObject, ...], known: dict[SecretReference, str]
) -> Plan:
    """Return a plan whose configuration digest is the same, whatever is desired."""
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
    """Whatever a reviewer saw and has changed since changes the digest, and is named."""
    saved = plan_of(configuration(CHANGED), recorded(BLINK), live(BLINK))
    current = other(saved)
    assert saved.digest != current.digest
    assert what_moved(saved, current) == ("destination.blink",)


def test_what_moved_tells_commands_apart() -> None:
    """Two commands of one program are two references, although only the program is shown."""
    plans = [plan_of(configuration(destination(secrets={"api_key": each}))) for each in (VAULT_A, VAULT_B)]
    assert what_moved(*plans) == ("destination.blink",)


def test_digest_knows_the_lineage() -> None:
    """A plan made on another state has another digest, even where nothing changes."""
    one_way, another = (plan_of(configuration(), State(lineage, SALT)) for lineage in ("one", "two"))
    assert one_way.digest != another.digest

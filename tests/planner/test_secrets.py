"""Secrets in a plan: compared by fingerprint, and left alone where they are ignored."""

import pytest

from blinkdecl.model.plan import Action
from blinkdecl.model.resource import SecretReference
from tests.support.builders import (
    KEY,
    OTHER_KEY,
    URL,
    configuration,
    destination,
    fingerprints,
    live,
    only_action,
    plan_of,
    recorded,
)
from tests.support.resources import BLINK


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
    """A fingerprint says whether a secret is the same, rotated or unverified; a new reference changes the record."""
    wanted = destination(secrets={"api_key": reference})
    known = fingerprints({} if value is None else {reference: value})
    plan = plan_of(configuration(wanted), recorded(BLINK), live(BLINK), known)
    assert only_action(plan) == action
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
    """Moving a URL from the vault into the file changes the object."""
    there = destination(webhook_url=None, secrets={"api_key": KEY, "webhook_url": OTHER_KEY})
    (change,) = plan_of(configuration(BLINK), recorded(there), live(there)).changes
    assert not change.recorded_only
    assert [(each.name, each.after) for each in change.differences] == [("webhook_url", f"{URL}/soc")]

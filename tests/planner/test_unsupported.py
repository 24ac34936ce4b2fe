"""What a Panther cannot express is told, and never silently turned into something else."""

from dataclasses import replace

import pytest

from blinkdecl.model.live import Capabilities
from blinkdecl.model.resource import Resource, canonical
from blinkdecl.planner.unsupported import fit
from tests.support.builders import destination, trigger

OLD = Capabilities("custom_webhook", ("RULE", "RULE_ERROR", "POLICY"), log_types=False, manual_dispatch=False)


def fitted(resource: Resource, *, ignore: bool = False) -> tuple[Resource, list[tuple[str, str, tuple[str, ...]]]]:
    """Return the resource as an old Panther can hold it, and what is told: code, summary, notes."""
    resources, problems = fit({resource.address: resource}, OLD, ignore=ignore)
    told = [(each.code, each.summary, tuple(text for _, text in each.notes)) for _, each in problems]
    return resources[resource.address], told


def test_a_panther_that_can_do_everything_changes_nothing() -> None:
    """The very same mapping comes back: nothing is copied for thousands of destinations."""
    resources = {"destination.blink": destination()}
    assert fit(resources, Capabilities(), ignore=False) == (resources, [])
    assert fit(resources, Capabilities(), ignore=False)[0] is resources


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"alert_types": ["RULE", "SYSTEM_ERROR"]}, "the alert type SYSTEM_ERROR"),
        ({"alert_types": ["RULE", "POLICY_ERROR", "SYSTEM_ERROR"]}, "the alert types POLICY_ERROR, SYSTEM_ERROR"),
        ({"log_types": ["AWS.ALB"]}, "log types"),
        ({"allow_manual_dispatch": True}, "manual dispatch"),
    ],
)
def test_what_cannot_be_expressed_is_an_error_with_its_address(given: dict[str, object], told: str) -> None:
    """The address, the attribute, what would happen and both ways out are said."""
    resource = replace(destination(), attributes=canonical("destination", {**destination().attributes, **given}))
    _, [(code, summary, notes)] = fitted(resource)
    assert (code, summary) == ("unsupported", f"this Panther cannot express {told}")
    assert notes[0] == f"destination.blink, {next(iter(given))}"
    assert "on_unsupported: ignore" in notes[-1]


def test_ignoring_is_told_each_time() -> None:
    """A warning for each attribute, and a destination without them."""
    given = destination(alert_types=["RULE", "SYSTEM_ERROR"], log_types=["AWS.ALB"], allow_manual_dispatch=True)
    resource, told = fitted(given, ignore=True)
    assert [code for code, _, _ in told] == ["ignored"] * 3
    held = resource.attributes
    assert (held["alert_types"], held["log_types"], held["allow_manual_dispatch"]) == (("RULE",), (), False)


def test_no_alert_type_left_is_never_ignored() -> None:
    """Without any, the destination would receive all of them."""
    _, [(code, _, notes)] = fitted(destination(alert_types=["SYSTEM_ERROR"]), ignore=True)
    assert code == "unsupported"
    assert "every type" in notes[1]


def test_every_type_that_it_knows_is_all() -> None:
    """So that a plan after an apply is empty: such a Panther answers both alike."""
    resource, told = fitted(destination(alert_types=["RULE", "RULE_ERROR", "POLICY"]))
    assert (resource.attributes["alert_types"], told) == ((), [])


@pytest.mark.parametrize("ignored", ["webhook_url", "api_key"])
def test_half_of_a_custom_webhooks_url_cannot_be_ignored(ignored: str) -> None:
    """Its URL carries the key: a new URL would silently not be stored. Both, or neither, can be."""
    _, [(code, summary, _)] = fitted(destination(ignore_changes=(ignored,)), ignore=True)
    assert (code, summary) == ("unsupported", "the URL and the key are one value there")
    assert fitted(destination(ignore_changes=("webhook_url", "api_key")))[1] == []


def test_triggers_are_left_alone() -> None:
    """They are not Panther's."""
    assert fitted(trigger())[0] == trigger()

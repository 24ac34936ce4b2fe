"""What counts as a difference: neither another spelling nor what is ignored."""

from typing import Any

import pytest

from blinkdecl.model.resource import ALERT_TYPES
from tests.support.builders import configuration, destination, live, plan_of, recorded
from tests.support.resources import BLINK


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
    """Two spellings of the same meaning are no change, whichever is desired and whichever is live."""
    for left, right in ((one_way, another), (another, one_way)):
        wanted, there = destination(**left), destination(**right)
        assert not plan_of(configuration(wanted), recorded(there), live(there)).pending


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

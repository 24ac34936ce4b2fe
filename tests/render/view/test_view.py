"""The views: their names, their secrets, their schemas."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from hypothesis import given, settings

from blinkdecl.diagnostics import Diagnostic, Position
from blinkdecl.model.plan import Action, Change, Difference, Options, Plan, SecretChange
from blinkdecl.model.resource import ALERT_TYPES, Resource
from blinkdecl.model.results import Delivery, Result, Results
from blinkdecl.model.state import LastTest, Recorded
from blinkdecl.render.view.plan import failed_plan_view, plan_view
from blinkdecl.render.view.results import results_view
from blinkdecl.render.view.routing import alerts_text
from tests.support.made import (
    CREATE_DESTINATION,
    CREATE_TRIGGER,
    KEY,
    TRIGGER,
    definitions,
    diagnostics,
    plan,
    plans,
    recorded,
    validator,
)

REFUSED = Diagnostic("not-delivered", "Blink refused the test alert: HTTP 401")


@settings(max_examples=60)
@given(plans)
def test_every_plan_is_as_its_schema_says(made: Plan) -> None:
    """Whatever the plan, its document is plain JSON that the schema accepts."""
    view = plan_view(made)
    validator("plan").validate(view)
    assert json.loads(json.dumps(view)) == view


@given(diagnostics)
def test_a_failure_to_plan_is_as_the_schema_says(problem: Diagnostic) -> None:
    """Without a plan the document is still one of the plan schema, errored and empty."""
    view = failed_plan_view([problem], environment="production")
    validator("plan").validate(view)
    assert view["errored"]
    assert not view["applyable"]
    assert view["resource_changes"] == []


def test_a_plan_uses_terraforms_names() -> None:
    """A recipe for Terraform's plan finds what it looks for, and no secret."""
    change = plan_view(plan(CREATE_TRIGGER))["resource_changes"][0]
    assert (change["type"], change["name"]) == ("trigger", "soc")
    assert change["change"]["actions"] == ["create"]
    assert change["change"]["before"] is None
    assert change["change"]["before_sensitive"] is False
    assert change["change"]["after"] == {**TRIGGER, "api_key": None}
    assert change["change"]["after_sensitive"] == {"api_key": True}
    assert "previous_address" not in change


def test_a_url_behind_a_reference_is_never_shown() -> None:
    """Even if a provider tells the live URL, what is recorded by reference stays null."""
    secret = SecretChange("webhook_url", KEY, "rotated", recorded())
    live = {"display_name": "x", "webhook_url": "https://canary.example"}
    difference = Difference("webhook_url", "https://canary.example", None)
    change = Change("destination.x", Action.UPDATE, "1", live, {"webhook_url": None}, (difference,), (secret,))
    assert "canary" not in json.dumps(plan_view(plan(change)))


def test_a_plan_counts_and_says_whether_it_may_be_applied() -> None:
    """The sums follow the changes; an error or a restriction is told by Terraform's three flags."""
    view = plan_view(plan(CREATE_TRIGGER, CREATE_DESTINATION))
    assert (view["summary"]["add"], view["summary"]["triggers_record"]) == (1, 1)
    assert (view["applyable"], view["complete"], view["errored"]) == (True, True, False)
    refused = plan_view(plan(CREATE_TRIGGER, diagnostics=(Diagnostic("limits", "too many"),)))
    assert (refused["applyable"], refused["complete"], refused["errored"]) == (False, False, True)
    assert not plan_view(plan(CREATE_TRIGGER, options=Options(targets=("trigger.soc",))))["complete"]
    assert not plan_view(plan(CREATE_TRIGGER), applyable=False)["applyable"]


def test_results_list_each_test_and_each_problem_once() -> None:
    """What results hold is gathered at the top, where a script looks for it."""
    delivery = Delivery("destination.x", "direct", delivered=False, status=401, latency=0.0381234567, at="2026-11-23")
    failed = Result("destination.x", Action.CREATE, "failed", delivery=delivery, diagnostic=REFUSED)
    done = Result("destination.y", Action.CREATE, "done", "6f1c", 0.1)
    view = results_view("apply", 4, results=Results((failed, done)), diagnostics=[REFUSED])
    validator("results").validate(view)
    assert len(view["diagnostics"]) == len(view["tests"]) == 1
    assert view["results"][0]["code"] == "not-delivered"
    summary = {name: count for name, count in view["summary"].items() if count}
    assert summary == {"added": 1, "failed": 1, "tests_failed": 1, "errors": 1}


@pytest.mark.parametrize("exit_code", [0, 1, 143])
def test_results_without_anything_are_as_the_schema_says(exit_code: int) -> None:
    """A command that failed at once prints the same document."""
    view = results_view("state list", exit_code, results=Results(interrupted=15 if exit_code == 143 else None))
    validator("results").validate(view)
    assert view["ok"] is (exit_code == 0)


def test_resources_name_where_their_secrets_are() -> None:
    """Recorded and declared resources read alike, and no fingerprint is shown."""
    last = LastTest("2026-11-23T10:04:11Z", delivered=True, status=200, latency=0.038)
    record = Recorded("trigger.soc", None, TRIGGER, {"api_key": recorded()}, last_test=last)
    declared = Resource("trigger.soc", TRIGGER, {"api_key": KEY}, position=Position("a.yaml", 1, 1))
    view = results_view("state show", 0, resources=[record, declared])
    validator("results").validate(view)
    first, second = view["resources"]
    assert first["secrets"] == second["secrets"] == [{"name": "api_key", "reference": {"env": "BLINK_SOC_API_KEY"}}]
    assert first["attributes"] == second["attributes"]
    assert "90f1" not in json.dumps(view)


def _properties(node: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - any part of a schema
    if isinstance(node, dict):
        if isinstance(node.get("properties"), dict):
            assert node.get("additionalProperties") is False
            yield from node["properties"].values()
        for each in node.values():
            yield from _properties(each)
    elif isinstance(node, list):
        for each in node:
            yield from _properties(each)


@pytest.mark.parametrize("name", ["plan", "results"])
def test_every_property_of_the_schemas_is_explained(name: str) -> None:
    """Each has a title and a description, and the schema itself is a schema."""
    schema = validator(name).schema
    assert isinstance(schema, dict)
    validator(name).check_schema(schema)
    assert all(each["title"] and each["description"] for each in _properties(schema))


def test_the_schemas_say_the_same_of_the_same_things() -> None:
    """Each schema stands alone, so what both describe is written twice: equal, or a mistake."""
    ours, theirs = definitions("plan"), definitions("results")
    shared = ours.keys() & theirs.keys()
    assert {"diagnostic", "excerpt", "position", "reference", "value", "attributes"} <= shared
    assert {name: ours[name] for name in shared} == {name: theirs[name] for name in shared}


@pytest.mark.parametrize(
    ("types", "told"),
    [
        (ALERT_TYPES, "every alert type"),
        (ALERT_TYPES[:6], "rules, rule errors"),
        ([each for each in ALERT_TYPES if each != "POLICY"], "rules, every error"),
        (["RULE", "SCHEDULED_RULE", "CORRELATION_RULE", "POLICY"], "rules, policies"),
        (["RULE", "SCHEDULED_RULE", "POLICY"], "RULE, SCHEDULED_RULE, POLICY"),
        (["RULE", "SCHEDULED_RULE", "CORRELATION_RULE", "RULE_ERROR"], "rules, RULE_ERROR"),
        (["POLICY", "POLICY_ERROR", "SYSTEM_ERROR"], "POLICY, POLICY_ERROR, SYSTEM_ERROR"),
    ],
)
def test_alert_types_are_named_as_people_group_them(types: Sequence[str], told: str) -> None:
    """Where a whole group is held; never by a list of exceptions."""
    text = alerts_text({"alert_types": list(types), "log_types": ["A"]})
    assert text == f"{told}{', ' if told == 'every alert type' else '; '}A"

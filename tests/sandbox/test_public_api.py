"""Panther's public read API in the sandbox, read as `observe` reads it: alerts, deliveries, detections, and faults."""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from blinkdecl.diagnostics import Failure
from blinkdecl.history.panther import read_history
from blinkdecl.model.observed import ObservedAlert, Period
from blinkdecl.provider.panther.endpoint import Endpoint
from blinkdecl.routing.observation import observe
from blinkdecl.routing.receiver import Receiver
from blinkdecl.sandbox import Faults, Sandbox
from blinkdecl.secret.value import Secret
from blinkdecl.system.http import Client
from blinkdecl.system.retry import RetryLimits

COUNT = 300
_QUICK = RetryLimits(attempts=3, first=0.01, most=0.02)


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """A hosted Panther with four destinations of different settings, and a month of alerts."""
    with Sandbox(profile="hosted") as made:
        settings: dict[str, dict[str, Any]] = {
            "Everything": {"severities": "INFO,LOW,MEDIUM,HIGH,CRITICAL"},
            "High": {"severities": "HIGH,CRITICAL"},
            "Policies": {"severities": "LOW,MEDIUM,HIGH", "alert_types": "POLICY"},
            "GitHub": {"severities": "LOW,MEDIUM,HIGH", "log_types": "GitHub.Audit"},
        }
        for name, fields in settings.items():
            made.edit(name, create=True, webhook_url=f"{made.url}/webhooks/soc", **fields)
        made.traffic(alerts=COUNT)
        yield made


def month() -> Period:
    """Return the last days, as they are asked for after the alerts were made."""
    end = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=1)
    return Period(end - timedelta(days=31), end)


def read_from(sandbox: Sandbox, token: str = "sandbox-token") -> list[ObservedAlert]:
    """Return the alerts of the month, by their ids."""
    headers = {"X-API-Key": Secret(token)}
    with closing(Endpoint(f"{sandbox.url}/public/graphql", headers, 4, _QUICK, rights="AlertRead")) as endpoint:
        return sorted(read_history(endpoint, month(), 4), key=lambda each: each.id)


def asked(sandbox: Sandbox, query: str) -> dict[str, Any]:
    """Return the whole answer to a query."""
    body = json.dumps({"query": query}).encode()
    with Client(1) as client:
        reply = client.post(f"{sandbox.url}/public/graphql", body, {"X-API-Key": "sandbox-token"}, 5.0)
    found: dict[str, Any] = json.loads(reply.body)
    return found


def live(sandbox: Sandbox) -> list[Receiver]:
    """Return the destinations as routing sees them, with the settings that they have."""
    return [
        Receiver(
            f"destination.{each.id}", each.id, each.display_name, each.severities, each.alert_types, each.log_types
        )
        for each in sandbox.destinations()
    ]


def test_alerts_are_as_the_destinations_are(sandbox: Sandbox) -> None:
    """Nothing is missing or unexpected for who knows their settings; some came only when tried again."""
    found = observe(read_from(sandbox), live(sandbox), month())
    assert found.alerts == COUNT
    assert (found.differs, found.fails) == (False, False)
    assert all(each.counts.delivered for each in found.destinations)
    assert sum(each.counts.recovered for each in found.destinations) > 0


def test_they_are_plausible(sandbox: Sandbox) -> None:
    """Of every severity, type and kind of detection there are some; few are critical."""
    sandbox.traffic(alerts=3000)
    alerts = read_from(sandbox)
    severities = Counter(each.severity for each in alerts)
    assert severities["CRITICAL"] < severities["HIGH"] < severities["MEDIUM"] < severities["LOW"] < severities["INFO"]
    types = {"RULE", "RULE_ERROR", "SCHEDULED_RULE", "SCHEDULED_RULE_ERROR", "POLICY", "SYSTEM_ERROR"}
    assert {each.type for each in alerts} == types
    assert {each.knowledge for each in alerts} == {"known", "dynamic", "changed", "deleted"}
    assert any(each.override for each in alerts)
    assert any(each.override == ("SKIP",) for each in alerts)


def test_an_edit_shows_from_the_days_that_are_made_again(sandbox: Sandbox) -> None:
    """What is older stays as it was; the same seed makes other alerts of another time."""
    earlier = {each.id: each for each in read_from(sandbox)}
    sandbox.edit("High", severities="CRITICAL")
    sandbox.traffic(alerts=COUNT, days=10)
    since = datetime.now(UTC) - timedelta(days=10, seconds=5)
    alerts = read_from(sandbox)
    old = {each.id: each for each in alerts if each.created_at < since}
    assert old == {name: each for name, each in earlier.items() if each.created_at < since}
    assert len(alerts) == len(old) + COUNT
    high = next(each.id for each in sandbox.destinations() if each.display_name == "High")
    routed = [each for each in alerts if each not in old.values() and each.knowledge == "known" and not each.override]
    got = {each.severity for each in routed if high in {one.output_id for one in each.deliveries}}
    assert got == {"CRITICAL"}


def test_what_is_lost(sandbox: Sandbox) -> None:
    """Panther tries eleven times, and a share is given up."""
    sandbox.traffic(alerts=COUNT, lost=0.2)
    found = observe(read_from(sandbox), live(sandbox), month())
    assert (found.differs, found.fails) == (False, True)
    sandbox.traffic(alerts=COUNT, days=1, lost=1.0)
    assert max(len(each.deliveries) for each in read_from(sandbox)) > 10


@pytest.mark.parametrize(
    "faults", [Faults(page=7, next="empty"), Faults(exclusive=True, next="null"), Faults(refuse=429, refuse_times=2)]
)
def test_what_does_not_matter(sandbox: Sandbox, faults: Faults) -> None:
    """Small pages, how the last one says so, whether ends belong to a time, and refusals that pass."""
    expected = read_from(sandbox)
    sandbox.set_faults(faults)
    assert read_from(sandbox) == expected


def test_deliveries_that_are_null(sandbox: Sandbox) -> None:
    """They are counted."""
    sandbox.set_faults(Faults(null_deliveries=True))
    assert {each.unread for each in read_from(sandbox)} == {1}


@pytest.mark.parametrize(
    ("faults", "code"),
    [
        (Faults(refuse=401), "unauthorised"),
        (Faults(refuse=403), "unauthorised"),
        (Faults(refuse=403, reason_key="error"), "unauthorised"),
        (Faults(refuse=400), "rejected"),
        (Faults(refuse=404), "invalid-answer"),
        (Faults(refuse=429), "unreachable"),
        (Faults(refuse=502), "unreachable"),
        (Faults(lacks="statusCode"), "invalid-answer"),
        (Faults(partial=True), "invalid-answer"),
    ],
)
def test_what_does_not_pass(sandbox: Sandbox, faults: Faults, code: str) -> None:
    """It is an error, and nothing is concluded from a part."""
    sandbox.set_faults(faults)
    with pytest.raises(Failure) as caught:
        read_from(sandbox)
    assert caught.value.code == code


def test_another_token(sandbox: Sandbox) -> None:
    """It is refused."""
    with pytest.raises(Failure) as caught:
        read_from(sandbox, "another")
    assert caught.value.code == "unauthorised"


def test_hosted_panther_shows_no_destination(sandbox: Sandbox) -> None:
    """Its API has no such operation; the others have alerts as well."""
    assert "Cannot query field 'destinations'" in str(asked(sandbox, "{destinations {outputId}}")["errors"])
    with Sandbox(profile="self-hosted") as other:
        answer = asked(other, '{alerts(input: {detectionId: "a"}) {edges {node {id}}}}')
    assert answer == {"data": {"alerts": {"edges": []}}}


def test_filters(sandbox: Sandbox) -> None:
    """One detection, severities, types and an order; a time without an end is refused."""
    known = "Okta.SystemLog.FailedLogin"
    found = asked(
        sandbox,
        f'{{alerts(input: {{detectionId: "{known}", sortDir: ascending}}) '
        "{edges {node {createdAt severity origin {... on Detection {id}}}} pageInfo {hasNextPage}}}",
    )["data"]["alerts"]
    nodes = [each["node"] for each in found["edges"]]
    assert nodes
    assert {each["origin"]["id"] for each in nodes} == {known}
    assert nodes == sorted(nodes, key=lambda each: str(each["createdAt"]))
    none = (
        f'{{alerts(input: {{detectionId: "{known}", severities: [HIGH], subtypes: [RULE]}}) {{edges {{node {{id}}}}}}}}'
    )
    assert asked(sandbox, none)["data"]["alerts"]["edges"] == []
    for wrong in ("", 'createdAtAfter: "2026-11-01T00:00:00Z"', 'detectionId: "a", cursor: "{}"'):
        assert asked(sandbox, f"{{alerts(input: {{{wrong}}}) {{edges {{node {{id}}}}}}}}")["errors"]


def test_traffic_within_bounds(sandbox: Sandbox) -> None:
    """What is none is refused, and changes nothing."""
    earlier = read_from(sandbox)
    wrong: list[dict[str, object]] = [{"alerts": 0}, {"days": 1000}, {"lost": 2.0}, {"number": 5}, {"alerts": "many"}]
    for each in wrong:
        with pytest.raises(ValueError, match=r"needs the fields|alerts are from 1"):
            sandbox.traffic(**each)
    assert read_from(sandbox) == earlier

"""Alerts read from Panther's public API: each once, whatever the pages, and what its faults become."""

import random
import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from blinkdecl.diagnostics import Failure
from blinkdecl.history.codec import write_alerts
from blinkdecl.history.panther import ALERTS, read_history
from blinkdecl.model.observed import ObservedAlert
from blinkdecl.provider.panther.endpoint import Endpoint
from blinkdecl.secret.value import Secret
from blinkdecl.system.retry import RetryLimits
from tests.support.history import TOKEN, PantherHistory, served
from tests.support.observed import Detection, alerts, detections, month, receivers

_PATHS = {"SCHEDULED_RULE": "/scheduled-rules", "POLICY": "/policies"}
_QUICK = RetryLimits(attempts=3, first=0.01, most=0.02)
ASKED = {"GET /rules", "GET /scheduled-rules", "GET /simple-rules", "GET /policies", "POST /public/graphql"}


def rest(known: list[Detection]) -> dict[str, list[dict[str, Any]]]:
    """Return detections as the REST API lists them; what changed did so at the end."""
    lists: dict[str, list[dict[str, Any]]] = {}
    for each in known:
        body = "def destinations(event):\n    return []" if each.knowledge == "dynamic" else "def rule(event): ..."
        changed = month().end if each.knowledge == "changed" else month().begin - timedelta(days=1)
        told = {"id": each.id, "body": body, "outputIDs": list(each.override), "lastModified": changed.isoformat()}
        if each.type in ("RULE", "RULE_ERROR"):
            told["logTypes"] = list(each.log_types)
        if each.knowledge not in ("deleted", "unread") and each.type != "CORRELATION_RULE":
            lists.setdefault(_PATHS.get(each.type, "/rules"), []).append(told)
    return lists


@pytest.fixture
def panther() -> Iterator[tuple[PantherHistory, list[ObservedAlert]]]:
    """A Panther with some hundred alerts, and these as they should be read."""
    chance = random.Random(3)
    known = receivers(6, chance)
    rules = detections(60, known, chance)
    made = list(alerts(300, month(), rules, known, chance))
    made[5] = replace(made[5], unread=1)
    correlated = {each.id for each in rules if each.type == "CORRELATION_RULE" and each.knowledge != "deleted"}
    read = [replace(each, knowledge="unread", override=()) if each.detection in correlated else each for each in made]
    with served(PantherHistory(made, rest(rules))) as server:
        yield server, read


def read_from(server: PantherHistory, parallelism: int = 4) -> list[ObservedAlert]:
    """Return the alerts of the month."""
    with closing(Endpoint(server.url, {"X-API-Key": Secret(TOKEN)}, 4, _QUICK, rights="AlertRead")) as endpoint:
        return list(read_history(endpoint, month(), parallelism))


@pytest.mark.parametrize(("page", "inclusive", "empty"), [(50, True, False), (5, False, True)])
def test_each_alert_once(
    panther: tuple[PantherHistory, list[ObservedAlert]], page: int, *, inclusive: bool, empty: bool
) -> None:
    """Whatever the pages are and whether the ends belong to a window, with all that is known of it."""
    server, expected = panther
    server.page, server.inclusive, server.empty_next = page, inclusive, empty
    found = read_from(server)
    assert sorted(found, key=lambda each: each.id) == sorted(expected, key=lambda each: each.id)


def test_nothing_but_questions_is_sent(panther: tuple[PantherHistory, list[ObservedAlert]]) -> None:
    """Every request is a GET, or the one query; and what destinations answered is not asked for."""
    server, _ = panther
    read_from(server)
    assert set(server.requests) == ASKED
    assert server.queries == {ALERTS}
    assert ALERTS.startswith("query ")
    assert not {"message", "label", "url", "title", "events"} & set(ALERTS.split())


def test_a_secret_in_an_answer_goes_into_no_file(panther: tuple[PantherHistory, list[ObservedAlert]]) -> None:
    """Whatever it stands in; a detection that has it in its name is still known, on both of its lists."""
    server, expected = panther
    name = next(each.detection for each in expected if each.knowledge == "known" and each.override)
    assert name is not None
    mask = partial(re.sub, re.escape(name), "***")
    server.alerts[0] = replace(server.alerts[0], severity=f"X-{name}", deliveries=())
    with closing(Endpoint(server.url, {"X-API-Key": Secret(TOKEN)}, 4, _QUICK, mask=mask)) as endpoint:
        found = list(read_history(endpoint, month(), 4))
    assert name not in "".join(write_alerts(month(), found))
    assert {each.knowledge for each in found if each.detection == "***"} == {"known"}
    assert "X-***" in {each.severity for each in found}


@pytest.mark.parametrize("answer", [(429, ""), (502, "<html>bad gateway</html>"), (503, "{}")])
def test_what_passes_is_tried_again(
    panther: tuple[PantherHistory, list[ObservedAlert]], answer: tuple[int, str]
) -> None:
    """A limit, or a load balancer's page."""
    server, expected = panther
    server.answers = [answer, answer]
    assert len(read_from(server)) == len(expected)


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ((401, '{"message": "unauthorized"}'), "unauthorised"),
        ((403, '{"error": "forbidden"}'), "unauthorised"),
        ((403, '{"message": "forbidden"}'), "unauthorised"),
        ((400, '{"message": "bad limit"}'), "rejected"),
        ((404, '{"message": "not found"}'), "invalid-answer"),
        ((200, "<html>sign in</html>"), "invalid-answer"),
        ((200, '{"results": null}'), "invalid-answer"),
    ],
)
def test_what_does_not_pass(
    panther: tuple[PantherHistory, list[ObservedAlert]], answer: tuple[int, str], code: str
) -> None:
    """It is an error with the words for it, and no token in them."""
    server, _ = panther
    server.answers = [answer]
    with pytest.raises(Failure) as caught:
        read_from(server, 1)
    assert caught.value.code == code
    assert TOKEN not in str(caught.value.diagnostics)


def test_errors_beside_data(panther: tuple[PantherHistory, list[ObservedAlert]]) -> None:
    """An answer of GraphQL that is not complete is never used."""
    server, _ = panther
    refused = '{"data": null, "errors": [{"message": "no field", "extensions": {"code": "GRAPHQL_VALIDATION_FAILED"}}]}'
    partial = '{"data": {"alerts": {"edges": [{"node": {"id": "a"}}], "pageInfo": {"hasNextPage": false}}}}'
    for answer in (refused, partial):
        server.answers = [(200, '{"results": []}')] * 4 + [(200, answer)]
        with pytest.raises(Failure, match="cannot be used"):
            read_from(server, 1)

"""Alerts read from Panther's public API: each once, whatever the pages, and nothing but what is needed is asked."""

import json
import re
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from blinkdecl.diagnostics import Failure
from blinkdecl.history import panther
from blinkdecl.history.alerts import ALERTS, TITLED
from blinkdecl.history.codec import alert_line
from blinkdecl.history.panther import read_history, reading_endpoint
from blinkdecl.model.observed import ObservedAlert, Period
from blinkdecl.provider.panther.endpoint import Endpoint
from blinkdecl.sandbox import Faults
from blinkdecl.sandbox.blink import Answer
from blinkdecl.secret.value import Mask, Secret
from blinkdecl.system.http import Client
from blinkdecl.system.retry import RetryLimits
from tests.support.recording import Recording

TOKEN = "sandbox-token"
COUNT = 400
_QUICK = RetryLimits(attempts=3, first=0.01, most=0.02)
_NODE = "id createdAt severity type title deliveries {outputId} origin {__typename ... on Detection {id}}"
ASKED = {"GET /rules", "GET /scheduled-rules", "GET /simple-rules", "GET /policies", "POST /public/graphql"}
_HTML = Answer(200, {}, page="<html>sign in</html>")
_NO_LISTS = [Answer(200, {"results": []})] * 4


_WELL = {"dispatchedAt": "2026-11-01T00:00:00Z", "outputId": "a", "statusCode": 200, "success": True}
_ODD: tuple[dict[str, object], ...] = (
    {"id": None},
    {"id": ""},
    {"severity": None},
    {"type": {}},
    {"createdAt": "2026-11-01T00:00:00"},
    {"origin": None},
    {"deliveries": None},
    {"deliveries": [_WELL | {"outputId": None}]},
    {"deliveries": [_WELL | {"statusCode": float("inf")}]},
    {"deliveries": [_WELL | {"success": None}]},
)


def _edge(**odd: object) -> dict[str, Any]:
    """Return an alert in a list, in which this is other than it should be."""
    node = {"id": "a", "createdAt": "2026-11-01T00:00:00Z", "severity": "LOW", "type": "RULE", "deliveries": [_WELL]}
    return {"node": {**node, "origin": {"__typename": "Detection", "id": "a"}, **odd}}


def page_of(edges: list[Any], **info: object) -> Answer:
    """Return an answer to the query for alerts."""
    return Answer(200, {"data": {"alerts": {"edges": edges, "pageInfo": info}}})


@pytest.fixture
def sandbox() -> Iterator[Recording]:
    """A Panther with some hundred alerts in a month, half of them in its last day."""
    with Recording() as made:
        made.traffic(alerts=COUNT // 2, days=30)
        made.traffic(alerts=COUNT // 2, days=1, seed=1)
        yield made


def read_from(
    sandbox: Recording, parallelism: int = 4, *, titles: bool = False, mask: Mask = str
) -> list[ObservedAlert]:
    """Return the alerts of the month, as they come."""
    end = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=1)
    url, headers = f"{sandbox.url}/public/graphql", {"X-API-Key": Secret(TOKEN)}
    with closing(Endpoint(url, headers, parallelism, _QUICK, mask=mask, rights="AlertRead")) as endpoint:
        return list(read_history(endpoint, Period(end - timedelta(days=31), end), parallelism, titles=titles))


def test_nobody_answers() -> None:
    """What helps is a file of alerts, not a plan by the record, which reads none."""
    with Recording() as gone:
        url = f"{gone.url}/public/graphql"
    period = Period(datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 11, 2, tzinfo=UTC))
    endpoint = reading_endpoint(url, {"X-API-Key": Secret(TOKEN)}, {}, str, _QUICK)
    with closing(endpoint), pytest.raises(Failure) as caught:
        [*read_history(endpoint, period)]
    [problem] = caught.value.diagnostics
    helps = dict(problem.notes)["help"]
    assert (problem.code, "`blinkdecl observe --save FILE` wrote needs no connection" in helps) == ("unreachable", True)
    assert "plan --offline" not in helps


def listed(sandbox: Recording) -> dict[str, dict[str, Any]]:
    """Return every alert by its id, each listing in one page, as the API has it."""
    found: dict[str, dict[str, Any]] = {}
    for listing in ("ALERT", "DETECTION_ERROR", "SYSTEM_ERROR"):
        asked = f'type: {listing}, pageSize: 9999, createdAtAfter: "2000-01-01T00:00:00Z"'
        query = (
            f'{{alerts(input: {{{asked}, createdAtBefore: "2999-01-01T00:00:00Z"}}) {{edges {{node {{{_NODE}}}}}}}}}'
        )
        with Client(1) as client:
            body = json.dumps({"query": query}).encode()
            url, headers = f"{sandbox.url}/public/graphql", {"X-API-Key": TOKEN}
            reply = client.request("POST", url, body, headers, 5.0, limit=2**24)
        found |= {each["node"]["id"]: each["node"] for each in json.loads(reply.body)["data"]["alerts"]["edges"]}
    return found


@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize("page", [0, 1, 7])
def test_each_alert_once(sandbox: Recording, page: int, *, backwards: bool) -> None:
    """Whatever the size of the pages, and even if these come in another order than was asked for."""
    expected = listed(sandbox)
    sandbox.set_faults(Faults(page=page))
    sandbox.backwards = backwards
    found = read_from(sandbox)
    assert sorted(each.id for each in found) == sorted(expected)
    for each in found:
        node = expected[each.id]
        assert (each.severity, each.type, each.title) == (node["severity"], node["type"], None)
        assert [one.output_id for one in each.deliveries] == [one["outputId"] for one in node["deliveries"]]
        assert each.knowledge in ("deleted", "known") or each.detection == node["origin"]["id"]
    assert {each.knowledge for each in found} == {"known", "dynamic", "changed", "deleted"}


@pytest.mark.parametrize("most", [20_000, 10])
def test_alerts_are_asked_for_while_the_lists_are_read(
    sandbox: Recording, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    """No list is answered before three pages of alerts; how many alerts may wait for them changes nothing."""
    expected = sorted(read_from(sandbox), key=lambda each: each.id)
    monkeypatch.setattr(panther, "_MOST_WAITING", most)
    sandbox.hold_lists(3)
    assert sorted(read_from(sandbox, 8), key=lambda each: each.id) == expected


@pytest.mark.parametrize(("titles", "query"), [(False, ALERTS), (True, TITLED)])
def test_nothing_but_questions_is_sent(sandbox: Recording, query: str, *, titles: bool) -> None:
    """Every request is a GET, or one query; what destinations answered is not asked for, and titles only if wanted."""
    found = read_from(sandbox, titles=titles)
    assert {f"{each.method} {each.path}" for each in sandbox.requests()} == ASKED
    assert set(sandbox.queries) == {query}
    assert query.startswith("query ")
    words = set(query.split())
    assert not {"message", "label", "url", "events", "description"} & words
    assert ("title" in words, all(each.title for each in found)) == (titles, titles)


def test_a_quiet_month_takes_few_requests(sandbox: Recording) -> None:
    """One for each list of detections and each listing of alerts."""
    sandbox.traffic(alerts=30, days=40)
    assert len(read_from(sandbox)) <= 30
    assert len(sandbox.requests()) == 7


def test_a_secret_in_an_answer_goes_into_no_file(sandbox: Recording) -> None:
    """Whatever it stands in; a detection that has it in its name is still known, on both of its lists."""
    plain = read_from(sandbox)
    name = next(each.detection for each in plain if each.knowledge == "known" and each.log_types)
    assert name is not None
    masked = read_from(sandbox, mask=partial(re.sub, re.escape(name), "***"))
    assert name not in "".join(map(alert_line, masked))
    assert {each.knowledge for each in masked if each.detection == "***"} == {
        each.knowledge for each in plain if each.detection == name
    }


@pytest.mark.parametrize("answer", [Answer(429, {}), Answer(502, {}, page="<html>bad gateway</html>"), Answer(503, {})])
def test_what_passes_is_tried_again(sandbox: Recording, answer: Answer) -> None:
    """A limit, or a load balancer's page."""
    sandbox.answers = [answer, answer]
    assert len(read_from(sandbox)) == len(listed(sandbox))


@pytest.mark.parametrize(
    "answers",
    [
        [_HTML],
        [Answer(200, {"results": None})],
        [Answer(200, {"results": [], "next": 5})],
        [Answer(200, {"results": [], "next": "a"})] * 5,
        [Answer(200, {"results": [], "next": "ab"[each % 2]}) for each in range(20)],
        [*_NO_LISTS, _HTML],
        [*_NO_LISTS, page_of([{"node": {"id": "a"}}], hasNextPage=False)],
        [*_NO_LISTS, page_of([], hasNextPage=True, endCursor=None)],
        [*_NO_LISTS, *(page_of([], hasNextPage=True, endCursor="ab"[each % 2]) for each in range(40))],
    ],
)
def test_answers_of_another_shape(sandbox: Recording, answers: list[Answer]) -> None:
    """They are an error that says so, with no token in it."""
    sandbox.answers = answers
    with pytest.raises(Failure) as caught:
        read_from(sandbox, 1)
    assert caught.value.code == "invalid-answer"
    assert TOKEN not in str(caught.value.diagnostics)


def test_an_alert_of_another_shape(sandbox: Recording) -> None:
    """Nothing stands in for what an alert, or an attempt to deliver it, does not say."""
    for odd in _ODD:
        sandbox.answers = [*_NO_LISTS, *[page_of([_edge(**odd)], hasNextPage=False)] * 3]
        with pytest.raises(Failure) as caught:
            read_from(sandbox, 1)
        assert caught.value.code == "invalid-answer"


def test_an_answer_as_it_should_be(sandbox: Recording) -> None:
    """It is the one that the odd ones above differ from; a null among the deliveries is counted, and a fraction cut."""
    found = {"deliveries": [None, _WELL], "createdAt": "2026-11-01T00:00:00.123456789Z"}
    sandbox.answers = [*_NO_LISTS, *[page_of([_edge(**found)], hasNextPage=False)] * 3]
    [one] = read_from(sandbox, 1)
    assert (one.unread, len(one.deliveries), one.created_at.microsecond) == (1, 1, 123456)

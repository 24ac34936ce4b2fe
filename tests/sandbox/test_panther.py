"""The sandbox's Panther over plain HTTP: the semantics of the real one, asked by nothing of our own client."""

import http.client
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from blinkdecl.sandbox import Faults, Sandbox, control

TOKEN = {"X-API-Key": "sandbox-token"}
FIELDS = "outputId displayName outputType outputConfig { customWebhook { webhookURL } } alertTypes lastModifiedBy"
ADD = f"mutation ($input: DestinationInput!) {{ addDestination(input: $input) {{ {FIELDS} }} }}"
UPDATE = f"mutation ($input: DestinationInput!) {{ updateDestination(input: $input) {{ {FIELDS} }} }}"
DELETE = "mutation ($id: ID!) { deleteDestination(id: $id) }"
LIST = f"{{ destinations {{ {FIELDS} }} }}"
TEST = "query ($ids: [ID!]!) { sendTestAlert(input: {outputIds: $ids}) { outputId message statusCode success } }"


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """A Panther without a native Blink Ops kind."""
    with Sandbox(profile="self-hosted") as running:
        yield running


def post(
    sandbox: Sandbox, path: str, body: object, headers: dict[str, str] = TOKEN
) -> tuple[int, dict[str, Any], dict[str, str]]:
    """Return the status, the document and the headers of one answer."""
    connection = http.client.HTTPConnection(sandbox.url.removeprefix("http://"), timeout=5)
    try:
        connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json", **headers})
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read()), dict(answer.getheaders())
    finally:
        connection.close()


def ask(sandbox: Sandbox, query: str, **variables: object) -> dict[str, Any]:
    """Return the document that answers one GraphQL request."""
    status, document, _ = post(sandbox, "/public/graphql", {"query": query, "variables": variables})
    assert status == 200
    return document


def webhook(sandbox: Sandbox, name: str = "A", **given: object) -> dict[str, object]:
    """Return the input of a custom webhook that leads to the sandbox's Blink side."""
    config = {"customWebhook": {"webhookURL": f"{sandbox.url}/webhooks/soc?apikey=sandbox"}}
    base = {"displayName": name, "outputType": "customwebhook", "outputConfig": config}
    return {**base, "defaultForSeverity": ["HIGH"], "alertTypes": [], **given}


def refused(document: dict[str, Any]) -> str:
    """Return the type of the first error."""
    return str(document["errors"][0]["extensions"]["errorType"])


def test_secrets_come_back_empty_and_no_types_as_all(sandbox: Sandbox) -> None:
    """The URL carries the key: it is stored, and redacted in every answer."""
    made = ask(sandbox, ADD, input=webhook(sandbox))["data"]["addDestination"]
    assert made["outputConfig"] == {"customWebhook": {"webhookURL": ""}}
    assert made["alertTypes"] == ["RULE", "RULE_ERROR", "POLICY"]
    assert ask(sandbox, LIST)["data"]["destinations"] == [made]
    assert sandbox.destinations()[0].webhook_url.endswith("?apikey=sandbox")


def test_an_empty_secret_keeps_the_stored_one(sandbox: Sandbox) -> None:
    """Everything else is replaced."""
    made = ask(sandbox, ADD, input=webhook(sandbox))["data"]["addDestination"]
    kept = {"customWebhook": {"webhookURL": ""}}
    given = webhook(sandbox, "B", outputId=made["outputId"], outputConfig=kept, alertTypes=["POLICY"])
    updated = ask(sandbox, UPDATE, input=given)["data"]["updateDestination"]
    assert (updated["displayName"], updated["alertTypes"]) == ("B", ["POLICY"])
    assert sandbox.destinations()[0].webhook_url.endswith("?apikey=sandbox")


def test_names_are_unique_and_ids_exist(sandbox: Sandbox) -> None:
    """AlreadyExists for add and update, DoesNotExist for update and delete: in HTTP 200, as GraphQL says errors."""
    first = ask(sandbox, ADD, input=webhook(sandbox))["data"]["addDestination"]
    second = ask(sandbox, ADD, input=webhook(sandbox, "B"))["data"]["addDestination"]
    assert refused(ask(sandbox, ADD, input=webhook(sandbox))) == "AlreadyExistsError"
    taken = webhook(sandbox, outputId=second["outputId"])
    assert refused(ask(sandbox, UPDATE, input=taken)) == "AlreadyExistsError"
    assert ask(sandbox, DELETE, id=first["outputId"]) == {"data": {"deleteDestination": True}}
    assert refused(ask(sandbox, DELETE, id=first["outputId"])) == "DoesNotExistError"
    assert refused(ask(sandbox, UPDATE, input=webhook(sandbox, outputId="none"))) == "DoesNotExistError"
    assert [each.display_name for each in sandbox.destinations()] == ["B"]


@pytest.mark.parametrize("name", ["", "  ", "a<b", "it's"])
def test_names_that_panther_refuses(sandbox: Sandbox, name: str) -> None:
    """Nothing is stored."""
    assert refused(ask(sandbox, ADD, input=webhook(sandbox, name))) == "InvalidInputError"
    assert sandbox.destinations() == ()


def test_send_test_alert_really_posts(sandbox: Sandbox) -> None:
    """Its row says what the webhook answered, in words that hold the URL; who takes no RULE alert is refused."""
    made = ask(sandbox, ADD, input=webhook(sandbox))["data"]["addDestination"]
    [row] = ask(sandbox, TEST, ids=[made["outputId"]])["data"]["sendTestAlert"]
    assert (row["outputId"], row["statusCode"], row["success"]) == (made["outputId"], 200, True)
    assert "apikey=sandbox" in row["message"]
    assert [each.status for each in sandbox.received()] == [200]
    sandbox.rotate("soc", "other")
    [row] = ask(sandbox, TEST, ids=[made["outputId"]])["data"]["sendTestAlert"]
    assert (row["statusCode"], row["success"]) == (401, False)
    deaf = ask(sandbox, ADD, input=webhook(sandbox, "B", alertTypes=["POLICY"]))["data"]["addDestination"]
    assert refused(ask(sandbox, TEST, ids=[deaf["outputId"]])) == "InvalidInputError"


def test_nothing_is_sent_beyond_this_machine(sandbox: Sandbox) -> None:
    """A destination elsewhere can be stored; its test alert stays here."""
    config = {"customWebhook": {"webhookURL": "https://acme.app.blinkops.com/webhooks/x?apikey=k"}}
    made = ask(sandbox, ADD, input=webhook(sandbox, outputConfig=config))["data"]["addDestination"]
    [row] = ask(sandbox, TEST, ids=[made["outputId"]])["data"]["sendTestAlert"]
    assert (row["statusCode"], row["success"], row["message"]) == (
        0, False, "the sandbox sends nothing beyond this machine",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({"X-API-Key": "other"}, 401),
        ({"Authorization": "Bearer sandbox-token"}, 200),
        ({"Authorization": "sandbox-token"}, 200),
        (TOKEN, 200),
    ],
)
def test_the_token(sandbox: Sandbox, headers: dict[str, str], status: int) -> None:
    """Under either header; without it nothing is told."""
    assert post(sandbox, "/public/graphql", {"query": LIST}, headers)[0] == status


def test_what_is_no_request(sandbox: Sandbox) -> None:
    """400 for a body that is none, an error in HTTP 200 for a document that is none or asks for what is not there."""
    assert post(sandbox, "/public/graphql", [])[0] == 400
    assert post(sandbox, "/public/graphql", {"query": LIST, "variables": 3})[0] == 400
    for query in ("{", "{ alerts { id } }", "{ destinations { logTypes } }"):
        assert ask(sandbox, query)["errors"]


def test_introspection_can_be_off() -> None:
    """Operations still work."""
    with Sandbox(introspection=False) as sandbox:
        assert "introspection" in ask(sandbox, "{ __schema { queryType { name } } }")["errors"][0]["message"]
        assert ask(sandbox, "{ destinations { outputId } }") == {"data": {"destinations": []}}


def test_faults_over_http(sandbox: Sandbox) -> None:
    """Each switch does what it says; a lost answer is lost after the change was made."""

    def switch(**faults: float) -> None:
        assert post(sandbox, "/_sandbox/faults", faults)[0] == 200

    switch(throttle=1, retry_after=7)
    status, _, headers = post(sandbox, "/public/graphql", {"query": LIST})
    assert (status, headers["Retry-After"]) == (429, "7")
    switch(fail=1)
    assert post(sandbox, "/public/graphql", {"query": LIST})[0] == 503
    switch(lose=1)
    with pytest.raises((http.client.RemoteDisconnected, ConnectionResetError)):
        ask(sandbox, ADD, input=webhook(sandbox))
    assert len(ask(sandbox, LIST)["data"]["destinations"]) == 1
    switch(stale=30)
    ask(sandbox, ADD, input=webhook(sandbox, "B"))
    assert len(ask(sandbox, LIST)["data"]["destinations"]) == 1
    switch()
    assert len(ask(sandbox, LIST)["data"]["destinations"]) == 2


@pytest.mark.parametrize(
    "wanted", [{"lost": 1}, {"lose": True}, {"lose": "1"}, {"drop_severity": "SEVERE"}, {"web_page": 1}]
)
def test_faults_that_are_none(sandbox: Sandbox, wanted: dict[str, object]) -> None:
    """A name that is none, or a value of another type: nothing is switched on."""
    status, document, _ = post(sandbox, "/_sandbox/faults", wanted)
    assert (status, "drop_severity" in document["error"]) == (400, True)


def test_a_severity_that_is_quietly_dropped(sandbox: Sandbox) -> None:
    """Neither stored when it is made nor when it is changed, and the answer shows what is stored; a person can."""
    query = ADD.replace("displayName", "displayName defaultForSeverity")
    sandbox.set_faults(Faults(drop_severity="CRITICAL"))
    made = ask(sandbox, query, input=webhook(sandbox, defaultForSeverity=["HIGH", "CRITICAL"]))
    assert made["data"]["addDestination"]["defaultForSeverity"] == ["HIGH"]
    given = webhook(sandbox, outputId=sandbox.destinations()[0].id, defaultForSeverity=["LOW", "CRITICAL"])
    ask(sandbox, UPDATE, input=given)
    assert sandbox.destinations()[0].severities == ("LOW",)
    sandbox.edit("A", severities="CRITICAL")
    assert sandbox.destinations()[0].severities == ("CRITICAL",)


@pytest.mark.parametrize("path", ["/timeline", "/_sandbox/timeline"])
def test_the_timeline(sandbox: Sandbox, path: str) -> None:
    """What was stored at the start and after each change, also one whose answer was lost; no URL and no key."""
    made = ask(sandbox, ADD, input=webhook(sandbox))["data"]["addDestination"]
    assert refused(ask(sandbox, ADD, input=webhook(sandbox))) == "AlreadyExistsError"
    sandbox.edit("A", display_name="B", severities="LOW,HIGH")
    sandbox.set_faults(Faults(lose=1))
    with pytest.raises((http.client.RemoteDisconnected, ConnectionResetError)):
        ask(sandbox, DELETE, id=made["outputId"])
    connection = http.client.HTTPConnection(sandbox.url.removeprefix("http://"), timeout=5)
    connection.request("GET", path)
    page = connection.getresponse().read()
    connection.close()
    moments = json.loads(page)["timeline"]
    told = [(each["operation"], each["by"], [row["display_name"] for row in each["destinations"]]) for each in moments]
    assert told == [
        ("start", "", []),
        ("create", "api-token@sandbox", ["A"]),
        ("update", "jo@example.com", ["B"]),
        ("delete", "api-token@sandbox", []),
    ]
    [row] = moments[2]["destinations"]
    assert (row["severities"], row["alert_types"], row["log_types"], row["allow_manual_dispatch"]) == (
        ["LOW", "HIGH"], [], [], False,
    )  # fmt: skip
    assert b"webhook" not in page
    assert len(sandbox.timeline()) == 4


def test_the_timeline_of_very_many_changes(sandbox: Sandbox) -> None:
    """The page holds the last of them; the object has all."""
    for number in range(1100):
        sandbox.edit("A", create=True, severities=("LOW", "HIGH")[number % 2])
    assert len(sandbox.timeline()) == 1101
    shown = control.timeline(sandbox.timeline())
    assert (len(shown), shown[-1]["operation"]) == (1000, "update")


def test_a_person_clicks(sandbox: Sandbox) -> None:
    """Edit makes, changes and deletes by display name, under that person's name; what it cannot do is said."""

    def edit(**wanted: object) -> tuple[int, dict[str, Any]]:
        return post(sandbox, "/_sandbox/edit", wanted)[:2]

    assert edit(name="A", fields={"severities": "LOW,HIGH"}, create=True, by="jo")[1]["done"] == "created"
    assert edit(name="A", fields={"display_name": "B", "severities": ["CRITICAL"]}, by="max")[1]["done"] == "changed"
    [found] = sandbox.destinations()
    assert (found.display_name, found.severities, found.created_by, found.modified_by) == (
        "B", ("CRITICAL",), "jo", "max",
    )  # fmt: skip
    status, document = edit(name="BB", fields={})
    assert (status, document["error"]) == (404, 'there is no destination "BB"; did you mean "B"?')
    for fields, said in (
        ({"severity": "LOW"}, "did you mean severities?"),
        ({"severities": "SEVERE"}, "is not one of"),
        ({"api_key": "k"}, "webhook_url"),
    ):
        status, document = edit(name="B", fields=fields)
        assert (status, said in document["error"]) == (409, True)
    assert edit(name="B", delete=True)[1]["done"] == "deleted"
    assert edit(fields={})[0] == 400
    assert sandbox.destinations() == ()


def test_destinations_outlive_the_sandbox(tmp_path: Path) -> None:
    """With a database; its page of destinations shows no secret."""
    for count in (0, 1):
        with Sandbox(database=tmp_path / "s.db", profile="self-hosted") as sandbox:
            assert len(sandbox.destinations()) == count
            if not count:
                ask(sandbox, ADD, input=webhook(sandbox))
            connection = http.client.HTTPConnection(sandbox.url.removeprefix("http://"), timeout=5)
            connection.request("GET", "/_sandbox/destinations")
            page = connection.getresponse().read()
            connection.close()
            assert b"apikey" not in page
            assert b'"display_name": "A"' in page or b'"display_name":"A"' in page


def test_faults_given_from_the_start() -> None:
    """As an argument, like over HTTP."""
    with Sandbox(faults=Faults(throttle=1)) as sandbox:
        assert post(sandbox, "/public/graphql", {"query": LIST})[0] == 429

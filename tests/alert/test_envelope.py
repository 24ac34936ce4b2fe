"""What an alert may be inside of, and the jq filter that takes it out."""

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blinkdecl.alert.envelope import Envelope, envelope_of

ALERT: dict[str, Any] = {"id": "AWS.Root", "alertId": "b90c", "severity": "HIGH", "title": "Root login"}
TEXT = json.dumps(ALERT)

ENCLOSED = [
    ([ALERT], "a list of 1", ".[0]"),
    ([[ALERT]], "a list of 1", ".[0][0]"),
    (TEXT, "JSON within a string", "fromjson"),
    (json.dumps([ALERT]), "JSON within a string", "fromjson | .[0]"),
    ({"TopicArn": "a", "MessageId": "1", "Message": TEXT}, "an SNS notification", ".Message | fromjson"),
    ({"version": "0", "id": "e", "detail-type": "x", "detail": ALERT}, "an EventBridge event", ".detail"),
    ({"Messages": [{"Body": TEXT}]}, "a list of messages, as SQS answers", ".Messages[0].Body | fromjson"),
    (
        {"Records": [{"body": json.dumps({"TopicArn": "a", "Message": TEXT})}]},
        "a list of records, as a queue or a topic delivers them",
        ".Records[0].body | fromjson | .Message | fromjson",
    ),
    ({"data": {"alert": ALERT}}, "an answer of a GraphQL API", ".data.alert"),
    (
        {"data": {"alerts": {"edges": [{"node": ALERT}]}}},
        "an answer of a GraphQL API",
        ".data.alerts.edges[0].node",
    ),
    ({"results": [ALERT], "next": "abc"}, "an answer of an API, with its results", ".results[0]"),
    ({"specversion": "1.0", "id": "1", "data": ALERT}, "a CloudEvent", ".data"),
    ({"odd key": {"1\"'": ALERT}}, "", r""".["odd key"]["1\"'"]"""),
]


@pytest.mark.parametrize(("document", "kind", "path"), ENCLOSED)
def test_what_an_alert_is_inside_of(document: object, kind: str, path: str) -> None:
    """It is named where its form is known, and the filter leads to the first alert."""
    assert envelope_of(document) == Envelope(kind, path)


def taken(document: Any, path: str) -> object:  # noqa: ANN401 - JSON
    """Return what a jq filter takes out of a document: the few forms of jq that are printed."""
    for step in path.split(" | "):
        if step == "fromjson":
            document = json.loads(document)
            continue
        steps = re.findall(r"\.([A-Za-z_][A-Za-z0-9_]*)|\[([^]]*)\]", step)
        assert step.startswith(".")
        for name, index in steps:
            document = document[name or json.loads(index)]
    return document


@pytest.mark.parametrize(("document", "kind", "path"), ENCLOSED)
def test_the_filter_takes_the_alert_out(document: object, kind: str, path: str) -> None:
    """As jq does, for which a filter begins with a dot or a function."""
    del kind
    assert taken(document, path) == ALERT


@pytest.mark.parametrize(
    "document", [{}, {"name": "n"}, [], "x", 5, None, {"id": ""}, {"alertContext": ALERT}, "{" * 99]
)
def test_what_tells_nothing(document: object) -> None:
    """Nothing in it would say to anybody what happened, and there is no alert inside."""
    found = envelope_of(document)
    assert found is not None
    assert not found.filter


@pytest.mark.parametrize("key", ["id", "alertId", "title", "severity"])
def test_one_telling_key_makes_an_alert(key: str) -> None:
    """Whatever its context and its added keys hold."""
    several = {**ALERT, "type": "RULE", "name": "n"}
    assert envelope_of({key: "x", "alertContext": {"alert": several}}) is None
    assert envelope_of({**several, "detection": ALERT}) is None


JSON = st.recursive(
    st.none() | st.booleans() | st.text(max_size=8) | st.just(TEXT),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=30,
)


@given(JSON)
def test_whatever_the_document(document: object) -> None:
    """There is an answer for each, and for an alert it is the same wherever it is put."""
    envelope_of(document)
    found = envelope_of([ALERT, document])
    assert found is not None
    assert found.filter == ".[0]"

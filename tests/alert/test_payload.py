"""The payload and the two ways to authenticate, checked by verifiers of the tests' own."""

import hashlib
import hmac
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from blinkdecl.alert import payload
from blinkdecl.alert.payload import Alert
from blinkdecl.secret.value import Secret
from tests.support.paths import SCHEMAS

SCHEMA = json.loads((SCHEMAS / "alert.schema.json").read_text())
AT = "2026-01-31T09:30:00.000Z"
TEXT = st.text() | st.none()


def test_panthers_test_alert() -> None:
    """The test alert is the one that Panther sends, word for word."""
    assert json.loads(payload.body(payload.panther_test_alert(AT))) == {
        "id": "Test.Alert",
        "alertId": "Test.Alert",
        "createdAt": AT,
        "severity": "INFO",
        "type": "RULE",
        "link": "",
        "title": "New Alert: This is a Test Alert",
        "name": "Test Alert",
        "description": "This is a Test Alert",
        "runbook": "Stuck? Check out our docs: https://docs.runpanther.io",
        "tags": ["test"],
        "version": "abcdefg",
        "alertContext": {},
    }


def test_an_empty_alert_has_every_key() -> None:
    """Unknown is null; the array and the object are empty, never null."""
    found = payload.payload(Alert())
    assert tuple(found) == payload.KEYS == tuple(SCHEMA["required"])
    assert (found["tags"], found["alertContext"]) == ([], {})
    assert {found[name] for name in payload.KEYS if name not in ("tags", "alertContext")} == {None}


@settings(max_examples=50, deadline=None)
@given(
    st.builds(Alert, id=TEXT, title=TEXT, tags=st.tuples(TEXT.filter(bool)), context=st.dictionaries(st.text(), TEXT))
)
def test_every_body_is_utf8_json_that_the_schema_accepts(given_alert: Alert) -> None:
    """Whatever an alert holds, its bytes are UTF-8 and JSON, and hold it all."""
    document = json.loads(payload.body(given_alert).decode())
    Draft202012Validator(SCHEMA).validate(document)
    assert document["title"] == payload.title_of(given_alert)


def test_bodies_are_canonical() -> None:
    """The order in which a context was built changes no byte, and no space is wasted."""
    one, other = Alert(context={"a": 1, "b": "é"}), Alert(context={"b": "é", "a": 1})
    assert payload.body(one) == payload.body(other)
    assert '"alertContext":{"a":1,"b":"é"}'.encode() in payload.body(one)


def test_half_a_surrogate_pair_is_escaped() -> None:
    """What JSON can name and UTF-8 cannot still gives valid bytes."""
    assert json.loads(payload.body(Alert(title="\ud800é")).decode()) == payload.payload(Alert(title="\ud800é"))


def test_a_number_that_json_lacks_is_refused() -> None:
    """NaN would be a broken body."""
    with pytest.raises(ValueError, match="JSON"):
        payload.body(Alert(context={"x": float("nan")}))


def test_the_key_travels_in_a_header() -> None:
    """API key authentication is one header beside the two that Panther sends."""
    assert payload.key_headers(Secret("k3y")) == {
        "Content-Type": "application/json",
        "Accept": "application/json",
        "BLINK-API-KEY": "k3y",
    }


@given(st.text(min_size=1), st.integers(0, 2**40), st.binary())
def test_the_signature_holds_for_another_verifier(key: str, timestamp: int, sent: bytes) -> None:
    """HMAC-SHA256 over time, full URL and raw body."""
    url = "https://acme.app.blinkops.com/webhooks/soc?a=b"
    expected = hmac.new(key.encode(), f"{timestamp}.{url}.".encode() + sent, hashlib.sha256).hexdigest()
    assert payload.sign(Secret(key), timestamp, url, sent) == expected


def test_the_schema_describes_every_key() -> None:
    """Editors show a title, a description and an example for each."""
    Draft202012Validator.check_schema(SCHEMA)
    assert all(
        each["title"] and each["description"] and each["examples"] is not None
        for each in SCHEMA["properties"].values()
    )  # fmt: skip

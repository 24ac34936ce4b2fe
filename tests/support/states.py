"""States to test with: a small one of every feature, and arbitrary ones; and what the schema says of a file."""

import json
from datetime import UTC
from typing import Any

import jsonschema
from hypothesis import strategies as st

from blinkdecl.model.resource import ALERT_TYPES, SEVERITIES, SecretReference, canonical, canonical_set, kind_of
from blinkdecl.model.state import Intent, LastTest, ProjectRecord, Recorded, RecordedSecret, State
from tests.support.paths import SCHEMAS

SCHEMA = json.loads((SCHEMAS / "state.schema.json").read_text())
_VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def check_schema(data: bytes) -> dict[str, Any]:
    """Return the parsed file; fails unless the schema accepts it."""
    parsed: dict[str, Any] = json.loads(data)
    _VALIDATOR.validate(parsed)
    return parsed


def small_state(**fields: Any) -> State:  # noqa: ANN401 - whatever `State` takes
    """Return a state with a trigger, a destination and a pending create."""
    key = RecordedSecret(SecretReference("env", "BLINK_SOC_API_KEY"), "0123456789abcdef")
    url = "https://acme.app.blinkops.com/webhooks/soc"
    trigger = canonical("trigger", {"workspace": "SOC", "url": url})
    shown = {"display_name": "Blink SOC – Täglich", "trigger": "soc", "severities": ["CRITICAL", "HIGH"]}
    destination = canonical("destination", {**shown, "log_types": ["AWS.CloudTrail"], "webhook_url": url})
    last = LastTest("2026-11-23T10:04:11Z", delivered=True, status=200, latency=0.041)
    records = (
        Recorded("destination.blink-soc", "6f1c", destination, {"api_key": key}, True, last),  # noqa: FBT003 - a field
        Recorded("trigger.soc", None, trigger, {"api_key": key}),
    )
    given = {
        "lineage": "3f1f8a0f-5c11-4c57-9d61-6f1c2a9e0b1d",
        "salt": "5a" * 32,
        "resources": {record.address: record for record in records},
        "pending": {"destination.blink-new": Intent("create", "Blink new", "run-1", ("a", "b"))},
    }
    return State(**(given | fields))


_TEXT = st.text(max_size=12)
_OPTIONAL = st.none() | _TEXT
_ADDRESS = st.from_regex(r"(destination|trigger)\.[a-z][a-z0-9_-]{0,9}", fullmatch=True)
_REFERENCE = st.builds(SecretReference, st.sampled_from(["env", "file"]), _TEXT) | st.builds(
    SecretReference, st.just("command"), st.lists(_TEXT, min_size=1, max_size=3).map(tuple)
)
_SECRET = st.builds(RecordedSecret, _REFERENCE, st.from_regex(r"[0-9a-f]{16}", fullmatch=True))
_NUMBER = st.floats(min_value=0, max_value=60, allow_nan=False)
_TIME = st.datetimes(timezones=st.just(UTC)).map(lambda at: at.isoformat().replace("+00:00", "Z"))
_LAST = st.none() | st.builds(LastTest, _TIME, st.booleans(), st.none() | st.integers(100, 599), _NUMBER)


def _some(members: tuple[str, ...]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.sets(st.sampled_from(members)).map(lambda chosen: canonical_set(tuple(chosen)))


_ATTRIBUTES = {
    "trigger": st.fixed_dictionaries(
        dict.fromkeys(("workspace", "pack", "automation", "event_name"), _TEXT)
        | {"url": _OPTIONAL, "authentication": st.sampled_from(["api_key", "signature"])}
    ),
    "destination": st.fixed_dictionaries(
        {
            "display_name": _TEXT,
            "trigger": _TEXT,
            "severities": _some(SEVERITIES),
            "alert_types": _some(ALERT_TYPES),
            "log_types": st.sets(_TEXT, max_size=3).map(lambda chosen: canonical_set(tuple(chosen))),
            "allow_manual_dispatch": st.booleans(),
            "webhook_url": _OPTIONAL,
        }
    ),
}


def _recorded(address: str) -> st.SearchStrategy[Recorded]:
    secrets = st.dictionaries(st.sampled_from(["api_key", "url"]), _SECRET)
    return st.builds(
        Recorded, st.just(address), _OPTIONAL, _ATTRIBUTES[kind_of(address)], secrets, st.booleans(), _LAST
    )


_OPERATION = st.sampled_from(["create", "update", "delete"])
_INTENT = st.builds(Intent, _OPERATION, _TEXT, _TEXT, st.lists(_TEXT, max_size=3).map(tuple))


_HOSTS = st.lists(_TEXT, max_size=3).map(tuple)
_PROJECT = st.none() | st.builds(ProjectRecord, _TEXT, _HOSTS, _HOSTS, st.dictionaries(_TEXT, _REFERENCE, max_size=2))


def states() -> st.SearchStrategy[State]:
    """Return arbitrary states that the format can hold."""
    resources = st.sets(_ADDRESS, max_size=4).flatmap(
        lambda chosen: st.fixed_dictionaries({address: _recorded(address) for address in chosen})
    )
    salt = st.binary(min_size=1, max_size=32).map(bytes.hex)
    pending = st.dictionaries(_ADDRESS, _INTENT, max_size=2)
    return st.builds(State, _TEXT, salt, st.integers(0, 2**60), _OPTIONAL, _OPTIONAL, resources, pending, _PROJECT)

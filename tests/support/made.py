"""Values made by hand and by hypothesis, for the tests of what is rendered."""

import json
from functools import cache
from typing import Any

from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from blinkdecl.diagnostics import Diagnostic, Excerpt, Position
from blinkdecl.model.configuration import Waiver
from blinkdecl.model.live import LiveObject
from blinkdecl.model.plan import (
    Action,
    Change,
    Difference,
    Drift,
    FirstStep,
    Options,
    Plan,
    PlannedAlerts,
    RoutingRow,
    SecretChange,
)
from blinkdecl.model.resource import DEFAULTS, SecretReference, canonical
from blinkdecl.model.secret_values import NewValue
from blinkdecl.model.state import RecordedSecret
from tests.support.paths import SCHEMAS

KEY = SecretReference("env", "BLINK_SOC_API_KEY")
NEW_KEY = SecretChange("api_key", KEY, "new")
TRIGGER = canonical(
    "trigger",
    {
        "workspace": "SOC",
        "automation": "Triage alerts",
        "event_name": "Alert from Panther",
        "url": "https://acme.app.blinkops.com/webhooks/soc",
    },
)
DESTINATION = canonical(
    "destination",
    {
        "display_name": "Blink SOC",
        "trigger": "soc",
        "severities": ["HIGH", "CRITICAL"],
        "webhook_url": "https://acme.app.blinkops.com/webhooks/soc",
    },
)
CREATE_TRIGGER = Change(
    "trigger.soc", Action.CREATE, after=TRIGGER, secrets=(NEW_KEY,), position=Position("blinkdecl.yaml", 5, 3)
)
CREATE_DESTINATION = Change(
    "destination.blink-soc",
    Action.CREATE,
    after=DESTINATION,
    secrets=(NEW_KEY,),
    depends_on=("trigger.soc",),
    position=Position("blinkdecl.yaml", 14, 3),
)
DRIFTED = Drift(
    "destination.blink-soc",
    "changed",
    (Difference("severities", ("HIGH", "CRITICAL"), ("CRITICAL",)),),
    by="jo@example.com",
    at="2026-11-23T10:04:11Z",
    position=Position("blinkdecl.yaml", 17, 5),
)


def plan(*changes: Change, **given: Any) -> Plan:  # noqa: ANN401 - the fields of a Plan
    """Return a plan of these changes."""
    return Plan("0b7c", 4, "sha256:c0ffee", changes=changes, digest="sha256:d16e57", **given)


def recorded(name: str = "BLINK_SOC_API_KEY") -> RecordedSecret:
    """Return what a state knows of a secret in the environment."""
    return RecordedSecret(SecretReference("env", name), "90f1c2a7b3d4e5f6")


@cache
def validator(schema: str) -> Draft202012Validator:
    """Return the validator of one of the schemas that the package ships."""
    path = SCHEMAS / f"{schema}.schema.json"
    return Draft202012Validator(json.loads(path.read_text(encoding="utf-8")))


def definitions(schema: str) -> dict[str, Any]:
    """Return the named parts of one of the schemas."""
    found = validator(schema).schema
    assert isinstance(found, dict)
    return dict(found["$defs"])


_text = st.text(max_size=12) | st.sampled_from(
    ["\x1b[2J", "a\rFAKE", "\u202egnp", "x\nError: no", "\ud800", "\u2028::error", "\ufdd0no\ufddf"]
)
_maybe_text = st.none() | _text
_count = st.integers(0, 10**6)
_positions = st.none() | st.builds(Position, _text, st.integers(1, 9999), st.integers(1, 200))
_references = st.builds(SecretReference, st.sampled_from(["env", "file"]), _text) | st.builds(
    SecretReference, st.just("command"), st.lists(_text, min_size=1, max_size=3).map(tuple)
)
_recorded = st.builds(RecordedSecret, _references, _text)
_values = st.none() | st.booleans() | _text | st.lists(_text, max_size=3).map(tuple)
_differences = st.lists(
    st.builds(Difference, st.sampled_from(["display_name", "log_types"]), _values, _values), max_size=2
)
_excerpts = st.builds(
    Excerpt, st.lists(st.tuples(st.integers(1, 9999), _text), max_size=3).map(tuple), st.integers(0, 9), _text
)
_statuses = st.sampled_from(["new", "same", "rotated", "unverified"])
diagnostics = st.builds(
    Diagnostic,
    st.sampled_from(["exists", "limits", "renamed"]),
    _text,
    st.sampled_from(["error", "warning"]),
    _positions,
    st.none() | _excerpts,
    st.lists(st.tuples(st.sampled_from(["at", "note", "help", "who"]), _text), max_size=3).map(tuple),
)


@st.composite
def _attributes(draw: st.DrawFn, kind: str) -> dict[str, Any]:
    return {name: draw(_values) for name in DEFAULTS[kind] if draw(st.booleans())}


_texts = st.lists(_text, max_size=2).map(tuple)
# What a first step gives has a display name, as every destination has.
_whole = st.builds(lambda given, name: {**given, "display_name": name}, _attributes("destination"), _text)


@st.composite
def changes(draw: st.DrawFn) -> Change:
    """Make a change of any kind."""
    kind = draw(st.sampled_from(["trigger", "destination"]))
    secret = st.builds(SecretChange, st.just("api_key"), _references, _statuses, st.none() | _recorded)
    return Change(
        f"{kind}.{draw(_text)}",
        draw(st.sampled_from(list(Action))),
        draw(_maybe_text),
        draw(st.none() | _attributes(kind)),
        draw(st.none() | _attributes(kind)),
        tuple(draw(_differences)),
        tuple(draw(st.lists(secret, max_size=1))),
        tuple(draw(st.lists(_text, max_size=2))),
        draw(st.none() | st.builds(FirstStep, _whole, _texts)),
        draw(_maybe_text),
        draw(st.booleans()),
        draw(st.booleans()),
        draw(_positions),
    )


@st.composite
def drifts(draw: st.DrawFn) -> Drift:
    """Make drift of any kind, waived or not."""
    address = f"destination.{draw(_text)}"
    return Drift(
        address,
        draw(st.sampled_from(["changed", "deleted"])),
        tuple(draw(_differences)),
        draw(_maybe_text),
        draw(_maybe_text),
        draw(st.none() | st.builds(Waiver, st.just(address), _text, _texts, _text)),
        draw(st.booleans()),
        draw(_positions),
    )


_live = st.builds(
    LiveObject,
    _text,
    _attributes("destination"),
    _maybe_text,
    _maybe_text,
    _maybe_text,
    _maybe_text,
    _texts,
    _text,
    st.just(value=False),  # what is foreign is nobody's to show
    _maybe_text,
)
_maybe_count = st.none() | _count
_options = st.builds(Options, _texts, _texts, _maybe_count, _maybe_count, _maybe_count, st.booleans())
plans = st.builds(
    Plan,
    _text,
    _count,
    _text,
    _maybe_text,
    _options,
    st.lists(changes(), max_size=3).map(tuple),
    st.lists(drifts(), max_size=2).map(tuple),
    st.lists(_live, max_size=2).map(tuple),
    _count,
    st.lists(st.tuples(_text, _texts), max_size=2).map(tuple),
    st.lists(st.builds(NewValue, _text, _text, _references), max_size=2).map(tuple),
    _count,
    st.lists(st.builds(RoutingRow, _texts, _texts, st.none() | _texts, _texts, _texts, st.booleans()), max_size=3).map(
        tuple
    ),
    st.builds(PlannedAlerts, _count, _count),
    st.lists(diagnostics, max_size=2).map(tuple),
    _text,
    st.sampled_from(["local", "panther", "console"]),
    st.sampled_from(["live", "recorded"]),
    review_digest=_text,
    offline=st.booleans(),
)

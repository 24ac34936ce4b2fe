"""The format of the state: nothing is lost, nothing damaged is taken."""

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings

from blinkdecl.diagnostics import Failure
from blinkdecl.model.resource import SecretReference
from blinkdecl.model.state import RecordedSecret, State
from blinkdecl.state import new_state
from blinkdecl.state.codec import decode, encode
from blinkdecl.state.interface import WayOut
from blinkdecl.state.versions import same_version
from tests.support.states import SCHEMA, check_schema, small_state, states


def refusal(data: bytes) -> str:
    """Return the code with which `data` is refused."""
    with pytest.raises(Failure) as caught:
        decode(data, "state.json", WayOut("store it again", lambda _: "restore it"))
    [diagnostic] = caught.value.diagnostics
    return diagnostic.code


def resealed(change: Callable[[dict[str, Any]], object]) -> bytes:
    """Return the small state with `change` made to its content and a checksum that is right."""
    content = json.loads(encode(small_state()))
    change(content)
    whole = re.sub('"<([0-9e]+)>"', r"\1", json.dumps(content))  # numbers that Python writes otherwise, or not at all
    text = whole.removeprefix('{"format_version": 2, "checksum": "')[64:]
    start = b'{\n  "format_version": 2,\n  "checksum": "'
    rest = text.replace('", "lineage"', '",\n  "lineage"', 1).encode()
    return start + hashlib.sha256(start + rest).hexdigest().encode() + rest


@given(states())
@settings(max_examples=60, deadline=None)
def test_round_trip(state: State) -> None:
    """Any state comes back as it was, and its file is what the schema says."""
    data = encode(state)
    check_schema(data)
    assert decode(data, "state.json") == state
    assert encode(decode(data, "state.json")) == data


def first_version(data: bytes) -> bytes:
    """Return a state as version 1 wrote it."""
    start = b'{\n  "format_version": 1,\n  "checksum": "'
    rest = re.sub(rb'\n  "project": .*,\n', b"\n", data[len(start) + 64 :])
    return start + hashlib.sha256(start + rest).hexdigest().encode() + rest


def test_version_1_is_read_and_written_as_version_2() -> None:
    """What an earlier blinkdecl recorded is taken as it is, and has the new version with the next write."""
    data = encode(small_state())
    assert decode(first_version(data), "state.json") == small_state()
    assert encode(decode(first_version(data), "state.json")) == data


def test_slow_fingerprints_are_of_version_2() -> None:
    """A weak secret's fingerprint says how it was made; in version 1 it would be no fingerprint."""
    held = RecordedSecret(SecretReference("env", "KEY"), "scrypt:0123456789abcdef")
    trigger = replace(small_state().resources["trigger.soc"], secrets={"api_key": held})
    data = encode(small_state(resources={trigger.address: trigger}))
    check_schema(data)
    assert decode(data, "state.json").resources[trigger.address] == trigger
    assert refusal(first_version(data)) == "invalid-state"


def test_every_prefix_is_refused() -> None:
    """A file that was cut anywhere is never read, least of all as an empty state."""
    data = encode(small_state())
    assert {refusal(data[:length]) for length in range(len(data))} == {"invalid-state"}


@pytest.mark.parametrize("mask", [0x01, 0x20, 0x80, 0xFF])
def test_every_flipped_byte_is_refused(mask: int) -> None:
    """A single altered byte is found out wherever it is, in white space too."""
    data = encode(small_state())
    for place in range(len(data)):
        altered = data[:place] + bytes([data[place] ^ mask]) + data[place + 1 :]
        assert refusal(altered) in ("invalid-state", "newer-state"), place


@pytest.mark.parametrize("extra", [b" ", b"\n", b"\0", b"{}"])
def test_appended_bytes_are_refused(extra: bytes) -> None:
    """What was appended to a whole file is noticed."""
    assert refusal(encode(small_state()) + extra) == "invalid-state"


@pytest.mark.parametrize(
    "data", [b"", b"{}", b"[]", b"null", b"\xff\xfe", b"[" * 100_000, b'{"format_version": 0,', b'{"version": 4}']
)
def test_garbage_is_refused(data: bytes) -> None:
    """Files that never were a state are refused without a traceback."""
    assert refusal(data) == "invalid-state"


@pytest.mark.parametrize("version", ["3", "999999999999999999"])
def test_newer_version(version: str) -> None:
    """A newer format is named as such, whatever else has changed in it."""
    assert refusal(b'{\n  "format_version": %s, "all": "new"}' % version.encode()) == "newer-state"
    assert refusal(encode(small_state()).replace(b"2", version.encode(), 1)) == "newer-state"


WRONG: dict[str, Callable[[dict[str, Any]], object]] = {
    "serial is a text": lambda s: s.update(serial="3"),
    "serial is true": lambda s: s.update(serial=True),
    "serial below zero": lambda s: s.update(serial=-1),
    "salt is not hex": lambda s: s.update(salt="zz"),
    "resources is an object": lambda s: s.update(resources={}),
    "a resource is null": lambda s: s["resources"].append(None),
    "an address twice": lambda s: s["resources"].append(s["resources"][0]),
    "an address of no kind": lambda s: s["resources"][0].update(address="output.x"),
    "an unknown field": lambda s: s["resources"][0].update(surprise=1),
    "an unknown field at the top": lambda s: s.update(surprise=1),
    "a missing field": lambda s: s["resources"][0].pop("id"),
    "a missing attribute": lambda s: s["resources"][0]["attributes"].pop("trigger"),
    "a set of numbers": lambda s: s["resources"][0]["attributes"].update(log_types=[1]),
    "a set of lists": lambda s: s["resources"][0]["attributes"].update(log_types=[[]]),
    "a flag that is a number": lambda s: s["resources"][0].update(prevent_destroy=1),
    "a secret value": lambda s: s["resources"][0]["secrets"]["api_key"].update(value="canary"),
    "a reference to nothing": lambda s: s["resources"][0]["secrets"]["api_key"].update(reference={}),
    "a reference of two": lambda s: s["resources"][0]["secrets"]["api_key"].update(reference={"env": "A", "file": "B"}),
    "an empty command": lambda s: s["resources"][0]["secrets"]["api_key"].update(reference={"command": []}),
    "a long fingerprint": lambda s: s["resources"][0]["secrets"]["api_key"].update(fingerprint="canary" * 9),
    "latency is not a number": lambda s: s["resources"][0]["last_test"].update(latency=float("nan")),
    "latency is beyond numbers": lambda s: s["resources"][0]["last_test"].update(latency="<1e400>"),
    "latency is beyond reason": lambda s: s["resources"][0]["last_test"].update(latency=1e308),
    "latency is negative": lambda s: s["resources"][0]["last_test"].update(latency=-1),
    "a status of many digits": lambda s: s["resources"][0]["last_test"].update(status=10**300),
    "a time that is none": lambda s: s["resources"][0]["last_test"].update(at="canary"),
    "a time without a zone": lambda s: s["resources"][0]["last_test"].update(at="2026-11-23T10:04:11"),
    "a serial that cannot grow": lambda s: s.update(serial=2**63),
    "a serial of many digits": lambda s: s.update(serial="<" + "9" * 4300 + ">"),
    "an unknown operation": lambda s: s["pending"][0].update(operation="explode"),
    "ids that are no texts": lambda s: s["pending"][0].update(before_ids=[1]),
}


@pytest.mark.parametrize("change", WRONG.values(), ids=WRONG)
def test_wrong_shape_is_refused(change: Callable[[dict[str, Any]], object]) -> None:
    """A right checksum does not make a wrong shape right; the refusal names the place and shows no value."""
    with pytest.raises(Failure) as caught:
        decode(resealed(change), "state.json", WayOut("store it again", lambda _: "restore it"))
    assert caught.value.diagnostics[0].code == "invalid-state"
    assert "canary" not in str(caught.value.diagnostics)


def test_resealed_is_taken() -> None:
    """The files of the test above are refused for their shape alone, and another order of fields is none."""
    assert decode(resealed(lambda _: None), "state.json") == small_state()

    def turn(content: dict[str, Any]) -> None:
        content["resources"] = [dict(reversed(each.items())) for each in reversed(content["resources"])]

    assert decode(resealed(turn), "state.json") == small_state()


def test_refusal_names_the_way_out() -> None:
    """An unusable state says which file, why, and how to get a whole version back."""
    with pytest.raises(Failure) as caught:
        decode(b"", ".blinkdecl/state.json", WayOut("", lambda _: "restore it with `cp a b`"))
    [diagnostic] = caught.value.diagnostics
    assert diagnostic.summary == "the state .blinkdecl/state.json cannot be used"
    assert dict(diagnostic.notes)["note"] == "it is empty; it is never read as if nothing were recorded"
    assert dict(diagnostic.notes)["help"] == "restore it with `cp a b`"


def test_one_resource_a_line() -> None:
    """A change of one resource is a change of one line, and nothing in the file can steer a terminal."""
    lines = encode(small_state()).decode("ascii").splitlines()
    assert [line.lstrip()[:14] for line in lines if '"attributes"' in line] == ['{"address": "d', '{"address": "t']
    assert all(char.isprintable() for line in lines for char in line)


def test_incomplete_record_is_never_written() -> None:
    """What `decode` would refuse is refused before it is written."""
    state = small_state()
    broken = dict(state.resources["trigger.soc"].attributes)
    del broken["url"]
    object.__setattr__(state.resources["trigger.soc"], "attributes", broken)
    with pytest.raises(ValueError, match="exactly the attributes"):
        encode(state)


def test_new_states_differ() -> None:
    """Every first run has a lineage and a salt of its own, and says whose state it is."""
    one, other = new_state("prod", "api.example.com"), new_state("prod", "api.example.com")
    assert (one.serial, one.environment, one.provider_host) == (0, "prod", "api.example.com")
    assert one.lineage != other.lineage
    assert one.salt != other.salt
    assert len(one.salt) == 64


def test_same_version() -> None:
    """Two values are the same version when lineage and serial agree."""
    assert same_version(small_state(), small_state(resources={}))
    assert not same_version(small_state(), small_state(serial=1))
    assert not same_version(small_state(), None)
    assert same_version(None, None)


def test_schema_explains_everything() -> None:
    """Every property of the schema has a title and a description, and every object names all that it may hold."""

    def check(node: Any) -> None:  # noqa: ANN401 - JSON
        for part in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
            check(part)
        if isinstance(node, dict) and "properties" in node and "title" in node:
            assert "additionalProperties" in node
            assert all(
                "$ref" in part or {"title", "description"} <= part.keys() for part in node["properties"].values()
            )

    check(SCHEMA)
    assert all({"title", "description"} <= part.keys() for part in SCHEMA["$defs"].values())

"""Fingerprints: short values slowly, and what an earlier version recorded is still the same value."""

import hashlib
from dataclasses import replace
from typing import Any

import pytest

from blinkdecl.model.resource import SecretReference
from blinkdecl.model.state import RecordedSecret, State
from blinkdecl.routing.receiver import receivers_of
from blinkdecl.secret.fingerprints import Fingerprints
from blinkdecl.secret.value import Secret
from tests.support.builders import KEY, OTHER_KEY, SALT, destination, fingerprints, recorded

WEAK, STRONG = Secret("hunter2"), Secret("canary-long-enough-1")


def known(secret: Secret) -> Fingerprints:
    """Return fingerprints that know one value."""
    return Fingerprints(SALT, {KEY: secret})


def test_only_short_values_are_slow() -> None:
    """Below 20 characters a list of words may hold a value; from there on, nobody can guess it."""
    assert WEAK.fingerprint(SALT).startswith("scrypt:")
    assert WEAK.quick_fingerprint(SALT) not in WEAK.fingerprint(SALT)
    assert STRONG.fingerprint(SALT) == STRONG.quick_fingerprint(SALT)


@pytest.mark.parametrize("held", [WEAK.fingerprint(SALT), WEAK.quick_fingerprint(SALT)], ids=["slow", "quick"])
def test_compared_in_the_recorded_kind(held: str) -> None:
    """A weak value is the same after an upgrade, and is rotated where it is another one."""
    before = RecordedSecret(KEY, held)
    same = known(WEAK).compare("api_key", KEY, before)
    assert (same.status, same.current) == ("same", held)
    other = known(Secret("hunter3")).compare("api_key", KEY, before)
    assert (other.status, other.current) == ("rotated", Secret("hunter3").fingerprint(SALT))
    assert known(STRONG).compare("api_key", KEY, before).status == "rotated"


def test_equal_values_are_computed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Thousands of references to one weak key cost one slow fingerprint."""
    calls: list[bytes] = []
    slow = hashlib.scrypt

    def counted(value: bytes, **how: Any) -> bytes:  # noqa: ANN401 - whatever scrypt takes
        calls.append(value)
        return slow(value, **how)

    monkeypatch.setattr(hashlib, "scrypt", counted)
    references = [SecretReference("env", f"KEY_{number}") for number in range(10_000)]
    found = Fingerprints("77" * 16, {each: Secret("once-only") for each in references})
    assert len({found.of(each) for each in references}) == 1
    assert calls == [b"once-only"]


def quick_state(**secrets: SecretReference) -> State:
    """Return what version 1 recorded of a destination, its values weak."""
    made = recorded(destination(webhook_url=None, secrets=secrets))
    [(address, record)] = made.resources.items()
    held = {name: RecordedSecret(each, WEAK.quick_fingerprint(SALT)) for name, each in secrets.items()}
    return replace(made, resources={address: replace(record, secrets=held)})


def test_upgraded_where_the_value_is_known() -> None:
    """A quick fingerprint of a weak value is replaced, whoever recorded it, and left where nobody knows the value."""
    state = quick_state(api_key=KEY, webhook_url=OTHER_KEY)
    [record] = known(WEAK).upgraded(state).resources.values()
    assert {each.fingerprint for each in record.secrets.values()} == {WEAK.fingerprint(SALT)}
    assert fingerprints({}).upgraded(state) is state


def test_one_value_is_one_webhook_in_either_kind() -> None:
    """A webhook behind a short value leads to one place, whichever version recorded it."""
    upgraded = known(WEAK).upgraded(quick_state(webhook_url=OTHER_KEY))
    now = recorded(destination(webhook_url=None, secrets={"webhook_url": KEY}), known=known(WEAK))
    [one], [other] = (receivers_of(each.resources.values()) for each in (upgraded, now))
    assert one.webhook == other.webhook


def test_what_only_commands_resolve_is_more() -> None:
    """A plan is made anew where a value became known, or is another one, and for nothing else."""
    none = Fingerprints(SALT, {})
    assert known(STRONG).knows_more_than(none)
    assert known(STRONG).knows_more_than(known(WEAK))
    assert not known(STRONG).knows_more_than(known(STRONG))
    assert not none.knows_more_than(known(STRONG))

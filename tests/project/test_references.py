"""A reference that has no value says where it stands."""

from pathlib import Path

import pytest

from blinkdecl.diagnostics import Failure, Position
from blinkdecl.model.resource import SecretReference
from blinkdecl.project.references import place_of, resolved
from blinkdecl.secret.store import SecretStore

REFERENCE = SecretReference("env", "TOKEN")


def test_what_is_missing_says_where_its_reference_stands() -> None:
    """The place comes before the notes that the store gives."""
    with pytest.raises(Failure) as caught:
        resolved(SecretStore({}, Path()), REFERENCE, "provider.token,", Position("blinkdecl.yaml", 3, 1))
    assert [name for name, _ in caught.value.diagnostics[0].notes] == ["at", "note", "help"]
    assert caught.value.diagnostics[0].notes[0][1] == "provider.token, from env TOKEN (blinkdecl.yaml:3)"


def test_what_is_there_is_returned() -> None:
    """Nothing is said then, and a place without a position has none."""
    assert resolved(SecretStore({"TOKEN": "abc"}, Path()), REFERENCE, "state.password,", None).reveal() == "abc"
    assert place_of("trigger.soc, api_key", REFERENCE, None) == "trigger.soc, api_key from env TOKEN"

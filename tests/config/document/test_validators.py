"""The two validators agree on what is easily taken differently; where they do not, that is seen."""

from typing import Any

import pytest

from blinkdecl.config.document import schema
from blinkdecl.config.document.schema import INCLUDED, PROJECT, check


@pytest.mark.parametrize("name", ["blink-soc\n", "blink-soc\n\n"])
def test_a_name_does_not_end_in_a_newline(name: str) -> None:
    """Python's `$` would let it through, and the state that it led to could not be read."""
    found = check({"version": 1, "destinations": {name: {"display_name": "A"}}}, INCLUDED)
    assert [(each.code, each.path) for each in found] == [("invalid-name", ("destinations", name))]


@pytest.mark.parametrize(
    ("pattern", "expected"), [("^a$", False), ("^a[$\n]$", True), ("^a\\$?\n$", True), ("^(a$|b)", False)]
)
def test_only_a_dollar_that_is_an_anchor_is_taken_as_one(
    monkeypatch: pytest.MonkeyPatch, pattern: str, *, expected: bool
) -> None:
    """Escaped and in a class it is a character."""
    monkeypatch.setattr(schema, "_part", lambda _: {"pattern": pattern})
    assert schema.explainer.__wrapped__("any").is_valid("a\n") is expected


def test_a_contradiction_of_the_validators_is_no_consent(monkeypatch: pytest.MonkeyPatch) -> None:
    """What one refuses and the other cannot explain is an error, at the top."""
    document: dict[str, Any] = {"version": 1}
    monkeypatch.setattr(schema, "accepted", lambda *_: False)
    assert [(each.code, each.path) for each in check(document, PROJECT)] == [("invalid-value", ())]

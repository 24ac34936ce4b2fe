"""How two states relate has a name, and each refusal a way out."""

from dataclasses import replace

import pytest

from blinkdecl.model.state import State
from blinkdecl.state.versions import Relation, refusal, relation
from tests.support.states import small_state

STORED = small_state(serial=5)


@pytest.mark.parametrize(
    ("given", "found"),
    [
        (STORED, "equal"),
        (replace(STORED, serial=6), "ahead"),
        (replace(STORED, serial=6, resources={}), "ahead"),
        (replace(STORED, serial=4), "behind"),
        (replace(STORED, resources={}), "diverged"),
        (replace(STORED, lineage="another"), "unrelated"),
        (replace(STORED, lineage="another", serial=9), "unrelated"),
    ],
)
def test_relation(given: State, found: Relation) -> None:
    """One row a name; only a later version, or the same, may take the place."""
    assert relation(given, STORED) == found
    failure = refusal(given, STORED, "--force")
    assert (failure is None) == (found in ("equal", "ahead"))
    if failure is not None:
        notes = dict(failure.diagnostics[0].notes)
        assert "--force" in notes["help"]
        assert found in failure.diagnostics[0].summary

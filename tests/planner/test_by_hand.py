"""What a person makes in which order, and what may be confirmed now."""

import pytest

from blinkdecl.diagnostics import Failure
from blinkdecl.model.plan import Action, Change, FirstStep, SecretChange
from blinkdecl.planner.by_hand import confirmable, in_sequence, is_rename
from tests.support.builders import KEY, destination

BEFORE, AFTER = (destination(severities=[each]).attributes for each in ("LOW", "HIGH"))
BOTH = destination(severities=["LOW", "HIGH"]).attributes
SECRETS = (SecretChange("api_key", KEY, "same"),)


def change(name: str, *after: str, first: FirstStep | None = None, action: Action = Action.UPDATE) -> Change:
    """Return a change of a destination that waits for others."""
    secrets = SECRETS if action is Action.UPDATE else ()
    wanted = None if action is Action.DELETE else AFTER
    return Change(f"destination.{name}", action, "id", BEFORE, wanted, secrets=secrets, depends_on=after, first=first)


SWAP = (
    change("a", "destination.b", first=FirstStep(BOTH)),
    change("b", "destination.a"),
)


def test_a_split_change_is_two() -> None:
    """The first half adds, the second takes away, and what waits for it is between them."""
    first, other, second = in_sequence(SWAP)
    assert [each.address for each in (first, other, second)] == ["destination.a", "destination.b", "destination.a"]
    assert [(each.name, each.before, each.after) for each in first.differences] == [
        ("severities", ("LOW",), ("LOW", "HIGH"))
    ]
    assert [(each.name, each.before, each.after) for each in second.differences] == [
        ("severities", ("LOW", "HIGH"), ("HIGH",))
    ]


def test_the_half_whose_turn_it_is_can_be_confirmed() -> None:
    """Of a swap the first half of the split one; the other waits."""
    changes = {each.address: each for each in SWAP}
    assert confirmable(changes, "destination.a").after == BOTH
    with pytest.raises(Failure, match=r"destination\.b is not to be changed yet \[waits\]"):
        confirmable(changes, "destination.b")


def test_what_waits_for_nothing_is_confirmed_whole() -> None:
    """Also a change that the plan would split while others are there."""
    one = change("a", first=FirstStep(BOTH))
    assert confirmable({one.address: one}, one.address) == change("a")


def test_the_first_half_of_a_deletion_is_a_rename() -> None:
    """It puts no key in question, and is not proved."""
    gone = change("a", "destination.b", first=FirstStep({**BEFORE, "display_name": "x"}), action=Action.DELETE)
    changes = {gone.address: gone, "destination.b": change("b", "destination.a")}
    assert is_rename(confirmable(changes, gone.address))
    assert [each.action for each in in_sequence(changes.values())] == [Action.UPDATE, Action.UPDATE, Action.DELETE]

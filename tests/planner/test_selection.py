"""`--target` and `--exclude`: what a target brings with it, and what an exclusion leaves out as well."""

import pytest

from blinkdecl.diagnostics import Failure
from blinkdecl.model.plan import Options, Plan
from tests.support.builders import configuration, destination, fingerprints, live, plan_of, recorded, trigger
from tests.support.resources import BLINK, EMPTY, KEPT, NEWBORN


def addresses(plan: Plan) -> list[str]:
    """Return the names of the changes' addresses, in order."""
    return [each.address.partition(".")[2] for each in plan.changes]


WIDE = configuration(trigger(), trigger("ops"), destination("a"), destination("b"), destination("c", trigger="ops"))


@pytest.mark.parametrize(
    ("options", "chosen"),
    [
        (Options(targets=("destination.a",)), ["soc", "a"]),
        (Options(targets=("trigger.ops",)), ["ops"]),
        (Options(excludes=("trigger.soc",)), ["ops", "c"]),
        (Options(excludes=("destination.a",)), ["ops", "soc", "b", "c"]),
        (Options(targets=("destination.a",), excludes=("trigger.soc",)), []),
    ],
)
def test_selection(options: Options, chosen: list[str]) -> None:
    """Targets bring what they wait for; exclusions also leave out whatever waits for them."""
    assert addresses(plan_of(WIDE, options=options)) == chosen


@pytest.mark.parametrize("options", [Options(targets=("destination.b",)), Options(excludes=("destination.a",))])
def test_selection_within_a_swap(options: Options) -> None:
    """A swap of names is selected as a whole or not at all: half of it would find its name taken."""
    state, objects = recorded(destination("a"), destination("b")), live(destination("a"), destination("b"))
    swapped = configuration(destination("a", display_name="b"), destination("b", display_name="a"))
    assert len(addresses(plan_of(swapped, state, objects, options=options))) in (0, 2)


def test_selection_of_an_unknown_address() -> None:
    """An unknown address is an error with a suggestion."""
    with pytest.raises(Failure) as caught:
        plan_of(WIDE, options=Options(targets=("destination.aa",)))
    assert dict(caught.value.diagnostics[0].notes)["help"] == "did you mean destination.a?"


def test_excluded_problem_is_not_in_the_way() -> None:
    """A problem with an excluded destination does not prevent the others from being applied."""
    desired = configuration(BLINK, KEPT)
    for options in (Options(excludes=("destination.blink",)), Options(targets=("destination.kept",))):
        plan = plan_of(desired, EMPTY, (NEWBORN,), options=options)
        assert not plan.refused
        assert addresses(plan) == ["kept"]


def test_unverified_is_told_of_what_is_selected_alone() -> None:
    """What `--exclude` leaves out needs no secret, so its secret is not reported as unverified."""
    options = Options(excludes=("destination.blink",))
    plan = plan_of(configuration(BLINK), recorded(BLINK), live(BLINK), fingerprints({}), options)
    assert plan.unverified == ()

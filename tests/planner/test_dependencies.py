"""The order of changes: triggers, deletes, display names that are freed, swapped and passed around."""

from dataclasses import fields, replace
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from blinkdecl.applier.schedule import Schedule
from blinkdecl.diagnostics import Position
from blinkdecl.model.plan import Action, Change, Difference, FirstStep, Plan, SecretChange
from blinkdecl.model.resource import Resource, SecretReference
from blinkdecl.planner.dependencies import arrange
from tests.support.builders import configuration, destination, live, plan_of, recorded, trigger

POOL = tuple("abcdefgh")


def renamed(*pairs: str) -> Plan:
    """Return the plan that renames destinations: ``ab`` is the one that is called a and becomes b."""
    there = [destination(pair[0]) for pair in pairs]
    desired = [destination(pair[0], display_name=pair[1]) for pair in pairs]
    return plan_of(configuration(*desired), recorded(*there), live(*there))


def order(plan: Plan) -> list[str]:
    """Return the addresses in order."""
    return [each.address for each in plan.changes]


def temporary(plan: Plan) -> dict[str, str]:
    """Return the temporary names by address."""
    return {each.address: each.temporary_name for each in plan.changes if each.temporary_name is not None}


def test_triggers_come_first() -> None:
    """A trigger is there before the destinations that use it, which all wait for it."""
    plan = plan_of(configuration(destination("a"), destination("b"), trigger()))
    assert order(plan) == ["trigger.soc", "destination.a", "destination.b"]
    assert [each.depends_on for each in plan.changes] == [(), ("trigger.soc",), ("trigger.soc",)]


def test_deletes_go_the_other_way_round() -> None:
    """A trigger goes after the destinations that used it, also after one that uses another now."""
    there = (trigger(), trigger("ops"), destination("a"), destination("b"))
    desired = configuration(trigger("ops"), destination("b", trigger="ops"))
    plan = plan_of(desired, recorded(*there), live(*there))
    assert order(plan) == ["destination.b", "destination.a", "trigger.soc"]
    assert plan.changes[-1].depends_on == ("destination.a", "destination.b")


def test_name_is_freed_before_it_is_taken() -> None:
    """A chain of renames starts at its free end; one that a delete frees is free before it."""
    assert order(renamed("ab", "bc", "cd")) == ["destination.c", "destination.b", "destination.a"]
    there = (destination("a"), destination("kept", severities=["LOW"]))
    plan = plan_of(configuration(destination("new", display_name="a"), there[1]), recorded(*there), live(*there))
    assert [each.action for each in plan.changes] == [Action.CREATE, Action.DELETE]
    assert [each.depends_on for each in plan.changes] == [("destination.a",), ("destination.new",)]
    assert temporary(plan) == {"destination.a": "a (renaming)"}


def test_nothing_is_split_where_nobody_needs_it() -> None:
    """Where others receive the same, the old destination goes first, and its name is free for the new one."""
    there = (destination("a"), destination("kept"))
    plan = plan_of(configuration(destination("new", display_name="a"), there[1]), recorded(*there), live(*there))
    assert [each.action for each in plan.changes] == [Action.DELETE, Action.CREATE]
    assert [each.first for each in plan.changes] == [None, None]


def test_system_errors_are_handed_over_whatever_the_severities() -> None:
    """The last to receive them stays until another one does."""
    there = destination("old", severities=["HIGH"])
    desired = configuration(trigger(), destination("new", severities=["LOW"]))
    plan = plan_of(desired, recorded(there, trigger()), live(there))
    assert plan.by_address()["destination.old"].depends_on == ("destination.new",)


def test_what_is_gone_frees_no_name() -> None:
    """A name that an object lost when it was deleted outside is freed by the one that has that name now."""
    gone, bearer = destination("gone", display_name="x"), destination("bearer", display_name="y")
    taker = destination("taker")
    there = live(destination("bearer", display_name="x"), taker)
    plan = plan_of(configuration(bearer, destination("taker", display_name="x")), recorded(gone, bearer, taker), there)
    assert plan.by_address()["destination.taker"].depends_on == ("destination.bearer",)


def test_swap() -> None:
    """Of two that swap names, one takes a temporary name first, and the other waits for that."""
    plan = renamed("ab", "ba")
    assert temporary(plan) == {"destination.a": "a (renaming)"}
    assert {each.address: each.depends_on for each in plan.changes} == {
        "destination.a": ("destination.b",),
        "destination.b": ("destination.a",),
    }


def test_circle_of_three() -> None:
    """One temporary name opens a circle of any length."""
    plan = renamed("ab", "bc", "ca")
    assert temporary(plan) == {"destination.a": "a (renaming)"}
    assert order(plan) == ["destination.c", "destination.b", "destination.a"]


def test_two_circles_and_a_tail() -> None:
    """Each circle is opened once; what only waits for a circle takes no temporary name."""
    assert temporary(renamed("ab", "ba", "cd", "de", "ec")) == {
        "destination.a": "a (renaming)",
        "destination.c": "c (renaming)",
    }


def test_a_change_keeps_all_that_it_was() -> None:
    """Beside what it waits for, nothing is another: each field has a value here that it would not have by itself."""
    change = Change(
        "destination.a",
        Action.UPDATE,
        "id",
        {"display_name": "a", "trigger": "t"},
        {"display_name": "b", "trigger": "t"},
        (Difference("display_name", "a", "b"),),
        (SecretChange("api_key", SecretReference("env", "KEY"), "new"),),
        ("destination.y",),
        FirstStep({}),
        "destination.before",
        recorded_only=True,
        awaiting=True,
        position=Position("a.yaml", 1, 2),
    )
    assert not [each.name for each in fields(Change) if getattr(change, each.name) == each.default]
    arranged, _ = arrange((change,), (), ((), ()))
    assert arranged == (replace(change, depends_on=(), first=None),)


def test_temporary_name_is_free() -> None:
    """A temporary name is one that nobody has and nobody wants."""
    pair = (destination("a"), destination("b"))
    others = (destination("c", display_name="a (renaming)"), destination("d"))
    desired = configuration(
        destination("a", display_name="b"),
        destination("b", display_name="a"),
        others[0],
        destination("d", display_name="a (renaming 2)"),
    )
    plan = plan_of(desired, recorded(*pair, *others), live(*pair, *others))
    assert temporary(plan) == {"destination.a": "a (renaming 3)"}


@st.composite
def tenants(draw: st.DrawFn) -> tuple[list[Resource], list[Resource]]:
    """Return what is there and what is desired: destinations with unique names on both sides."""
    addresses = draw(st.lists(st.sampled_from(POOL), unique=True, max_size=8))
    names = draw(st.permutations(POOL))
    there = [
        destination(each, display_name=name, trigger=draw(st.sampled_from("xy")))
        for each, name in zip(addresses, names, strict=False)
    ]
    addresses = draw(st.lists(st.sampled_from(POOL), unique=True, min_size=1, max_size=8))
    names = draw(st.permutations(POOL))
    desired = [
        destination(each, display_name=name, trigger=draw(st.sampled_from("xyz")))
        for each, name in zip(addresses, names, strict=False)
    ]
    return [*there, trigger("x"), trigger("y")], [*desired, *draw(st.sampled_from(([trigger("z")], [trigger("x")])))]


def carry_out(plan: Plan, there: list[Resource], random: Random) -> dict[str, str]:
    """Make the changes in any order that their edges allow, in a tenant of unique names; return its names."""
    names = {each.address: str(each.attributes["display_name"]) for each in there if "display_name" in each.attributes}
    schedule = Schedule(plan.changes)
    ready, done = schedule.ready(), set()
    while ready:
        step = ready.pop(random.randrange(len(ready)))
        if step.first and step.change.first is not None:
            name = str(step.change.first.attributes["display_name"])
            assert name not in {held for address, held in names.items() if address != step.change.address}
            names[step.change.address] = name
        else:
            make(step.change, names)
            done.add(step.change.address)
        ready += schedule.released(step)
    assert done == {each.address for each in plan.changes}
    return names


def make(change: Change, names: dict[str, str]) -> None:
    """Make one change; a name in use is refused."""
    names.pop(change.address, None)
    if change.after is not None and "display_name" in change.after:
        assert change.after["display_name"] not in names.values()
        names[change.address] = str(change.after["display_name"])


@given(tenants(), st.randoms(use_true_random=False))
def test_every_order_that_the_edges_allow_works(sides: tuple[list[Resource], list[Resource]], random: Random) -> None:
    """However fast each change is, no name is taken twice, everything is done, and the names are as desired."""
    there, desired = sides
    plan = plan_of(configuration(*desired), recorded(*there), live(*there))
    wanted = {each.address: each.attributes["display_name"] for each in desired if "display_name" in each.attributes}
    assert carry_out(plan, there, random) == wanted


@given(tenants())
def test_order_respects_every_edge(sides: tuple[list[Resource], list[Resource]]) -> None:
    """Each change is after all that it waits for, or after their first steps, which come before all changes."""
    there, desired = sides
    seen: set[str] = set()
    changes = plan_of(configuration(*desired), recorded(*there), live(*there)).changes
    split = {each.address for each in changes if each.first is not None}
    for change in changes:
        assert seen.issuperset(set(change.depends_on) - split)
        seen.add(change.address)

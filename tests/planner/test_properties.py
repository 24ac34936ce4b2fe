"""What holds for every configuration and every record: apply then plan is empty, and order means nothing."""

import random
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from blinkdecl.applier.change import Tools
from blinkdecl.applier.run import Baseline, apply
from blinkdecl.diagnostics import Position
from blinkdecl.model.configuration import Configuration, Removal
from blinkdecl.model.live import LiveObject
from blinkdecl.model.plan import Action, Difference, Options
from blinkdecl.model.resource import ALERT_TYPES, SEVERITIES, Resource, SecretReference, Value, canonical
from blinkdecl.model.state import State
from blinkdecl.planner.diff import differences
from blinkdecl.routing.impact import ROUTING, impact, plan_sides
from tests.support.builders import (
    KEY,
    LINEAGE,
    OTHER_KEY,
    SALT,
    configuration,
    destination,
    fingerprints,
    live,
    plan_of,
    recorded,
    trigger,
)
from tests.support.doubles import MemoryBackend, MemoryProvider

NAMES = ("a", "b", "c", "d", "e")
LOG_TYPES = ("AWS.ALB", "AWS.CloudTrail", "Okta.SystemLog")
ALLOWED = Options(allow_deletes=9, allow_changes=9, accept_missing=9)


def some(values: tuple[str, ...]) -> st.SearchStrategy[list[str]]:
    """Return lists of these values, in any order, with repetitions."""
    return st.lists(st.sampled_from(values), max_size=len(values) + 2)


@st.composite
def resources(draw: st.DrawFn, *, least: int = 0) -> tuple[Resource, ...]:
    """Return triggers and destinations with unique display names."""
    made: list[Resource] = [trigger(name, pack=draw(st.sampled_from("xy"))) for name in draw(subset(NAMES[:2]))]
    for address, name in zip(draw(subset(NAMES, least)), draw(st.permutations(NAMES)), strict=False):
        made.append(
            destination(
                address,
                display_name=name,
                trigger=draw(st.sampled_from(NAMES[:2])),
                severities=draw(some(SEVERITIES)),
                alert_types=draw(some(ALERT_TYPES)),
                log_types=draw(some(LOG_TYPES)),
                secrets={"api_key": draw(st.sampled_from((KEY, OTHER_KEY)))},
                ignore_changes=draw(st.sampled_from(((), ("log_types",), ("api_key", "severities")))),
                prevent_destroy=draw(st.booleans()),
            )
        )
    return tuple(made)


def subset(values: tuple[str, ...], least: int = 0) -> st.SearchStrategy[list[str]]:
    """Return some of the values, each once, in any order."""
    return st.lists(st.sampled_from(values), unique=True, min_size=least)


@st.composite
def worlds(draw: st.DrawFn) -> tuple[Configuration, State, tuple[LiveObject, ...]]:
    """Return what is desired, what is recorded (unprotected), and what is left of that and changed outside."""
    there = draw(resources())
    state = recorded(*(replace(each, prevent_destroy=False) for each in there))
    objects = [each for each in live(*there) if draw(st.integers(0, 4))]
    for number, each in enumerate(objects):
        if draw(st.booleans()):
            objects[number] = replace(each, attributes={**each.attributes, "severities": ("LOW",)})
    return configuration(*draw(resources(least=1))), state, tuple(objects)


@settings(deadline=None)
@given(worlds(), st.sampled_from(({}, {KEY: "rotated"}, {OTHER_KEY: "rotated"})))
def test_plan_after_apply_is_empty(
    world: tuple[Configuration, State, tuple[LiveObject, ...]], rotated: dict[SecretReference, str]
) -> None:
    """Whatever was there: after one apply, nothing is left to do, nothing has drifted, nothing is pending."""
    desired, state, objects = world
    known = fingerprints({KEY: "key-one", OTHER_KEY: "key-two"} | rotated)
    provider, backend = MemoryProvider(objects), MemoryBackend(state)
    plan = plan_of(desired, state, objects, known, ALLOWED)
    tools = Tools(provider, backend, known, None, lambda event: None, lambda: None, parallelism=2)
    after, results = apply(plan, desired, Baseline(state, state, objects), tools)
    assert results.count("done") == len(plan.changes)
    again = plan_of(desired, after, provider.list(), known, ALLOWED)
    assert (again.changes, again.diagnostics, dict(after.pending)) == ((), (), {})
    assert {each.address for each in again.drift} <= {
        each.address for each in desired.resources.values() if each.ignore_changes
    }


def shuffled(
    given: tuple[Configuration, State, tuple[LiveObject, ...]], seed: random.Random
) -> tuple[Configuration, State, tuple[LiveObject, ...]]:
    """Return the same in another order."""
    desired, state, objects = given
    declared, records, found = list(desired.resources.items()), list(state.resources.items()), list(objects)
    seed.shuffle(declared)
    seed.shuffle(records)
    seed.shuffle(found)
    return replace(desired, resources=dict(declared)), replace(state, resources=dict(records)), tuple(found)


@given(worlds(), st.randoms(use_true_random=False))
def test_order_of_the_input_means_nothing(
    world: tuple[Configuration, State, tuple[LiveObject, ...]], seed: random.Random
) -> None:
    """Resources, records and live objects in any order give one and the same plan."""
    assert plan_of(*shuffled(world, seed), options=ALLOWED) == plan_of(*world, options=ALLOWED)


@given(resources(least=1), st.data())
def test_order_of_sets_means_nothing(declared: tuple[Resource, ...], data: st.DataObject) -> None:
    """A set that is written in another order, or with a value twice, is the same set: no change."""
    written = []
    for each in declared:
        if each.kind == "destination":
            mixed = {
                name: data.draw(st.permutations([*value, *value[:1]])) if isinstance(value, tuple) else value
                for name, value in each.attributes.items()
            }
            written.append(replace(each, attributes=canonical("destination", mixed)))
        else:
            written.append(each)
    assert not plan_of(configuration(*written), recorded(*declared), live(*declared)).pending


VALUES: st.SearchStrategy[Value] = st.one_of(
    st.none(), st.booleans(), st.text(max_size=3), st.lists(st.sampled_from("abc"), max_size=4).map(tuple)
)


@given(st.dictionaries(st.sampled_from(NAMES), VALUES), st.dictionaries(st.sampled_from(NAMES), VALUES))
def test_differences_are_the_attributes_that_differ(before: dict[str, Value], after: dict[str, Value]) -> None:
    """The diff names every attribute that differs and no other, with both values, in the order of `after`."""
    names = [*after, *(name for name in before if name not in after)]
    wanted = [
        Difference(name, before.get(name), after.get(name))
        for name in names
        if (name in before, before.get(name)) != (name in after, after.get(name))
    ]
    assert list(differences(before, after)) == wanted


def test_two_first_plans_are_equal() -> None:
    """The same input gives the same plan, digest included."""
    desired, state = configuration(trigger(), destination()), State(LINEAGE, SALT)
    assert plan_of(desired, state) == plan_of(desired, state)


@settings(deadline=None, max_examples=500)
@given(worlds(), subset(NAMES))
def test_the_routing_is_that_of_the_changes_that_route(
    world: tuple[Configuration, State, tuple[LiveObject, ...]], released: list[str]
) -> None:
    """What is said of who receives what is the same if nothing is looked at but what can move an alert.

    The plan looks at all that it makes, once for the order and for this.
    """
    desired, state, objects = world
    removed = tuple(Removal(f"destination.{each}", Position("blinkdecl.yaml", 1, 1)) for each in released)
    plan = plan_of(replace(desired, removed=removed), state, objects, options=ALLOWED)
    routing = [
        each
        for each in plan.changes
        if each.calls_provider
        and (each.action is not Action.UPDATE or not ROUTING.isdisjoint(other.name for other in each.differences))
    ]
    sides = plan_sides(routing, objects, state.resources) if routing else ((), ())
    assert plan.routing == impact(*sides)

"""Apply never opens a gap: who received an alert before and is to receive it after does so at every moment.

The planner and the applier are the real ones; the tenant is in memory and keeps what it held after each change.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blinkdecl.applier import change
from blinkdecl.model.configuration import Configuration
from blinkdecl.model.plan import Change, Plan
from blinkdecl.model.resource import ALERT_TYPES, SEVERITIES, Resource
from blinkdecl.model.results import Delivery
from blinkdecl.planner import dependencies
from tests.support.builders import configuration, destination, live, plan_of, recorded, trigger
from tests.support.timeline import TimelineProvider
from tests.support.world import World

LOGS = ("AWS.CloudTrail", "Okta.SystemLog")
NAMES = tuple("abcdefgh")
_SETS = st.sets(st.sampled_from(SEVERITIES), max_size=3).map(sorted)
_TYPES = st.one_of(st.just([]), st.sets(st.sampled_from(ALERT_TYPES[:4]), min_size=1, max_size=2).map(sorted))
_LOG_SETS: st.SearchStrategy[list[str]] = st.one_of(st.just([]), st.sets(st.sampled_from(LOGS), min_size=1).map(sorted))


@st.composite
def sides(draw: st.DrawFn, most: int = 8) -> tuple[list[Resource], list[Resource]]:
    """Return the destinations before and after: up to `most` addresses, names passed around, filters of all kinds."""

    def side(least: int) -> list[Resource]:
        addresses = draw(st.lists(st.sampled_from(NAMES[:most]), unique=True, min_size=least, max_size=most))
        names = draw(st.permutations(NAMES[:most]))
        return [
            destination(
                each, display_name=name, severities=draw(_SETS), alert_types=draw(_TYPES), log_types=draw(_LOG_SETS)
            )
            for each, name in zip(addresses, names, strict=False)
        ]

    return side(0), side(1)


@dataclass(frozen=True)
class Trouble:
    """What goes wrong in a run: names that are refused or whose answers are lost, and after how many calls it stops.

    `drops` = severities that the tenant quietly does not store under a name.
    """

    refused: frozenset[str] = frozenset()
    lost: frozenset[str] = frozenset()
    stops_after: int | None = None
    keys: frozenset[str] = frozenset()
    drops: frozenset[tuple[str, str]] = frozenset()
    taciturn: bool = False


_some = st.frozensets(st.sampled_from(NAMES), max_size=3)
troubles = st.builds(Trouble, _some, _some, st.none() | st.integers(0, 6), _some)
_drops = st.frozensets(st.tuples(st.sampled_from(NAMES), st.sampled_from(SEVERITIES)), min_size=1, max_size=12)
thefts = st.builds(Trouble, _some, _some, st.none() | st.integers(0, 6), _some, _drops, st.booleans())


def run(before: Sequence[Resource], after: Sequence[Resource], trouble: Trouble, parallelism: int = 3) -> World:
    """Apply from one side to the other, with trouble on the way."""
    world = World(*after, trigger(), there=(*before, trigger()))
    world.provider = tenant = TimelineProvider(live(*before))
    tenant.fails, tenant.loses = set(trouble.refused), set(trouble.lost)
    tenant.drops = {name: {word for each, word in trouble.drops if each == name} for name, _ in trouble.drops}
    tenant.taciturn = trouble.taciturn

    def probe(each: Change) -> Delivery:
        refused = each.address.partition(".")[2] in trouble.keys
        return Delivery(each.address, "direct", not refused, 401 if refused else 200, 0.01, "2026-11-25T10:00:00Z")

    def stop(operation: str, name: str) -> None:
        del operation, name
        if trouble.stops_after is not None and len(tenant.calls) >= trouble.stops_after:
            world.signal = 15

    world.probe, tenant.before = probe, stop
    world.apply(parallelism=parallelism)
    return world


def gaps(world: World, before: Sequence[Resource], after: Sequence[Resource]) -> list[object]:
    """Return the alerts that nobody received at some moment of the runs so far."""
    assert isinstance(world.provider, TimelineProvider)
    return [*world.provider.gaps(live(*before), [each.attributes for each in after], LOGS)]


@given(sides(), troubles, st.integers(1, 4))
@settings(max_examples=2_000, deadline=None)
def test_no_run_opens_a_gap(sides: tuple[list[Resource], list[Resource]], trouble: Trouble, parallelism: int) -> None:
    """Whatever fails, is lost or is interrupted, and whichever order the answers come in."""
    before, after = sides
    world = run(before, after, trouble, parallelism)
    assert not gaps(world, before, after)
    assert isinstance(world.provider, TimelineProvider)
    for moment in world.provider.timeline:
        assert len({each.display_name for each in moment}) == len(moment)


@given(sides(), thefts)
@settings(max_examples=1_000, deadline=None)
def test_nobody_relies_on_what_was_not_kept(sides: tuple[list[Resource], list[Resource]], trouble: Trouble) -> None:
    """A tenant that quietly stores less never opens a gap in what others give up."""
    before, after = sides
    world = run(before, after, trouble, parallelism=1)
    assert isinstance(world.provider, TimelineProvider)
    assert not world.provider.given_up(live(*before), [each.attributes for each in after], LOGS)


def test_what_receives_all_along_can_lose_it() -> None:
    """CRITICAL reaches a and b; b is to go, a keeps it by the plan and loses it by the tenant: then b stays."""
    before = [destination("a", severities=["CRITICAL"]), destination("b", severities=["CRITICAL"])]
    after = [destination("a", severities=["CRITICAL", "LOW"])]
    world = run(before, after, Trouble(drops=frozenset({("a", "CRITICAL")})), parallelism=1)
    assert "id-b" in world.provider.names()


def test_without_the_comparison_there_are_gaps(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test sees what relies on an answer alone."""
    before, after = [destination("a", severities=["CRITICAL"])], [destination("b", severities=["CRITICAL"])]
    theft, wanted = Trouble(drops=frozenset({("b", "CRITICAL")})), [each.attributes for each in after]
    for seen in (True, False):
        tenant = run(before, after, theft).provider
        assert isinstance(tenant, TimelineProvider)
        assert bool(tenant.given_up(live(*before), wanted, LOGS)) is not seen
        monkeypatch.setattr(change, "unlike", lambda *_: ())


@given(sides(), troubles)
@settings(max_examples=300, deadline=None)
def test_the_next_run_ends_it(sides: tuple[list[Resource], list[Resource]], trouble: Trouble) -> None:
    """What a run with trouble left, a run without completes, and still nobody is left out on the way."""
    before, after = sides
    world = run(before, after, trouble)
    assert isinstance(world.provider, TimelineProvider)
    world.provider.fails, world.provider.loses, world.provider.before = set(), set(), lambda *_: None
    world.signal, world.probe = None, None
    for _ in range(3):
        if not world.plan().pending:
            break
        world.apply()
    assert not world.plan().pending
    assert not gaps(world, before, after)


def test_without_the_order_there_are_gaps(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test sees gaps: with what must hold left out of the plan, the first hand-over opens one."""
    before, after = [destination("a", severities=["CRITICAL"])], [destination("b", severities=["CRITICAL"])]
    assert not gaps(run(before, after, Trouble()), before, after)
    monkeypatch.setattr(dependencies, "needs_of", lambda *_: [])
    assert gaps(run(before, after, Trouble(keys=frozenset("b"))), before, after)


def shortest(before: Sequence[Resource], after: Sequence[Resource]) -> int:
    """Return the fewest calls that lead from one side to the other without a gap, by trying all orders.

    A call makes a destination, removes it, or sets it to its end or to the union of its two sides, with a name that
    nobody has.
    """
    start, end = ({each.address: each for each in side} for side in (before, after))
    addresses = sorted(start.keys() | end.keys())
    for extra in itertools.count():
        if _reachable(start, end, addresses, extra):
            return sum(_differs(start, end, each) for each in addresses) + extra
    raise AssertionError


def _differs(start: dict[str, Resource], end: dict[str, Resource], address: str) -> bool:
    return start.get(address) != end.get(address)


def _reachable(start: dict[str, Resource], end: dict[str, Resource], addresses: list[str], extra: int) -> bool:
    world = TimelineProvider()
    wanted = [each.attributes for each in end.values()]

    def sound(stages: dict[str, tuple[Resource | None, str]]) -> bool:
        there = live(*(each for each, _ in stages.values() if each is not None))
        world.timeline = [there]
        return not world.gaps(live(*start.values()), wanted, LOGS)

    def search(stages: dict[str, tuple[Resource | None, str]], rest: int) -> bool:
        if all(stage == "end" for _, stage in stages.values()):
            return True
        names = {str(each.attributes["display_name"]): address for address, (each, _) in stages.items() if each}
        for address, (now, stage) in stages.items():
            then = end.get(address)
            if stage != "end":
                free = then is None or names.get(str(then.attributes["display_name"]), address) == address
                if free and sound(moved := {**stages, address: (then, "end")}) and search(moved, rest):
                    return True
            if stage == "start" and now is not None and rest:
                wide = _widest(now, then, free_name=names)
                if sound(moved := {**stages, address: (wide, "first")}) and search(moved, rest - 1):
                    return True
        return False

    begin = {each: (start.get(each), "start" if _differs(start, end, each) else "end") for each in addresses}
    return search(begin, extra)


def _widest(now: Resource, then: Resource | None, free_name: dict[str, str]) -> Resource:
    """Return the union of two sides under the new name if it is free, otherwise under one that nobody has."""
    name = str((then or now).attributes["display_name"])
    if then is None or free_name.get(name, now.address) != now.address:
        name = f"free {now.address}"
    sides = [now, then] if then is not None else [now]

    def union(attribute: str, *, empty_is_all: bool) -> list[str]:
        values = [each.attributes[attribute] for each in sides]
        assert all(isinstance(each, tuple) for each in values)
        if empty_is_all and not all(values):
            return []
        return sorted({word for each in values if isinstance(each, tuple) for word in each})

    return destination(
        now.address.partition(".")[2],
        display_name=name,
        severities=union("severities", empty_is_all=False),
        alert_types=union("alert_types", empty_is_all=True),
        log_types=union("log_types", empty_is_all=True),
    )


@given(sides(most=4))
@settings(max_examples=150, deadline=None)
def test_no_call_is_superfluous(sides: tuple[list[Resource], list[Resource]]) -> None:
    """Among up to four changes no order of fewer calls keeps everybody's alerts."""
    before, after = sides
    planned = _plan(configuration(*after, trigger()), before)
    calls = [each for each in planned.changes if each.calls_provider]
    assert len(calls) + sum(each.first is not None for each in calls) == shortest(before, after)


def _plan(desired: Configuration, before: Sequence[Resource]) -> Plan:
    return plan_of(desired, recorded(*before, trigger()), live(*before))


@pytest.mark.parametrize("count", [2, 3, 40])
def test_a_ring_is_split_once(count: int) -> None:
    """Severities that are passed on in a ring of any length cost one call more."""
    logs = [f"Custom.Log{number}" for number in range(count)]
    before = [destination(f"d{number}", log_types=[logs[number]]) for number in range(count)]
    after = [destination(f"d{number}", log_types=[logs[(number + 1) % count]]) for number in range(count)]
    Random(count).shuffle(after)
    planned = _plan(configuration(*after, trigger()), before)
    assert sum(each.first is not None for each in planned.changes) == 1

"""Apply never opens a gap: who received an alert before and is to receive it after does so at every moment.

The planner and the applier are the real ones; the tenant is in memory and keeps what it held after each change.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random
from uuid import UUID

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
from tests.support.doubles import MemoryProvider
from tests.support.timeline import TimelineProvider, cells, receives
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
    world = world_of(before, after, trouble)
    world.apply(parallelism=parallelism)
    return world


def world_of(before: Sequence[Resource], after: Sequence[Resource], trouble: Trouble) -> World:
    """Return a world with one side in it that is to become the other, with trouble on the way."""
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


@given(sides(), troubles)
@settings(max_examples=150, deadline=None)
def test_without_threads_it_is_the_same(sides: tuple[list[Resource], list[Resource]], trouble: Trouble) -> None:
    """Where nothing waits no thread is started: the calls, the record and the timeline are those of one thread."""
    before, after = sides
    alone = replace(trouble, keys=frozenset(), stops_after=None)  # a thread has begun the next before it hears of it

    def outcome(*, waits: bool) -> tuple[object, ...]:
        world = world_of(before, after, alone)
        world.probe = None
        numbers = map(UUID, map("{:032x}".format, itertools.count()))
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(MemoryProvider, "location", "memory" if waits else None)
            patch.setattr("uuid.uuid4", lambda: next(numbers))
            results = world.apply(parallelism=1)
        assert isinstance(world.provider, TimelineProvider)
        told = [replace(each, duration=0.0) for each in results.results]
        return told, world.state, world.provider.calls, world.provider.timeline

    assert outcome(waits=False) == outcome(waits=True)


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


def test_what_a_lost_answer_may_have_cost() -> None:
    """The update of b is stored without INFO, and nobody hears of it: a, which is to give INFO up, keeps it."""
    before = [destination("a", severities=["INFO"]), destination("b", severities=["INFO"])]
    after = [destination("a", severities=[]), destination("b", display_name="B", severities=["INFO"])]
    trouble = Trouble(lost=frozenset({"B"}), drops=frozenset({("B", "INFO")}))
    tenant = run(before, after, trouble, parallelism=1).provider
    assert isinstance(tenant, TimelineProvider)
    assert not tenant.given_up(live(*before), [each.attributes for each in after], LOGS)


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


@dataclass(frozen=True)
class Stage:
    """Where one change is: how far, the sides whose alerts it receives, and the display name that it has."""

    done: int
    sides: tuple[Resource, ...]
    name: str


def shortest(before: Sequence[Resource], after: Sequence[Resource]) -> int:
    """Return the fewest calls that lead from one side to the other without a gap, by trying all orders.

    A call makes a destination, removes it, or sets it to its end, or to the union of its two sides under a name that
    nobody has. (What a union receives beyond its sides, since filters are products, nobody may rely on.)
    """
    start, end = ({each.address: each for each in side} for side in (before, after))
    stages = {
        each: Stage(
            0 if start.get(each) != end.get(each) else 2, (start[each],) if each in start else (), _name(start, each)
        )
        for each in sorted(start.keys() | end.keys())
    }
    for extra in itertools.count():
        if _reachable(stages, start, end, extra):
            return sum(each.done == 0 for each in stages.values()) + extra
    raise AssertionError


def _name(side: dict[str, Resource], address: str) -> str:
    return str(side[address].attributes["display_name"]) if address in side else ""


def _reachable(stages: dict[str, Stage], start: dict[str, Resource], end: dict[str, Resource], extra: int) -> bool:
    if all(each.done == 2 for each in stages.values()):
        return True
    names = {each.name: address for address, each in stages.items()}
    for address, now in stages.items():
        free = names.get(_name(end, address), address) == address or address not in end
        moves = []
        if now.done < 2 and free:
            moves.append((Stage(2, (end[address],) if address in end else (), _name(end, address)), extra))
        if now.done == 0 and now.sides and extra:
            name = _name(end, address) if free and address in end else f"free {address}"
            moves.append((Stage(1, (*now.sides, *([end[address]] if address in end else [])), name), extra - 1))
        for moved, rest in moves:
            there = {**stages, address: moved}
            if _sound(there, start, end) and _reachable(there, start, end, rest):
                return True
    return False


def _sound(stages: dict[str, Stage], start: dict[str, Resource], end: dict[str, Resource]) -> bool:
    held = [side.attributes for each in stages.values() for side in each.sides]
    return all(
        any(receives(each, cell) for each in held)
        for cell in cells(LOGS)
        if any(receives(each.attributes, cell) for each in start.values())
        and any(receives(each.attributes, cell) for each in end.values())
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

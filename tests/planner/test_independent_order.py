"""The order keeps a rule for independent destinations where some order does, and always everybody's alerts."""

import itertools
from collections.abc import Iterator, Sequence
from random import Random

from blinkdecl.model.configuration import CoverageRule
from blinkdecl.planner.needs import needs_of
from blinkdecl.planner.order import in_order
from blinkdecl.planner.steps import Piece, Step
from blinkdecl.routing.gaps import gaps
from blinkdecl.routing.receiver import Receiver
from tests.support.builders import configuration, destination, live, plan_of, recorded, trigger

RULE = CoverageRule(("CRITICAL",), min_destinations=2)
SEVERITIES = ((), ("HIGH",), ("CRITICAL",), ("HIGH", "CRITICAL"))
WEBHOOKS = ("w1", "w2", "w3", "")
Side = dict[str, Receiver]


def side(random: Random) -> Side:
    """Return some of five destinations, each with some severities and one of a few webhooks."""
    return {
        name: Receiver(f"destination.{name}", name, name, random.choice(SEVERITIES), webhook=random.choice(WEBHOOKS))
        for name in "abcde"
        if random.random() < 0.8
    }


def union(one: Receiver, other: Receiver) -> Receiver:
    """Return what the first half of a change makes: it receives both, and leads to the new webhook."""
    severities = tuple(dict.fromkeys((*one.severities, *other.severities)))
    return Receiver(other.address, other.id, other.display_name, severities, webhook=other.webhook)


def moments(before: Side, after: Side, names: Sequence[str], steps: Sequence[Step]) -> Iterator[list[Receiver]]:
    """Yield what is there after each step."""
    now = dict(before)
    for step in steps:
        name = names[step.number]
        if name not in after:
            now.pop(name, None)
        else:
            now[name] = union(now[name], after[name]) if step.first else after[name]
        yield list(now.values())


def reach(receivers: Sequence[Receiver]) -> set[str]:
    """Return the severities that somebody receives."""
    return {severity for each in receivers for severity in each.severities}


def test_the_rule_is_kept_where_some_order_keeps_it() -> None:
    """Two thousand random changes; where the order breaks the rule in between, so does every order."""
    random, asked, broken = Random(3), 0, 0
    for _ in range(2_000):
        before, after = side(random), side(random)
        names = [name for name in "abcde" if before.get(name) != after.get(name)]
        numbers = {f"destination.{name}": number for number, name in enumerate(names)}
        was, becomes = list(before.values()), list(after.values())
        pieces = [Piece(None, None, name in before) for name in names]
        steps, kept = in_order(pieces, needs_of(was, becomes, numbers, [RULE]))
        assert sorted({step.number for step in steps if not step.first}) == list(range(len(names)))
        found = list(moments(before, after, names, steps))
        assert all(reach(was) & reach(becomes) <= reach(each) for each in found)
        if gaps((RULE,), was) or gaps((RULE,), becomes):
            continue
        asked += 1
        if any(gaps((RULE,), each) for each in found):
            broken += 1
            assert not kept
            for order in itertools.permutations(range(len(names))):
                whole = moments(before, after, names, [Step(number) for number in order])
                assert any(gaps((RULE,), each) for each in whole)
    assert asked > 200
    assert 0 < broken < asked // 4


def test_who_moves_waits_for_who_takes_its_place() -> None:
    """Of two webhooks that are left one after the other, the second is left when a third one has taken over."""
    there = [
        trigger("a"), trigger("b"), trigger("c"),
        *(destination(name, trigger=name, severities=["CRITICAL"], webhook_url=f"https://x.example/{name}")
          for name in "ab"),
    ]  # fmt: skip
    new = destination("c", trigger="c", severities=["CRITICAL"], webhook_url="https://x.example/c")
    moved = destination("b", trigger="a", severities=["CRITICAL"], webhook_url="https://x.example/a")
    desired = configuration(*there[:4], moved, new, coverage=(RULE,))
    plan = plan_of(desired, recorded(*there), live(*there[3:]))
    assert [(each.address, each.depends_on) for each in plan.changes] == [
        ("destination.c", ()),
        ("destination.b", ("destination.c",)),
    ]
    assert not plan.refused


def test_ten_thousand_that_move() -> None:
    """The order of as many changes of webhooks under a rule is found at once."""
    names = [f"d{each:05}" for each in range(10_000)]

    def at(webhook: str) -> list[Receiver]:
        last = [Receiver("destination.d09999", None, "", ("CRITICAL",), webhook=f"{webhook}-last")]
        return [Receiver(f"destination.{each}", None, "", ("CRITICAL",), webhook=webhook) for each in names[:-1]] + last

    numbers = {f"destination.{name}": number for number, name in enumerate(names)}
    steps, kept = in_order([Piece() for _ in names], needs_of(at("old"), at("new"), numbers, [RULE]))
    assert kept
    assert len(steps) == len(names)

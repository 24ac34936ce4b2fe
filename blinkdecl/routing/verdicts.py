"""Routing tests: which destinations an alert has to reach. Pure."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from blinkdecl.diagnostics import Diagnostic, Position, closest, did_you_mean, only_in
from blinkdecl.routing.receiver import Receiver
from blinkdecl.routing.route import Decision, Route, RoutedAlert, RoutingRules, route

_NAMED = 5
_NOTHING: Mapping[str, Collection[str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class RouteTest:
    """An alert, and exactly who must get it: addresses or display names; none = nobody."""

    name: str
    alert: RoutedAlert
    expect: tuple[str, ...]
    position: Position


@dataclass(frozen=True, slots=True)
class Verdict:
    """Who gets the alert of a test; `problem` is None if these are the expected ones."""

    test: RouteTest
    route: Route
    problem: Diagnostic | None


def judge(
    test: RouteTest,
    receivers: Sequence[Receiver],
    rules: RoutingRules,
    elsewhere: Mapping[str, Collection[str]] = _NOTHING,
) -> Verdict:
    """Return what becomes of a test's alert among these destinations.

    `elsewhere` are the addresses that only other environments have, each with their names.
    """
    found = route(test.alert, receivers, rules)
    notes = tuple(("note", each) for each in _differences(test, found, elsewhere))
    if not notes:
        return Verdict(test, found, None)
    remedy = ("help", "fix the destinations, or change the test in the same pull request")
    problem = Diagnostic("routing-test", f'"{test.name}" does not hold', position=test.position, notes=(*notes, remedy))
    return Verdict(test, found, problem)


def _differences(test: RouteTest, found: Route, elsewhere: Mapping[str, Collection[str]]) -> Iterator[str]:
    known = {name: each for each in found.decisions for name in _names(each.receiver)}
    expected = []
    for entry in test.expect:
        if (decision := known.get(entry)) is None and entry in elsewhere:
            yield f"{entry} is {only_in(elsewhere[entry])}"
        elif decision is None:
            hint = did_you_mean(closest(entry, known))
            yield f'there is no destination "{entry}"' + (f"; {hint}" if hint else "")
        else:
            expected.append(decision)
    missing = [each for each in expected if not each.reached]
    surplus = [each for each in found.decisions if each.reached and each not in expected]
    yield from _told("does not get it", missing)
    yield from _told("gets it but was not expected", surplus)


def _told(what: str, decisions: Sequence[Decision]) -> Iterator[str]:
    for each in decisions[:_NAMED]:
        yield f"{_names(each.receiver)[0]} {what}: {each.reason}"
    if len(decisions) > _NAMED:
        yield f"and {len(decisions) - _NAMED} more like it"


def _names(receiver: Receiver) -> tuple[str, ...]:
    return (receiver.address, receiver.display_name) if receiver.address else (receiver.display_name,)


def problems_of(verdicts: Iterable[Verdict]) -> tuple[Diagnostic, ...]:
    """Return the failures."""
    return tuple(each.problem for each in verdicts if each.problem is not None)

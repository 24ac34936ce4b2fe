"""What a plan means for past alerts: the routing function called for each alert says the same."""

import random
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blinkdecl.model.configuration import Silence
from blinkdecl.model.observed import Knowledge, ObservedAlert
from blinkdecl.model.resource import ALERT_TYPES, LOGLESS, SEVERITIES
from blinkdecl.routing.cells import label_of
from blinkdecl.routing.receiver import Receiver
from blinkdecl.routing.replay import Replay, Replayed, Share, replay
from blinkdecl.routing.route import SKIP, RoutedAlert, route
from tests.support.observed import END, LOGS, month, receivers

SOC = Receiver("destination.soc", "id-soc", "SOC", ("HIGH", "CRITICAL"))
CLOUD = Receiver("destination.cloud", "id-cloud", "Cloud", ("HIGH",), (), ("AWS.CloudTrail",))
BOTH = ("AWS.CloudTrail", "Okta.SystemLog")


def alert(
    severity: str = "HIGH",
    kind: str = "RULE",
    logs: tuple[str, ...] | None = ("AWS.CloudTrail",),
    override: tuple[str, ...] = (),
    knowledge: Knowledge = "known",
    detection: str | None = "Rule",
) -> ObservedAlert:
    """Return an alert."""
    return ObservedAlert("a", END - timedelta(days=5), severity, kind, detection, knowledge, logs, override)


def over(
    before: list[Receiver], after: list[Receiver], *alerts: ObservedAlert, silent: Silence | None = None
) -> Replay:
    """Return what becomes of alerts."""
    return replay(alerts, month(), (tuple(before), tuple(after)), () if silent is None else (silent,))


def of(found: Replay, address: str) -> Replayed:
    """Return what becomes of one destination's alerts."""
    return next(each for each in found.destinations if each.name == address)


# One alert of which all is known: severity, type, log type, OutputIds by number, 9 = SKIP.
_ALERTS = st.lists(
    st.tuples(
        st.sampled_from(SEVERITIES),
        st.sampled_from(ALERT_TYPES),
        st.sampled_from(LOGS),
        st.lists(st.sampled_from([0, 1, 2, 9]), max_size=2).map(tuple),
        st.sampled_from(["Rule.A", "Rule.B"]),
    ),
    max_size=30,
)


@given(_ALERTS, st.integers(0, 2**32), st.sets(st.integers(0, 4)))
def test_equals_routing_each_alert(
    drawn: list[tuple[str, str, str, tuple[int, ...], str]], seed: int, gone: set[int]
) -> None:
    """Of alerts with one log type and ids that exist on both sides, every number is certain, and the same."""
    chance = random.Random(seed)
    before, others = receivers(5, chance), receivers(5, chance)
    after = [each for number, each in enumerate(others) if number not in gone or number < 3]
    ids = {0: str(before[0].id), 1: str(before[1].id), 2: str(before[2].id), 9: SKIP}
    alerts = []
    counts: Counter[tuple[str, str]] = Counter()
    lost: Counter[str | None] = Counter()
    for severity, kind, log, numbers, detection in drawn:
        override = tuple(ids[each] for each in numbers)
        logs = () if kind in LOGLESS else (log,)
        alerts.append(alert(severity, kind, logs or None, override, detection=detection))
        fact = RoutedAlert(severity, kind, logs, override or None)
        was, becomes = ({label_of(each) for each in route(fact, side).reached} for side in (before, after))
        for name, some in (("was", was), ("is", becomes), ("leaving", was - becomes), ("reaching", becomes - was)):
            counts.update((name, each) for each in some)
        lost[detection] += bool(was) and not becomes
    found = over(before, after, *alerts)
    for each in found.destinations:
        shares = {"was": each.before, "is": each.after, "leaving": each.leaving, "reaching": each.reaching}
        for name, share in shares.items():
            assert (share.certain, share.possible) == (counts[name, each.name], 0)
    assert dict(found.unheard.detections) == dict(+lost)
    assert (found.unheard.certain, found.alerts) == (lost.total(), len(drawn))


@given(st.integers(0, 2**32), st.sampled_from(SEVERITIES), st.booleans(), st.sampled_from(LOGS))
def test_certain_and_possible_hold_for_any_log_type(seed: int, severity: str, named: bool, log: str) -> None:  # noqa: FBT001 - drawn
    """Whichever log type the alert really had: what is certain is so, and what is so is possible."""
    chance = random.Random(seed)
    before, after = receivers(5, chance), receivers(5, chance)
    logs = tuple(dict.fromkeys((log, *chance.sample(LOGS, 2)))) if named else None
    found = over(before, after, alert(severity, logs=logs))
    was, becomes = (
        {label_of(each) for each in route(RoutedAlert(severity, "RULE", (log,)), side).reached}
        for side in (before, after)
    )
    for each in found.destinations:
        for share, some in (
            (each.before, was),
            (each.after, becomes),
            (each.leaving, was - becomes),
            (each.reaching, becomes - was),
        ):
            assert share.certain <= (each.name in some) <= share.certain + share.possible
    lost = bool(was) and not becomes
    assert found.unheard.certain <= lost <= found.unheard.certain + found.unheard.possible


def test_who_loses_comes_first() -> None:
    """The numbers of each destination, with the detections; what one gains comes after what another loses."""
    narrowed = replace(SOC, severities=("CRITICAL",))
    wider = replace(CLOUD, severities=("HIGH", "LOW"))
    found = over([CLOUD, SOC], [wider, narrowed], alert(), alert(logs=("Other",), detection="B"), alert("LOW"))
    assert [each.name for each in found.destinations] == ["destination.soc", "destination.cloud"]
    soc, cloud = found.destinations
    assert (soc.before.certain, soc.after.certain) == (2, 0)
    assert soc.leaving == Share(2, 0, (("B", 1), ("Rule", 1)))
    assert (cloud.reaching.certain, cloud.leaving.certain) == (1, 0)
    assert found.unheard == Share(1, 0, (("B", 1),))


def test_a_log_type_that_is_not_known_makes_no_difference_where_nothing_differs() -> None:
    """A destination that stays as it is neither loses nor gains, though nobody knows what it gets."""
    found = over([CLOUD, SOC], [CLOUD], alert(logs=None))
    cloud = of(found, "destination.cloud")
    assert (cloud.before, cloud.changes) == (Share(0, 1, (("Rule", 1),)), False)
    assert of(found, "destination.soc").leaving.certain == 1
    assert (found.unheard.certain, found.unheard.possible) == (0, 1)


def test_several_log_types() -> None:
    """What an alert has of a detection's two is possible, not certain."""
    found = over([CLOUD], [], alert(logs=BOTH), alert())
    assert (found.unheard.certain, found.unheard.possible) == (1, 1)


@pytest.mark.parametrize("knowledge", ["dynamic", "deleted", "changed", "unread"])
def test_what_is_not_known_is_in_no_other_number(knowledge: Knowledge) -> None:
    """It is counted by why."""
    found = over([SOC], [], alert(knowledge=knowledge), alert("URGENT"))
    assert found.uncertain == {knowledge: 1, "new-kind": 1}
    assert (found.alerts, found.unheard, of(found, "destination.soc").before) == (2, Share(), Share())


def test_overrides() -> None:
    """An id counts, SKIP means nobody, and an id of a stranger may be somebody."""
    found = over([SOC], [], alert("LOW", override=("id-soc",)), alert(override=(SKIP,)))
    assert (found.unheard.certain, found.skipped) == (1, 1)
    found = over([SOC], [], alert("LOW", override=("id-soc", "id-slack")))
    assert (found.unheard.certain, found.unheard.possible) == (0, 1)


def test_silence_that_is_declared() -> None:
    """Those alerts are counted apart; where only one of the log types is declared, it is possible."""
    silence = Silence(severities=("HIGH",), log_types=("AWS.CloudTrail",), reason="noise")
    found = over([SOC], [], alert(), alert(logs=("Okta.SystemLog",)), alert(logs=BOTH), silent=silence)
    assert (found.silent, found.unheard.certain, found.unheard.possible) == (1, 1, 1)


def test_system_errors() -> None:
    """They have no detection, and go to those who take system errors, also without CRITICAL."""
    low = replace(SOC, severities=("LOW",))
    found = over(
        [SOC, replace(low, address="destination.low")], [], alert("CRITICAL", "SYSTEM_ERROR", None, detection=None)
    )
    assert found.unheard == Share(1, 0, ((None, 1),))
    assert of(found, "destination.low").leaving == Share(1, 0, ((None, 1),))

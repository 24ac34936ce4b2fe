"""What observed alerts say of destinations: nothing that is not so, and every edit that touched an alert."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from blinkdecl.model.observed import Attempt, Knowledge, ObservedAlert, Period
from blinkdecl.render.view.observation import observation_view
from blinkdecl.routing.observation import Observation, observe
from blinkdecl.routing.observation_problems import problems_of
from blinkdecl.routing.receiver import Receiver
from blinkdecl.routing.route import RoutedAlert, route
from tests.support.observed import END, LOGS, alerts, detections, edited, month, receivers

SOC = Receiver("destination.soc", "id-soc", "SOC", ("HIGH", "CRITICAL"), (), ("AWS.CloudTrail",))
OLD = END - timedelta(days=5)


def alert(
    *outputs: str | Attempt,
    severity: str = "HIGH",
    kind: str = "RULE",
    logs: tuple[str, ...] | None = ("AWS.CloudTrail",),
    override: tuple[str, ...] = (),
    knowledge: Knowledge = "known",
    days: int = 5,
    unread: int = 0,
) -> ObservedAlert:
    """Return an alert; a bare id is a destination that took it."""
    at = END - timedelta(days=days)
    tried = tuple(Attempt(each, at, success=True, status=200) if isinstance(each, str) else each for each in outputs)
    return ObservedAlert("a" * 32, at, severity, kind, "Rule", knowledge, logs, override, tried, unread)


def seen(*observed: ObservedAlert, by: Receiver = SOC) -> Observation:
    """Return what these alerts say of one destination."""
    return observe(observed, [by], month())


def failed(output: str = "id-soc", minutes: int = 0) -> Attempt:
    """Return an attempt that failed."""
    return Attempt(output, OLD + timedelta(minutes=minutes), success=False, status=503)


def test_delivered_recovered_failed() -> None:
    """A failure before a success is another thing than a failure that nothing follows."""
    again = Attempt("id-soc", OLD + timedelta(minutes=20), success=True, status=200)
    found = seen(alert("id-soc"), alert(failed(), again), alert(failed(), failed(minutes=30)))
    [soc] = found.destinations
    assert (soc.counts.delivered, soc.counts.recovered, soc.counts.failed) == (2, 1, 1)
    assert soc.counts.last_success == again.at
    assert soc.counts.last_failure == failed(minutes=30)
    assert (found.fails, found.differs) == (True, False)


def test_what_panther_may_still_do_is_not_held_against_anybody() -> None:
    """Within three days an alert may still come, whether it was tried or not."""
    found = seen(alert(days=2), alert(failed(), days=2))
    [soc] = found.destinations
    assert (soc.pending, soc.counts.failed, soc.missing, found.undecided) == (2, 0, (), 2)


def test_the_end_of_time() -> None:
    """Three days after the last alert that a file may have, there is no time any more."""
    end = datetime.max.replace(tzinfo=UTC)
    late = replace(alert(), created_at=end - timedelta(hours=1))
    assert observe([late], [SOC], Period(OLD, end)).undecided == 1


def test_missing_and_unexpected() -> None:
    """What should have come and did not, and what came and should not, with what explains it."""
    found = seen(alert("id-soc", severity="CRITICAL"), alert(), alert("id-soc", severity="LOW"))
    [soc] = found.destinations
    [missing], [unexpected] = soc.missing, soc.unexpected
    assert (missing.kind.severity, missing.count, soc.suspects) == ("HIGH", 1, ("severities",))
    assert (unexpected.kind.severity, unexpected.suspects) == ("LOW", ("severities",))


@pytest.mark.parametrize("knowledge", ["dynamic", "deleted", "changed", "unread"])
def test_detections_of_which_not_all_is_known(knowledge: Knowledge) -> None:
    """Their alerts are counted by why, and say nothing of a destination."""
    found = seen(alert(knowledge=knowledge), alert("id-soc", severity="LOW", knowledge=knowledge))
    assert not found.differs
    assert found.uncertain == {knowledge: 2}


def test_overrides() -> None:
    """OutputIds decide alone, SKIP means nobody, and a list of strangers may not count."""
    assert seen(alert("id-soc", severity="LOW", override=("id-soc",))).differs is False
    assert seen(alert(severity="LOW", override=("id-soc",))).destinations[0].missing
    other = seen(alert("id-soc", override=("SKIP",)))
    assert other.destinations[0].unexpected[0].suspects == ("override",)
    assert other.skipped == 1
    assert not seen(alert("id-soc", override=("gone",)), alert(override=("gone",))).differs


def test_which_log_type_an_alert_has_is_not_guessed() -> None:
    """Of a detection of two logs it may have either; a scheduled one has none that anybody knows."""
    both, unknown = ("AWS.CloudTrail", "Okta.SystemLog"), None
    for logs in (both, unknown):
        assert not seen(alert(logs=logs), alert("id-soc", logs=logs)).differs
    assert seen(alert("id-soc", logs=("Okta.SystemLog",))).destinations[0].unexpected[0].suspects == ("log_types",)


def test_attempts_that_could_not_be_read() -> None:
    """One of them may have been the one that is missed, or that arrived."""
    found = seen(alert(unread=1), alert(failed(), unread=1))
    assert (found.differs, found.fails, found.partly_read) == (False, False, 2)
    assert found.destinations[0].pending == 0  # Panther will not try these again


def test_what_this_version_does_not_know() -> None:
    """A severity or a type that is new is counted."""
    found = seen(alert(severity="URGENT"), alert("id-soc", kind="SIGNAL"))
    assert (found.differs, found.uncertain) == (False, {"new-kind": 2})


def test_system_errors_come_without_their_severity() -> None:
    """They go to whoever takes system errors."""
    low = replace(SOC, severities=("LOW",), log_types=())
    assert not seen(alert("id-soc", severity="CRITICAL", kind="SYSTEM_ERROR", logs=None), by=low).differs


def test_severities_explain_no_missing_system_error() -> None:
    """Who takes system errors gets them; that one came says nothing of CRITICAL, that one is missing, too."""
    error, soc = alert(severity="CRITICAL", kind="SYSTEM_ERROR", logs=None), replace(SOC, log_types=())
    assert seen(alert("id-soc"), error, by=soc).destinations[0].suspects == ("alert_types", "log_types")
    came = alert("id-soc", severity="CRITICAL", kind="SYSTEM_ERROR", logs=None)
    [found] = seen(alert("id-soc"), alert(severity="CRITICAL"), came, by=soc).destinations
    assert "severities" in found.suspects
    assert seen(alert("id-soc"), came, by=soc).destinations[0].unseen == (("severities", ("CRITICAL",)),)


def test_what_was_not_seen_is_said() -> None:
    """No CRITICAL alert came that anything could be told by."""
    [soc] = seen(alert("id-soc")).destinations
    assert soc.unseen == (("severities", ("CRITICAL",)),)


class TestWhichIdIsWhich:
    """Ids that no record has."""

    SOC, LOW = replace(SOC, id=None), Receiver("destination.low", None, "Low", ("LOW",))

    def test_exactly_one_fits(self) -> None:
        """And fits no other id."""
        found = observe([alert("x"), alert("y", severity="LOW")], [self.SOC, self.LOW], month()).unnamed
        assert [(each.id, each.fits[0].address, each.is_certain) for each in found] == [
            ("x", "destination.soc", True),
            ("y", "destination.low", True),
        ]

    def test_two_fit(self) -> None:
        """Then an alert is named that would tell them apart."""
        twin = replace(self.SOC, address="destination.twin", severities=("HIGH",))
        [found] = observe([alert("x")], [self.SOC, twin], month()).unnamed
        assert (len(found.fits), found.is_certain) == (2, False)
        told = "CRITICAL RULE alert from AWS.CloudTrail, which of these only destination.soc would get"
        assert found.would_tell == told

    def test_one_fits_two_ids(self) -> None:
        """As when a destination outside takes the same alerts."""
        found = observe([alert("x", "y")], [self.SOC], month()).unnamed
        assert [(each.is_certain, each.uncertainty) for each in found] == [(False, "another-id")] * 2

    def test_what_may_still_come_makes_no_fit_certain(self) -> None:
        """An id that takes less looks the same, as long as absence does not count."""
        new = alert("x", severity="CRITICAL", days=2), alert(days=2)
        [found] = observe(new, [self.SOC], month()).unnamed
        assert (found.fits, found.is_certain, found.uncertainty) == ((self.SOC,), False, "too-new")
        [found] = observe((alert("x", severity="CRITICAL"), *new), [self.SOC], month()).unnamed
        assert (found.fits, found.is_certain) == ((self.SOC,), True)

    def test_what_it_may_get_makes_no_fit_certain(self) -> None:
        """Of an alert without a log type, nobody knows whether this destination is one that must get it."""
        [found] = observe([alert("x", logs=None)], [self.SOC], month()).unnamed
        assert (found.fits, found.is_certain, found.uncertainty) == ((self.SOC,), False, "not-owed")
        [found] = observe([alert("x", logs=None), alert("x")], [self.SOC], month()).unnamed
        assert (found.fits, found.is_certain) == ((self.SOC,), True)

    def test_none_fits(self) -> None:
        """Something that it should have been sent, or should not."""
        for observed in ([alert("x", severity="MEDIUM")], [alert("x"), alert(severity="CRITICAL")]):
            [found] = observe(observed, [self.SOC], month()).unnamed
            assert found.fits == ()

    def test_made_anew_in_the_console(self) -> None:
        """What was deleted there and made again has a new id: it is found where the recorded one got nothing."""
        made = replace(self.SOC, id="id-soc")
        found = observe([alert("x"), alert("x", severity="CRITICAL")], [made, self.LOW], month())
        [unnamed] = found.unnamed
        assert (unnamed.fits, unnamed.is_certain) == ((made,), True)
        assert found.destinations[0].differs

    def test_an_id_that_still_gets_something_is_the_right_one(self) -> None:
        """As one that was tried is, and one of which nothing is missing for certain."""
        made = replace(self.SOC, id="id-soc")
        for observed in (
            [alert("x"), alert("id-soc", severity="CRITICAL")],
            [alert("x"), alert(failed(), severity="CRITICAL")],
            [alert("x", days=2)],
            [alert("x", logs=None)],
        ):
            [found] = observe(observed, [made], month()).unnamed
            assert found.fits == ()

    def test_an_override_says_nothing(self) -> None:
        """It sends to whoever it names."""
        [found] = observe([alert("x", severity="LOW", override=("x",))], [self.SOC], month()).unnamed
        assert (found.fits, found.evidence) == ((), 0)


@pytest.mark.parametrize("seed", range(5))
def test_no_false_alarms(seed: int) -> None:
    """Of a Panther that is as declared, nothing is told but what came only at the second attempt."""
    chance = random.Random(seed)
    known = receivers(12, chance)
    raised = alerts(4000, month(), detections(80, known, chance), known, chance)
    found = observe(raised, known, month())
    assert not found.differs
    assert not found.fails
    assert found.alerts == 4000


@pytest.mark.parametrize("seed", range(5))
def test_no_id_is_ever_the_wrong_one(seed: int) -> None:
    """Of a Panther that is as declared, with others that nobody declares, each id that is certain is the right one."""
    chance = random.Random(300 + seed)
    declared, others = receivers(8, chance), receivers(8, chance)
    strangers = [replace(each, address=None, id=f"stranger-{each.id}") for each in others]
    live = declared + strangers
    raised = alerts(2000, month(), detections(60, live, chance), live, chance)
    nameless = [replace(each, id=None) for each in declared]
    certain = [each for each in observe(raised, nameless, month()).unnamed if each.is_certain]
    address_of = {each.id: each.address for each in declared}
    assert {each.id: each.fits[0].address for each in certain}.items() <= address_of.items()
    assert certain


@pytest.mark.parametrize("seed", range(5))
def test_every_edit_that_touched_an_alert(seed: int) -> None:
    """Five of twelve destinations are edited: those are found of which an alert that says something differs."""
    chance = random.Random(100 + seed)
    declared = receivers(12, chance)
    live = list(declared)
    for place in chance.sample(range(12), 5):
        live[place] = edited(live[place], chance)
    raised = list(alerts(4000, month(), detections(80, declared, chance), live, chance))
    found = observe(raised, declared, month())
    touched = {each.address for each in declared if any(tells(one, each, declared) for one in raised)}
    assert {each.receiver.address for each in found.destinations if each.differs} == touched
    assert touched


def tells(observed: ObservedAlert, whose: Receiver, declared: list[Receiver]) -> bool:
    """Whether an alert went another way than it would have as declared, whichever of its log types it had."""
    if observed.knowledge != "known" or observed.created_at > END - timedelta(days=3):
        return False
    logs: list[tuple[str, ...]] = [(each,) for each in observed.log_types or ()] or [
        (),
        ("x",),
        *((each,) for each in LOGS),
    ]
    if observed.type in ("POLICY", "SYSTEM_ERROR"):
        logs = [()]
    was = any(each.output_id == whose.id for each in observed.deliveries)
    asked = [RoutedAlert(observed.severity, observed.type, log, observed.override or None) for log in logs]
    return all(was is not (whose in route(each, declared).reached) for each in asked)


@pytest.mark.parametrize("seed", range(4))
def test_the_order_in_which_alerts_are_read_changes_nothing(seed: int) -> None:
    """Neither what is shown nor what is said: pages arrive in any order, and so do attempts to deliver."""
    chance = random.Random(200 + seed)
    declared = receivers(12, chance)
    live = [edited(each, chance) for each in declared]
    named = [*declared[:9], *(replace(each, id=None) for each in declared[9:])]
    raised = list(alerts(2000, month(), detections(80, declared, chance), live, chance))
    raised += [replace(each, id=f"{each.id}-lost", deliveries=(failed(str(live[0].id)),)) for each in raised[:20]]

    def shown() -> tuple[object, object]:
        found = observe(raised, named, month())
        return observation_view(found, {}, lambda address, output: f"{address} {output}"), problems_of(found, {})

    expected = shown()
    for _ in range(3):
        chance.shuffle(raised)
        raised = [replace(each, deliveries=each.deliveries[::-1]) for each in raised]
        assert shown() == expected


def test_deviations_are_told_worst_first() -> None:
    """By severity, then by how many alerts, with the earliest alerts as examples."""
    low = [replace(alert("id-soc", severity="LOW", days=days), id=f"low-{days}") for days in (4, 9, 6, 8, 5)]
    other = [alert("id-soc", severity="LOW", logs=("Okta.SystemLog",))] * 6
    [soc] = seen(*low, *other, alert("id-soc", severity="MEDIUM")).destinations
    assert [(each.kind.severity, each.count) for each in soc.unexpected] == [("MEDIUM", 1), ("LOW", 6), ("LOW", 5)]
    assert soc.unexpected[2].examples == ("low-9", "low-8", "low-6")

"""A thousand test alerts under each of eight faults: never a run that there was not, never none where there was one.

What really happened is known to the sandbox, which is asked behind Blink's API; the client, the follower and the judge
see only what that API answers.
"""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from blinkdecl.alert.follow import Follower, Sent
from blinkdecl.alert.judge import judged
from blinkdecl.blink import BlinkApi
from blinkdecl.model.results import AlertRun
from blinkdecl.model.runs import Event, History, Place, Run
from blinkdecl.sandbox import BlinkFaults, Declared, Sandbox
from blinkdecl.secret.value import Secret
from blinkdecl.system.retry import RetryLimits

ALERTS, AUTOMATIONS = 1000, 40
# Every third alert comes before the fault does, so that each has its run beside those that have none.
WELL = 3
FAULTS = {
    "inactive": BlinkFaults(inactive=True),
    "unpublished": BlinkFaults(unpublished=True),
    "condition false": BlinkFaults(condition_false=True),
    "fails at a step": BlinkFaults(fails=True),
    "stuck in the queue": BlinkFaults(stuck=True),
    "history rolled": BlinkFaults(condition_false=True, history=7),
    "403": BlinkFaults(condition_false=True, refuse=403),
    "slow": BlinkFaults(condition_false=True, latency=0.4),
}
# What each fault leads to beside `ran`, and never to anything else.
TOLD = {
    "inactive": {"not_seen"},
    "unpublished": {"not_seen"},
    "condition false": {"not_seen"},
    "fails at a step": {"failed"},
    "stuck in the queue": {"queued"},
    "history rolled": {"unknown"},
    "403": {"unknown"},
    "slow": {"unknown"},
}
STATES = {"ran": "Completed", "failed": "Failed", "queued": "Pending"}


def sent_into(sandbox: Sandbox, faults: BlinkFaults) -> list[Sent]:
    """Have webhooks take all alerts, a part of them before the faults; each automation gets its share."""
    alerts = []
    for number in range(ALERTS):
        name = f"A{number % AUTOMATIONS}"
        alerts.append(Sent(f"trigger.t{number}", Place("SOC", "", name), f"blinkdecl-{number}"))
    for switched, part in ((BlinkFaults(), alerts[::WELL]), (faults, alerts)):
        sandbox.runs.faults = switched
        for each in part:
            if switched is not faults or each not in alerts[::WELL]:
                event = {"payload": {"alertId": "Test.Alert", "title": "Test", "tags": ["test", each.mark]}}
                sandbox.runs.accepted(f"/webhooks/{each.place.automation}", event, time.time())
    return alerts


def truth_of(sandbox: Sandbox) -> dict[str, str]:
    """Return the state of each alert's run by its tag, whatever Blink's API shows of it."""
    found: dict[str, str] = {}
    for automation in sandbox.runs.automations():
        for run in sandbox.runs.of(automation, ALERTS):
            payload = run.event["payload"]
            assert isinstance(payload, dict)
            found |= {tag: run.state(time.time()) for tag in payload["tags"][1:]}
    return found


@pytest.mark.parametrize("fault", FAULTS)
def test_nothing_is_told_that_did_not_happen(fault: str, record_property: Callable[[str, object], None]) -> None:
    """Each outcome is held against what really happened; what is not proved is `unknown`, and nothing else is."""
    faults, slow = FAULTS[fault], fault == "slow"
    limits = RetryLimits(attempts=1, timeout=0.1 if slow else 5.0)
    outcomes: dict[str, AlertRun] = {}
    with Sandbox() as sandbox, BlinkApi(sandbox.url, Secret("sandbox-blink-key"), limits=limits) as blink:
        for number in range(AUTOMATIONS):
            sandbox.runs.declare(f"A{number}", Declared(automation=f"A{number}"))
        sandbox.runs.faults = BlinkFaults(inactive=faults.inactive, unpublished=faults.unpublished)
        follower = Follower(blink, [Place("SOC", "", f"A{each}") for each in range(AUTOMATIONS)], 10, grace=60)
        alerts = sent_into(sandbox, faults)
        follower.follow(alerts, 0.0, outcomes.__setitem__)
        truth = truth_of(sandbox)
    told = {each.mark: outcomes[each.address].outcome for each in alerts}
    false_ran = [mark for mark, outcome in told.items() if outcome == "ran" and truth.get(mark) != "Completed"]
    false_none = [mark for mark, outcome in told.items() if outcome == "not_seen" and mark in truth]
    others = [mark for mark, each in told.items() if each in STATES and truth.get(mark) != STATES[each]]
    counts = Counter(told.values())
    record_property(
        "told", f"{ALERTS} test alerts, {fault}: {len(false_ran)} false ran, {len(false_none)} false not run; "
        + ", ".join(f"{count} {outcome}" for outcome, count in sorted(counts.items())),
    )  # fmt: skip
    assert (false_ran, false_none, others) == ([], [], [])
    assert counts.keys() <= {"ran", *TOLD[fault]}
    assert counts.keys() >= TOLD[fault]


AT = datetime(2026, 1, 2, tzinfo=UTC)
OLD = Run("old", "Completed", AT, AT, AT)
OWN = Run("own", "Completed", AT, AT, AT)
MARKED, OTHER = Event(frozenset(("mark",))), Event(frozenset(("mark-2",)))


def judge(*runs: Run, event: Event | None = MARKED, ended: bool = True) -> AlertRun:
    """Judge an alert by these runs, each of which this event started; one run was there before."""
    return judged(History(runs, ended), frozenset(("old",)), {each.id: event for each in runs}, "mark")


@pytest.mark.parametrize(
    ("state", "outcome"),
    [
        ("Completed", "ran"), ("COMPLETED", "ran"), ("Failed", "failed"), ("Timeout", "failed"),
        ("Timed out", "failed"), ("timed_out", "failed"), ("Cancelled", "failed"), ("Skipped", "failed"),
        ("Pending", "running"), ("In progress", "running"), ("in_progress", "running"), ("Paused", "running"),
        ("Completed with warnings", "unknown"), ("Done", "unknown"), ("Stopped", "unknown"), ("", "unknown"),
    ],
)  # fmt: skip
def test_blinks_words(state: str, outcome: str) -> None:
    """Each spelling that is known; any other word proves nothing."""
    assert judge(OLD, replace(OWN, state=state)).outcome == outcome


def test_what_has_begun_waits_in_no_queue() -> None:
    """A run that is pending may wait for a person: only one that has not begun waits for its turn."""
    assert judge(OLD, Run("own", "Pending", AT)).outcome == "queued"
    assert judge(OLD, Run("own", "Pending", AT, AT)).outcome == "running"


@pytest.mark.parametrize(
    ("found", "outcome"),
    [
        (judge(OLD, OWN), "ran"),
        (judge(OWN, ended=False), "ran"),
        (judge(OLD), "not_seen"),
        (judge(OLD, OWN, event=OTHER), "not_seen"),
        (judge(OLD, ended=False), "unknown"),
        (judge(), "unknown"),
        (judge(OWN, event=OTHER), "unknown"),
        (judge(OLD, OWN, event=None), "unknown"),
        (judge(OLD, replace(OWN, drafted=True)), "unknown"),
        (judge(OLD, replace(OWN, state="Failed"), Run("again", "Completed", AT.replace(hour=1))), "failed"),
        (judge(OLD, Run("own", "Failed"), Run("again", "Completed", AT)), "unknown"),
    ],
)
def test_what_proves_and_what_does_not(found: AlertRun, outcome: str) -> None:
    """Its own tag, the first of its runs, and for none a whole list that reaches back."""
    assert found.outcome == outcome
    assert bool(found.reason) == (outcome != "ran")

"""Waiting for the runs of alerts: until each has ended, the time is up, or somebody ends the wait."""

import time
from collections.abc import Callable, Iterator

import pytest

from blinkdecl.alert.follow import Follower, Sent
from blinkdecl.blink import BlinkApi
from blinkdecl.model.results import AlertRun
from blinkdecl.model.runs import Place
from blinkdecl.sandbox import BlinkFaults, Sandbox
from blinkdecl.secret.value import Secret
from blinkdecl.system.retry import RetryLimits

TRIAGE = Place("SOC", "", "Triage alerts")
ALERT = Sent("trigger.soc", TRIAGE, "mark")


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """A Blink with one automation."""
    with Sandbox() as made:
        yield made


@pytest.fixture
def follower(sandbox: Sandbox) -> Iterator[Follower]:
    """Whoever looks at its runs, and does not ask twice."""
    limits = RetryLimits(attempts=1)
    with BlinkApi(sandbox.url, Secret("sandbox-blink-key"), limits=limits) as blink:
        yield Follower(blink, [TRIAGE], 2)


def accept(sandbox: Sandbox) -> None:
    """Have a webhook take the alert."""
    sandbox.runs.accepted("/webhooks/soc", {"payload": {"tags": ["test", ALERT.mark]}}, time.time())


def followed(follower: Follower, cancelled: Callable[[], bool]) -> AlertRun:
    """Return what is told of the alert, once."""
    found: list[tuple[str, AlertRun]] = []
    follower.follow([ALERT], 30, lambda *told: found.append(told), cancelled)
    [(address, run)] = found
    assert address == ALERT.address
    return run


def test_a_wait_that_is_interrupted_proves_nothing(sandbox: Sandbox, follower: Follower) -> None:
    """Of a run that has ended by then, its end is told; that none was seen is not."""
    none = followed(follower, lambda: True)
    assert (none.outcome, none.reason) == ("unknown", "the wait for its run was interrupted")
    accept(sandbox)
    assert followed(follower, lambda: True).outcome == "ran"


def test_what_fails_for_a_while_is_asked_again(sandbox: Sandbox, follower: Follower) -> None:
    """A run that begins late, behind an API that answers late, is seen; the wait ends with it."""
    sandbox.runs.faults = BlinkFaults(refuse=503)
    rounds: list[float] = []

    def looked() -> bool:
        rounds.append(time.monotonic())
        if len(rounds) == 3:
            sandbox.runs.faults = BlinkFaults()
            accept(sandbox)
        return False

    assert followed(follower, looked).outcome == "ran"
    assert time.monotonic() - rounds[0] < 10

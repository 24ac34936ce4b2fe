"""Waiting for the runs of alerts: until each has ended, the time is up, or somebody ends the wait."""

import time
from collections.abc import Callable, Iterator

import pytest

from blinkdecl.alert.follow import Follower, Sent
from blinkdecl.blink import BlinkApi
from blinkdecl.model.results import AlertRun
from blinkdecl.model.runs import Event, Place, Run
from blinkdecl.sandbox import BlinkFaults, Declared, Sandbox
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


@pytest.mark.parametrize("faults", [BlinkFaults(history=0), BlinkFaults(refuse=502), BlinkFaults(refuse=403)])
def test_a_run_that_was_seen_once_stays_seen(sandbox: Sandbox, follower: Follower, faults: BlinkFaults) -> None:
    """Where Blink drops it, or does not answer any more, its last state is told."""
    sandbox.runs.faults = BlinkFaults(stuck=True)
    accept(sandbox)
    told: list[AlertRun] = []

    def gone() -> bool:
        if len(sandbox.asked()) > 4:  # workspaces, automations and runs; then these runs, and what started the new one
            sandbox.runs.faults = faults
        return False

    follower.follow([ALERT], 0.6, lambda _, run: told.append(run), gone)
    assert [each.outcome for each in told] == ["queued"]


class Unreadable(BlinkApi):
    """A Blink that does not tell what started some runs, as where one is dropped between list and question."""

    def __init__(self, url: str) -> None:
        """Nothing is unreadable yet."""
        super().__init__(url, Secret("sandbox-blink-key"), limits=RetryLimits(attempts=1))
        self.gone: set[str] = set()
        self.asked: list[str] = []

    def run(self, workspace: str, run: str, marks: frozenset[str]) -> tuple[Run, Event | None]:
        """Return a run, or that there is none."""
        self.asked.append(run)
        return super().run(workspace, "gone" if run in self.gone else run, marks)


@pytest.mark.parametrize("foreign", [1, 2])
def test_a_run_that_cannot_be_read_is_untold_for_itself_alone(sandbox: Sandbox, foreign: int) -> None:
    """The alert's own run is found beside it, and none after it is asked; where there is none, that is not proved."""
    with Unreadable(sandbox.url) as blink:
        follower = Follower(blink, [TRIAGE], 2)
        event = {"payload": {"tags": ["another"]}}
        sandbox.runs.accepted("/webhooks/soc", event, time.time() - 1)
        blink.gone = {sandbox.runs.of(Declared(), 1)[0].id}
        if foreign == 1:
            accept(sandbox)
            sandbox.runs.accepted("/webhooks/soc", event, time.time() + 1)
        told: list[AlertRun] = []
        follower.follow([ALERT], 1.5, lambda _, run: told.append(run))
        assert [each.outcome for each in told] == ["ran" if foreign == 1 else "unknown"]
        assert len(blink.asked) == (2 if foreign == 1 else 3)


def test_a_run_that_tells_later_is_found(sandbox: Sandbox) -> None:
    """One that does not tell what started it is asked a few times, and again when it has got further."""
    with Unreadable(sandbox.url) as blink:
        follower = Follower(blink, [TRIAGE], 2)
        sandbox.runs.faults = BlinkFaults(no_event=True, run_seconds=1.5)
        accept(sandbox)
        told: list[AlertRun] = []

        def looked() -> bool:
            if len(blink.asked) == 3:
                sandbox.runs.faults = BlinkFaults()
            return False

        follower.follow([ALERT], 30, lambda _, run: told.append(run), looked)
        assert ([each.outcome for each in told], len(blink.asked)) == (["ran"], 4)


def test_each_workspace_is_asked_once_a_look(sandbox: Sandbox) -> None:
    """Whatever number of automations it has, and whether they are idle."""
    sandbox.runs.faults = BlinkFaults(inactive=True)
    places = [Place("SOC", "", f"A{each}") for each in range(20)]
    for each in places:
        sandbox.runs.declare(each.automation, Declared(automation=each.automation))
    with BlinkApi(sandbox.url, Secret("sandbox-blink-key")) as blink:
        follower = Follower(blink, places, 10)
        assert len(sandbox.asked()) == 2 + 20
        told: list[str] = []
        alerts = [Sent(each.automation, each, each.automation) for each in places]
        follower.follow(alerts, 10, lambda _, run: told.append(run.outcome))
        assert len(sandbox.asked()) == 2 + 20 + 1 + 20
    assert told == ["not_seen"] * 20


@pytest.mark.parametrize(
    ("timeout", "cancelled", "hurried"), [(0.1, False, False), (30, True, False), (30, True, True)]
)
def test_a_look_ends_with_the_wait(sandbox: Sandbox, *, timeout: float, cancelled: bool, hurried: bool) -> None:
    """When the time is up or the wait is ended, an answer that does not come is not waited for."""
    with BlinkApi(sandbox.url, Secret("sandbox-blink-key")) as blink:
        follower = Follower(blink, [TRIAGE], 2, grace=0.3)
        sandbox.runs.faults = BlinkFaults(latency=2.0)
        told: list[AlertRun] = []
        begun = time.monotonic()
        follower.follow([ALERT], timeout, lambda _, run: told.append(run), lambda: cancelled, lambda: hurried)
        assert time.monotonic() - begun < 1
    assert [(each.outcome, each.reason) for each in told] == [("unknown", "Blink did not answer in time")]

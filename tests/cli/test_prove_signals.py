"""`test --prove` while it waits: nobody else waits for it, and whoever ends it need not either. Real processes."""

import signal
import time

import pytest

from blinkdecl.sandbox import BlinkFaults
from tests.cli.test_signals import start
from tests.support.repository import Repository


def asked(repository: Repository, count: int) -> None:
    """Wait until Blink was asked this often."""
    until = time.monotonic() + 20
    while len(repository.sandbox.asked()) < count and time.monotonic() < until:
        time.sleep(0.02)
    assert len(repository.sandbox.asked()) >= count


def test_the_state_is_free_during_the_wait_and_a_signal_ends_it(asking: Repository) -> None:
    """The outcomes are recorded by then; of a run that waits in the queue, that is told."""
    assert asking("apply", "--auto-approve").code == 0
    asking.sandbox.runs.faults = BlinkFaults(stuck=True)
    with start(asking.folder, "test", "--prove", "--prove-timeout", "60s") as process:
        asked(asking, 5)  # workspaces, automations and runs; then these runs, and what started the new one
        assert asking("state", "rm", "trigger.soc").code == 0
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=10)
    assert process.returncode == 130, err
    assert "its run waits in Blink's queue" in out


@pytest.mark.parametrize("before", [True, False], ids=["before anything is sent", "during the wait"])
def test_who_is_in_a_hurry_waits_for_no_answer(asking: Repository, *, before: bool) -> None:
    """However long Blink takes to answer: before anything is sent by one signal, after that by a second one."""
    faults = BlinkFaults(latency=8.0, stuck=True)
    asking.sandbox.runs.faults = faults if before else BlinkFaults(stuck=True)
    with start(asking.folder, "test", "--prove", "--prove-timeout", "60s") as process:
        asked(asking, 1 if before else 4)
        asking.sandbox.runs.faults = faults
        time.sleep(0.6)  # the next look is under way
        begun = time.monotonic()
        process.send_signal(signal.SIGINT)
        if not before:
            time.sleep(0.3)
            process.send_signal(signal.SIGINT)
        process.communicate(timeout=20)
        assert time.monotonic() - begun < 4
    assert process.returncode == 130
    assert len(asking.sandbox.received()) == (0 if before else 1)

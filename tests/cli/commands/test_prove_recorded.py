"""`test --prove`: what the state keeps of an alert that Blink took, and that came to nothing."""

import json
import time
from typing import Any

import pytest

from blinkdecl.sandbox import BlinkFaults
from blinkdecl.state.local import LocalBackend
from blinkdecl.state.lock_info import lock_info
from tests.cli.test_signals import start
from tests.support.repository import Repository

BRIEF = ("test", "--prove", "--prove-timeout", "400ms")
ARRIVED = 'blinkdecl_test_alert_arrived{address="destination.blink-soc",environment=""}'


@pytest.fixture
def proved(asking: Repository) -> Repository:
    """The repository, which says where Blink is, applied."""
    assert asking("apply", "--auto-approve").code == 0
    return asking


def last_test(repository: Repository) -> dict[str, Any]:
    """Return what the state has of the destination's last test alert."""
    found = json.loads(repository.state.read_text())["resources"]
    [last] = [each["last_test"] for each in found if each["address"] == "destination.blink-soc"]
    assert isinstance(last, dict)
    return last


def sent(repository: Repository) -> None:
    """Wait until the alert has been recorded as delivered, and the wait for Blink has begun."""
    until = time.monotonic() + 20
    while not (repository.sandbox.received() and len(repository.sandbox.asked()) >= 4) and time.monotonic() < until:
        time.sleep(0.02)
    assert len(repository.sandbox.asked()) >= 4


@pytest.mark.parametrize(
    ("faults", "outcome", "delivered"),
    [
        (BlinkFaults(), "ran", True),
        (BlinkFaults(fails=True), "failed", False),
        (BlinkFaults(condition_false=True), "not_seen", False),
        (BlinkFaults(inactive=True), "not_seen", False),
        (BlinkFaults(stuck=True), "queued", True),
        (BlinkFaults(run_seconds=60), "running", True),
        (BlinkFaults(states="unknown"), "unknown", True),
    ],
)
def test_what_is_recorded(proved: Repository, faults: BlinkFaults, outcome: str, *, delivered: bool) -> None:
    """Only what surely led to nothing is no delivery; all that asks for the last test says so."""
    proved.sandbox.runs.faults = faults
    ran = proved(*BRIEF, "--strict", "--format", "json", "--metrics-file", "tests.prom")
    [test] = ran.document["tests"]
    assert (test["run"]["outcome"], test["delivered"]) == (outcome, True)
    last = last_test(proved)
    assert (last["at"], last["delivered"], last["status"]) == (test["at"], delivered, 200)
    assert f"{ARRIVED} {int(delivered)}\n" in (proved.folder / "tests.prom").read_text()
    shown = "delivered, HTTP 200" if delivered else "failed, though HTTP 200"
    assert f"= {shown}" in proved("state", "show", "destination.blink-soc").out
    proved.sandbox.runs.faults = BlinkFaults()
    assert ("Nothing is stale" in proved("test", "--stale", "1d").out) == delivered


def test_what_one_destination_wants(proved: Repository) -> None:
    """It is recorded as well where the YAML asks for the proof."""
    proved.edit("    severities:", "    test_alert: {prove: true}\n    severities:")
    proved.sandbox.runs.faults = BlinkFaults(fails=True)
    assert proved("test").code == 4
    assert not last_test(proved)["delivered"]


def test_what_another_run_recorded_since_stays(proved: Repository) -> None:
    """It is newer, whatever becomes of the alert before it."""
    proved.sandbox.runs.faults = BlinkFaults(condition_false=True)
    with start(proved.folder, "test", "--prove", "--prove-timeout", "2s") as process:
        sent(proved)
        assert proved("test").code == 0
        newer = last_test(proved)
        out, err = process.communicate(timeout=20)
    assert process.returncode == 4, out + err
    assert "run-not-seen" in out + err
    assert last_test(proved) == newer
    assert newer["delivered"]


def test_a_lock_that_somebody_holds(proved: Repository) -> None:
    """The outcome and the exit code stand, and a warning says what is missing in the state."""
    proved.sandbox.runs.faults = BlinkFaults(condition_false=True)
    with start(proved.folder, "test", "--prove", "--prove-timeout", "1s") as process:
        sent(proved)
        with LocalBackend(proved.state, "the state").lock(lock_info("blinkdecl apply", {}), 5.0):
            out, err = process.communicate(timeout=20)
    assert process.returncode == 4, out + err
    assert "Warning: it is not recorded that nothing came of the test alert" in out + err
    assert "[locked]" in out + err
    assert last_test(proved)["delivered"]


def test_a_lock_that_is_waited_for(proved: Repository) -> None:
    """As long as the caller says."""
    proved.sandbox.runs.faults = BlinkFaults(condition_false=True)
    with start(proved.folder, "test", "--prove", "--prove-timeout", "500ms", "--lock-timeout", "20s") as process:
        sent(proved)
        with LocalBackend(proved.state, "the state").lock(lock_info("blinkdecl apply", {}), 5.0):
            time.sleep(1.2)
            assert process.poll() is None
            assert last_test(proved)["delivered"]
        out, err = process.communicate(timeout=20)
    assert (process.returncode, "not recorded" in out + err) == (4, False)
    assert not last_test(proved)["delivered"]


def test_a_state_that_cannot_be_read_any_more(proved: Repository) -> None:
    """It is left as it is, and named; what Blink told is told."""
    proved.sandbox.runs.faults = BlinkFaults(condition_false=True)
    with start(proved.folder, "test", "--prove", "--prove-timeout", "1s", "--format", "json") as process:
        sent(proved)
        proved.state.write_text("{}")
        out, err = process.communicate(timeout=20)
    assert process.returncode == 4, out + err
    told = {each["code"]: each["severity"] for each in json.loads(out)["diagnostics"]}
    assert told == {"run-not-seen": "error", "invalid-state": "warning"}
    assert proved.state.read_text() == "{}"

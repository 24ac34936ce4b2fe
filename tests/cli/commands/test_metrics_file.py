"""`--metrics-file`: whole, readable for others, and there when a run fails as well."""

import os
import stat
import time
from pathlib import Path

import pytest

from tests.render.test_metrics import read
from tests.support.repository import KEY, Repository

FILE = "blinkdecl.prom"


def metrics(repository: Repository) -> dict[str, float]:
    """Return the values of the file by metric and labels, but for the environment and the command."""
    text = (repository.folder / FILE).read_text()
    assert KEY not in text
    assert "://" not in text
    return {
        " ".join([name.removeprefix("blinkdecl_"), *sorted(f"{key}={each}" for key, each in labels.items() if each)]):
        value
        for name, samples in read(text).items() for labels, value in samples
    }  # fmt: skip


def test_test(repository: Repository) -> None:
    """The last test alert of each destination, also when nothing is stale; a failed one has no time."""
    assert repository("apply", "--auto-approve").code == 0
    before = time.time()
    assert repository("test", "--metrics-file", FILE).code == 0
    found = metrics(repository)
    assert before - 1 < found["test_alert_arrived_timestamp_seconds address=destination.blink-soc"] <= time.time()
    assert found["last_run_success command=test"] == 1
    at = found["test_alert_arrived_timestamp_seconds address=destination.blink-soc"]
    assert repository("test", "--stale", "7d", "--metrics-file", FILE).code == 0
    assert metrics(repository)["test_alert_arrived_timestamp_seconds address=destination.blink-soc"] == at
    repository.sandbox.rotate("/webhooks/soc", "another")
    assert repository("test", "--metrics-file", FILE).code == 4
    found = metrics(repository)
    assert found["test_alert_arrived address=destination.blink-soc"] == 0
    assert "test_alert_arrived_timestamp_seconds address=destination.blink-soc" not in found
    assert found["last_run_exit_code command=test"] == 4


def test_coverage_and_drift(repository: Repository) -> None:
    """What is printed stays as it is; numbers for each."""
    repository.edit(
        "triggers:", "coverage: [{severities: [LOW]}, {severities: [INFO], nobody: true, reason: x}]\ntriggers:"
    )
    ran = repository("coverage", "--metrics-file", FILE, "--format", "json")
    found = metrics(repository)
    assert (ran.code, ran.document["command"]) == (3, "coverage")
    assert found["coverage_rules against=desired state=broken"] == found["last_run_success command=coverage"] == 1
    assert found["unreached_alert_kinds against=desired declared=no severity=LOW"] > 0
    assert found["unreached_alert_kinds against=desired declared=no severity=INFO"] == 0
    assert found["unreached_alert_kinds against=desired declared=no severity=CRITICAL"] == 0
    assert repository("drift", "--metrics-file", FILE).code == 3
    assert metrics(repository)["drift_resources kind=changed"] == 0


def test_a_run_that_fails(repository: Repository) -> None:
    """It leaves its exit code, in place of what the run before had counted."""
    assert repository("drift", "--metrics-file", FILE).code == 0
    repository.edit("severities", "severites")
    ran = repository("drift", "--metrics-file", FILE)
    assert ran.code == 1
    found = metrics(repository)
    assert found.keys() == {f"last_run_{each} command=drift" for each in ("timestamp_seconds", "exit_code", "success")}
    assert found["last_run_exit_code command=drift"] == 1


def test_the_file(repository: Repository) -> None:
    """Readable for the collector, nothing beside it, and a link stays one; `-` is standard output."""
    umask = os.umask(0o022)
    try:
        assert repository("drift", "--metrics-file", FILE).code == 0
    finally:
        os.umask(umask)
    assert stat.S_IMODE((repository.folder / FILE).stat().st_mode) == 0o644
    assert [each.name for each in repository.folder.iterdir() if "prom" in each.name] == [FILE]
    ran = repository("drift", "--metrics-file", "-")
    assert read(ran.out)
    assert "recorded" in ran.err or "drift" in ran.err.casefold()


def test_one_that_cannot_be_written(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before the run, where that can be seen; otherwise the result is printed, and the exit code is an error's."""
    ran = repository("drift", "--metrics-file", "gone/x.prom")
    assert (ran.code, "[unwritable]" in ran.err) == (1, True)

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    ran = repository("drift", "--metrics-file", FILE, "--format", "json")
    assert (ran.code, ran.document["errored"]) == (1, False)
    assert f"{FILE} cannot be written: No space left on device" in ran.err
    assert not Path(repository.folder / FILE).exists()


def test_not_for_a_drill(repository: Repository) -> None:
    """What would be if something were down is nothing to be alarmed by."""
    ran = repository("coverage", "--without", "trigger.soc", "--metrics-file", FILE)
    assert (ran.code, (repository.folder / FILE).exists()) == (64, False)

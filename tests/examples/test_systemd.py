"""The systemd units: what they say, what they start, and what systemd makes of them where it is."""

import shlex
import shutil
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest

from tests.support.panther import TOKEN, declare
from tests.support.recipes import EXAMPLES, shell_in
from tests.support.repository import KEY, Repository

UNITS = EXAMPLES / "systemd"
SECRETS = {"panther-token": TOKEN, "blink-soc-key": KEY}


def unit(name: str) -> dict[str, list[str]]:
    """Return the settings of a unit: every value of each, in order."""
    found = defaultdict(list)
    for line in (UNITS / name).read_text().splitlines():
        if line and line[0] not in "#[":
            key, _, value = line.partition("=")
            found[key].append(value)
    return dict(found)


SERVICE, TIMER = unit("blinkdecl-drift.service"), unit("blinkdecl-drift.timer")


def test_the_service_repeats_what_a_second_run_can_mend() -> None:
    """Drift fails the unit, once; within an hour, which the timer leaves, a run is started three times at most."""
    assert SERVICE["Type"] == ["oneshot"]
    assert SERVICE["RestartPreventExitStatus"] == ["2 3 64 70"]
    assert "SuccessExitStatus" not in SERVICE
    assert SERVICE["StartLimitBurst"] == ["3"]
    assert TIMER["OnCalendar"] == ["hourly"]


def test_the_service_may_write_its_metrics_and_nothing_else() -> None:
    """The secrets come as credentials, and no variable holds one."""
    assert SERVICE["ProtectSystem"] == ["strict"]
    assert SERVICE["NoNewPrivileges"] == ["yes"]
    assert SERVICE["CapabilityBoundingSet"] == [""]
    words = shlex.split(SERVICE["ExecStart"][0])
    assert [str(Path(words[-1]).parent)] == SERVICE["ReadWritePaths"]
    assert [each.partition(":")[0] for each in SERVICE["LoadCredential"]] == list(SECRETS)


@pytest.mark.parametrize("profile", ["native"])
def test_exec_start_finds_drift_with_credentials(
    panther: Repository, profile: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both secrets are read from the folder that systemd makes; the metrics tell the exit code."""
    del profile
    credentials, metrics = tmp_path / "credentials", tmp_path / "textfile"
    for folder in (credentials, metrics):
        folder.mkdir()
    for name, secret in SECRETS.items():
        (credentials / name).write_text(secret + "\n")
    panther.folder = tmp_path / "alerting"
    declare(panther, soc="Blink SOC")
    for variable, name in (("PANTHER_API_TOKEN", "panther-token"), ("BLINK_SOC_API_KEY", "blink-soc-key")):
        panther.edit(f"{{env: {variable}}}", f"{{file: {credentials / name}}}")
        monkeypatch.delenv(variable)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(credentials))
    monkeypatch.setenv("BLINKDECL_TRUSTED_HOSTS", "127.0.0.1")
    assert panther("apply", "--auto-approve").code == 0
    command = SERVICE["ExecStart"][0].replace("/usr/local/bin/blinkdecl", "blinkdecl")
    command = command.replace(SERVICE["ReadWritePaths"][0], str(metrics))
    shell = shell_in(panther.folder, tmp_path / "bin")
    assert shell(command).returncode == 0
    panther.sandbox.edit("Blink SOC", severities="LOW")
    assert shell(command).returncode == 2
    (written,) = metrics.iterdir()
    assert "blinkdecl_last_run_exit_code" in written.read_text()


def test_systemd_takes_the_units(tmp_path: Path) -> None:
    """Where systemd is, it finds nothing to say; elsewhere the timer still starts the service of its name."""
    assert {each.stem for each in UNITS.iterdir()} == {"blinkdecl-drift"}
    assert TIMER["WantedBy"] == ["timers.target"]
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        return
    for each in UNITS.iterdir():
        (tmp_path / each.name).write_text(each.read_text().replace("/usr/local/bin/blinkdecl", sys.executable))
    done = subprocess.run(
        [analyze, "verify", "--man=no", *map(str, tmp_path.iterdir())],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    about_ours = [line for line in done.stderr.splitlines() if "blinkdecl-drift" in line]
    assert about_ours == []

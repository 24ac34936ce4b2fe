"""The CronJobs: as Kubernetes' schema wants them, what each exit code leads to, and what their containers run."""

import shlex
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.support.kubernetes import config_map, outcome, validate
from tests.support.panther import declare
from tests.support.recipes import EXAMPLES, documents, shell_in
from tests.support.repository import Repository

CRON_JOBS = {each["metadata"]["name"]: each for each in documents(EXAMPLES / "kubernetes/cronjob.yaml") if each}
NAMES = ["blinkdecl-drift", "blinkdecl-test"]


def job(name: str) -> Any:  # noqa: ANN401 - YAML
    """Return the Job that a CronJob starts."""
    return CRON_JOBS[name]["spec"]["jobTemplate"]["spec"]


def container(name: str) -> Any:  # noqa: ANN401 - YAML
    """Return its only container."""
    (found,) = job(name)["template"]["spec"]["containers"]
    return found


@pytest.mark.parametrize("name", NAMES)
def test_the_schema_of_kubernetes(name: str) -> None:
    """Also strictly: no property that it does not know."""
    assert sorted(CRON_JOBS) == NAMES
    validate(CRON_JOBS[name])


@pytest.mark.parametrize("name", NAMES)
def test_it_may_do_nothing_that_it_need_not(name: str) -> None:
    """No root, nothing to write but an emptyDir, no token of the cluster; one run at a time."""
    pod, limits = job(name)["template"]["spec"], container(name)["securityContext"]
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["automountServiceAccountToken"] is False
    assert limits == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    writable = {each["name"] for each in container(name)["volumeMounts"] if not each.get("readOnly")}
    assert writable == {each["name"] for each in pod["volumes"] if "emptyDir" in each}
    assert {"requests", "limits"} <= container(name)["resources"].keys()
    assert CRON_JOBS[name]["spec"]["concurrencyPolicy"] == "Forbid"
    assert pod["restartPolicy"] == "Never"


@pytest.mark.parametrize(
    ("name", "repeated", "final"),
    [("blinkdecl-drift", [1, 5, 143], [2, 3, 64, 70]), ("blinkdecl-test", [5], [1, 2, 3, 4, 64, 70, 143])],
)
def test_what_an_exit_code_leads_to(name: str, repeated: list[int], final: list[int]) -> None:
    """What a second run can mend is tried again; drift, and an alert that did not arrive, are not."""
    assert {outcome(job(name), code) for code in repeated} == {"Count"}
    assert {outcome(job(name), code) for code in final} == {"FailJob"}


def ran(name: str, mounted: Path, tmp_path: Path) -> int:
    """Run what the container runs, where its ConfigMap is mounted; return the exit code."""
    places = {"/alerting": str(mounted), "/tmp": str(tmp_path / "tmp")}
    words = [places.get(each, each) for each in container(name)["args"]]
    given = {each["name"]: places.get(each["value"], each["value"]) for each in container(name)["env"]}
    shell = shell_in(tmp_path, tmp_path / "bin")
    # The hosts of the example are not the sandbox's.
    done = shell(shlex.join(["blinkdecl", *words]), {**given, "BLINKDECL_TRUSTED_HOSTS": "127.0.0.1"})
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode


@pytest.mark.parametrize("profile", ["native"])
def test_drift_and_test_run_on_a_config_map(panther: Repository, profile: str, tmp_path: Path) -> None:
    """Both end with 0; after an edit in the console, drift ends with 2."""
    del profile
    declare(panther, soc="Blink SOC")
    assert panther("apply", "--auto-approve").code == 0
    text = (panther.folder / "blinkdecl.yaml").read_text()
    mounted = config_map(tmp_path / "mounted", {"blinkdecl.yaml": text})
    shutil.copytree(panther.state.parent, mounted / ".blinkdecl")
    assert [ran(name, mounted, tmp_path) for name in NAMES] == [0, 0]
    assert [each.path for each in panther.sandbox.received()] == ["/webhooks/soc"]
    panther.sandbox.edit("Blink SOC", severities="LOW")
    assert ran("blinkdecl-drift", mounted, tmp_path) == 2

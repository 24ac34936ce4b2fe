"""The Job that looks for drift in many stacks: as Kubernetes wants it, and what each of its pods runs and leaves."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.support.kubernetes import config_map, outcome, validate
from tests.support.panther import declare
from tests.support.paths import ROOT
from tests.support.recipes import EXAMPLES, Shell, documents, shell_in
from tests.support.repository import Repository

(JOB,) = documents(EXAMPLES / "kubernetes/fleet.yaml")
POD = JOB["spec"]["template"]["spec"]
(CONTAINER,) = POD["containers"]
NAME = "blinkdecl-fleet-x7k2p"


def test_the_schema_of_kubernetes() -> None:
    """Also strictly; each pod has the index of one stack, and the pods are as many as it says to them."""
    validate(JOB)
    assert JOB["spec"]["completionMode"] == "Indexed"
    assert {each["name"]: each.get("value") for each in CONTAINER["env"]}["STACKS"] == str(JOB["spec"]["completions"])


def test_it_may_do_what_the_cronjob_may() -> None:
    """And leave results, for which the claim belongs to its group."""
    cron_job = documents(EXAMPLES / "kubernetes/cronjob.yaml")[0]["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    assert CONTAINER["securityContext"] == cron_job["containers"][0]["securityContext"]
    assert CONTAINER["resources"] == cron_job["containers"][0]["resources"]
    assert POD["securityContext"] == {**cron_job["securityContext"], "fsGroup": 10001}
    for key in ("automountServiceAccountToken", "restartPolicy"):
        assert POD[key] == cron_job[key]
    writable = {each["name"] for each in CONTAINER["volumeMounts"] if not each.get("readOnly")}
    assert writable == {"results", "tmp"}


def test_what_an_exit_code_leads_to() -> None:
    """Drift is the end for its stack alone; what a second run can mend is tried again; a wrong Job ends at once."""
    found = {code: outcome(JOB["spec"], code) for code in (1, 5, 143, 2, 3, 70, 64)}
    assert found == {
        **dict.fromkeys((1, 5, 143), "Count"),
        **dict.fromkeys((2, 3, 70), "FailIndex"),
        64: "FailJob",
    }


def stacks_listed(shell: Shell, repository: Path) -> dict[str, Any]:
    """Return the list of the repository's stacks, as a pipeline makes it."""
    done = shell(f"cd {repository} && blinkdecl stacks --format json")
    assert (done.returncode, done.stderr) == (0, "")
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def ran(shell: Shell, mounted: Path, index: int, repository: Path) -> int:
    """Run the pod of an index, where its volumes are mounted; return the exit code."""
    places = {"LIST": str(mounted / "stacks.json"), "REPOSITORY": str(repository)}
    given = {each["name"]: each.get("value", NAME) for each in CONTAINER["env"]}
    given |= places | {"RESULTS": str(shell.folder / "results"), "HOME": str(shell.folder)}
    (program,) = CONTAINER["args"]
    given |= {"JOB_COMPLETION_INDEX": str(index), "PROGRAM": program, "BLINKDECL_TRUSTED_HOSTS": "127.0.0.1"}
    assert CONTAINER["command"] == ["/opt/blinkdecl/bin/python", "-I", "-c"]
    done = shell('exec python -I -c "$PROGRAM"', given)
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode


@pytest.fixture
def shell(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """A shell in a folder of its own, which has what is mounted."""
    folder = tmp_path_factory.mktemp("pod")
    return shell_in(folder, folder / "bin")


@pytest.mark.parametrize("profile", ["native"])
def test_two_stacks_on_one_page(panther: Repository, profile: str, shell: Shell) -> None:
    """One as it was applied, one edited in the console; the page of both tells of that one alone."""
    del profile
    declare(panther, soc="Blink SOC")
    assert panther("apply", "--auto-approve").code == 0
    repository = shell.folder / "repository"
    shutil.copytree(panther.folder, repository / "teams/a")
    shutil.copytree(panther.folder, repository / "teams/b")
    environment = repository / "teams/b/environments/prod.yaml"
    environment.parent.mkdir()
    environment.write_text("version: 1\nstate: {backend: local, path: none.json}\n")
    found = stacks_listed(shell, repository)
    mounted = config_map(shell.folder / "stacks", {"stacks.json": json.dumps(found)})
    panther.sandbox.edit("Blink SOC", severities="LOW")
    assert [ran(shell, mounted, index, repository) for index in range(2)] == [2, 0]
    done = shell(f"blinkdecl report --merge results/{NAME} --format markdown")
    assert done.returncode == 0
    assert done.stdout.startswith("<!-- blinkdecl:report -->\n## 2 stacks\n")
    assert "teams/a/drift" in done.stdout
    assert "1 stack without anything to tell." in done.stdout


def test_a_job_that_does_not_fit_its_list(shell: Shell) -> None:
    """Ends at once: a stack more than it has pods would be looked at by nobody."""
    mounted = config_map(shell.folder / "stacks", {"stacks.json": json.dumps({"stacks": [{}] * 3})})
    assert ran(shell, mounted, 0, ROOT) == 64
    assert not (shell.folder / "results").exists()


def test_a_pod_that_leaves_no_result(shell: Shell) -> None:
    """Is told as failed."""
    listed = [{"path": each, "environment": None} for each in ("teams/gone", "teams/other")]
    mounted = config_map(shell.folder / "stacks", {"stacks.json": json.dumps({"stacks": listed})})
    assert ran(shell, mounted, 0, shell.folder) == 64
    done = shell(f"blinkdecl report --merge results/{NAME} --format markdown")
    assert (done.returncode, "**teams/gone/drift**" in done.stdout) == (1, True)

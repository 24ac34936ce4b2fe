"""The Atlantis workflow: its steps run in the order, the folder and with the variables that Atlantis gives them."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.recipes import EXAMPLES, documents, shell_in
from tests.support.rego import denials
from tests.support.repository import Repository

(SERVER,) = documents(EXAMPLES / "atlantis/repos.yaml")
(PROJECTS,) = documents(EXAMPLES / "atlantis/atlantis.yaml")
# Where the server has the folder examples/policy.
INSTALLED = Path("/etc/atlantis/policy")


class Denied(Exception):
    """The policy check found something."""


def stage(folder: Path, name: str) -> int:
    """Run a stage of the workflow until a step fails; return the exit code. Raises `Denied` by a policy."""
    project = PROJECTS["projects"][0]
    base = folder / f"{project['name']}-{project['workspace']}"
    variables = {
        "DIR": str(folder),
        "PLANFILE": f"{base}.tfplan",
        "SHOWFILE": f"{base}.json",
        "WORKSPACE": project["workspace"],
        "PROJECT_NAME": project["name"],
    }
    shell = shell_in(folder, folder / "bin")
    for step in SERVER["workflows"]["blinkdecl"][name]["steps"]:
        if "run" in step:
            done = shell(step["run"], variables, options="+e")
            if done.returncode:
                return done.returncode
        else:
            _check(Path(variables["SHOWFILE"]), step["policy_check"]["extra_args"])
    return 0


def _check(shown: Path, words: list[str]) -> None:
    """Do what the built-in step does: `conftest test SHOWFILE -p PATH ...` for each set."""
    option, data = words
    assert option == "--data"
    for each in SERVER["policies"]["policy_sets"]:
        policy, known = (EXAMPLES / "policy" / Path(path).relative_to(INSTALLED) for path in (each["path"], data))
        found = denials(policy, json.loads(shown.read_text()), json.loads(known.read_text()))
        if found:
            raise Denied(found)


@pytest.fixture
def folder(repository: Repository) -> Path:
    """The folder of a project with both environments; none is applied yet."""
    for each in PROJECTS["projects"]:
        repository.write(f"environments/{each['workspace']}.yaml", "version: 1\n")
    return repository.folder


def test_plan_policy_and_apply(folder: Path, repository: Repository) -> None:
    """Apply makes what the plan file says, in the workspace's environment."""
    assert [stage(folder, name) for name in ("plan", "policy_check", "apply")] == [0, 0, 0]
    assert len(repository.sandbox.received()) == 1
    shown = json.loads((folder / "alerting-prod-prod.json").read_text())
    assert shown["environment"] == "prod"
    assert shown["summary"]["add"] == 1
    assert stage(folder, "apply") == 6  # it is done: the plan is stale


def test_a_plan_against_the_policy_waits_for_an_owner(folder: Path, repository: Repository) -> None:
    """The plan is made and shown; the check says what is lost."""
    assert repository("--env", "prod", "apply", "--auto-approve").code == 0
    repository.edit("[HIGH, CRITICAL]", "[HIGH]")
    assert stage(folder, "plan") == 0
    with pytest.raises(Denied, match="nobody would receive CRITICAL"):
        stage(folder, "policy_check")


def test_a_configuration_with_errors_stops_the_plan(folder: Path, repository: Repository) -> None:
    """No plan file is left that could be applied."""
    repository.write("blinkdecl.yaml", "version: 1\nnonsense: 1\n")
    assert stage(folder, "plan") == 1
    assert not list(folder.glob("*.tfplan"))


def test_the_branch_decides_nothing() -> None:
    """Who may write atlantis.yaml chooses no workflow and waives no requirement."""
    (repo,) = SERVER["repos"]
    assert repo["workflow"] in SERVER["workflows"]
    assert repo["allowed_overrides"] == []
    assert repo["allow_custom_workflows"] is False
    assert {"approved", "mergeable"} <= set(repo["apply_requirements"])
    restricted: set[str] = {"workflow", "apply_requirements", "plan_requirements", "policy_check"}
    projects: list[dict[str, Any]] = PROJECTS["projects"]
    assert not any(restricted & each.keys() for each in projects)

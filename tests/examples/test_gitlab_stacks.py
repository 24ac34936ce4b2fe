"""GitLab's child pipeline for many stacks: found, planned and told of by the scripts that the runner would run."""

import shutil
from pathlib import Path

import pytest
import yaml

from tests.examples.test_gitlab import problems
from tests.support.clone import commit, git
from tests.support.gitlab import script
from tests.support.recipes import EXAMPLES, Shell, documents, shell_in
from tests.support.repository import Repository

(PARENT,) = documents(EXAMPLES / "gitlab/stacks.gitlab-ci.yml")
(TEMPLATE,) = documents(EXAMPLES / "gitlab/stacks-jobs.yml")


@pytest.fixture
def shell(tmp_path: Path, repository: Repository, tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """The runner's shell in a checkout of three stacks, of two projects; all is on main."""
    (tmp_path / "teams/a/environments").mkdir(parents=True)
    (tmp_path / "blinkdecl.yaml").rename(tmp_path / "teams/a/blinkdecl.yaml")
    shutil.copytree(tmp_path / "teams/a", tmp_path / "teams/b", ignore=shutil.ignore_patterns("environments"))
    repository.write("teams/a/environments/dev.yaml", "version: 1\n")
    repository.write("teams/a/environments/prod.yaml", "version: 1\n")
    commit(tmp_path)
    return shell_in(tmp_path, tmp_path_factory.mktemp("bin"))


def child(shell: Shell) -> dict[str, dict[str, str]]:
    """Find the stacks, and return the variables of each job; its two files are one pipeline as GitLab wants it."""
    jobs = {"find": {**PARENT["find-stacks"], "before_script": []}}
    base = git(shell.folder, "rev-parse", "main").strip()
    found = shell(script(jobs, "find"), {"CI_MERGE_REQUEST_DIFF_BASE_SHA": base})
    assert (found.returncode, found.stderr) == (0, "")
    (file,) = PARENT["find-stacks"]["artifacts"]["paths"]
    made = yaml.safe_load((shell.folder / file).read_text())
    assert problems({**TEMPLATE, **made}) == []
    return {name: each.get("variables", {}) for name, each in made.items() if each.get("extends") == ".blinkdecl"}


def run(shell: Shell, job: str, variables: dict[str, str]) -> int:
    """Run a job of the template; return its exit code. Each has a checkout of its own; the last has all artifacts."""
    results, kept = shell.folder / "results", shell.binaries / "artifacts"
    if job == "report" and kept.exists():
        shutil.rmtree(results)
        kept.rename(results)
    done = shell(script(TEMPLATE, job), variables)
    assert "Traceback" not in done.stderr, done.stderr
    if job != "report":
        shutil.copytree(results, kept, dirs_exist_ok=True)
        shutil.rmtree(results)
        results.mkdir()
        (results / "committed.json").write_text("{}")  # a branch can have such a file: the next job's is none
    return done.returncode


def test_the_pipelines_are_as_gitlabs_schema_says() -> None:
    """Both files; the trigger names what is there, and each job its stage."""
    assert problems(PARENT) == []
    assert problems(TEMPLATE) == []
    made, named = PARENT["plan-stacks"]["trigger"]["include"]
    assert made == {"artifact": "stacks.yml", "job": "find-stacks"}
    assert (EXAMPLES / "gitlab" / named["local"]).exists()
    assert TEMPLATE["stages"] == ["test", "report"]


def test_what_a_branch_touches_is_one_page(shell: Shell) -> None:
    """The broken one fails and is told first, beside the plan of the other."""
    git(shell.folder, "switch", "--quiet", "--create", "branch")
    (shell.folder / "teams/a/environments/prod.yaml").write_text("version: 1\nnonsense: 1\n")
    with (shell.folder / "teams/b/blinkdecl.yaml").open("a") as file:
        file.write("# changed\n")
    commit(shell.folder, "branch")
    jobs = child(shell)
    assert jobs == {
        "blinkdecl: teams/a prod": {"STACK_DIR": "teams/a", "STACK_ENV": "prod"},
        "blinkdecl: teams/b": {"STACK_DIR": "teams/b", "STACK_ENV": ""},
    }
    assert [run(shell, ".blinkdecl", each) for each in jobs.values()] == [1, 0]
    assert run(shell, "report", {}) == 0
    page = (shell.folder / "report.md").read_text()
    assert page.startswith("<!-- blinkdecl:report -->\n## 2 stacks\n")
    assert page.index("teams/a/prod") < page.index("teams/b/plan")
    assert "nonsense" in page
    assert {each.relative_to(shell.folder).as_posix() for each in shell.folder.glob("report.*")} == {
        *TEMPLATE["report"]["artifacts"]["paths"]
    }


def test_a_job_that_leaves_no_result(shell: Shell) -> None:
    """Is told as failed, and fails the report: its file is there, and empty."""
    variables = {"STACK_DIR": "teams/nowhere", "STACK_ENV": ""}
    assert run(shell, ".blinkdecl", variables) != 0
    assert run(shell, "report", {}) == 1
    assert (shell.folder / "results/teams/nowhere/plan.json").read_text() == ""
    assert "teams/nowhere" in (shell.folder / "report.md").read_text()


def test_a_branch_that_touches_none(shell: Shell) -> None:
    """The child pipeline has a job, as it must have, and no result."""
    assert child(shell) == {}
    assert run(shell, "report", {}) == 0
    assert not (shell.folder / "report.md").exists()

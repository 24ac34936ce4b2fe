"""The recipes for GitHub, run as GitHub runs them: against a sandbox, and an API that takes comments and issues."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.examples.conftest import EXAMPLE, Checkout
from tests.support.github_runner import obeyed
from tests.support.github_workflow import filled, loaded, truth
from tests.support.paths import ROOT

WORKFLOWS = sorted(EXAMPLE.glob("*.yml"))
MARK = "<!-- blinkdecl:plan:production -->\n"
NEW_KEY = "canary-new-5f1e-key"


@pytest.mark.parametrize("path", [ROOT / "action.yml", *WORKFLOWS], ids=lambda path: path.name)
def test_files_are_what_github_reads(path: Path) -> None:
    """By the schemas that editors and linters use."""
    schema = "github-actions" if path.name == "action.yml" else "github-workflows"
    assert schema_problems(schema, path) == ""


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_what_a_workflow_may_do(path: Path) -> None:
    """Nothing that its jobs do not say, with actions whose code is pinned and named, and no way in for a stranger."""
    workflow, text = loaded(path), path.read_text()
    assert workflow["permissions"] == {}
    assert "pull_request_target" not in workflow["on"]
    for line in re.findall(r"uses: (.*)", text):
        assert re.fullmatch(r"[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+(: .*)?", line), line
    for job in workflow["jobs"].values():
        assert job["permissions"]["contents"] == "read"
        assert "timeout-minutes" in job
        for step in job["steps"]:
            if step.get("uses", "").startswith("actions/checkout"):
                assert step["with"]["persist-credentials"] == "false"
            assert "secrets." not in yaml.dump(step.get("with", {}))


def test_expressions_that_are_not_ours() -> None:
    """The runner of these tests refuses what it does not know, so that no condition passes unread."""
    assert truth("a.b == 'c' && a.d == 'x' || a.d != 'y'", {"a": {"b": "c", "d": "e"}})
    for each in ("always() && a.b", "fromJSON(a.b)", "(a.b == 'c' || a.d)"):
        with pytest.raises(ValueError, match="not an expression"):
            truth(each, {"a": {"b": "c", "d": "e"}})
    with pytest.raises(KeyError):
        filled("${{ github.typo }}", {"github": {}})


def test_a_pull_request(checkout: Checkout) -> None:
    """Its plan is a comment and the job's summary; the next push replaces the comment."""
    jobs = checkout.run("plan.yml")
    assert (jobs["plan"].result, jobs["plan-of-a-fork"].result) == ("success", "skipped")
    first = checkout.api.comments[0]["body"]
    assert first.startswith(MARK)
    assert "destination.blink-soc" in first
    assert MARK in jobs["plan"].summary
    assert "Blink SOC" in jobs["plan"].log
    checkout.edit("HIGH,", "HIHG,")
    job = checkout.run("plan.yml")["plan"]
    assert job.result == "failure"
    annotation = next(each for each in obeyed(job.log) if each.name == "error")
    assert annotation.properties["file"].endswith("blinkdecl.yaml")
    (comment,) = checkout.api.comments
    assert comment["body"].startswith(MARK)
    for text in (annotation.data, job.summary, comment["body"]):
        assert '"HIHG" is not a severity' in text
    assert checkout.sandbox.destinations() == ()


def test_a_fork(checkout: Checkout) -> None:
    """Gets its plan in the summary: no secret, no connection, no comment."""
    checkout.from_fork()
    jobs = checkout.run("plan.yml")
    assert (jobs["plan"].result, jobs["plan-of-a-fork"].result) == ("skipped", "success")
    assert "destination.blink-soc" in jobs["plan-of-a-fork"].summary
    assert (checkout.api.requests, checkout.sandbox.received()) == ([], ())


def test_what_was_approved_is_applied(checkout: Checkout) -> None:
    """And nothing else: not after somebody edits the destination in the console while the reviewers think."""
    jobs = checkout.run("apply.yml")
    assert (jobs["plan"].result, jobs["apply"].result) == ("success", "success")
    assert jobs["plan"].outputs["changes"] == "true"
    assert jobs["plan"].outputs["digest"] in jobs["plan"].summary
    assert [each.display_name for each in checkout.sandbox.destinations()] == ["Blink SOC"]
    assert len(checkout.sandbox.received()) == 2  # before the change, and through Panther after it
    assert "<!-- blinkdecl:apply:production -->" in jobs["apply"].summary
    assert checkout.run("apply.yml")["apply"].result == "skipped"
    checkout.edit("[HIGH, CRITICAL]", "[CRITICAL]")
    checkout.runner.between = lambda: checkout.sandbox.edit("Blink SOC", severities="LOW")
    jobs = checkout.run("apply.yml")
    assert (jobs["plan"].result, jobs["apply"].result, jobs["apply"].exit_code) == ("success", "failure", 6)
    assert "this is not what was reviewed, nothing was changed [stale-plan]" in jobs["apply"].summary
    assert [each.severities for each in checkout.sandbox.destinations()] == [("LOW",)]


def test_drift_is_one_issue(checkout: Checkout) -> None:
    """Opened, updated, and closed by a run that finds none."""
    assert checkout.run("apply.yml")["apply"].result == "success"
    checkout.sandbox.edit("Blink SOC", severities="LOW")
    job = checkout.run("drift.yml")["drift"]
    assert (job.result, job.exit_code) == ("failure", 2)
    (issue,) = checkout.api.issues
    assert issue["title"] == "blinkdecl drift: production"
    assert "LOW" in issue["body"]
    checkout.sandbox.edit("Blink SOC", severities="INFO")
    checkout.run("drift.yml")
    assert [each["state"] for each in checkout.api.issues] == ["open"]
    assert "INFO" in issue["body"]
    checkout.sandbox.edit("Blink SOC", severities="HIGH,CRITICAL")
    assert checkout.run("drift.yml")["drift"].result == "success"
    assert [each["state"] for each in checkout.api.issues] == ["closed"]
    assert checkout.api.said == ["[This run](https://github.com/acme/alerts/actions/runs/4711) was clean."]


def test_the_fire_drill(checkout: Checkout) -> None:
    """A key that was rotated in Blink alone is an issue; once the secret is the new one, the issue is closed."""
    checkout.sandbox.rotate("/webhooks/soc", NEW_KEY)
    job = checkout.run("test.yml")["test"]
    assert (job.result, job.exit_code) == ("failure", 4)
    (issue,) = checkout.api.issues
    assert "destination.blink-soc" in issue["body"]
    assert "destination.blink-soc" in job.summary
    assert len(checkout.sandbox.received()) == 1
    checkout.runner.secrets["BLINK_SOC_API_KEY"] = NEW_KEY
    assert checkout.run("test.yml")["test"].result == "success"
    assert issue["state"] == "closed"


def test_ten_lines(checkout: Checkout, tmp_path: Path) -> None:
    """The page of these recipes begins with a workflow that runs as it stands."""
    block = (ROOT / "docs/ci-github.md").read_text().split("```yaml\n")[1].split("```")[0]
    assert block.count("\n") == 10
    (tmp_path / "ten.yml").write_text(block)
    assert schema_problems("github-workflows", tmp_path / "ten.yml") == ""
    assert checkout.runner.run(tmp_path / "ten.yml")["plan"].result == "success"
    assert "destination.blink-soc" in checkout.api.comments[0]["body"]


def test_the_page_names_every_input_and_output() -> None:
    """And nothing that the action does not have."""
    action, page = loaded(ROOT / "action.yml"), (ROOT / "docs/ci-github.md").read_text()
    tables = page.split("## The action")[1].split("## The workflows")[0]
    named = re.findall(r"^\| `([\w-]+)`", tables, re.MULTILINE)
    assert sorted(named) == sorted([*action["inputs"], *action["outputs"]])


def schema_problems(schema: str, path: Path) -> str:
    """Return what the schema that editors and linters use says of a file; "" = nothing."""
    argv = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}", str(path)]
    ran = subprocess.run(argv, capture_output=True, text=True, timeout=60, check=False)
    return "" if ran.returncode == 0 else ran.stdout + ran.stderr

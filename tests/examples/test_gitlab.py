"""The GitLab component: as GitLab's schema wants it, and each job's script run as the runner would."""

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import yaml
from jsonschema import Draft7Validator

from tests.support.gitlab import BOT, component, script, serving
from tests.support.panther import declare
from tests.support.recipes import EXAMPLES, documents, shell_in, vendored
from tests.support.repository import Repository

TEMPLATE = (EXAMPLES / "gitlab/templates/blinkdecl.yml").read_text()
INPUTS = {"name": "alerting-prod", "environment": "prod", "directory": "alerting", "install": ":"}
MARK = "<!-- blinkdecl:plan:prod -->"


@pytest.fixture
def folder(tmp_path: Path, repository: Repository) -> Path:
    """The checkout of a project with its configuration in a folder, as the inputs say."""
    (tmp_path / "alerting/environments").mkdir(parents=True)
    (tmp_path / "blinkdecl.yaml").rename(tmp_path / "alerting/blinkdecl.yaml")
    (tmp_path / "alerting/environments/prod.yaml").write_text("version: 1\n")
    repository.folder = tmp_path / "alerting"
    return tmp_path


def run(folder: Path, job: str, **variables: str) -> int:
    """Run a job in a checkout; return its exit code."""
    _, jobs = component(TEMPLATE, INPUTS)
    shell = shell_in(folder, folder / "bin")
    done = shell(script(jobs, f"alerting-prod:{job}"), {"TARGET_ENV": "prod", **variables})
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode


def problems(document: Any) -> list[str]:  # noqa: ANN401 - YAML
    """Return what GitLab's schema says against a document."""
    schema = json.loads(vendored("check_jsonschema", "builtin_schemas", "vendor", "gitlab-ci.json"))
    return [f"{each.json_path}: {each.message}" for each in Draft7Validator(schema).iter_errors(document)]


@pytest.mark.parametrize("inputs", [{}, INPUTS])
def test_the_component_is_as_gitlabs_schema_says(inputs: dict[str, str]) -> None:
    """With its defaults, and with every input."""
    header, jobs = component(TEMPLATE, inputs)
    assert problems(header) == []
    assert problems(jobs) == []
    assert "$[[" not in yaml.safe_dump(jobs)


def test_the_pipeline_uses_the_component() -> None:
    """It gives inputs that exist, and its stages are the component's."""
    (pipeline,) = documents(EXAMPLES / "gitlab/.gitlab-ci.yml")
    assert problems(pipeline) == []
    (included,) = pipeline["include"]
    header, jobs = component(TEMPLATE, included["inputs"])
    assert included["inputs"].keys() <= header["spec"]["inputs"].keys()
    assert {each["stage"] for each in jobs.values() if "stage" in each} == set(pipeline["stages"])


def test_jobs_that_write_wait_for_each_other_and_for_a_person() -> None:
    """Apply is started by hand, on the default branch alone; it and the test alerts share a resource group."""
    _, jobs = component(TEMPLATE, INPUTS)
    apply, test = jobs["alerting-prod:apply"], jobs["alerting-prod:test"]
    assert apply["rules"] == [
        {"if": '$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH && $CI_PIPELINE_SOURCE != "schedule"', "when": "manual"}
    ]
    assert apply["resource_group"] == test["resource_group"] == "alerting-prod"
    assert apply["interruptible"] is test["interruptible"] is False


def test_the_plan_is_saved_reported_and_applied(folder: Path, repository: Repository) -> None:
    """Validate, plan and apply; every artifact that the jobs declare is there."""
    _, jobs = component(TEMPLATE, INPUTS)
    assert [run(folder, job) for job in ("validate", "plan", "apply", "test")] == [0, 0, 0, 0]
    for job in ("validate", "plan", "test"):
        declared = jobs[f"alerting-prod:{job}"]["artifacts"]
        for path in [*declared.get("paths", []), *declared["reports"].values()]:
            assert (folder / path).is_file(), path
    assert (folder / "alerting/plan.md").read_text().startswith(MARK + "\n")
    counts = json.loads((folder / "alerting/plan-terraform.json").read_text())
    assert counts == {"create": 1, "update": 0, "delete": 0}
    ET.parse(folder / "alerting/plan-junit.xml")
    assert len(repository.sandbox.received()) == 1  # by apply: what has just been proved is not stale


def test_a_plan_against_a_policy_fails_and_is_shown(folder: Path, repository: Repository) -> None:
    """The job ends with blinkdecl's code after it wrote the reports; one without a plan still has its comment."""
    configuration = folder / "alerting/blinkdecl.yaml"
    assert repository("--env", "prod", "apply", "--auto-approve").code == 0
    configuration.write_text(configuration.read_text().partition("destinations:")[0] + "limits: {max_deletes: 0}\n")
    assert run(folder, "plan") == 3
    assert json.loads((folder / "alerting/plan-terraform.json").read_text())["delete"] == 1
    (folder / "alerting/plan.json").unlink()
    configuration.write_text("version: 1\nnonsense: 1\n")
    assert run(folder, "plan") == 1
    assert "nonsense" in (folder / "alerting/plan.md").read_text()
    assert run(folder, "validate") == 1
    assert json.loads((folder / "alerting/validate-quality.json").read_text())


def test_the_note_is_written_once_and_then_replaced(tmp_path: Path) -> None:
    """Whatever others write, with the mark or without, stays; a note on a later page is found."""
    (tmp_path / "alerting").mkdir()
    plan = tmp_path / "alerting/plan.md"
    with serving() as notes:
        variables = {
            "CI_API_V4_URL": notes.url,
            "CI_PROJECT_ID": "1",
            "CI_MERGE_REQUEST_IID": "2",
            "MR_NOTE_TOKEN": notes.token,
        }
        others = ["Looks good.", f"{MARK}\nNot ours.", f"About {MARK}"]
        for each in others:
            notes.add(BOT + 1, each)
        for text in ("first", "second"):
            plan.write_text(f"{MARK}\n{text}\n")
            assert run(tmp_path, "note", **variables) == 0
        assert [each["body"] for each in notes.held] == [*others, f"{MARK}\nsecond\n"]


@pytest.mark.parametrize("profile", ["native"])
def test_drift_fails_the_scheduled_job(panther: Repository, profile: str) -> None:
    """With 2, after it wrote its report."""
    del profile
    declare(panther, soc="Blink SOC")
    assert panther("apply", "--auto-approve").code == 0
    _, jobs = component(TEMPLATE, {**INPUTS, "directory": "."})
    shell = shell_in(panther.folder, panther.folder / "bin")
    words = script(jobs, "alerting-prod:drift")
    assert shell(words).returncode == 0
    panther.sandbox.edit("Blink SOC", severities="LOW")
    assert shell(words).returncode == 2
    assert ET.parse(panther.folder / "drift-junit.xml").findall(".//failure")

"""Files of one call: outputs beside each other and beside inputs, and what stands for a stream."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.paths import ROOT
from tests.support.repository import Repository

ALERT = json.dumps({"id": "r", "alertId": "a", "severity": "HIGH", "type": "RULE", "title": "Root login"})


def contents(folder: Path) -> dict[str, bytes]:
    """Return what the files below a folder hold."""
    return {str(path): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.fixture
def project(repository: Repository) -> Repository:
    """A repository with a saved plan, an alert, and another way to each."""
    repository("plan", "--out", "plan.json")
    repository.write("alert.json", ALERT)
    (repository.folder / "link.json").symlink_to("plan.json")
    os.link(repository.folder / "alert.json", repository.folder / "hard.json")
    (repository.folder / "sub").mkdir()
    return repository


@pytest.mark.parametrize(
    "line",
    [
        "plan --out x --output x",
        "plan --out x --output ./x",
        "plan --out x --output sub/../x",
        "plan --out plan.json --output link.json",
        "plan --out {folder}/x --output x",
        "apply --checklist x --output x",
        "apply plan.json --output plan.json",
        "apply link.json --output plan.json",
        "apply plan.json --checklist plan.json",
        "show plan.json --output ./plan.json",
        "show plan.json --format json --output link.json",
        "dispatch alert.json --to destination.blink-soc --output alert.json",
        "dispatch hard.json --to destination.blink-soc --output alert.json",
        "route --alert alert.json --output alert.json",
        "route --detections sub --pat-results alert.json --output alert.json",
        "import --all --to x --output x",
        "drift --metrics-file x --output ./x",
        "test --metrics-file plan.json --output link.json",
        "coverage --metrics-file - --format json",
        "plan --out - --output -",
        "plan --out - --output /dev/stdout",
        "plan --out /dev/fd/1 --format json",
        "plan --out - --format markdown",
        "apply --checklist - --format json",
        "route --alert - --pat-results /dev/stdin --detections sub",
        "import --all --to -",
        "sandbox --database /dev/stdout",
    ],
)
def test_files_that_cannot_be_meant(project: Repository, line: str) -> None:
    """Two results in one file, and a result in the place of what is read, are refused before anything is done."""
    before = contents(project.folder)
    ran = project(*line.format(folder=project.folder).split())
    told = json.loads(ran.out)["diagnostics"][0]["code"] if "--format json" in line and ran.out else ran.err
    assert (ran.code, "usage" in told) == (64, True)
    assert contents(project.folder) == before
    assert not project.sandbox.received()


@pytest.mark.parametrize("target", ["plan.json", "alert.json"])
def test_the_shell_may_name_it_too(project: Repository, target: str) -> None:
    """A redirection of standard output counts as a file that is written."""
    words = {"plan.json": ["plan", "--out", "plan.json"], "alert.json": ["route", "--alert", "alert.json"]}[target]
    with (project.folder / target).open("ab") as stdout:
        done = subprocess.run(
            [sys.executable, "-m", "blinkdecl", *words],
            stdout=stdout,
            stderr=subprocess.PIPE,
            cwd=project.folder,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            text=True,
            check=False,
        )
    assert (done.returncode, "[usage]" in done.stderr) == (64, True)


def test_what_is_no_file_may_take_all(project: Repository) -> None:
    """The null device is not replaced."""
    assert project("plan", "--out", "/dev/null", "--output", "/dev/null").code == 0


def test_a_state_is_not_overwritten(project: Repository) -> None:
    """Wherever the configuration keeps it."""
    project.edit("version: 1\n", "version: 1\nstate: {path: kept/here.json}\n")
    project("apply", "--auto-approve")
    before = contents(project.folder / "kept")
    for option in ("--out", "--output"):
        assert "is a recorded state" in project("plan", option, "kept/here.json").err
    assert contents(project.folder / "kept") == before


@pytest.mark.parametrize("stream", ["-", "/dev/stdout", "/dev/fd/1"])
def test_a_plan_on_standard_output(repository: Repository, stream: str) -> None:
    """The plan is all that is there, and a person still reads it; nothing is called "-" afterwards."""
    ran = repository("plan", "--out", stream)
    assert json.loads(ran.out)["summary"]["add"] == 1
    assert ("will be created" in ran.err, "Next:" in ran.err, "Saved to" in ran.err) == (True, False, False)
    assert not (repository.folder / "-").exists()
    repository.write("plan.json", ran.out)
    assert repository("apply", "plan.json").code == 0


@pytest.mark.parametrize("stream", ["-", "/dev/stdout"])
def test_output_on_standard_output(repository: Repository, stream: str) -> None:
    """`--output -` is what is printed without it."""
    told = repository("plan").out
    assert repository("plan", "--output", stream).out == told
    assert not (repository.folder / "-").exists()


@pytest.mark.parametrize("stream", ["-", "/dev/stdin", "/dev/fd/0"])
@pytest.mark.parametrize(
    ("line", "file"),
    [
        ("show {}", "plan.json"),
        ("apply {}", "plan.json"),
        ("dispatch {} --to trigger.soc", "alert.json"),
        ("route --alert {}", "alert.json"),
        ("state push {} --force", ".blinkdecl/state.json"),
        ("init --migrate-state --from {}", "old.yaml"),
    ],
)
def test_standard_input(
    project: Repository, monkeypatch: pytest.MonkeyPatch, line: str, file: str, stream: str
) -> None:
    """Whatever is read may come from there, by any of its names."""
    project.write("old.yaml", "version: 1\nstate: {path: old.json}\n")
    if file not in ("plan.json", "alert.json"):
        project("apply", "--auto-approve")
        (project.folder / "old.json").write_bytes(project.state.read_bytes())
    given = (project.folder / file).read_bytes()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given)))
    ran = project(*line.format(stream).split())
    assert ran.code == 0, ran.err


def test_standard_input_has_a_name(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """A message does not call it "-"."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"[]")))
    assert "Error: standard input is not an alert" in repository("dispatch", "-", "--to", "trigger.soc").err


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (ALERT, "it is an alert"),
        ("", "it is empty"),
        ("# destination.a will be created\n\nPlan: 1 to add", "it is a plan as text"),
        ("## Plan\n\nPlan: 1 to add", "it is a plan as Markdown"),
        ("version: 1\n", "it is YAML"),
        ("<!DOCTYPE html><html>", "it is a web page"),
        ("PK\x03\x04", "it is an archive, perhaps a plan of Terraform"),
        ('{"terraform_version": "1.9", "lineage": "x"}', "it is a state of Terraform"),
        ('{"terraform_version": "1.9", "resource_changes": []}', "it is a plan of Terraform"),
        ('{"command": "apply", "exit_code": 0}', "what a command printed with --format json"),
        ("[]", "it is JSON of another kind"),
        ('{"half":', "it is a text"),
        ("a\0b", "it is not text"),
        ("hello", "it is a text"),
    ],
)
def test_what_is_no_plan_is_said_to_be_what_it_is(repository: Repository, text: str, told: str) -> None:
    """And how a plan is made, in another file than this."""
    repository.write("it.json", text)
    for command in ("show", "apply"):
        ran = repository(command, "it.json")
        err = " ".join(ran.err.split())
        assert (ran.code, told in err, "plan --out plan.json` makes a plan" in err) == (1, True, True)


def test_a_state_is_no_plan(repository: Repository) -> None:
    """`show` has another form for it; nobody is told to plan over the state."""
    repository("apply", "--auto-approve")
    for command, remedy in (("show", "show` prints what is recorded"), ("apply", "--out plan.json` makes a plan")):
        err = " ".join(repository(command, ".blinkdecl/state.json").err.split())
        assert ("it is a recorded state" in err, remedy in err, "--out .blinkdecl" in err) == (True, True, False)


@pytest.mark.parametrize(
    "words", [("apply", "plan.jsn"), ("show", "plan.jsn"), ("dispatch", "plan.jsn", "--to", "destination.blink-soc")]
)
def test_a_file_of_a_similar_name_is_named(repository: Repository, words: tuple[str, ...]) -> None:
    """It is what was meant, rather than a new one of a wrong name."""
    repository.write("plan.json", "{}")
    ran = repository(*words)
    assert (ran.code, "did you mean plan.json?" in ran.err, "makes one" in ran.err) == (1, True, False)
    (repository.folder / "plan.json").unlink()
    alone = repository(*words)
    assert "did you mean" not in alone.err
    for code in ("[not-found]", "[unreadable]"):  # which of them it is does not depend on what is beside it
        assert (code in ran.err) == (code in alone.err)

"""What GitHub reads of this repository: forms, workflows, who updates what, and the steps that guard a release."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from blinkdecl import __version__
from tests.support.github_workflow import loaded
from tests.support.paths import ROOT

GITHUB = ROOT / ".github"
BIN = Path(sys.executable).parent
CI, RELEASE = WORKFLOWS = GITHUB / "workflows/ci.yml", GITHUB / "workflows/release.yml"
SCHEMAS = {
    "github-workflows": WORKFLOWS,
    "dependabot": (GITHUB / "dependabot.yml",),
    "github-issue-forms": (GITHUB / "ISSUE_TEMPLATE/bug.yml", GITHUB / "ISSUE_TEMPLATE/feature.yml"),
    "github-issue-config": (GITHUB / "ISSUE_TEMPLATE/config.yml",),
}
_MAKE = re.compile(r"^make .*", re.MULTILINE)
_PINNED = re.compile(r"[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")
_NOTES = "Take the notes from the changelog"
_VERSION = "Compare the tag with the package's version"
every_workflow = pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)


def ran(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a program of this environment."""
    argv = [str(BIN / program), *arguments]
    return subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)


def made(workflow: Any) -> set[str]:  # noqa: ANN401 - YAML
    """Return the `make` commands in the steps of a workflow."""
    steps = [step for job in workflow["jobs"].values() for step in job.get("steps", ())]
    return {command for step in steps for command in _MAKE.findall(step.get("run", ""))}


def step(name: str, folder: Path, tag: str) -> subprocess.CompletedProcess[str]:
    """Run a step of the release as GitHub's runner does it, in a folder, for a tag."""
    (script,) = (each["run"] for each in loaded(RELEASE)["jobs"]["build"]["steps"] if each.get("name") == name)
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
        cwd=folder,
        env={**os.environ, "PATH": f"{BIN}:{os.environ['PATH']}", "GITHUB_REF_NAME": tag},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("schema", SCHEMAS)
def test_files_are_what_github_reads(schema: str) -> None:
    """By the schemas that editors and linters use."""
    done = ran("check-jsonschema", "--builtin-schema", f"vendor.{schema}", *map(str, SCHEMAS[schema]))
    assert done.returncode == 0, done.stdout


def test_every_file_is_looked_at() -> None:
    """A workflow or form that is new is put on the list above."""
    known = {path for paths in SCHEMAS.values() for path in paths}
    assert {path for path in GITHUB.rglob("*.y*ml") if "actions" not in path.parts} == known


def test_nothing_in_them_is_known_to_be_unsafe() -> None:
    """By a linter that knows how workflows were broken into: templates in scripts, rights, caches, triggers."""
    done = ran("zizmor", "--offline", "--min-severity=medium", "--min-confidence=medium", str(GITHUB), "action.yml")
    assert done.returncode == 0, done.stdout


@every_workflow
def test_what_a_workflow_may_do(path: Path) -> None:
    """Nothing that its jobs do not say; they write only where a release is made, and keep no credentials."""
    workflow = loaded(path)
    assert workflow["permissions"] == {}
    assert "pull_request_target" not in workflow["on"]
    writing = {}
    for name, job in workflow["jobs"].items():
        assert "timeout-minutes" in job or "uses" in job
        writing[name] = sorted(scope for scope, how in job["permissions"].items() if how == "write")
        for each in job.get("steps", ()):
            assert not each.get("uses", "").startswith("actions/checkout@") or each["with"] == {
                "persist-credentials": "false"
            }
    assert {name: scopes for name, scopes in writing.items() if scopes} == (
        {
            "attest": ["attestations", "id-token"],
            "publish": ["id-token"],
            "github-release": ["contents"],
        }
        if path == RELEASE
        else {}
    )


@every_workflow
def test_actions_are_pinned(path: Path) -> None:
    """To the hash of a commit, which a comment names; an action that two workflows use is the same one."""
    used = re.findall(r"uses: (?!\./)(.*)", path.read_text())
    assert [line for line in used if _PINNED.fullmatch(line) is None] == []
    everywhere = {line for other in WORKFLOWS for line in re.findall(r"uses: (?!\./)(.*)", other.read_text())}
    assert len({line.partition("@")[0] for line in everywhere}) == len(everywhere)


def test_what_others_wrote_never_meets_a_right_to_write() -> None:
    """The jobs that sign and publish check nothing out, and run no code but that of actions, and of `gh`."""
    for name, job in loaded(RELEASE)["jobs"].items():
        if "write" in job["permissions"].values():
            scripts = [each["run"].split()[0] for each in job["steps"] if "run" in each]
            assert scripts == (["gh"] if name == "github-release" else [])
            assert not any("checkout" in each.get("uses", "") for each in job["steps"])


def test_ci_runs_what_must_pass() -> None:
    """The same as `.ci/run`, which runs on any machine; and every target is one of the Makefile's."""
    commands = made(loaded(CI))
    assert commands == set(_MAKE.findall((ROOT / ".ci/run").read_text()))
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert {command.split()[1] for command in commands} <= targets


def test_every_python_that_is_promised_is_tested() -> None:
    """On Linux all, on macOS the first and the last."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    promised = [each.rpartition(" ")[2] for each in project["classifiers"] if re.search(r":: 3\.\d+$", each)]
    matrix = loaded(CI)["jobs"]["test"]["strategy"]["matrix"]
    assert matrix["python"] == promised
    assert project["requires-python"] == f">={promised[0]}"
    assert [each["python"] for each in matrix["include"]] == [promised[0], promised[-1]]


@pytest.mark.parametrize(("prefix", "suffix", "passes"), [("v", "", True), ("", "", False), ("v", "1", False)])
def test_a_tag_is_the_version(prefix: str, suffix: str, *, passes: bool) -> None:
    """A release of another version is refused before anything is built."""
    done = step(_VERSION, ROOT, f"{prefix}{__version__}{suffix}")
    assert (done.returncode == 0) == passes
    assert passes or f"but the package is {__version__}." in done.stdout


def test_notes_are_a_section_of_the_changelog(tmp_path: Path) -> None:
    """That of the version, and no other one that begins like it; without one there is no release."""
    (tmp_path / "CHANGELOG.md").write_text(
        "# Changelog\n\n## Unreleased\n\n## 1.2.10 - 2027-02-01\n- ten\n\n"
        "## 1.2.1 - 2027-01-31\n\n### Added\n- one\n\n## 1.2.0\n- none\n"
    )
    assert step(_NOTES, tmp_path, "v1.2.1").returncode == 0
    assert (tmp_path / "notes.md").read_text().strip() == "### Added\n- one"
    assert step(_NOTES, tmp_path, "v1.2.0").returncode == 0
    assert (tmp_path / "notes.md").read_text() == "- none\n"
    for tag in ("v1.2", "v1.2.2", "vUnreleased"):
        done = step(_NOTES, tmp_path, tag)
        assert (done.returncode, "CHANGELOG.md has no section" in done.stdout) == (1, True)


def test_what_a_release_is_built_with_is_pinned() -> None:
    """Each package to a version and its hashes, those that are asked for and those that they bring along."""
    folder = GITHUB / "release"
    wanted = {line for line in (folder / "requirements.in").read_text().splitlines() if not line.startswith("#")}
    lines = (folder / "requirements.txt").read_text().replace("\\\n", " ").splitlines()
    pinned = {line.partition("==")[0]: line for line in lines if line and not line.startswith("#")}
    assert wanted <= set(pinned)
    assert [line for line in pinned.values() if not re.match(r"[\w.-]+==\S+ .*--hash=sha256:[0-9a-f]{64}", line)] == []


def test_vulnerabilities_are_not_reported_in_public() -> None:
    """The first choice beside the forms leads to SECURITY.md, and nobody gets around the forms."""
    config = loaded(GITHUB / "ISSUE_TEMPLATE/config.yml")
    assert config["blank_issues_enabled"] == "false"
    assert config["contact_links"][0]["url"].endswith("/security/policy")

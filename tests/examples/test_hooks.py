"""The hooks of pre-commit: as its own reader wants them, and each entry run as pre-commit would."""

import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.paths import ROOT
from tests.support.recipes import EXAMPLES, documents, shell_in

MANIFEST = ROOT / ".pre-commit-hooks.yaml"
(HOOKS,) = documents(MANIFEST)
SORTED = "    display_name: Blink triage\n    trigger: triage\n"
SWAPPED = "    trigger: triage\n    display_name: Blink triage\n"


def run(folder: Path, hook: str, *arguments: str) -> int:
    """Run a hook's entry with `args`, in the root of a repository; no file is passed on."""
    (found,) = (each for each in HOOKS if each["id"] == hook)
    assert found["pass_filenames"] is False
    shell = shell_in(folder, folder.parent / "bin")
    return shell(shlex.join([*shlex.split(found["entry"]), *arguments])).returncode


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The example that has detections and routing tests, in a folder of a repository."""
    repository = tmp_path / "repository"
    shutil.copytree(EXAMPLES / "detections", repository / "alerting")
    return repository


def test_pre_commit_takes_the_manifest() -> None:
    """By the command that it has for this."""
    subprocess.run([sys.executable, "-m", "pre_commit", "validate-manifest", str(MANIFEST)], check=True, timeout=60)


@pytest.mark.parametrize("hook", [each["id"] for each in HOOKS])
def test_every_hook_passes_on_an_example(hook: str, project: Path) -> None:
    """In a folder of the repository, by `args`."""
    assert run(project, hook, "-C", "alerting") == 0


@pytest.mark.parametrize(
    ("hook", "name", "old", "new", "code"),
    [
        ("blinkdecl-validate", "destinations/soc.yaml", "version: 1", "version: 2", 1),
        ("blinkdecl-fmt", "destinations/soc.yaml", SORTED, SWAPPED, 1),
        ("blinkdecl-coverage", "blinkdecl.yaml", "min_destinations: 2", "min_destinations: 9", 3),
        ("blinkdecl-routes", "tests/routes.test.yaml", "expect: []", "expect: [destination.cloud]", 3),
    ],
)
def test_every_hook_fails(hook: str, name: str, old: str, new: str, code: int, project: Path) -> None:
    """With blinkdecl's code for it; to pre-commit, any but 0 is a failure."""
    path = project / "alerting" / name
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))
    assert run(project, hook, "-C", "alerting") == code

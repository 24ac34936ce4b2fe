"""Completion of words: addresses, environments, variables, codes, from local files alone."""

import os
import subprocess
import sys
import time

import click
import pytest
from click.shell_completion import ShellComplete

from blinkdecl.cli.app import cli
from tests.support.paths import ROOT
from tests.support.repository import Repository


def completed(repository: Repository, *words: str) -> list[str]:
    """Return what a shell offers for the last of the words."""
    before, incomplete = ["-C", str(repository.folder), *words[:-1]], words[-1]
    asked = ShellComplete(cli, {}, "blinkdecl", "_BLINKDECL_COMPLETE")
    return [each.value for each in asked.get_completions(before, incomplete)]


@pytest.fixture
def project(repository: Repository) -> Repository:
    """One that declares more than it has recorded, in several files."""
    repository("apply", "--auto-approve")
    repository.write("destinations/more.yml", "version: 1\ndestinations:\n  # one\n  night:\n    display_name: Night\n")
    repository.write("environments/prod.yaml", "version: 1\nvariables:\n  region: eu\n")
    repository.edit("version: 1\n", "version: 1\nvariables:\n  region: {default: eu}\n")
    return repository


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("plan --target ", ["destination.blink-soc", "destination.night", "trigger.soc"]),
        ("plan --target destination.", ["destination.blink-soc", "destination.night"]),
        ("apply --exclude trig", ["trigger.soc"]),
        ("destroy --target destination.n", ["destination.night"]),
        ("test destination.b", ["destination.blink-soc"]),
        ("confirm destination.", ["destination.blink-soc", "destination.night"]),
        ("dispatch a.json --to t", ["trigger.soc"]),
        ("import destination.n", ["destination.night"]),
        ("state show ", ["destination.blink-soc", "trigger.soc"]),
        ("state rm destination.", ["destination.blink-soc"]),
        ("state mv d", ["destination.blink-soc"]),
        ("coverage --without ", ["trigger.soc"]),
        ("plan --env ", ["prod"]),
        ("--env p", ["prod"]),
        ("plan --var ", ["region="]),
        ("help unknown-ref", ["unknown-reference"]),
        ("help exit", ["exit-codes"]),
        ("route --severity C", ["CRITICAL"]),
        ("plan --format m", ["markdown"]),
    ],
)
def test_words_are_completed(project: Repository, line: str, offered: list[str]) -> None:
    """From what is declared and recorded here; nothing of the sandbox or of a secret is asked."""
    *before, incomplete = line.split(" ")
    assert sorted(completed(project, *before, incomplete)) == offered
    assert len(project.sandbox.received()) == 1  # the test alert of the apply before


@pytest.mark.parametrize("damage", ["{", "destinations: [\n", "\x00\xff", ""])
def test_what_is_damaged_completes_to_nothing(repository: Repository, damage: str) -> None:
    """A key press prints no error."""
    repository.write("blinkdecl.yaml", damage)
    repository.write(".blinkdecl/state.json", damage)
    assert completed(repository, "plan", "--target", "d") == []
    assert completed(repository, "plan", "--env", "") == []


def test_there_need_be_nothing(repository: Repository) -> None:
    """No file, no folder, an environment that nobody wrote."""
    (repository.folder / "blinkdecl.yaml").unlink()
    for words in (("test", ""), ("state", "show", ""), ("--env", ""), ("plan", "--var", "")):
        assert completed(repository, *words) == []


def test_a_link_that_leaves_is_not_followed(repository: Repository, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Completion reads what validate would read."""
    other = tmp_path_factory.mktemp("other") / "x.yaml"
    other.write_text("destinations:\n  elsewhere:\n")
    (repository.folder / "destinations").mkdir()
    (repository.folder / "destinations/x.yaml").symlink_to(other)
    assert completed(repository, "test", "destination.") == ["destination.blink-soc"]


def test_a_large_repository_is_quick(repository: Repository) -> None:
    """It is looked at for a third of a second at most; what fits in is offered."""
    for number in range(400):
        names = "".join(f"  d{number}-{each}:\n    display_name: x\n" for each in range(100))
        repository.write(f"destinations/{number:03}.yaml", f"version: 1\ndestinations:\n{names}")
    begun = time.monotonic()
    assert len(completed(repository, "plan", "--target", "destination.")) > 100
    assert time.monotonic() - begun < 3


def test_completion_imports_no_library(project: Repository) -> None:
    """What names there are is found without YAML, JSON Schema or a client."""
    code = (
        "import sys; from pathlib import Path; from blinkdecl.cli import known; at = Path(sys.argv[1]);"
        "assert known.addresses(at, None) and known.environments(at, None) and known.variables(at, None);"
        "print([n for n in ('yaml','jsonschema','jsonschema_rs','httpx','deepdiff','rich','ssl') if n in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, project.folder],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert done.stdout == "[]\n"


def test_every_option_of_one_kind_is_completed() -> None:
    """Whatever names an address, an environment or a code offers those that there are."""
    for name in cli.list_commands(click.Context(cli)):
        command = cli.get_command(click.Context(cli), name)
        assert command is not None
        for each in command.params:
            if each.metavar and "ADDRESS" in each.metavar:
                assert each._custom_shell_complete is not None, (name, each.name)

"""docs/automation.md: its program and its recipes, run as they stand, and its list of variables, held by the code."""

import ast
import importlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from blinkdecl.config.state_settings import TERRAFORMS
from tests.support.markdown import read
from tests.support.paths import PACKAGE, ROOT
from tests.support.repository import Ran, Repository

PAGE = ROOT / "docs/automation.md"
DESTROYED, LOST, CRITICAL, WRONG, FAILED = (each.text for each in read(PAGE).fences if each.language == "jq")


def answers(recipe: str, document: Any) -> list[Any]:  # noqa: ANN401 - JSON
    """Return what jq makes of a document."""
    jq: Any = importlib.import_module("jq")  # it says nothing of its types
    found: list[Any] = jq.compile(recipe).input_value(document).all()
    return found


def run_program(repository: Repository, folder: Path) -> Ran:
    """Run the page's program on the repository, with `blinkdecl` on the PATH, kept in `folder`."""
    (program,) = [each.text for each in read(PAGE).fences if each.language == "python"]
    folder.mkdir(exist_ok=True)
    script, command = folder / "program.py", folder / "blinkdecl"
    script.write_text(program)
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m blinkdecl "$@"\n')
    command.chmod(0o755)
    environment = {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, str(script), str(repository.folder)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return Ran(done.returncode, done.stdout, done.stderr)


def test_the_program_applies_until_somebody_would_lose_alerts(
    repository: Repository, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """It ends with 0 after it applied, and where nothing is to do; with 2, having done nothing, before a loss."""
    programs = tmp_path_factory.mktemp("programs")
    first = run_program(repository, programs)
    assert (first.code, first.out) == (0, "destination.blink-soc delivered\n"), first.err
    assert run_program(repository, programs).out == "nothing to do\n"
    repository.edit("[HIGH, CRITICAL]", "[CRITICAL]")
    stored = repository.state.read_bytes()
    last = run_program(repository, programs)
    assert (last.code, "HIGH" in last.out) == (2, True)
    assert repository.state.read_bytes() == stored


def test_the_program_hands_on_what_failed(repository: Repository, tmp_path_factory: pytest.TempPathFactory) -> None:
    """An alert that Blink refuses is 4, and its answer is printed."""
    repository.edit("/webhooks/soc", "/elsewhere/soc")
    ran = run_program(repository, tmp_path_factory.mktemp("programs"))
    assert (ran.code, "destination.blink-soc HTTP 404" in ran.out) == (4, True), ran.out + ran.err


def test_recipes_of_plans(repository: Repository) -> None:
    """What is destroyed, what is lost, who receives critical alerts, and what is wrong."""
    assert repository("apply", "--auto-approve").code == 0
    repository.edit("blink-soc:", "night:")
    repository.edit("[HIGH, CRITICAL]", "[CRITICAL]")
    plan = repository("plan", "--format", "json").document
    assert answers(DESTROYED, plan) == ["destination.blink-soc"]
    assert answers(LOST, plan) == ["HIGH (every alert type, every log)"]
    assert answers(CRITICAL, plan) == ["destination.night"]
    assert answers(WRONG, plan) == []
    repository.edit("[CRITICAL]", "[HIHG]")
    (wrong,) = answers(WRONG, repository("plan", "--format", "json").document)
    assert wrong == 'blinkdecl.yaml:17: invalid-value: "HIHG" is not a severity'
    assert answers(WRONG, repository("nonsense", "--format", "json").document) == [
        '-:0: usage: no such command "nonsense"'
    ]


def test_the_recipe_of_tests(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """An alert that did not arrive, with the reason."""
    assert answers(FAILED, repository("test", "--format", "json").document) == []
    monkeypatch.setenv("BLINK_SOC_API_KEY", "another-key")
    assert answers(FAILED, repository("test", "--format", "json").document) == ["destination.blink-soc: HTTP 401"]


def variables() -> Iterator[str]:
    """Yield each variable that a line of the code reads by its name; not those that it reads from a table."""
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            match node:
                case (
                    ast.Call(func=ast.Attribute(value=read_from, attr="get"), args=[ast.Constant(value=str(name)), *_])
                    | ast.Subscript(value=read_from, slice=ast.Constant(value=str(name)))
                ) if ast.unparse(read_from).endswith("environ"):
                    yield name


def test_every_variable_is_listed() -> None:
    """Those of Terraform are listed by the page on the state; lower case stands beside upper case."""
    listed = PAGE.read_text()
    found = {each.upper() for each in variables()}
    assert {"NO_COLOR", "XDG_STATE_HOME", "SSL_CERT_FILE", "HTTPS_PROXY"} <= found
    assert {each for each in found if f"`{each}`" not in listed and not each.startswith("TF_HTTP_")} == set()
    state = (ROOT / "docs/state.md").read_text()
    terraforms = {*TERRAFORMS.values(), *(each for each in found if each.startswith("TF_HTTP_"))}
    assert {each for each in terraforms if f"`{each}`" not in state} == set()

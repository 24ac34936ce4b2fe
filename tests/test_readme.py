"""Every command block of the README and the other documents, run as it stands, in a copy of the repository."""

import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.markdown import DOCUMENTS, read
from tests.support.paths import ROOT

README = (ROOT / "README.md").read_text()
BLOCKS = [
    pytest.param(each.text, id=f"{path.relative_to(ROOT)}: {each.text.splitlines()[-1][2:40]}")
    for path in DOCUMENTS
    for each in read(path).fences
    if each.language == "console"
]


def free_port() -> int:
    """Return a port that nobody listens on, so that tests can run beside one another."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.mark.parametrize("block", BLOCKS)
def test_command_block(block: str, tmp_path: Path) -> None:
    """The commands end with 0, as a reader expects who pastes them."""
    port = str(free_port())
    shutil.copytree(ROOT / "examples", tmp_path / "examples", ignore=shutil.ignore_patterns(".blinkdecl"))
    shutil.copytree(ROOT / "schemas", tmp_path / "schemas")
    sandbox = tmp_path / "examples/quickstart/environments/sandbox.yaml"
    sandbox.write_text(sandbox.read_text().replace("8787", port))
    commands = [line[2:].replace("8787", port) for line in block.splitlines() if line.startswith("$ ")]
    assert commands
    # The sandbox needs a moment before it listens, which a person gives it by typing.
    waits = f"until (: > /dev/tcp/127.0.0.1/{port}) 2> /dev/null; do sleep 0.05; done"
    lines = [line for each in commands for line in ([each, waits] if each.endswith("&") else [each])]
    binaries = tmp_path / "bin"
    binaries.mkdir()
    (binaries / "blinkdecl").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m blinkdecl "$@"\n')
    (binaries / "blinkdecl").chmod(0o755)
    environment = {**os.environ, "PATH": f"{binaries}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
    script = "set -e -m\n" + "\n".join(lines)
    done = subprocess.run(
        ["bash", "-c", script], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_commands_table_names_every_command() -> None:
    """The README and the command line know the same commands."""
    from blinkdecl.cli.app import COMMANDS

    table = README[README.index("| command |") : README.index("`--format json`")]
    assert set(COMMANDS) <= set(re.findall(r"`([a-z]+)`", table))


@pytest.mark.parametrize("example", sorted(path.parent.name for path in (ROOT / "examples").glob("*/blinkdecl.yaml")))
def test_every_example_is_valid(example: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Without a warning."""
    from blinkdecl.cli import run

    assert run(["-C", str(ROOT / "examples" / example), "validate"]) == 0
    assert capsys.readouterr().err == ""

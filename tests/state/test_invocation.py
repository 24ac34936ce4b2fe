"""Commands that are printed can be pasted as they are."""

from pathlib import Path

import pytest

from blinkdecl.state.invocation import Invocation


@pytest.mark.parametrize(
    ("called", "command"),
    [
        (Invocation(), "blinkdecl state list"),
        (Invocation(environment="prod"), "blinkdecl --env prod state list"),
        (Invocation(Path("my alerts"), "eu west"), "blinkdecl -C 'my alerts' --env 'eu west' state list"),
    ],
)
def test_command(called: Invocation, command: str) -> None:
    """The command is for the same project, whatever its name."""
    assert called.command("state", "list") == command


@pytest.mark.parametrize(
    ("root", "file", "command"),
    [
        ("", "project/r.json", "blinkdecl state push project/r.json"),
        ("my project", "my project/r s.json", "blinkdecl -C 'my project' state push 'r s.json'"),
        ("project", "r.json", "blinkdecl -C project state push {here}/r.json"),
    ],
)
def test_push(root: str, file: str, command: str) -> None:
    """The file is named as `state push` reads it: relative to `--chdir` where it is below, or whole."""
    here = Path.cwd()
    assert Invocation(Path(root)).push(here / file) == command.format(here=here)

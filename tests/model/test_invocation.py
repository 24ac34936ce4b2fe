"""Commands that are printed can be pasted as they are."""

import pytest

from blinkdecl.model.invocation import Invocation


@pytest.mark.parametrize(
    ("called", "command"),
    [
        (Invocation(), "blinkdecl state list"),
        (Invocation(environment="prod"), "blinkdecl --env prod state list"),
        (
            Invocation(root="my alerts", environment="eu west"),
            "blinkdecl -C 'my alerts' --env 'eu west' state list",
        ),
        (Invocation(variables={"region": "eu 1"}), "blinkdecl --var 'region=eu 1' state list"),
    ],
)
def test_command_line(called: Invocation, command: str) -> None:
    """The command is for the same project, environment and variables, whatever their names."""
    assert called.command_line("state", "list") == command


def test_environ_is_not_shown() -> None:
    """The process's variables hold secrets: what prints an invocation does not print them."""
    assert "s3cret" not in repr(Invocation(environ={"BLINK_API_KEY": "s3cret"}))

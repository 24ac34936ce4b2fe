"""``blinkdecl state mv``."""

import click

from blinkdecl.cli.command import Work, session_command
from blinkdecl.cli.complete import complete
from blinkdecl.cli.options import lock_timeout


@session_command(
    "mv",
    click.Argument(["origin"], shell_complete=complete("recorded")),
    click.Argument(["target"], shell_complete=complete("addresses")),
    lock_timeout(),
    examples=("blinkdecl state mv destination.old-name destination.blink-soc",),
)
def command() -> Work:
    """Give the resource recorded at ORIGIN the address TARGET. A `moved` entry in YAML does the same, reviewed."""
    from blinkdecl.cli.work.state.mv import run

    return run

"""``blinkdecl confirm``: a person made a change in Panther's console; prove it, and record it."""

import click

from blinkdecl.cli.command import Work, session_command
from blinkdecl.cli.options import address_argument, allow_commands, lock_timeout
from blinkdecl.cli.types import Identifier


@session_command(
    "confirm",
    address_argument(required=True),
    click.Option(["--id", "object_id"], type=Identifier(), metavar="UUID", help="The destination's id in Panther."),
    lock_timeout(),
    allow_commands(),
    formats=["json"],
    examples=(
        "blinkdecl confirm destination.blink-soc",
        "blinkdecl confirm destination.soc --id 4f1d7b1e-8a53-4d0e-9f0c-2f5f1c0e6a11",
    ),
)
def command() -> Work:
    """Record what was done by hand in Panther's console, for the console provider.

    A test alert is first sent straight to Blink; the change is recorded only if Blink takes it. What was typed into
    Panther can only be proved by Send Test Alert in the console. Exit code 4 if the test alert did not arrive.
    """
    from blinkdecl.cli.work.confirm import run

    return run

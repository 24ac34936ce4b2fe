"""``blinkdecl dispatch``: send a real alert by hand."""

import click

from blinkdecl.cli.command import Work, session_command
from blinkdecl.cli.complete import complete
from blinkdecl.cli.options import allow_commands, file_argument
from blinkdecl.cli.types import Seconds


@session_command(
    "dispatch",
    file_argument("alert", required=True),
    click.Option(
        ["--to", "addresses"],
        metavar="ADDRESS",
        multiple=True,
        required=True,
        shell_complete=complete("addresses"),
        help="Send to this; required, repeatable.",
    ),
    click.Option(["--dry-run"], is_flag=True, help="Print the request, send nothing."),
    click.Option(
        ["--limit"],
        metavar="DURATION",
        type=Seconds(),
        default="10m",
        show_default=True,
        help="Give up after this long.",
    ),
    allow_commands(),
    formats=["json"],
    examples=(
        "blinkdecl dispatch alert.json --to destination.blink-soc",
        "blinkdecl dispatch - --to trigger.soc --dry-run < alert.json",
    ),
)
def command() -> Work:
    """Send the alert in the file ALERT (`-` = standard input) to destinations, or straight to triggers.

    It is tried up to 10 times: unlike a test alert it must arrive, even at the risk of arriving twice. As when Panther
    sends an alert again, its title begins with "[Re-sent]: ". The context of an alert above 5 MB is shortened. Exit
    code 4 if it did not arrive.
    """
    from blinkdecl.cli.work.dispatch import run

    return run

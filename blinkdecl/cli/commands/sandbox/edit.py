"""``blinkdecl sandbox edit``: the person who clicks in Panther's console."""

import click

from blinkdecl.cli.command import Work, session_command
from blinkdecl.cli.options import sandbox_url


@session_command(
    "edit",
    click.Argument(["name"]),
    click.Argument(["fields"], nargs=-1, metavar="[FIELD=VALUE]..."),
    click.Option(["--by"], metavar="NAME", default="jo@example.com", show_default=True, help="Who makes the edit."),
    click.Option(["--create"], is_flag=True, help="Create it if it does not exist."),
    click.Option(["--delete"], is_flag=True, help="Delete it."),
    sandbox_url(),
    project=False,
    examples=(
        'blinkdecl sandbox edit "Blink SOC" severities=HIGH,CRITICAL',
        'blinkdecl sandbox edit "Old SOC" --create severities=LOW',
        'blinkdecl sandbox edit "Blink SOC" --delete',
    ),
)
def command() -> Work:
    """Change a destination in a running sandbox behind blinkdecl's back; NAME is its display name.

    FIELDs are named as in YAML, lists are written with commas: severities=HIGH,CRITICAL
    """
    from blinkdecl.cli.work.sandbox.edit import run

    return run

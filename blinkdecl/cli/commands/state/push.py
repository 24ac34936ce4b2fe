"""``blinkdecl state push``."""

import click

from blinkdecl.cli.command import Work, session_command
from blinkdecl.cli.options import file_argument, lock_timeout


@session_command(
    "push",
    file_argument("file", required=True),
    click.Option(["--force"], is_flag=True, help="Replace whatever is stored, damaged or not."),
    lock_timeout(),
    examples=(
        "blinkdecl state push .blinkdecl/state.json.backup --force",
        "blinkdecl --env old state pull | blinkdecl state push -",
    ),
)
def command() -> Work:
    """Store the state in FILE (`-` = standard input): a rescue file, a backup, or what `state pull` printed.

    Refused unless FILE is at least as new as the stored state and of the same lineage, or if the stored state is
    damaged; --force overrides. What was stored in a local file is kept as the backup. A FILE that was merely formatted
    anew is taken as well: its checksum proves that its content is whole.
    """
    from blinkdecl.cli.work.state.push import run

    return run

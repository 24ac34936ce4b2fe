"""``blinkdecl state unlock``."""

import click

from blinkdecl.cli.command import Work, session_command


@session_command(
    "unlock",
    click.Argument(["lock_id"], metavar="ID"),
    examples=("blinkdecl state unlock 7b1e4f1d8a534d0e",),
)
def command() -> Work:
    """Free the lock that a dead run left behind.

    The lock of a local file is never taken from a live run. Elsewhere nobody can tell: a live run that loses its lock
    can no longer write, and ends with an error.
    """
    from blinkdecl.cli.work.state.unlock import run

    return run

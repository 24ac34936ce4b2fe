"""``blinkdecl state unlock``."""

import click

from blinkdecl.cli.command import session_command
from blinkdecl.cli.session import Session
from blinkdecl.project.project import open_project


@session_command(
    "unlock",
    click.Argument(["lock_id"], metavar="ID"),
    examples=("blinkdecl state unlock 7b1e4f1d8a534d0e",),
)
def command(session: Session, lock_id: str) -> int:
    """Free the lock that a dead run left behind.

    The lock of a local file is never taken from a live run. Elsewhere nobody can tell: a live run that loses its lock
    can no longer write, and ends with an error.
    """
    freed = open_project(session.invocation, session.say, warn=session.warn).backend.unlock(lock_id)
    session.result(f"Freed the lock {freed.id} of {freed.who}.")
    return 0

"""The work of ``blinkdecl state unlock``."""

from blinkdecl.cli.session import Session
from blinkdecl.project.project import open_project


def run(session: Session, lock_id: str) -> int:
    """Run the command; returns its exit code, raises a `Failure`."""
    freed = open_project(session.invocation, session.say, warn=session.warn).backend.unlock(lock_id)
    session.result(f"Freed the lock {freed.id} of {freed.who}.")
    return 0

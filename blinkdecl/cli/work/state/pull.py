"""The work of ``blinkdecl state pull``."""

from blinkdecl.cli.session import Session
from blinkdecl.project.project import open_project
from blinkdecl.project.records import recorded_state
from blinkdecl.state.codec import encode


def run(session: Session) -> int:
    """Run the command; returns its exit code, raises a `Failure`."""
    session.result(encode(recorded_state(open_project(session.invocation, session.say))).decode().rstrip("\n"))
    return 0

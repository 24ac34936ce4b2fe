"""``blinkdecl state pull``."""

from blinkdecl.cli.command import session_command
from blinkdecl.cli.session import Session
from blinkdecl.project.project import open_project
from blinkdecl.project.records import recorded_state
from blinkdecl.state.codec import encode


@session_command("pull", examples=("blinkdecl state pull > state.json",))
def command(session: Session) -> int:
    """Print the stored state, exactly as `state push` takes it back."""
    session.result(encode(recorded_state(open_project(session.invocation, session.say))).decode().rstrip("\n"))
    return 0

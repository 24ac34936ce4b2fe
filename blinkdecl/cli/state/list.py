"""``blinkdecl state list``."""

from blinkdecl.cli.command import session_command
from blinkdecl.cli.session import Session
from blinkdecl.cli.wiring import open_project, read_state
from blinkdecl.render.results_text import state_list_text
from blinkdecl.render.view import results_view


@session_command("list", formats=["json"])
def command(session: Session) -> int:
    """List the recorded addresses, one a line."""
    state = read_state(open_project(session))
    resources = state.resources.values() if state else ()
    view = results_view("state list", 0, resources=resources)
    if session.machine:
        session.document(view)
    elif resources:
        session.result(state_list_text(view))
    return 0

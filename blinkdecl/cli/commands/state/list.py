"""``blinkdecl state list``."""

from blinkdecl.cli.command import session_command
from blinkdecl.cli.session import Session
from blinkdecl.project.project import open_project
from blinkdecl.project.records import read_state
from blinkdecl.render.text.results import state_list_text
from blinkdecl.render.view.results import results_view


@session_command("list", formats=["json"], examples=("blinkdecl state list", "blinkdecl state list --format json"))
def command(session: Session) -> int:
    """List the recorded addresses, one per line."""
    state = read_state(open_project(session.invocation, session.say))
    resources = state.resources.values() if state else ()
    if resources or session.machine_format:
        session.show(results_view("state list", 0, resources=resources), state_list_text)
    return 0

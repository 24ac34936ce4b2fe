"""The work of ``blinkdecl state list``."""

from blinkdecl.cli.session import Session
from blinkdecl.project.project import open_project
from blinkdecl.project.records import read_state
from blinkdecl.render.text.results import state_list_text
from blinkdecl.render.view.results import results_view


def run(session: Session) -> int:
    """Run the command; returns its exit code, raises a `Failure`."""
    state = read_state(open_project(session.invocation, session.say))
    resources = state.resources.values() if state else ()
    if resources or session.machine_format:
        session.show(results_view("state list", 0, resources=resources), state_list_text)
    return 0

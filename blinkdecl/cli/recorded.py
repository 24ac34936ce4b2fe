"""What `show` and `state show` print: recorded resources, and what was observed of them."""

from collections.abc import Mapping

from blinkdecl.cli.session import Session
from blinkdecl.model.state import Recorded
from blinkdecl.project.deliveries import last_deliveries
from blinkdecl.project.project import Project
from blinkdecl.render.text.results import state_show_text
from blinkdecl.render.view.results import results_view


def show_resources(session: Session, project: Project, recorded: Mapping[str, Recorded]) -> int:
    """Print them in the session's format."""
    seen = last_deliveries(project, recorded)
    view = results_view(session.invocation.command, 0, resources=recorded.values(), seen=seen)
    session.show(view, lambda view: state_show_text(view, session.layout))
    return 0

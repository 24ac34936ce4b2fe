"""The work of ``blinkdecl state show``."""

from blinkdecl.cli.recorded import show_resources
from blinkdecl.cli.session import Session
from blinkdecl.project.project import open_project
from blinkdecl.project.records import recorded_state, require


def run(session: Session, addresses: tuple[str, ...]) -> int:
    """Run the command; returns its exit code, raises a `Failure`."""
    project = open_project(session.invocation, session.say, warn=session.warn)
    resources = recorded_state(project).resources
    return show_resources(session, project, {address: require(resources, address) for address in addresses})

"""``blinkdecl state show``."""

from blinkdecl.cli.command import session_command
from blinkdecl.cli.options import address_argument
from blinkdecl.cli.recorded import show_resources
from blinkdecl.cli.session import Session
from blinkdecl.project.project import open_project
from blinkdecl.project.records import recorded_state, require


@session_command(
    "show",
    address_argument(many=True, required=True, recorded=True),
    formats=["json"],
    examples=("blinkdecl state show destination.blink-soc", "blinkdecl state show trigger.soc --format json"),
)
def command(session: Session, addresses: tuple[str, ...]) -> int:
    """Show everything that is recorded about these resources; secrets are named, never shown."""
    project = open_project(session.invocation, session.say, warn=session.warn)
    resources = recorded_state(project).resources
    return show_resources(session, project, {address: require(resources, address) for address in addresses})

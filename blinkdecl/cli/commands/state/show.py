"""``blinkdecl state show``."""

import click

from blinkdecl.cli.command import session_command
from blinkdecl.cli.output import show_resources
from blinkdecl.cli.session import Session
from blinkdecl.project.project import open_project
from blinkdecl.project.records import recorded_state, require


@session_command("show", click.Argument(["addresses"], nargs=-1, required=True, metavar="ADDRESS..."), formats=["json"])
def command(session: Session, addresses: tuple[str, ...]) -> int:
    """Show everything that is recorded about these resources; secrets are named, never shown."""
    resources = recorded_state(open_project(session.invocation, session.say)).resources
    return show_resources(session, [require(resources, address) for address in addresses])

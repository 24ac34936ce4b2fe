"""``blinkdecl state show``."""

from collections.abc import Iterable

import click

from blinkdecl.cli.command import session_command
from blinkdecl.cli.session import Session
from blinkdecl.cli.state.changing import require
from blinkdecl.cli.wiring import open_project, recorded_state
from blinkdecl.model import Recorded
from blinkdecl.render.results_text import state_show_text
from blinkdecl.render.view import results_view


@session_command("show", click.Argument(["addresses"], nargs=-1, required=True, metavar="ADDRESS..."), formats=["json"])
def command(session: Session, addresses: tuple[str, ...]) -> int:
    """Show everything that is recorded of these resources; secrets are named, never shown."""
    resources = recorded_state(open_project(session)).resources
    return show_resources(session, [require(resources, address) for address in addresses])


def show_resources(session: Session, resources: Iterable[Recorded]) -> int:
    """Print recorded resources in the session's format."""
    view = results_view(session.command, 0, resources=resources)
    if session.machine:
        session.document(view)
    else:
        session.result(state_show_text(view))
    return 0

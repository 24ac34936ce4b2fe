"""The work of ``blinkdecl completion``: what a shell needs to complete commands and options."""

from click.shell_completion import get_completion_class

from blinkdecl.cli.app import cli
from blinkdecl.cli.session import Session


def run(session: Session, shell: str) -> int:
    """Run the command; returns its exit code, raises a `Failure`."""
    known = get_completion_class(shell)
    if known is None:
        raise KeyError(shell)
    session.result(known(cli, {}, "blinkdecl", "_BLINKDECL_COMPLETE").source().strip("\n"))
    return 0

"""``blinkdecl completion``: what a shell needs to complete commands and options."""

import click
from click.shell_completion import get_completion_class

from blinkdecl.cli.app import cli
from blinkdecl.cli.command import session_command
from blinkdecl.cli.session import Session


@session_command("completion", click.Argument(["shell"], type=click.Choice(["bash", "zsh", "fish"])))
def command(session: Session, shell: str) -> int:
    """Print the completion script of a shell.

    For bash: `blinkdecl completion bash > ~/.local/share/bash-completion/completions/blinkdecl`
    """
    known = get_completion_class(shell)
    if known is None:
        raise KeyError(shell)
    session.result(known(cli, {}, "blinkdecl", "_BLINKDECL_COMPLETE").source().strip("\n"))
    return 0

"""``blinkdecl completion``: what a shell needs to complete commands and options."""

import click
from click.shell_completion import get_completion_class

from blinkdecl.cli.app import cli
from blinkdecl.cli.command import session_command
from blinkdecl.cli.session import Session
from blinkdecl.cli.types import OneOf


@session_command(
    "completion",
    click.Argument(["shell"], type=OneOf(["bash", "zsh", "fish"])),
    project=False,
    examples=(
        "blinkdecl completion bash > blinkdecl.bash  # then `source` it in ~/.bashrc",
        "blinkdecl completion zsh > ~/.zfunc/_blinkdecl",
        "blinkdecl completion fish > ~/.config/fish/completions/blinkdecl.fish",
    ),
)
def command(session: Session, shell: str) -> int:
    """Print the completion script of a shell: commands, options, addresses, environments, codes."""
    known = get_completion_class(shell)
    if known is None:
        raise KeyError(shell)
    session.result(known(cli, {}, "blinkdecl", "_BLINKDECL_COMPLETE").source().strip("\n"))
    return 0

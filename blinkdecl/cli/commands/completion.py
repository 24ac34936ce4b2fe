"""``blinkdecl completion``: what a shell needs to complete commands and options."""

import click

from blinkdecl.cli.command import Work, session_command
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
def command() -> Work:
    """Print the completion script of a shell: commands, options, addresses, environments, codes."""
    from blinkdecl.cli.work.completion import run

    return run

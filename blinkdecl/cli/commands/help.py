"""``blinkdecl help``: what an error code means, how to call a command, or a topic."""

import click

from blinkdecl.cli.command import Work, session_command
from blinkdecl.cli.complete import complete


@session_command(
    "help",
    click.Argument(
        ["words"], nargs=-1, metavar="[CODE|COMMAND|TOPIC|PROPERTY|OPTION]", shell_complete=complete("topics")
    ),
    project=False,
    examples=(
        "blinkdecl help unknown-reference",
        "blinkdecl help plan",
        "blinkdecl help exit-codes",
        "blinkdecl help max_deletes",
        "blinkdecl help replay",
        "blinkdecl help | grep state",
    ),
)
def command() -> Work:
    """Explain an error code, such as unknown-reference, a command, a topic, a property of the YAML or an option.

    Without any of these, list the codes. An option is written without its dashes.

    Topics: trigger (how one is made in Blink), provider, environments, exit-codes, digest.
    """
    from blinkdecl.cli.work.help import run

    return run

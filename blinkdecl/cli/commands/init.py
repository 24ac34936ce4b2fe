"""``blinkdecl init``: a first configuration that validates."""

import click

from blinkdecl.cli.command import Work, session_command
from blinkdecl.cli.options import lock_timeout
from blinkdecl.cli.types import InputFile, OneOf


@session_command(
    "init",
    click.Option(
        ["--provider"],
        type=OneOf(["local", "panther", "console"]),
        help="Where destinations live: a Panther with an API (panther), hosted Panther (console), or no Panther "
        "(local, the default).",
    ),
    click.Option(["--webhook-url"], metavar="URL", help="The trigger's Webhook URL, from Blink; else an example."),
    click.Option(["--migrate-state"], is_flag=True, help="Copy the state to the backend configured now."),
    click.Option(
        ["--from", "earlier"],
        type=InputFile(),
        metavar="FILE",
        help="With --migrate-state: the project or environment file with the earlier backend; otherwise the default "
        "file is copied.",
    ),
    lock_timeout(),
    examples=(
        "blinkdecl init",
        "blinkdecl init --provider console --webhook-url https://blink.acme.com/w/soc",
        "blinkdecl --env prod init",
        "blinkdecl init --migrate-state",
        "git show HEAD~:blinkdecl.yaml | blinkdecl init --migrate-state --from -",
    ),
)
def command() -> Work:
    """Write a first blinkdecl.yaml, the schema that editors check it with, and what Git needs to know.

    With --env NAME, the file of this environment as well. Existing files are kept: what they lack is said. Only copies
    of the schemas in .blinkdecl that differ from this version's are renewed. With --migrate-state only the state is
    written, in its new place.
    """
    from blinkdecl.cli.work.init import run

    return run

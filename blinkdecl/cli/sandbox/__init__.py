"""``blinkdecl sandbox``: serves by itself; its subcommands talk to one that runs."""

import click

from blinkdecl.cli.group import LazyGroup
from blinkdecl.cli.sandbox.serve import command as serve


def _alone(ctx: click.Context, **given: object) -> int:
    """Serve, unless a subcommand was called."""
    del given  # the context holds the same
    return serve.invoke(ctx) if ctx.invoked_subcommand is None else 0


command = LazyGroup(
    "blinkdecl.cli.sandbox",
    {"edit": "Play a person who clicks in the sandbox's Panther console"},
    name="sandbox",
    help=serve.help,
    params=serve.params,
    invoke_without_command=True,
    callback=click.pass_context(_alone),
)

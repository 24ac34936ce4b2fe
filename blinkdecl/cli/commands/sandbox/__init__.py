"""``blinkdecl sandbox``: serves when called on its own; its subcommands talk to a running one."""

import click

from blinkdecl.cli.app import LazyGroup
from blinkdecl.cli.commands.sandbox.serve import command as serve


def _alone(ctx: click.Context, **given: object) -> int:
    """Serve, unless a subcommand was called."""
    del given  # the context holds the same
    return serve.invoke(ctx) if ctx.invoked_subcommand is None else 0


command = LazyGroup(
    "blinkdecl.cli.commands.sandbox",
    {
        "edit": "Simulate an edit in the sandbox's Panther console",
        "traffic": "Have alerts of the last days in the sandbox's Panther",
    },
    name="sandbox",
    help=serve.help,
    params=serve.params,
    examples=serve.examples,
    invoke_without_command=True,
    callback=click.pass_context(_alone),
)

"""``blinkdecl schema``: the JSON Schemas, for editors and scripts."""

import click

from blinkdecl.cli.command import Work, session_command
from blinkdecl.cli.types import OneOf


@session_command(
    "schema",
    click.Argument(
        ["name"], type=OneOf(["config", "plan", "state", "results", "alert", "routes", "alerts"]), default="config"
    ),
    project=False,
    examples=("blinkdecl schema > config.schema.json", "blinkdecl schema alert"),
)
def command() -> Work:
    """Print the JSON Schema of the configuration, or of what blinkdecl prints and stores."""
    from blinkdecl.cli.work.schema import run

    return run

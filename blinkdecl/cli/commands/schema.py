"""``blinkdecl schema``: the JSON Schemas, for editors and scripts."""

import click

from blinkdecl.cli.command import session_command
from blinkdecl.cli.session import Session
from blinkdecl.cli.types import OneOf
from blinkdecl.config import SCHEMA_NAMES, schema_text


@session_command(
    "schema",
    click.Argument(["name"], type=OneOf(SCHEMA_NAMES), default="config"),
    project=False,
    examples=("blinkdecl schema > config.schema.json", "blinkdecl schema alert"),
)
def command(session: Session, name: str) -> int:
    """Print the JSON Schema of the configuration, or of what blinkdecl prints and stores."""
    session.result(schema_text(name).rstrip("\n"))
    return 0

"""``blinkdecl schema``: the JSON Schemas, for editors and scripts."""

import click

from blinkdecl.cli.command import session_command
from blinkdecl.cli.session import Session
from blinkdecl.config import SCHEMA_NAMES, schema_text


@session_command("schema", click.Argument(["name"], type=click.Choice(SCHEMA_NAMES), default="config"))
def command(session: Session, name: str) -> int:
    """Print the JSON Schema of the configuration, or of what blinkdecl prints and stores."""
    session.result(schema_text(name).rstrip("\n"))
    return 0

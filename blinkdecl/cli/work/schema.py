"""The work of ``blinkdecl schema``: the JSON Schemas, for editors and scripts."""

from blinkdecl.cli.session import Session
from blinkdecl.config import schema_text


def run(session: Session, name: str) -> int:
    """Run the command; returns its exit code, raises a `Failure`."""
    session.result(schema_text(name).rstrip("\n"))
    return 0

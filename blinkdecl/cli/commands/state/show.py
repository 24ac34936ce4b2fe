"""``blinkdecl state show``."""

from blinkdecl.cli.command import Work, session_command
from blinkdecl.cli.options import address_argument


@session_command(
    "show",
    address_argument(many=True, required=True, recorded=True),
    formats=["json"],
    examples=("blinkdecl state show destination.blink-soc", "blinkdecl state show trigger.soc --format json"),
)
def command() -> Work:
    """Show everything that is recorded about these resources; secrets are named, never shown."""
    from blinkdecl.cli.work.state.show import run

    return run

"""``blinkdecl state rm``."""

from blinkdecl.cli.command import Work, session_command
from blinkdecl.cli.options import address_argument, lock_timeout


@session_command(
    "rm",
    address_argument(many=True, required=True, recorded=True),
    lock_timeout(),
    examples=("blinkdecl state rm destination.blink-soc trigger.soc",),
)
def command() -> Work:
    """Forget resources: the live destinations stay as they are and are no longer managed here.

    A `removed` entry in YAML does the same, reviewed.
    """
    from blinkdecl.cli.work.state.rm import run

    return run

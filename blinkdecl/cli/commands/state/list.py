"""``blinkdecl state list``."""

from blinkdecl.cli.command import Work, session_command


@session_command("list", formats=["json"], examples=("blinkdecl state list", "blinkdecl state list --format json"))
def command() -> Work:
    """List the recorded addresses, one per line."""
    from blinkdecl.cli.work.state.list import run

    return run

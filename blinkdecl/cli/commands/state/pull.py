"""``blinkdecl state pull``."""

from blinkdecl.cli.command import Work, session_command


@session_command("pull", examples=("blinkdecl state pull > state.json",))
def command() -> Work:
    """Print the stored state, exactly as `state push` takes it back."""
    from blinkdecl.cli.work.state.pull import run

    return run

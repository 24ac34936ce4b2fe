"""``blinkdecl show``: a saved plan, or the recorded state."""

from pathlib import Path

from blinkdecl.cli.command import session_command
from blinkdecl.cli.options import file_argument
from blinkdecl.cli.planning import read_plan, show_plan
from blinkdecl.cli.session import Session
from blinkdecl.diagnostics import error


@session_command("show", file_argument("file", required=False), formats=["json", "markdown"])
def command(session: Session, file: Path | None) -> int:
    """Print a saved plan, stale or not; without FILE, the recorded state."""
    if file is not None:
        show_plan(session, read_plan(session.path(file)))
        return 0
    if session.format == "markdown":
        raise error("usage", "only a saved plan is printed as Markdown", way_out="name its file, or leave out --format")
    from blinkdecl.cli.state.show import show_resources
    from blinkdecl.cli.wiring import open_project, recorded_state

    return show_resources(session, recorded_state(open_project(session)).resources.values())

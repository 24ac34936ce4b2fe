"""The work of ``blinkdecl show``: a saved plan, or the recorded state."""

from dataclasses import replace
from pathlib import Path

from blinkdecl.cli.input import read_plan
from blinkdecl.cli.output import show_plan
from blinkdecl.cli.session import Session
from blinkdecl.diagnostics import error


def run(session: Session, file: Path | None) -> int:
    """Run the command; returns its exit code, raises a `Failure`."""
    if file is not None:
        plan = read_plan(session, file)
        called = replace(session.invocation, environment=plan.environment)
        show_plan(replace(session, invocation=called), plan)
        return 0
    if session.format not in ("text", "json"):
        remedy = "name its file, or leave out --format"
        raise error("usage", f"only a saved plan is printed as {session.format}", remedy=remedy)
    from blinkdecl.cli.recorded import show_resources
    from blinkdecl.project.project import open_project
    from blinkdecl.project.records import recorded_state

    project = open_project(session.invocation, session.say, warn=session.warn)
    return show_resources(session, project, recorded_state(project).resources)

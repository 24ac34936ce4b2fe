"""The work of ``blinkdecl drift``: what was changed outside; made for cron."""

from dataclasses import replace
from functools import partial
from pathlib import Path

from blinkdecl.cli.metrics import measured
from blinkdecl.cli.session import Session
from blinkdecl.diagnostics import exit_code
from blinkdecl.diagnostics.codes import CHANGES
from blinkdecl.project.project import open_project
from blinkdecl.project.snapshot import take_snapshot
from blinkdecl.render.metrics import Measured
from blinkdecl.render.text.drift import drift_text
from blinkdecl.render.view.plan import plan_view


def run(session: Session, *, accept_missing: int | None, allow_commands: bool, metrics_file: Path | None) -> int:
    """Run the command; returns its exit code, raises a `Failure`."""
    return measured(session, metrics_file, lambda: _drift(session, accept_missing, commands=allow_commands))


def _drift(session: Session, accept_missing: int | None, *, commands: bool) -> Measured:
    """Compare, print, and return what was found."""
    project = open_project(session.invocation, session.say, commands=commands)
    with take_snapshot(project, commands=commands) as snapshot:
        plan = snapshot.drift(accept_missing, digested=session.machine_format)
        plan = replace(plan, without_value=snapshot.without_value)
    view = plan_view(plan, applyable=False)
    session.show(view, partial(drift_text, verbose=session.verbose, layout=session.layout))
    session.refused(plan.diagnostics)
    if plan.refused:
        return Measured(exit_code(plan.diagnostics), view)
    return Measured(CHANGES if plan.drifted else 0, view)

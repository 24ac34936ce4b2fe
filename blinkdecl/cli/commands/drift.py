"""``blinkdecl drift``: what was changed outside; made for cron."""

from dataclasses import replace
from functools import partial

from blinkdecl.cli.command import session_command
from blinkdecl.cli.options import accept_missing, allow_commands
from blinkdecl.cli.session import Session
from blinkdecl.diagnostics import exit_code
from blinkdecl.diagnostics.codes import CHANGES
from blinkdecl.project.project import open_project
from blinkdecl.project.snapshot import take_snapshot
from blinkdecl.render.text.drift import drift_text
from blinkdecl.render.view.plan import plan_view


@session_command(
    "drift",
    accept_missing(),
    allow_commands(),
    formats=["json", "markdown", "junit", "github", "gitlab"],
    examples=(
        "blinkdecl drift",
        "blinkdecl drift --format json --output drift.json",
        "blinkdecl drift --format markdown",
    ),
)
def command(session: Session, *, accept_missing: int | None, allow_commands: bool) -> int:
    """Show what was changed or deleted outside blinkdecl since it was recorded.

    A new value behind a secret reference is listed as not applied yet: it is a change, not drift. Changes nothing, and
    takes no lock. Exit codes: 0 = no drift, 1 = error, 2 = drift, 3 = the live destinations break
    a coverage rule.
    """
    project = open_project(session.invocation, session.say, commands=allow_commands)
    with take_snapshot(project, commands=allow_commands) as snapshot:
        plan = replace(snapshot.drift(accept_missing), without_value=snapshot.without_value)
    session.show(plan_view(plan, applyable=False), partial(drift_text, verbose=session.verbose, layout=session.layout))
    if plan.refused:
        return exit_code(plan.diagnostics)
    return CHANGES if plan.drifted else 0

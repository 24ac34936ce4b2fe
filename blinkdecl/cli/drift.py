"""``blinkdecl drift``: what was changed outside; made for cron."""

from blinkdecl.cli.command import session_command
from blinkdecl.cli.options import accept_missing
from blinkdecl.cli.session import Session
from blinkdecl.cli.wiring import open_project, take_snapshot
from blinkdecl.codes import CHANGES
from blinkdecl.diagnostics import exit_code
from blinkdecl.render.drift_text import drift_text
from blinkdecl.render.view import plan_view


@session_command("drift", accept_missing(), formats=["json"])
def command(session: Session, *, accept_missing: int | None) -> int:
    """Show what was changed or deleted outside blinkdecl, and which keys were rotated, since it was recorded.

    Changes nothing, and takes no lock. Exit codes: 0 = no drift, 1 = error, 2 = drift, 3 = what is
    live breaks a coverage rule.
    """
    with take_snapshot(open_project(session)) as snapshot:
        plan = snapshot.drift(accept_missing)
    view = plan_view(plan, applyable=False)
    if session.machine:
        session.document(view)
    else:
        session.result(drift_text(view, verbose=session.verbose))
    if plan.refused:
        return exit_code(plan.diagnostics)
    return CHANGES if plan.drifted else 0

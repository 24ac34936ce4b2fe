"""``blinkdecl coverage``: who receives what, and which coverage rules hold."""

from blinkdecl.cli.command import session_command
from blinkdecl.cli.receivers import against as against_option
from blinkdecl.cli.receivers import receivers_at
from blinkdecl.cli.session import Session
from blinkdecl.cli.wiring import open_project
from blinkdecl.diagnostics import exit_code
from blinkdecl.render.coverage_text import coverage_text
from blinkdecl.render.coverage_view import coverage_view
from blinkdecl.render.view import results_view
from blinkdecl.routing.coverage import check, gaps
from blinkdecl.routing.matrix import matrix


@session_command("coverage", against_option(), formats=["json", "html"])
def command(session: Session, *, against: str) -> int:
    """Print how many destinations receive each kind of alert, and which coverage rules of blinkdecl.yaml hold.

    Alerts that a detection sends by OutputIds or destinations() go where these say, whatever stands here. Exit codes:
    0 = every rule holds, 1 = error, 3 = a rule is broken.
    """
    project = open_project(session)
    rules = project.configuration.settings.coverage
    receivers = receivers_at(project, against)
    broken = check(rules, receivers, would=against == "desired")
    code = exit_code(broken)
    kept = {each: not gaps((each,), receivers) for each in rules}
    view = results_view("coverage", code, diagnostics=broken)
    view["coverage"] = coverage_view(against, matrix(receivers), kept)
    if session.machine:
        session.document(view)
    else:
        session.result(coverage_text(view, verbose=session.verbose))
    session.problems(broken)
    return code

"""``blinkdecl coverage``: who receives what, and which coverage rules hold."""

from functools import partial

from blinkdecl.cli.command import session_command
from blinkdecl.cli.options import against as against_option
from blinkdecl.cli.session import Session
from blinkdecl.diagnostics import exit_code
from blinkdecl.project.project import open_project
from blinkdecl.project.receivers import receivers_at
from blinkdecl.render.text.coverage import coverage_text
from blinkdecl.render.view.results import results_view
from blinkdecl.render.view.routing import coverage_view
from blinkdecl.routing.coverage import check, gaps
from blinkdecl.routing.matrix import matrix


@session_command("coverage", against_option(), formats=["json", "html"])
def command(session: Session, *, against: str) -> int:
    """Print how many destinations receive each kind of alert, and which coverage rules in blinkdecl.yaml hold.

    Alerts that a detection routes by OutputIds or destinations() go where these say, whatever is shown here. Exit
    codes: 0 = every rule holds, 1 = error, 3 = a rule is broken.
    """
    project = open_project(session.invocation, session.say)
    rules = project.configuration.settings.coverage
    receivers = receivers_at(project, against)
    broken = check(rules, receivers, would=against == "desired")
    code = exit_code(broken)
    kept = {each: not gaps((each,), receivers) for each in rules}
    found = coverage_view(against, matrix(receivers), kept)
    view = results_view("coverage", code, diagnostics=broken) | {"coverage": found}
    session.show(view, partial(coverage_text, verbose=session.verbose))
    session.problems(broken)
    return code

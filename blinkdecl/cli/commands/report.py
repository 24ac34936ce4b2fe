"""``blinkdecl report``: one page for whoever has to know where alerts go, and how that is known."""

import click

from blinkdecl.cli.command import session_command
from blinkdecl.cli.options import allow_commands
from blinkdecl.cli.output import announce_reading
from blinkdecl.cli.session import Session
from blinkdecl.cli.types import OutputFile
from blinkdecl.diagnostics import exit_code
from blinkdecl.model.plan import Options
from blinkdecl.project.project import open_project
from blinkdecl.project.snapshot import take_snapshot
from blinkdecl.render.view.plan import plan_view
from blinkdecl.render.view.report import report_view
from blinkdecl.render.view.routing import both_sides_view
from blinkdecl.routing.coverage import check
from blinkdecl.routing.gaps import marked
from blinkdecl.routing.impact import plan_sides
from blinkdecl.routing.matrix import matrix_of_both
from blinkdecl.routing.silence import heard


@session_command(
    "report",
    click.Option(
        ["--output"], metavar="FILE", type=OutputFile(), help="Write the page to FILE; otherwise it is printed."
    ),
    allow_commands(),
    examples=("blinkdecl report --output report.html", "blinkdecl --env prod report > prod.html"),
)
def command(session: Session, *, allow_commands: bool) -> int:
    """Write one HTML page: who receives which alerts now and after a plan, what it changes, rules, drift, last proofs.

    The page needs no script and nothing from elsewhere, so that it can be filed or mailed. Changes nothing, and takes
    no lock. Exit codes: 0 = written, 1 = error, 3 = the plan is against a policy (the page says so).
    """
    project = open_project(session.invocation, session.say, commands=allow_commands)
    settings = project.configuration.settings
    with take_snapshot(project, commands=allow_commands) as snapshot:
        announce_reading(session, snapshot)
        plan = snapshot.plan(Options(), snapshot.fingerprints)
        before, after = plan_sides(plan.changes, snapshot.live, snapshot.state.resources)
        recorded = snapshot.state.resources
    broken = check(settings.coverage, after, None)
    kept = {each: each not in broken for each in settings.coverage}
    lines, was = matrix_of_both(before, after, settings.silences)
    found = both_sides_view(marked(lines, [*broken], after), was, kept, heard(settings.silences, after))
    from blinkdecl.render.formats import document

    view = report_view(plan_view(plan), found, project.configuration.resources, recorded)
    session.result(document(view, "html", session.context()))
    session.problems([each for each in plan.diagnostics if each.severity == "error"])
    return exit_code(plan.diagnostics) if plan.refused else 0

"""``blinkdecl report``: one page for whoever has to know where alerts go, and how that is known."""

from pathlib import Path

import click

from blinkdecl.cli.command import session_command
from blinkdecl.cli.options import allow_commands
from blinkdecl.cli.output import announce_reading
from blinkdecl.cli.replaying import check_replay, replay_option, replayed
from blinkdecl.cli.session import Session
from blinkdecl.cli.types import InputFile, OneOf, OutputFile
from blinkdecl.diagnostics import error, exit_code
from blinkdecl.model.plan import Options
from blinkdecl.project.deliveries import last_deliveries
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
    click.Option(
        ["--merge"],
        metavar="DIR",
        type=click.Path(path_type=Path),
        help="Fold the documents (`--format json`) of many stacks, *.json below DIR, into one; no project is read.",
    ),
    click.Option(
        ["--stacks"],
        metavar="FILE",
        type=InputFile(),
        help="With --merge: the list of `blinkdecl stacks` (json or github-matrix); who left no result is told.",
    ),
    click.Option(
        ["--format", "form"],
        type=OneOf(["html", "markdown"]),
        default="html",
        show_default=True,
        help="With --merge: a page, or a comment and a job's summary.",
    ),
    replay_option(),
    allow_commands(),
    examples=(
        "blinkdecl report --output report.html",
        "blinkdecl report --replay 30d --output report.html",
        "blinkdecl --env prod report > prod.html",
        "blinkdecl report --merge plans --format markdown",
        "blinkdecl report --merge plans --stacks stacks.json --output all.html",
    ),
)
def command(
    session: Session,
    *,
    merge: Path | None,
    stacks: Path | None,
    form: str,
    replay: Path | float | None,
    allow_commands: bool,
) -> int:
    """Write one HTML page: who receives which alerts now and after a plan, what it changes, rules, drift, last proofs.

    With --replay, it has past alerts over the plan as well: how many a day each destination gets now and after it. The
    page needs no script and nothing from elsewhere, so that it can be filed or mailed. Changes nothing, and takes
    no lock. Exit codes: 0 = written, 1 = error, 3 = the plan is against a policy (the page says so). With --merge,
    whatever the documents say: 0 = written, 1 = one of them could not be read (the page says so).
    """
    if merge is not None:
        if replay is not None:
            remedy = "`blinkdecl plan --replay FILE --format json` of each stack is merged with the rest"
            raise error("usage", "--replay is for the page of one project, not for --merge", remedy=remedy)
        from blinkdecl.cli.merging import merge as merge_documents

        return merge_documents(session, merge, form, stacks)
    if stacks is not None:
        raise error("usage", "--stacks is for --merge", remedy="add `--merge DIR`")
    if form != "html":
        raise error("usage", "--format is for --merge", remedy="`blinkdecl plan --format markdown` is a plan's")
    check_replay(replay)
    project = open_project(session.invocation, session.say, commands=allow_commands, warn=session.warn)
    settings = project.configuration.settings
    with take_snapshot(project, commands=allow_commands) as snapshot:
        announce_reading(session, snapshot)
        plan = snapshot.plan(Options(), snapshot.fingerprints)
        shown = {**plan_view(plan), **replayed(session, snapshot, plan, replay)}
        before, after = plan_sides(plan.changes, snapshot.live, snapshot.state.resources)
        recorded = snapshot.state.resources
    broken = check(settings.coverage, after, None)
    kept = {each: each not in broken for each in settings.coverage}
    lines, was = matrix_of_both(before, after, settings.silences)
    broken_now = check(settings.coverage, before, None)
    found = both_sides_view(marked(lines, [*broken], after), was, kept, broken_now, heard(settings.silences, after))
    from blinkdecl.render.formats import document

    seen = last_deliveries(project, recorded)
    view = report_view(shown, found, project.configuration.resources, recorded, seen)
    session.result(document(view, "html", session.context()))
    session.problems([each for each in plan.diagnostics if each.severity == "error"])
    return exit_code(plan.diagnostics) if plan.refused else 0

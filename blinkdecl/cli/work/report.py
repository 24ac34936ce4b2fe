"""The work of ``blinkdecl report``: one page for whoever has to know where alerts go, and how that is known."""

from pathlib import Path

from blinkdecl.cli.output import announce_reading
from blinkdecl.cli.replaying import check_replay, replayed
from blinkdecl.cli.session import Session
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


def run(
    session: Session,
    *,
    merge: Path | None,
    stacks: Path | None,
    form: str,
    replay: Path | float | None,
    allow_commands: bool,
) -> int:
    """Run the command; returns its exit code, raises a `Failure`."""
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

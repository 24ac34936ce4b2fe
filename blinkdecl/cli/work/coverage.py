"""The work of ``blinkdecl coverage``: who receives what, and which coverage rules hold."""

from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path

from blinkdecl.cli.metrics import measured
from blinkdecl.cli.session import Session
from blinkdecl.diagnostics import error, exit_code
from blinkdecl.project.deliveries import last_deliveries
from blinkdecl.project.project import Project, open_project
from blinkdecl.project.receivers import paths_at
from blinkdecl.project.records import recorded_state
from blinkdecl.render.metrics import Measured
from blinkdecl.render.text.coverage import coverage_text
from blinkdecl.render.view.parts import View
from blinkdecl.render.view.results import results_view
from blinkdecl.render.view.routing import coverage_view, proofs_view
from blinkdecl.routing.coverage import check
from blinkdecl.routing.drill import check_drill, drill
from blinkdecl.routing.gaps import marked
from blinkdecl.routing.impact import drift_impact
from blinkdecl.routing.matrix import matrix
from blinkdecl.routing.receiver import Receiver, receivers_of
from blinkdecl.routing.silence import heard


def run(session: Session, *, against: str, without: tuple[str, ...], metrics_file: Path | None) -> int:
    """Run the command; returns its exit code, raises a `Failure`."""
    if without and metrics_file is not None:
        raise error("usage", "--metrics-file is for what is there, not for a drill", remedy="leave out one of the two")
    return measured(session, metrics_file, lambda: _coverage(session, against, without))


def _coverage(session: Session, against: str, without: tuple[str, ...]) -> Measured:
    """Compare, print, and return what was found."""
    project = open_project(session.invocation, session.say, warn=session.warn)
    settings = project.configuration.settings
    there, triggers = paths_at(project, against)
    unknown = {each for each in without if each.startswith("trigger.")} - {f"trigger.{name}" for name in triggers}
    project.configuration.check_here(*sorted(unknown))
    left, practised = there, drill(without, there, triggers) if without else None
    declared = None if against == "desired" else receivers_of(project.configuration.resources.values())
    if practised is None:
        broken = check(settings.coverage, there, declared)
    else:
        left = list(practised.left)
        practised = replace(practised, rows=drift_impact(there, left, settings.silences))
        broken = check_drill(settings.coverage, practised, there, declared)
    problems = tuple(broken.values())
    code = exit_code(problems)
    kept = {each: each not in broken for each in settings.coverage}
    lines = marked(matrix(left, settings.silences), [*broken], left)
    proofs = _proofs(project, left) if against != "desired" else None
    shown = coverage_view(against, lines, kept, heard(settings.silences, left), practised, proofs)
    view = results_view("coverage", code, diagnostics=problems) | {"coverage": shown}
    session.show(view, partial(coverage_text, verbose=session.verbose, layout=session.layout))
    session.problems(problems)
    return Measured(code, view)


def _proofs(project: Project, receivers: Iterable[Receiver]) -> list[View]:
    """Return when each of these destinations was last proved; what is not managed here is not."""
    recorded = recorded_state(project).resources
    addresses = [each.address for each in receivers if each.address is not None]
    return proofs_view(addresses, recorded, last_deliveries(project, recorded))

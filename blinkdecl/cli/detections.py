"""``--detections`` of route and plan: where the alerts of a detections repository go."""

from collections.abc import Sequence
from pathlib import Path

from blinkdecl.cli.receivers import receivers_at
from blinkdecl.cli.session import Session
from blinkdecl.cli.wiring import Project, Snapshot, open_project, read_state
from blinkdecl.config import read_detections
from blinkdecl.diagnostics import Diagnostic, exit_code
from blinkdecl.plan import Plan
from blinkdecl.render.route_text import detections_text
from blinkdecl.render.route_view import detection_view
from blinkdecl.render.view import results_view
from blinkdecl.render.view_parts import diagnostics_view
from blinkdecl.routing.detection import lost_problems, reference_problems, unused_problems, ways_of
from blinkdecl.routing.impact import plan_sides
from blinkdecl.routing.order import Reading, Receiver, receivers_of


def route_detections(session: Session, place: Path, against: str, reading: Reading, unmanaged: Sequence[str]) -> int:
    """Print where each detection's alerts go, and return the exit code; 3 = one names what is not there."""
    project = open_project(session)
    detections, problems = read_detections(session.root, place)
    others = [Receiver(None, None, each) for each in unmanaged]
    receivers = [*receivers_at(project, against, named=True), *others]
    before = [*_recorded(project), *others] if against == "desired" else receivers
    ways = ways_of(detections, receivers, reading)
    places = {address: each.position for address, each in project.configuration.resources.items()}
    found = (
        *problems,
        *reference_problems(detections, before, receivers, planned=False),
        *lost_problems(ways),
        *unused_problems(detections, receivers, places),
    )
    code = exit_code(found)
    view = results_view("route", code, diagnostics=found)
    view |= {"detections": [detection_view(each) for each in ways], "problems": diagnostics_view(found)}
    if session.machine:
        session.document(view)
    else:
        session.result(detections_text(view, verbose=session.verbose))
    session.problems(found, count=True)
    return code


def check_detections(session: Session, place: Path, snapshot: Snapshot, plan: Plan) -> tuple[Diagnostic, ...]:
    """Return what a plan does to the detections below a folder: names that lead nowhere, alerts that nobody gets."""
    detections, problems = read_detections(session.root, place)
    before, after = plan_sides(plan.changes, snapshot.live, snapshot.state.resources)
    served = [each.detection for each in ways_of(detections, before, "current") if each.reached]
    ways = ways_of(served, after, "current")
    return (*problems, *reference_problems(detections, before, after, planned=True), *lost_problems(ways))


def _recorded(project: Project) -> list[Receiver]:
    state = read_state(project)
    if state is None:
        return []
    return receivers_of(state.resources.values(), {address: each.id for address, each in state.resources.items()})

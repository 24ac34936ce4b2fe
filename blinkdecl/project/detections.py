"""A detections repository beside the project: where its alerts go, and what a plan does to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from blinkdecl.detections.repository import read_detections
from blinkdecl.diagnostics import Diagnostic
from blinkdecl.model.plan import Plan
from blinkdecl.project.project import Project
from blinkdecl.project.receivers import receivers_at, receivers_before
from blinkdecl.project.snapshot import Snapshot
from blinkdecl.routing.detections import (
    DetectionRoute,
    lost_problems,
    named_in,
    reference_problems,
    routes_of,
    unused_problems,
)
from blinkdecl.routing.impact import plan_sides
from blinkdecl.routing.receiver import Receiver
from blinkdecl.routing.route import RoutingRules


@dataclass(frozen=True, slots=True)
class RoutedDetections:
    """Where each detection's alerts go, and what is wrong: with the files, and with the names in them."""

    routes: tuple[DetectionRoute, ...]
    problems: tuple[Diagnostic, ...]


def route_detections(
    project: Project, place: Path, against: str, rules: RoutingRules, unmanaged: Sequence[str]
) -> RoutedDetections:
    """Route the alerts of the detections below `place` to the destinations of one side.

    `unmanaged` = the display names of destinations that nothing here manages, and detections may name. Raises a
    `Failure` (``not-found``) where there is no such folder.
    """
    detections, problems = read_detections(Path(project.invocation.root), place)
    others = [Receiver(None, None, each) for each in unmanaged]
    receivers = [*receivers_at(project, against, named=True), *others]
    before = [*receivers_before(project), *others] if against == "desired" else receivers
    silences = project.configuration.settings.silences
    routes = routes_of(detections, receivers, rules, silences)
    places = {address: each.position for address, each in project.configuration.resources.items()}
    found = (
        *problems,
        *reference_problems(detections, before, receivers, planned=False),
        *lost_problems(routes),
        *unused_problems(detections, receivers, places),
    )
    return RoutedDetections(routes, found)


def check_detections(snapshot: Snapshot, place: Path, plan: Plan) -> tuple[Diagnostic, ...]:
    """Return a plan's problems, and what it does to the detections below a folder.

    That is: names that do not exist, and alerts that nobody gets. A destination that a detection names is reached.
    """
    detections, problems = read_detections(Path(snapshot.project.invocation.root), place)
    silences = snapshot.project.configuration.settings.silences
    before, after = plan_sides(plan.changes, snapshot.live, snapshot.state.resources)
    served = [each.detection for each in routes_of(detections, before, "current") if each.reached]
    routes = routes_of(served, after, "current", silences)
    names = named_in(detections)
    named = {("at", each.address) for each in after if each.display_name in names or each.id in names}
    kept = (each for each in plan.diagnostics if each.code != "no-alerts" or named.isdisjoint(each.notes))
    return (*kept, *problems, *reference_problems(detections, before, after, planned=True), *lost_problems(routes))

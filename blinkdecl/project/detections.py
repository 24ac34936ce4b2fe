"""A detections repository beside the project: where its alerts go, and what a plan does to it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from blinkdecl.config.rules import log_types
from blinkdecl.detections.repository import read_detections
from blinkdecl.detections.tested import Tested, with_tests
from blinkdecl.diagnostics import Diagnostic, error
from blinkdecl.model.plan import Plan
from blinkdecl.project.project import Project
from blinkdecl.project.receivers import receivers_at, receivers_before
from blinkdecl.project.snapshot import Snapshot
from blinkdecl.routing.detection_problems import (
    lost_problems,
    named_in,
    newly_unheard,
    not_known_problems,
    reference_problems,
    unused_problems,
)
from blinkdecl.routing.detections import DetectionRoute, routes_of
from blinkdecl.routing.impact import plan_sides
from blinkdecl.routing.receiver import Receiver
from blinkdecl.routing.route import RoutingRules


@dataclass(frozen=True, slots=True)
class RoutedDetections:
    """Where each detection's alerts go, and what is wrong: with the files, and with the names in them.

    `unread` = files that may be detections and could not be read, `passed_over` = how many were not looked at.
    """

    routes: tuple[DetectionRoute, ...]
    problems: tuple[Diagnostic, ...]
    unread: tuple[str, ...]
    passed_over: int = 0


@dataclass(frozen=True, slots=True)
class DetectionOptions:
    """How detections are looked at: the folder, the rules of which Panther, names of destinations that nothing here
    manages, whether what is not known is an error, and what their unit tests showed."""

    place: Path
    rules: RoutingRules = "current"
    unmanaged: tuple[str, ...] = ()
    strict: bool = False
    tested: Tested | None = None


def route_detections(project: Project, against: str, how: DetectionOptions) -> RoutedDetections:
    """Return where the alerts of the detections go among the destinations of one side.

    Raises a `Failure` (``not-found``, ``no-detections``, ...) where there are none.
    """
    found = read_detections(Path(project.invocation.root), how.place, log_types())
    others = [Receiver(None, each, each) for each in how.unmanaged]
    released = project.configuration.released
    receivers = [*receivers_at(project, against, named=True), *others]
    if against == "desired":  # what is let go stays in Panther, and receives what it did
        receivers += [replace(each, address=None) for each in receivers_before(project) if each.address in released]
    before = [*receivers_before(project), *others] if against == "desired" else receivers
    detections = found.detections
    if how.tested is not None:
        if not any(each.id in how.tested for each in detections):
            remedy = "give it what `panther_analysis_tool test` printed for the same repository"
            raise error("invalid-value", "--pat-results shows no test of these detections", remedy=remedy)
        detections = with_tests(detections, how.tested, {name for each in receivers for name in _names(each)})
    routes = routes_of(detections, receivers, how.rules, project.configuration.settings.silences)
    places = {address: each.position for address, each in project.configuration.resources.items()}
    problems = (
        *found.problems,
        *reference_problems(
            detections, before, receivers, planned=False, elsewhere=project.configuration.names_elsewhere
        ),
        *lost_problems(routes),
        *(not_known_problems(routes, found.unread) if how.strict else ()),
        *unused_problems(detections, receivers, places),
    )
    return RoutedDetections(routes, problems, found.unread, found.passed_over)


def check_detections(snapshot: Snapshot, how: DetectionOptions, plan: Plan) -> tuple[Diagnostic, ...]:
    """Return a plan's problems, and what it does to the detections below a folder.

    That is: names that do not exist, and alerts that nobody gets. A destination that a detection names is reached.
    """
    found = read_detections(Path(snapshot.project.invocation.root), how.place, log_types())
    silences = snapshot.project.configuration.settings.silences
    elsewhere = snapshot.project.configuration.names_elsewhere
    others = tuple(Receiver(None, each, each) for each in how.unmanaged)
    before, after = plan_sides(plan.changes, snapshot.live, snapshot.state.resources)
    before, after = (*before, *others), (*after, *others)
    old = routes_of(found.detections, before, how.rules, silences)
    new = routes_of(found.detections, after, how.rules, silences)
    names = named_in(found.detections)
    named = {("at", each.address) for each in after if each.display_name in names or each.id in names}
    return (
        *(each for each in plan.diagnostics if each.code != "no-alerts" or named.isdisjoint(each.notes)),
        *found.problems,
        *reference_problems(found.detections, before, after, planned=True, elsewhere=elsewhere),
        *newly_unheard(old, new),
        *(not_known_problems(new, found.unread) if how.strict else ()),
    )


def _names(receiver: Receiver) -> Sequence[str]:
    return [each for each in (receiver.display_name, receiver.id) if each]

"""Detections -> parts of the document of ``route --detections``. Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence

from blinkdecl.render.view.parts import View
from blinkdecl.routing.cells import label_of
from blinkdecl.routing.detections import DetectionRoute, Outcome

# In the order of the report's first line.
OUTCOMES: tuple[Outcome, ...] = ("reached", "silent", "lost", "not_known", "signal", "withheld", "disabled")


def detection_view(route: DetectionRoute) -> View:
    """Return where the alerts of one detection go, and why."""
    found = route.detection
    return {
        "id": found.id,
        "alert_type": found.alert_type,
        "severity": found.severity,
        "log_types": list(found.log_types),
        "enabled": found.enabled,
        "dynamic": found.dynamic,
        "outcome": route.outcome,
        "not_known": list(found.not_known),
        "unheard": [" ".join((each.severity, each.type, *each.log_types)) for each in route.unheard],
        "destinations": [label_of(each) for each in route.reached],
        "reason": route.reason,
        "file": found.position.file,
        "line": found.position.line,
    }


def detections_summary(routes: Iterable[DetectionRoute], unread: Sequence[str], passed_over: int) -> View:
    """Return how many detections there are of each outcome, and how many files were not read, or passed over.

    `partly` are those that somebody gets, and of whose alerts some reach nobody.
    """
    routes = tuple(routes)
    counts = Counter(each.outcome for each in routes)
    return {
        "detections": len(routes),
        **{each: counts[each] for each in OUTCOMES},
        "partly": sum(each.outcome == "reached" and bool(each.unheard) for each in routes),
        "unread": len(unread),
        "passed_over": passed_over,
    }

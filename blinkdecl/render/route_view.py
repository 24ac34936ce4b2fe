"""Who gets alerts, and what became of routing tests, as parts of the document that ``route`` prints."""

from blinkdecl.render.view_parts import View, position_view
from blinkdecl.routing.cells import label_of
from blinkdecl.routing.detection import Way
from blinkdecl.routing.order import Facts, Route
from blinkdecl.routing.route_test import Verdict


def route_view(facts: Facts, found: Route) -> View:
    """Return who gets an alert, and of every destination why or why not."""
    return {
        "alert": {
            "severity": facts.severity,
            "type": facts.type,
            "log_types": list(facts.log_types),
            "override": None if facts.override is None else list(facts.override),
            "returned": None if facts.returned is None else list(facts.returned),
        },
        "decided_by": found.decided_by,
        "reached": [each.address or each.display_name for each in found.reached],
        "unknown": list(found.unknown),
        "decisions": [
            {
                "address": each.receiver.address,
                "id": each.receiver.id,
                "display_name": each.receiver.display_name,
                "reached": each.reached,
                "reason": each.reason,
            }
            for each in found.decisions
        ],
    }


def detection_view(way: Way) -> View:
    """Return where the alerts of one detection go, and why."""
    found = way.detection
    return {
        "id": found.id,
        "alert_type": found.alert_type,
        "severity": found.severity,
        "log_types": list(found.log_types),
        "enabled": found.enabled,
        "dynamic": found.dynamic,
        "destinations": [label_of(each) for each in way.reached],
        "reason": way.reason,
        "file": found.position.file,
        "line": found.position.line,
    }


def route_test_view(verdict: Verdict) -> View:
    """Return one routing test, and who gets its alert."""
    test = verdict.test
    return {
        "name": test.name,
        "passed": verdict.problem is None,
        "expected": list(test.expect),
        "route": route_view(test.facts, verdict.route),
        "position": position_view(test.position),
    }

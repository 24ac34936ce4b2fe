"""Who receives what, as a part of the document that ``coverage`` prints."""

from collections.abc import Iterable, Mapping

from blinkdecl.configuration import CoverageRule
from blinkdecl.render.view_parts import View, position_view
from blinkdecl.routing.matrix import COLUMNS, Line


def coverage_view(against: str, lines: Iterable[Line], rules: Mapping[CoverageRule, bool]) -> View:
    """Return the matrix, and the rules with whether they are kept."""
    return {
        "against": against,
        "matrix": [
            {
                "alert_types": list(each.alert_types),
                "log_types": None if each.log_types is None else list(each.log_types),
                "destinations": {
                    severity: list(names) for severity, names in zip(COLUMNS, each.destinations, strict=True)
                },
            }
            for each in lines
        ],
        "rules": [
            {
                "severities": list(rule.severities),
                "alert_types": list(rule.alert_types),
                "log_types": list(rule.log_types),
                "min_destinations": rule.min_destinations,
                "kept": kept,
                "position": position_view(rule.position),
            }
            for rule, kept in rules.items()
        ],
    }

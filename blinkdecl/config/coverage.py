"""The `coverage` rules of the project file; the data fits the schema already, or what does not was taken out."""

from collections.abc import Iterator

from blinkdecl.config import rules
from blinkdecl.config.finding import Finding
from blinkdecl.config.source import Document
from blinkdecl.config.suggestions import Suggestions
from blinkdecl.configuration import CoverageRule


def coverage_of(project: Document) -> tuple[CoverageRule, ...]:
    """Return the rules with their places."""
    return tuple(
        CoverageRule(
            tuple(each.get("severities", ())),
            tuple(each.get("alert_types", ())),
            tuple(each.get("log_types", ())),
            each.get("min_destinations", 1),
            project.position("coverage", index),
        )
        for index, each in enumerate(project.data.get("coverage", ()))
    )


def coverage_findings(project: Document, suggestions: Suggestions) -> Iterator[Finding]:
    """Yield warnings for log types that are not known: such a rule may ask for what no alert is."""
    for index, each in enumerate(project.data.get("coverage", ())):
        for place, log_type in enumerate(each.get("log_types", ())):
            if not rules.is_known_log_type(log_type):
                yield rules.unknown_log_type(log_type, ("coverage", index, "log_types", place), suggestions)

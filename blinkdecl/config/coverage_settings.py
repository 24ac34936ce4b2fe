"""What the project file says about the alerts that must reach somebody, or nobody (``coverage``), as settings.

The data is valid by its schema; invalid parts have been removed.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from blinkdecl.config import rules
from blinkdecl.config.document.finding import REFUSED, Finding, Path, remedy_note
from blinkdecl.config.document.parse import Document
from blinkdecl.config.document.schema_errors import missing
from blinkdecl.config.values import once
from blinkdecl.diagnostics import Suggestions
from blinkdecl.model.configuration import CoverageRule, Silence
from blinkdecl.model.resource import ALERT_TYPES, LOGLESS, SEVERITIES, occurs

# Severities, alert types and log types; empty = all.
_Alerts = tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]
# Severity, alert type, log type.
_Cell = tuple[str, str, str]
_EVERY, _SOME = "every log", "some log"


def coverage_of(project: Document) -> tuple[CoverageRule, ...]:
    """Return the rules with their places."""
    return tuple(
        CoverageRule(
            *_alerts(each),
            each.get("min_destinations", 1),
            project.position("coverage", index),
            each.get("independent", "webhook"),
        )
        for index, each in enumerate(project.data.get("coverage", ()))
        if not each.get("nobody")
    )


def silences_of(project: Document) -> tuple[Silence, ...]:
    """Return what is declared to reach nobody, with its places."""
    return tuple(
        Silence(
            *_alerts(each),
            each.get("reason", ""),
            project.position("coverage", index),
        )
        for index, each in enumerate(project.data.get("coverage", ()))
        if each.get("nobody")
    )


def _alerts(entry: Mapping[str, Any]) -> _Alerts:
    """Return severities, alert types and log types; empty = all."""
    severities, alert_types, log_types = (
        once(entry.get(each, ())) for each in ("severities", "alert_types", "log_types")
    )
    return severities, alert_types, log_types


def coverage_findings(project: Document, suggestions: Suggestions) -> Iterator[Finding]:
    """Yield what does not fit together, and warnings for log types that are not known.

    A rule with such a log type may ask for alerts that do not exist.
    """
    if "coverage" not in project.data:
        return  # not written, or refused as a whole
    written = [each for each in project.written["coverage"] if each is not REFUSED]
    for index, each in enumerate(project.data["coverage"]):
        yield from _silence_findings(each, written[index], ("coverage", index))
        if next(_cells(_alerts(each)), None) is None:
            yield _about_nothing(("coverage", index, "severities"))
        for place, log_type in enumerate(each.get("log_types", ())):
            path = ("coverage", index, "log_types", place)
            if (finding := rules.log_type_finding(log_type, path, suggestions)) is not None:
                yield finding
    yield from _contradictions(coverage_of(project), project.data["coverage"])


def _about_nothing(path: Path) -> Finding:
    """Return the warning for an entry about system errors of severities that these never have."""
    summary = "there are no such alerts: system errors are always CRITICAL"
    notes = remedy_note("add CRITICAL, or leave `severities` out")
    return Finding("no-effect", summary, path, on_key=True, notes=notes, severity="warning")


def _silence_findings(entry: Mapping[str, Any], written: Mapping[str, Any], path: Path) -> Iterator[Finding]:
    """Yield what an entry of `coverage` says that does not go with ``nobody: true``, or only goes with it.

    `entry` is without what was refused already, which is in `written` still.
    """
    if not entry.get("nobody"):
        if "independent" in entry and written.get("min_destinations", 1) == 1:
            remedy = "add `min_destinations: 2`, or remove `independent`"
            yield Finding("no-effect", '"independent" has no effect on a single destination', (*path, "independent"),
                          on_key=True, notes=remedy_note(remedy), severity="warning")  # fmt: skip
        if "reason" in entry and not written.get("nobody"):
            remedy = "add `nobody: true`, or write the reason as a comment"
            yield Finding("invalid-value", '"reason" says why nobody is to receive alerts', (*path, "reason"),
                          on_key=True, notes=remedy_note(remedy))  # fmt: skip
        return
    for key in ("min_destinations", "independent"):
        if key in entry:
            remedy = "remove one of the two: the alerts are meant to reach nobody, or somebody"
            yield Finding("invalid-value", f'"{key}" contradicts `nobody: true`', (*path, key), on_key=True,
                          notes=remedy_note(remedy))  # fmt: skip
    if "reason" not in written:
        yield missing("reason", path, "say why these alerts are meant to reach nobody")
    if not any(written.get(each) for each in ("severities", "alert_types", "log_types")):
        remedy = "name severities, alert types or log types"
        yield Finding("invalid-value", "this would declare that no alert is to reach anybody", (*path, "nobody"),
                      notes=remedy_note(remedy))  # fmt: skip


def _contradictions(rules_: Iterable[CoverageRule], entries: Iterable[Mapping[str, Any]]) -> Iterator[Finding]:
    """Yield a warning for each declaration of silence about alerts of which a rule says that they must reach somebody.

    One is enough: the first rule that it contradicts is named.
    """
    asked: dict[_Cell, CoverageRule] = {}
    for rule in rules_:
        for cell in _cells((rule.severities, rule.alert_types, rule.log_types)):
            asked.setdefault(cell, rule)
            asked.setdefault((*cell[:2], _SOME), rule)
    for index, entry in enumerate(entries):
        if not entry.get("nobody"):
            continue
        rule_ = next((found for cell in _cells(_alerts(entry)) if (found := _asking(asked, cell)) is not None), None)
        if rule_ is not None:
            notes = (
                ("note", f"a rule asks that some of these alerts reach somebody, at {rule_.position}"),
                ("help", "narrow one of the two, so that no alert is named by both"),
            )
            yield Finding("contradiction", "alerts are declared to reach nobody, and somebody", ("coverage", index),
                          notes=notes, severity="warning")  # fmt: skip


def _asking(asked: Mapping[_Cell, CoverageRule], cell: _Cell) -> CoverageRule | None:
    """Return a rule that names some of the alerts of a cell."""
    severity, alert_type, log = cell
    if log == _EVERY:
        return asked.get((severity, alert_type, _SOME))
    return asked.get(cell) or asked.get((severity, alert_type, _EVERY))


def _cells(alerts: _Alerts) -> Iterator[_Cell]:
    """Yield the cells that an entry names; with log types, those without one only where it names their type."""
    severities, alert_types, log_types = alerts
    for severity in severities or SEVERITIES:
        for alert_type in alert_types or ALERT_TYPES:
            if not occurs(severity, alert_type):
                continue
            if not log_types or (alert_type in LOGLESS and alert_types):
                yield severity, alert_type, _EVERY
            elif alert_type not in LOGLESS:
                for log in log_types:
                    yield severity, alert_type, log

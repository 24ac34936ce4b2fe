"""Where the alerts of detections go: from a panther-analysis repository's detections to destinations. Pure.

A detection's alerts may go several ways: each literal return of its ``severity()`` and ``destinations()`` is one, and
so is each of its DynamicSeverities. What these compute is not known before the alert is raised: it is reported as such,
never guessed.
"""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from blinkdecl.model.configuration import Silence
from blinkdecl.model.detection import DEFAULT, Detection, Word, words_of
from blinkdecl.model.resource import accepts_type
from blinkdecl.routing.receiver import Receiver
from blinkdecl.routing.route import SKIP, Decider, Known, RoutedAlert, RoutingRules, route
from blinkdecl.routing.silence import is_silent_alert

_TOLD = 3
# What becomes of a detection's alerts: it raises none (disabled, a signal), its Status keeps it from being uploaded,
# something is not known, somebody gets them, nobody does and is meant to, nobody does.
Outcome = Literal["disabled", "signal", "withheld", "not_known", "reached", "silent", "lost"]


# Whether their alerts bear a log type is documented nowhere.
_LOG_NOT_KNOWN = ("SCHEDULED_RULE", "CORRELATION_RULE")
_LIMITED = "whether a destination that takes some log types only takes its alerts"


@dataclass(frozen=True, slots=True)
class DetectionRoute:
    """Where the alerts of a detection go, as far as is known, and why."""

    detection: Detection
    reached: tuple[Receiver, ...]
    reason: str
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class _Routed:
    """Who gets one kind of alert: the indexes of these destinations among all, and what decided.

    `silent` = nobody does, and that is meant: by the detection, or by the configuration (`declared`). `limited` =
    somebody would, if the alert had one of the log types that he takes.
    """

    alert: RoutedAlert
    reached: tuple[int, ...]
    decided_by: Decider
    discarded: str
    silent: bool
    declared: bool
    limited: bool


def routes_of(
    detections: Iterable[Detection],
    receivers: Sequence[Receiver],
    rules: RoutingRules,
    silences: Sequence[Silence] = (),
) -> tuple[DetectionRoute, ...]:
    """Return where each detection's alerts go among these destinations. Equal alerts are routed once."""
    known = Known(receivers)
    routed: dict[RoutedAlert, _Routed] = {}

    def way(alert: RoutedAlert) -> _Routed:
        if alert not in routed:
            found = route(alert, known, rules)
            reached = tuple(index for index, each in enumerate(found.decisions) if each.reached)
            by_settings = found.decided_by == "settings"
            declared = by_settings and not reached and is_silent_alert(silences, alert)
            meant = found.decided_by == "returned" or (not by_settings and SKIP in (alert.override or ()))
            silent = not reached and (declared or meant)
            limited = by_settings and not reached and alert.type in _LOG_NOT_KNOWN and _would_take(alert, receivers)
            routed[alert] = _Routed(alert, reached, found.decided_by, found.discarded, silent, declared, limited)
        return routed[alert]

    return tuple(
        _detection_route(each, [way(one) for one in _alerts(each, known, rules)], known) for each in detections
    )


def _detection_route(detection: Detection, ways: Sequence[_Routed], known: Known) -> DetectionRoute:
    if not detection.enabled:
        return DetectionRoute(detection, (), "it is disabled", "disabled")
    if detection.signal:
        return DetectionRoute(detection, (), "it raises no alert (CreateAlert: false)", "signal")
    reached = tuple(known.receivers[place] for place in sorted({place for way in ways for place in way.reached}))
    reason = "; ".join(_reasons(detection, ways))
    if detection.withheld:
        told = f"Status {detection.withheld}: panther_analysis_tool does not upload it"
        return DetectionRoute(detection, reached, f"{told}; {reason}", "withheld")
    outcome: Outcome = "reached" if reached else "silent" if all(way.silent for way in ways) else "lost"
    if outcome == "lost" and any(way.limited for way in ways):
        detection = replace(detection, unknown=(*detection.unknown, _LIMITED))
        reason = f"not known: {_LIMITED}; {reason}"
    return DetectionRoute(detection, reached, reason, "not_known" if detection.not_known else outcome)


def _would_take(alert: RoutedAlert, receivers: Sequence[Receiver]) -> bool:
    return any(
        each.log_types and alert.severity in each.severities and accepts_type(each.alert_types, alert.type)
        for each in receivers
    )


def _alerts(detection: Detection, known: Known, rules: RoutingRules) -> Iterator[RoutedAlert]:
    """Yield the alerts that a detection may raise, as far as its text says so."""
    override = tuple(name for name, _ in detection.override) or None
    severities = dict.fromkeys(_severities_of(detection, rules))
    lists = dict.fromkeys(_lists_of(detection, known))
    for severity, names in itertools.product(severities, lists):
        yield RoutedAlert(severity, detection.alert_type, detection.log_types, override, names)


def _severities_of(detection: Detection, rules: RoutingRules) -> Iterator[str]:
    """Yield the severities; "" where the static one is not known. In 2021 what is no severity meant INFO."""
    static = detection.severity or ""
    yield from (word for word, _ in detection.changed_to)
    if detection.generated is None:
        yield static
        return
    for each in detection.generated.literals:
        word = each[0][0] if each else DEFAULT
        yield word if word != DEFAULT else "INFO" if rules == "2021" else static
    if detection.generated.dynamic or not detection.generated.literals:
        yield static


def _lists_of(detection: Detection, known: Known) -> Iterator[tuple[str, ...] | None]:
    """Yield what ``destinations()`` returns; None where OutputIds and the destinations' own settings decide."""
    if detection.returned is None:
        yield None
        return
    for each in detection.returned.literals:
        words = words_of(each)
        if words and detection.keeps_known and SKIP not in words:
            words = tuple(word for word in words if not known.unknown((word,))) or None
        yield words
    if detection.returned.dynamic or not detection.returned.literals:
        yield None


def _reasons(detection: Detection, ways: Sequence[_Routed]) -> Iterator[str]:
    yield from (f"not known: {each}" for each in detection.not_known)
    for name, found in (("destinations()", detection.returned), ("severity()", detection.generated)):
        if found is not None and (found.literals or found.wrong):
            wrong = [f"{what}, which counts as None" for what, _ in found.wrong]
            literals = [each for each in found.literals if each is not None or not wrong]
            told = [*(_literal(each, lists=name == "destinations()") for each in literals), *wrong]
            yield f"{name} returns {' or '.join(told[:_TOLD])}"
    if detection.changed_to:
        yield f"DynamicSeverities change it to {', '.join(word for word, _ in detection.changed_to)}"
    yield from dict.fromkeys(way.discarded for way in ways if way.discarded)
    if any(each.decided_by == "override" for each in ways):
        names = ", ".join(name for name, _ in detection.override)
        nobody = any(each.decided_by == "override" and not (each.reached or each.silent) for each in ways)
        yield f"OutputIds is [{names}]" + (", which names nobody who exists" if nobody else "")
    by_settings = [each for each in ways if each.decided_by == "settings" and each.alert.severity]
    if by_settings:
        severities = ", ".join(dict.fromkeys(each.alert.severity for each in by_settings))
        logs = f" from {', '.join(detection.log_types[:_TOLD])}" if detection.log_types else ""
        what = f"{severities} {detection.alert_type} alerts{logs}"
        accepted = any(each.reached for each in by_settings)
        declared = ", as declared" if all(each.declared for each in by_settings) else ""
        yield f"destinations accept {what}" if accepted else f"no destination accepts {what}{declared}"


def _literal(value: tuple[Word, ...] | None, *, lists: bool) -> str:
    if value is None:
        return "None"
    text = ", ".join(text for text, _ in value)
    return f"[{text}]" if lists else text

"""Where the alerts of detections go: from a panther-analysis repository's detections to destinations. Pure.

A detection's alerts may go several ways: each literal return of its ``severity()`` and ``destinations()`` is one, and
so is each of its DynamicSeverities. What these compute is not known before the alert is raised: it is reported as such,
never guessed.
"""

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from blinkdecl.model.configuration import Silence
from blinkdecl.model.detection import DEFAULT, Detection, Word, words_of
from blinkdecl.model.resource import accepts_severity, accepts_type
from blinkdecl.routing.receiver import Receiver
from blinkdecl.routing.route import SKIP, Decider, Known, RoutedAlert, RoutingRules, route
from blinkdecl.routing.silence import is_silent_alert

_TOLD = 3
# Beyond so many ways of one detection, its log types are routed together.
MOST_WAYS = 1000
# What becomes of a detection's alerts: it raises none (disabled, a signal), its Status keeps it from being uploaded,
# something is not known, somebody gets them, nobody does and is meant to, nobody does.
Outcome = Literal["disabled", "signal", "withheld", "not_known", "reached", "silent", "lost"]


# Whether their alerts bear a log type is documented nowhere.
_LOG_NOT_KNOWN = ("SCHEDULED_RULE", "CORRELATION_RULE")
_STRANGERS = "what PyPanther does with a list of which no entry is known"
_LIMITED = "whether a destination that takes some log types only takes its alerts"


@dataclass(frozen=True, slots=True)
class DetectionRoute:
    """Where the alerts of a detection go, as far as is known, and why.

    `unheard` are those of its alerts that nobody gets, though nothing says that this is meant.
    """

    detection: Detection
    reached: tuple[Receiver, ...]
    reason: str
    outcome: Outcome
    unheard: tuple[RoutedAlert, ...] = ()


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

    detections = tuple(detections)
    enabled = {each.id: each.enabled for each in detections}
    return tuple(
        _detection_route(each, [way(one) for one in _alerts(each, known, rules)], known, enabled) for each in detections
    )


def _detection_route(
    detection: Detection, ways: Sequence[_Routed], known: Known, enabled: Mapping[str, bool]
) -> DetectionRoute:
    if not detection.enabled:
        return DetectionRoute(detection, (), "it is disabled", "disabled")
    if detection.signal:
        return DetectionRoute(detection, (), "it raises no alert (CreateAlert: false)", "signal")
    reached = tuple(known.receivers[place] for place in sorted({place for way in ways for place in way.reached}))
    reason = "; ".join((*_reasons(detection, ways), *_parts(detection, enabled)))
    if detection.withheld:
        told = f"Status {detection.withheld}: panther_analysis_tool does not upload it"
        return DetectionRoute(detection, reached, f"{told}; {reason}", "withheld")
    if _has_strangers(detection, known):
        detection = replace(detection, unknown=(*detection.unknown, _STRANGERS))
        reason = f"not known: {_STRANGERS}; {reason}"
    unheard = tuple(way.alert for way in ways if not (way.reached or way.silent))
    outcome: Outcome = "reached" if reached else "lost" if unheard else "silent"
    if outcome == "lost" and any(way.limited for way in ways):
        detection = replace(detection, unknown=(*detection.unknown, _LIMITED))
        reason = f"not known: {_LIMITED}; {reason}"
    return DetectionRoute(detection, reached, reason, "not_known" if detection.not_known else outcome, unheard)


def _has_strangers(detection: Detection, known: Known) -> bool:
    """Whether PyPanther would be given a list of which no entry is known."""
    if not detection.keeps_known or detection.returned is None:
        return False
    lists = (words_of(each) for each in detection.returned.literals)
    return any(each and SKIP not in each and not known.places(each) for each in lists)


def _parts(detection: Detection, enabled: Mapping[str, bool]) -> Iterator[str]:
    """Yield what is odd about the rules that a correlation rule looks for."""
    for each in dict.fromkeys(detection.parts):
        if each not in enabled:
            yield f"its part {each} is not in this repository"
        elif not enabled[each]:
            yield f"its part {each} is disabled"


def _would_take(alert: RoutedAlert, receivers: Sequence[Receiver]) -> bool:
    return any(
        each.log_types
        and accepts_severity(each.severities, alert.severity, alert.type)
        and accepts_type(each.alert_types, alert.type)
        for each in receivers
    )


def _alerts(detection: Detection, known: Known, rules: RoutingRules) -> Iterator[RoutedAlert]:
    """Yield the alerts that a detection may raise, as far as its text says so."""
    override = tuple(name for name, _ in detection.override) or None
    severities = dict.fromkeys(_severities_of(detection, rules))
    lists = dict.fromkeys(_lists_of(detection, known))
    # An alert is about the events of one log type.
    logs: list[tuple[str, ...]] = [(each,) for each in detection.log_types] or [()]
    if len(severities) * len(lists) * len(logs) > MOST_WAYS:
        logs = [detection.log_types]
    for severity, names, log in itertools.product(severities, lists, logs):
        yield RoutedAlert(severity, detection.alert_type, log, override, names)


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
            words = tuple(dict.fromkeys(word for word in words if not known.unknown((word,)))) or None
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
    yield from _by_settings(detection, [each for each in ways if each.decided_by == "settings" and each.alert.severity])


def _by_settings(detection: Detection, ways: Sequence[_Routed]) -> Iterator[str]:
    """Yield which alerts destinations accept, and which none does."""
    kinds: dict[str, dict[str, list[str]]] = {}
    for way in ways:
        told = "destinations accept" if way.reached else "no destination accepts"
        told += ", as declared," if way.declared else ""
        logs = kinds.setdefault(told, {}).setdefault(way.alert.severity, [])
        logs += [each for each in way.alert.log_types if each not in logs]
    for told, severities in kinds.items():
        same: dict[tuple[str, ...], list[str]] = {}
        for severity, logs in severities.items():
            same.setdefault(tuple(logs), []).append(severity)
        for some, words in same.items():
            source = f" from {', '.join(some[:_TOLD])}{', ...' if len(some) > _TOLD else ''}" if some else ""
            yield f"{told} {', '.join(words)} {detection.alert_type} alerts{source}"


def _literal(value: tuple[Word, ...] | None, *, lists: bool) -> str:
    if value is None:
        return "None"
    text = ", ".join(text for text, _ in value)
    return f"[{text}]" if lists else text

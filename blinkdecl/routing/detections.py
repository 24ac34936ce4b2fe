"""Where the alerts of detections go: from a panther-analysis repository's detections to destinations. Pure.

A detection's alerts may go several ways: each literal return of its ``severity()`` and ``destinations()`` is one.
What these compute is not known before the alert is raised, and is reported as dynamic, never guessed.
"""

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from blinkdecl.diagnostics import Diagnostic, Position, Suggestions, did_you_mean
from blinkdecl.model.configuration import Silence
from blinkdecl.model.detection import Detection, Word, words_of
from blinkdecl.routing.cells import label_of
from blinkdecl.routing.receiver import Receiver
from blinkdecl.routing.route import SKIP, Decider, RoutedAlert, RoutingRules, route
from blinkdecl.routing.silence import is_silent_alert

_TOLD = 3


@dataclass(frozen=True, slots=True)
class DetectionRoute:
    """Where the alerts of a detection go, as far as is known, and why.

    `silent` = it or the configuration says that nobody gets them, or it raises none.
    """

    detection: Detection
    reached: tuple[Receiver, ...]
    reason: str
    silent: bool

    @property
    def lost(self) -> bool:
        """Whether nobody gets its alerts and nothing says that this is intended."""
        return not (self.reached or self.silent or self.detection.dynamic)


@dataclass(frozen=True, slots=True)
class _Routed:
    """Who gets one kind of alert: the indexes of these destinations among all, and what decided.

    `silent` = nobody does, as the configuration declares.
    """

    alert: RoutedAlert
    reached: tuple[int, ...]
    decided_by: Decider
    unknown: bool
    silent: bool


def routes_of(
    detections: Iterable[Detection],
    receivers: Sequence[Receiver],
    rules: RoutingRules,
    silences: Sequence[Silence] = (),
) -> tuple[DetectionRoute, ...]:
    """Return where each detection's alerts go among these destinations. Equal alerts are routed once."""
    known: dict[RoutedAlert, _Routed] = {}

    def routed(alert: RoutedAlert) -> _Routed:
        if alert not in known:
            found = route(alert, receivers, rules)
            reached = tuple(index for index, each in enumerate(found.decisions) if each.reached)
            silent = found.decided_by == "settings" and not reached and is_silent_alert(silences, alert)
            known[alert] = _Routed(alert, reached, found.decided_by, bool(found.unknown), silent)
        return known[alert]

    return tuple(_detection_route(each, [routed(alert) for alert in _alerts(each)], receivers) for each in detections)


def _detection_route(detection: Detection, routes: Sequence[_Routed], receivers: Sequence[Receiver]) -> DetectionRoute:
    if not detection.enabled:
        return DetectionRoute(detection, (), "it is disabled", silent=True)
    places = sorted({place for found in routes for place in found.reached})
    reached = tuple(receivers[place] for place in places)
    return DetectionRoute(detection, reached, "; ".join(_reasons(detection, routes)), _is_silent(detection, routes))


def _alerts(detection: Detection) -> Iterator[RoutedAlert]:
    """Yield the alerts that a detection may raise, as far as its text says so."""
    generated, returned = detection.generated, detection.returned
    severities = [detection.severity]
    if generated is not None:
        severities = [detection.severity if each is None else each[0][0].upper() for each in generated.literals]
        severities += [] if severities and not generated.dynamic else [detection.severity]
    lists: list[tuple[str, ...] | None] = [None]
    if returned is not None:
        lists = [words_of(each) for each in returned.literals]
        lists += [] if lists and not returned.dynamic else [None]
    override = tuple(name for name, _ in detection.override) or None
    for severity, names in itertools.product(dict.fromkeys(severities), dict.fromkeys(lists)):
        yield RoutedAlert(severity, detection.alert_type, detection.log_types, override, names)


def _is_silent(detection: Detection, routes: Iterable[_Routed]) -> bool:
    """Whether every way its alerts may go ends in SKIP, an empty list or declared silence, which is intended."""
    named = {name for name, _ in detection.override}
    return all(
        found.silent
        or (found.decided_by == "returned" and not found.reached and not found.unknown)
        or (found.decided_by == "override" and SKIP in named)
        for found in routes
    )


def _reasons(detection: Detection, routes: Sequence[_Routed]) -> Iterator[str]:
    for name, found in (("destinations()", detection.returned), ("severity()", detection.generated)):
        if found is not None and found.dynamic:
            yield f"{name} is dynamic"
        elif found is not None:
            told = [_literal(each, lists=name == "destinations()") for each in found.literals[:_TOLD]]
            yield f"{name} returns {' or '.join(told) or 'nothing'}"
    if any(each.decided_by == "override" for each in routes):
        yield f"OutputIds is [{', '.join(name for name, _ in detection.override)}]"
    by_settings = [each for each in routes if each.decided_by == "settings"]
    if by_settings:
        severities = ", ".join(dict.fromkeys(each.alert.severity for each in by_settings))
        logs = f" from {', '.join(detection.log_types[:_TOLD])}" if detection.log_types else ""
        what = f"{severities} {detection.alert_type} alerts{logs}"
        accepted = any(each.reached for each in by_settings)
        declared = ", as declared" if all(each.silent for each in by_settings) else ""
        yield f"destinations accept {what}" if accepted else f"no destination accepts {what}{declared}"


def _literal(value: tuple[Word, ...] | None, *, lists: bool) -> str:
    if value is None:
        return "None"
    text = ", ".join(text for text, _ in value)
    return f"[{text}]" if lists else text


def reference_problems(
    detections: Iterable[Detection], before: Sequence[Receiver], after: Sequence[Receiver], *, planned: bool
) -> Iterator[Diagnostic]:
    """Yield an error for each name or id in a detection that no destination has.

    `before` are the destinations as they are, `after` as they will be; `planned` = the difference is a plan's.
    """
    there = {name for each in after for name in (each.display_name, each.id) if name}
    renamed = {each.id: each.display_name for each in after if each.id}
    gone = {name: each for each in before for name in (each.display_name, each.id) if name and name not in there}
    suggestions = Suggestions()
    this = "this plan" if planned else "the configuration"
    for detection in detections:
        for source, name, position in _entries(detection):
            if name in there or name == SKIP:
                continue
            notes: list[tuple[str, str]] = []
            if (old := gone.get(name)) is None:
                meant = suggestions.meant("destination", name, there)
                what = f'names "{name}", which does not exist'
                notes.append(("help", did_you_mean(meant, _ELSEWHERE)))
            elif old.id in renamed:
                what = f'names "{name}", which {this} renames to "{renamed[old.id]}"'
                notes.append(("help", "name it by its id, or change the name in both repositories"))
            else:
                what = f'names "{name}", which {this} removes'
                notes.append(("note", f"{label_of(old)} has that name now"))
                notes.append(("help", "let the detection name another destination first"))
            at = ("at", f"{detection.id}, {source}")
            yield Diagnostic("unknown-destination", f"a detection {what}", position=position, notes=(at, *notes))


_ELSEWHERE = "if it is not managed here, add `--unmanaged NAME`; otherwise correct the name"


def _entries(detection: Detection) -> Iterator[tuple[str, str, Position]]:
    """Yield what a detection names, each once: the source, the name and its position."""
    for name, position in dict(detection.override).items():
        yield "OutputIds", name, position
    if detection.returned is not None:
        named = {word: None for each in detection.returned.literals for word in each or ()}
        for name, line in named:
            yield "destinations()", name, Position(detection.code, line, 1)


def lost_problems(ways: Iterable[DetectionRoute]) -> Iterator[Diagnostic]:
    """Yield a warning for each detection whose alerts reach nobody."""
    for each in ways:
        if each.lost:
            found = each.detection
            yield Diagnostic(
                "unreached",
                f"the alerts of {found.id} reach nobody",
                severity="warning",
                position=found.position,
                notes=(("note", each.reason), ("help", "declare a destination that takes them, or return SKIP")),
            )


def named_in(detections: Iterable[Detection]) -> frozenset[str]:
    """Return every name and id by which detections name destinations."""
    return frozenset(name for each in detections for _, name, _ in _entries(each))


def unused_problems(
    detections: Iterable[Detection], receivers: Iterable[Receiver], places: Mapping[str, Position | None]
) -> Iterator[Diagnostic]:
    """Yield a warning for each log type that destinations take and no enabled detection has."""
    used = {log for each in detections if each.enabled for log in each.log_types}
    unused: dict[str, list[str]] = {}
    for each in receivers:
        for log in each.log_types:
            if log not in used and each.address is not None:
                unused.setdefault(log, []).append(each.address)
    for log, addresses in sorted(unused.items()):
        yield Diagnostic(
            "unused-log-type",
            f'no detection has the log type "{log}"',
            severity="warning",
            position=places.get(addresses[0]),
            notes=(("note", f"it is taken by {', '.join(addresses[:3])}"),),
        )

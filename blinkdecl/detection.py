"""Where the alerts of detections go: from a panther-analysis repository's detections to destinations. Pure.

A detection's alerts may take several ways: each literal return of its ``severity()`` and ``destinations()`` is one.
What these return dynamically is not known before the alert is raised, and is said to be so, never guessed.
"""

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from blinkdecl.cells import label_of
from blinkdecl.diagnostics import Diagnostic, closest
from blinkdecl.model import Position
from blinkdecl.returns import Returns, words_of
from blinkdecl.routing import SKIP, Facts, Reading, Receiver, Route, route

# Panther's kinds of analyses that raise alerts, and the alerts' type.
ALERT_TYPE_OF: Mapping[str, str] = {
    "rule": "RULE",
    "scheduled_rule": "SCHEDULED_RULE",
    "correlation_rule": "CORRELATION_RULE",
    "policy": "POLICY",
}


@dataclass(frozen=True, slots=True)
class Detection:
    """A detection that raises alerts.

    `override` are the entries of its OutputIds with their places. `returned` and `generated` are what its
    ``destinations()`` and ``severity()`` return (None = it has none); `code` is the Python file in which they stand.
    """

    id: str
    position: Position
    alert_type: str
    severity: str
    log_types: tuple[str, ...] = ()
    enabled: bool = True
    override: tuple[tuple[str, Position], ...] = ()
    returned: Returns | None = None
    generated: Returns | None = None
    code: str = ""

    @property
    def dynamic(self) -> bool:
        """Whether its own code decides when the alert is raised."""
        return any(each is not None and each.dynamic for each in (self.returned, self.generated))


@dataclass(frozen=True, slots=True)
class Way:
    """Where the alerts of a detection go, as far as it is known, and why; `silent` = it says itself that nobody gets
    them, or raises none."""

    detection: Detection
    reached: tuple[Receiver, ...]
    reason: str
    silent: bool

    @property
    def lost(self) -> bool:
        """Whether nobody gets its alerts although nothing says that this is meant."""
        return not (self.reached or self.silent or self.detection.dynamic)


def way_of(detection: Detection, receivers: Sequence[Receiver], reading: Reading) -> Way:
    """Return where a detection's alerts go among these destinations."""
    if not detection.enabled:
        return Way(detection, (), "it is disabled", silent=True)
    routes = [route(facts, receivers, reading) for facts in _facts(detection)]
    reached = tuple(each for each in receivers if any(each in found.reached for found in routes))
    return Way(detection, reached, _reason(detection, routes, reached), _is_silent(detection, routes))


def _facts(detection: Detection) -> Iterator[Facts]:
    """Yield the alerts that a detection may raise, as far as its text says so."""
    generated, returned = detection.generated, detection.returned
    severities = [detection.severity]
    if generated is not None:
        severities = [detection.severity if each is None else each[0][0].upper() for each in generated.literals]
        severities += [detection.severity] if generated.dynamic else []
    lists: list[tuple[str, ...] | None] = [None]
    if returned is not None:
        lists = [words_of(each) for each in returned.literals]
        lists += [None] if returned.dynamic else []
    override = tuple(name for name, _ in detection.override) or None
    for severity, names in itertools.product(dict.fromkeys(severities), dict.fromkeys(lists)):
        yield Facts(severity, detection.alert_type, detection.log_types, override, names)


def _is_silent(detection: Detection, routes: Iterable[Route]) -> bool:
    """Whether every way of its alerts ends in SKIP or an empty list, which is meant."""
    named = {name for name, _ in detection.override}
    return all(
        (found.decided_by == "returned" and not found.reached and not found.unknown)
        or (found.decided_by == "override" and SKIP in named)
        for found in routes
    )


def _reason(detection: Detection, routes: Sequence[Route], reached: Sequence[Receiver]) -> str:
    deciders = {each.decided_by for each in routes}
    said = []
    if detection.returned is not None:
        said.append(
            "destinations() is dynamic" if detection.returned.dynamic else "destinations() returns literal lists"
        )
    if detection.generated is not None:
        said.append("severity() is dynamic" if detection.generated.dynamic else "severity() returns literals")
    if "override" in deciders:
        said.append("OutputIds decides")
    if "settings" in deciders:
        logs = f" from {', '.join(detection.log_types[:3])}" if detection.log_types else " from no log"
        what = f"{detection.severity} {detection.alert_type} alerts{logs}"
        by_settings = any(each.reached for each in routes if each.decided_by == "settings")
        said.append(f"{what} are accepted" if by_settings else f"no destination accepts {what}")
    if not reached and not deciders - {"returned"} and not detection.dynamic:
        said.append("they reach nobody")
    return "; ".join(said)


def reference_problems(
    detections: Iterable[Detection], before: Sequence[Receiver], after: Sequence[Receiver], *, planned: bool
) -> Iterator[Diagnostic]:
    """Yield an error for each name or id in a detection that leads to no destination.

    `before` are the destinations as they are, `after` as they will be; `planned` = a plan makes the difference.
    """
    there = {name for each in after for name in (each.display_name, each.id) if name}
    renamed = {each.id: each.display_name for each in after if each.id}
    gone = {name: each for each in before for name in (each.display_name, each.id) if name and name not in there}
    this = "this plan" if planned else "the configuration"
    for detection in detections:
        for source, name, position in _entries(detection):
            if name in there or name == SKIP:
                continue
            notes: list[tuple[str, str]] = []
            if (old := gone.get(name)) is None:
                meant = closest(name, there)
                what = f'names "{name}", which is no destination'
                notes.append(("help", f'did you mean "{meant}"?' if meant else _ELSEWHERE))
            elif old.id in renamed:
                what = f'names "{name}", which {this} renames to "{renamed[old.id]}"'
                notes.append(("help", "name it by its id, or change the name in both repositories"))
            else:
                what = f'names "{name}", which {this} removes'
                notes.append(("note", f"{label_of(old)} bears it now"))
                notes.append(("help", "let the detection name another destination first"))
            at = ("at", f"{detection.id}, {source}")
            yield Diagnostic("unknown-destination", f"a detection {what}", position=position, notes=(at, *notes))


_ELSEWHERE = "if nothing here manages it, add `--unmanaged NAME`; else correct the name"


def _entries(detection: Detection) -> Iterator[tuple[str, str, Position]]:
    """Yield what a detection names: where, what, and its place; each once."""
    for name, position in dict(detection.override).items():
        yield "OutputIds", name, position
    if detection.returned is not None:
        named = {word: None for each in detection.returned.literals for word in each or ()}
        for name, line in named:
            yield "destinations()", name, Position(detection.code, line, 1)


def lost_problems(ways: Iterable[Way]) -> Iterator[Diagnostic]:
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

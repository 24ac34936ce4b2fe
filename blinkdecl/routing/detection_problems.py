"""What is wrong with the ways that detections name: unknown destinations, lists that Panther discards. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from blinkdecl.diagnostics import Diagnostic, Position, Suggestions, did_you_mean, only_in
from blinkdecl.model.detection import Detection, Word
from blinkdecl.model.resource import SEVERITIES
from blinkdecl.routing.cells import label_of
from blinkdecl.routing.detections import DetectionRoute
from blinkdecl.routing.receiver import Receiver
from blinkdecl.routing.route import SKIP, Known

_Key = tuple[str, Position | None, str]
_NOTHING: Mapping[str, Sequence[str]] = MappingProxyType({})
_ELSEWHERE = "if it is not managed here, add `--unmanaged NAME`"
_LISTS = "destinations()"
_TOLD = 3
_NONE = ("disabled", "signal", "withheld")
_DISCARDED = "Panther discards the whole list, so that OutputIds or the destinations' own settings decide"


def reference_problems(
    detections: Iterable[Detection],
    before: Sequence[Receiver],
    after: Sequence[Receiver],
    *,
    planned: bool,
    elsewhere: Mapping[str, Sequence[str]] = _NOTHING,
) -> Iterator[Diagnostic]:
    """Yield what is wrong with the names and ids in detections, each place once.

    `before` are the destinations as they are, `after` as they will be; `planned` = the difference is a plan's.
    `elsewhere` are the display names that only other environments have, each with their names.
    """
    names, known = _Names(before, after, elsewhere, planned=planned), Known(after)
    found: dict[_Key, Diagnostic] = {}
    others: dict[_Key, list[str]] = {}
    for group in _groups(detections):
        first = group[0]
        of_code = (*_unknown(first, names, _named_by_code(first)), *_lists(first, known), *_words(first))
        ids = [each.id for each in group]
        told = [(problem, ids) for problem in of_code]
        for each in group:
            told += [(problem, [each.id]) for problem in (*_signal(each), *_unknown(each, names, _named(each)))]
        for problem, whose in told:
            key = problem.code, problem.position, problem.summary
            new = found.setdefault(key, problem) is problem
            others.setdefault(key, []).extend(whose[1:] if new else whose)
    # What this plan does goes first.
    for key in sorted(found, key=lambda key: names.this not in key[2]):
        yield _shared(found[key], others[key])


def _groups(detections: Iterable[Detection]) -> Iterable[list[Detection]]:
    """Return the detections by the functions that they share: these are looked at once."""
    groups: dict[tuple[int, int, bool], list[Detection]] = {}
    for each in detections:
        groups.setdefault((id(each.returned), id(each.generated), each.signal), []).append(each)
    return groups.values()


def _shared(problem: Diagnostic, others: Sequence[str]) -> Diagnostic:
    """Return a problem with the detections that have it as well."""
    if not others:
        return problem
    more = f" and {len(others) - _TOLD} more" if len(others) > _TOLD else ""
    return replace(problem, notes=(*problem.notes, ("note", f"the same for {', '.join(others[:_TOLD])}{more}")))


def lost_problems(ways: Iterable[DetectionRoute]) -> Iterator[Diagnostic]:
    """Yield a warning for each detection whose alerts reach nobody."""
    for each in ways:
        if each.outcome == "lost":
            found = each.detection
            yield Diagnostic(
                "unreached",
                f"the alerts of {found.id} reach nobody",
                severity="warning",
                position=found.position,
                notes=(("note", each.reason), ("help", "declare a destination that takes them, or return []")),
            )


def newly_unheard(before: Iterable[DetectionRoute], after: Iterable[DetectionRoute]) -> Iterator[Diagnostic]:
    """Yield a warning for each detection of which somebody gets alerts that nobody would get afterwards."""
    for old, new in zip(before, after, strict=True):
        lost = [each for each in new.unheard if each not in old.unheard]
        if not lost or old.outcome in _NONE:
            continue
        told = ", ".join(dict.fromkeys(f"{each.severity} {', '.join(each.log_types)}".strip() for each in lost[:_TOLD]))
        yield Diagnostic(
            "unreached",
            f"{'the alerts' if not new.reached else 'some alerts'} of {new.detection.id} would reach nobody",
            severity="warning",
            position=new.detection.position,
            notes=(
                ("note", f"{told}{', ...' if len(lost) > _TOLD else ''}: {new.reason}"),
                ("help", "declare a destination that takes them, or return []"),
            ),
        )


def not_known_problems(ways: Iterable[DetectionRoute], unread: Iterable[str]) -> Iterator[Diagnostic]:
    """Yield an error for each detection, and each file, of which nobody knows where its alerts go (``--strict``)."""
    for file in unread:
        summary = f"{file} may be a detection, and cannot be read"
        yield Diagnostic("not-known", summary, position=Position(file, 1, 1))
    for each in ways:
        if each.outcome == "not_known":
            found = each.detection
            notes = (("at", f"{found.id}, its files"), *(("note", f"not known: {what}") for what in found.not_known))
            yield Diagnostic(
                "not-known", f"where the alerts of {found.id} go is not known", position=found.position, notes=notes
            )


def named_in(detections: Iterable[Detection]) -> frozenset[str]:
    """Return every name and id by which detections name destinations."""
    return frozenset(name for each in detections for _, (name, _) in (*_named(each), *_named_by_code(each)))


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


class _Names:
    """The names and ids of destinations, and what becomes of them."""

    def __init__(
        self,
        before: Sequence[Receiver],
        after: Sequence[Receiver],
        elsewhere: Mapping[str, Sequence[str]],
        *,
        planned: bool,
    ) -> None:
        self.there = {name for each in after for name in (each.display_name, each.id) if name}
        self._renamed = {each.id: each.display_name for each in after if each.id}
        self.ids = {each.display_name: each.id for each in after}
        self._gone = {
            name: each for each in before for name in (each.display_name, each.id) if name and name not in self.there
        }
        self._elsewhere = elsewhere
        self._suggestions = Suggestions()
        self.this = "this plan" if planned else "the configuration"

    def problem(self, name: str) -> tuple[str, tuple[tuple[str, str], ...]]:
        """Return what is said of a name that is not there, and notes on it."""
        if (old := self._gone.get(name)) is None and (where := self._elsewhere.get(name)):
            remedy = f"pass --env {where[0]}, or let the destination exist here too, by its `environments`"
            return f'names "{name}", which is {only_in(where)}', (("help", remedy),)
        if old is None:
            meant = self._suggestions.meant("destination", name, self.there)
            told = (
                f"{did_you_mean(meant)} {_ELSEWHERE}".strip() if meant else f"{_ELSEWHERE}; otherwise correct the name"
            )
            return f'names "{name}", which does not exist', (("help", told),)
        if old.id in self._renamed:
            help_ = "name it by its id, or change the name in both repositories"
            return f'names "{name}", which {self.this} renames to "{self._renamed[old.id]}"', (("help", help_),)
        notes = ("note", f"{label_of(old)} has that name now"), ("help", "let the detection name another one first")
        return f'names "{name}", which {self.this} removes', notes


def _named(detection: Detection) -> Iterator[tuple[str, Word]]:
    """Yield what the YAML of a detection names and where, with its source."""
    yield from (("OutputIds", word) for word in detection.override)
    for test, words in detection.expected:
        yield from ((f'ExpectedDestinations of the test "{test}"', word) for word in words)


def _named_by_code(detection: Detection) -> Iterator[tuple[str, Word]]:
    """Yield what its code names."""
    if detection.returned is not None:
        for each in (*detection.returned.literals, detection.returned.named):
            yield from ((_LISTS, word) for word in each or ())


def _signal(detection: Detection) -> Iterator[Diagnostic]:
    if detection.signal and detection.override:
        yield Diagnostic(
            "signal-override",
            f"{detection.id} raises no alert, so its OutputIds have no effect",
            "warning",
            detection.override[0][1],
            notes=(("note", f"they name {', '.join(name for name, _ in detection.override)}"),),
        )


def _unknown(detection: Detection, names: _Names, entries: Iterable[tuple[str, Word]]) -> Iterator[Diagnostic]:
    """Yield an error for each name that no destination has, and a warning for OutputIds that are no ids."""
    if detection.signal:
        return
    for source, (name, position) in dict.fromkeys(entries):
        at = ("at", f"{detection.id}, {source}")
        if name == SKIP:
            continue
        if name not in names.there:
            what, notes = names.problem(name)
            more = (("note", _DISCARDED),) if source == _LISTS and not detection.keeps_known else ()
            found = Diagnostic("unknown-destination", f"a detection {what}", position=position)
            yield replace(found, notes=(at, *more, *notes))
        elif source == "OutputIds" and name in names.ids and names.ids[name] != name:
            known = names.ids[name]
            remedy = (
                f"write its id, {known}" if known else "write its id, once it is applied, or let destinations() name it"
            )
            yield Diagnostic(
                "override-name",
                f'OutputIds has the display name "{name}", where only ids are proved to work',
                "warning",
                position,
                notes=(at, ("help", remedy)),
            )


def _lists(detection: Detection, known: Known) -> Iterator[Diagnostic]:
    """Yield what Panther makes of the lists that ``destinations()`` returns, beside unknown names."""
    if detection.returned is None or detection.signal:
        return
    at = ("at", f"{detection.id}, {_LISTS}")
    for what, position in detection.returned.wrong:
        summary = f"destinations() returns {what}, which is an error to Panther: it takes a list of texts, or None"
        yield Diagnostic("discarded-list", summary, position=position, notes=(at, ("note", _DISCARDED)))
    for each in detection.returned.literals:
        texts = [text for text, _ in each or ()]
        if each and SKIP in texts:
            summary = f"destinations() returns {SKIP} for nobody, where only an empty list is certain to mean that"
            position = next(place for text, place in each if text == SKIP)
            yield Diagnostic("returned-skip", summary, "warning", position, notes=(at, ("help", "return []")))
        elif each and not detection.keeps_known and not known.unknown(texts) and (flaw := known.flaw(texts)):
            summary = f"destinations() returns a list that Panther discards: {flaw}"
            yield Diagnostic("discarded-list", summary, position=each[0][1], notes=(at, ("note", _DISCARDED)))


def _words(detection: Detection) -> Iterator[Diagnostic]:
    """Yield a warning for what ``severity()`` returns that is no severity."""
    if detection.generated is None or detection.signal:
        return
    for what, position in detection.generated.wrong:
        yield Diagnostic(
            "illegal-severity",
            f"severity() returns {what}, which is none of {', '.join(SEVERITIES)} and DEFAULT",
            "warning",
            position,
            notes=(("at", detection.id), ("note", "the static severity holds then; in Panther of 2021, INFO")),
        )

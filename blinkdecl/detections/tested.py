"""What the unit tests of detections showed: the output of ``panther_analysis_tool test`` (1.7 and 1.11).

    <id of a detection>
    <tab>[PASS|FAIL] <name of a test>
    <tab><tab>[PASS|FAIL] [<function>] <what it returned, or the error>

in colours, even in a file. A destination is printed by an id that the tool made up for that run, so a name is known
only by the `ExpectedDestinations` of a test that passed. No line for a function means None.
"""

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from blinkdecl.diagnostics import Position
from blinkdecl.model.detection import Detection, Returns, Word, words_of
from blinkdecl.model.resource import SEVERITIES

_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_FUNCTION = re.compile(r"\t\t\[(PASS|FAIL)\] \[(rule|policy|severity|destinations)\] (.*)")
_TEST = re.compile(r"\t\[(PASS|FAIL)\] (.*)")
_INVALID = re.compile(r"Invalid Destinations: \[(.*)\]")
_QUOTED = re.compile(r"'([^']*)'|\"([^\"]*)\"")
_RETURNED = re.compile(r"returned \[(\w+)\]")
_SKIPPED = ["SKIP"]


@dataclass(frozen=True, slots=True)
class Shown:
    """One line of a test: what a function returned, and whether that was in order."""

    test: str
    function: str
    passed: bool
    value: str
    position: Position


# What was shown, by the detection's id.
Tested = Mapping[str, list[Shown]]


def read_results(lines: Iterable[str], file: str) -> Tested:
    """Return what the lines of such an output show; anything else in them is passed over."""
    tested: dict[str, list[Shown]] = {}
    identifier = test = ""
    for number, given in enumerate(lines, start=1):
        line = _COLOUR.sub("", given).rstrip("\r\n")
        if (found := _FUNCTION.fullmatch(line)) is not None:
            shown = Shown(test, found[2], found[1] == "PASS", found[3], Position(file, number, 1))
            tested.setdefault(identifier, []).append(shown)
        elif (found := _TEST.fullmatch(line)) is not None:
            test = found[2]
            tested.setdefault(identifier, [])
        elif line and not line[0].isspace():
            identifier = line.strip()
    return {name: shown for name, shown in tested.items() if name}


def with_tests(detections: Iterable[Detection], tested: Tested, known: Collection[str]) -> tuple[Detection, ...]:
    """Return the detections, in which what tests showed stands for what is computed; `known` are names and ids."""
    return tuple(_with(each, tested.get(each.id), known) for each in detections)


def _with(detection: Detection, shown: list[Shown] | None, known: Collection[str]) -> Detection:
    if not shown:
        return detection
    generated, returned = detection.generated, detection.returned
    if generated is not None and generated.dynamic:
        words = [((each.value, each.position),) for each in shown if _is_word(each)]
        generated = _more(generated, words, shown, "severity") if words else generated
    if returned is not None:
        returned = _with_failures(returned, shown)
    if returned is not None and returned.dynamic:
        lists = list(_lists(shown, dict(detection.expected), known))
        if lists and None not in lists:
            returned = _more(returned, [each for each in lists if each is not None], shown, "destinations")
    return replace(detection, generated=generated, returned=returned)


def _with_failures(returned: Returns, shown: Iterable[Shown]) -> Returns:
    """Return what is known with the names and the kinds of values for which tests failed."""
    named, wrong = list(returned.named), list(returned.wrong)
    for each in shown:
        if each.function == "destinations" and not each.passed:
            if (unknown := _INVALID.search(each.value)) is not None:
                named += [(found[1] or found[2], each.position) for found in _QUOTED.finditer(unknown[1])]
            elif (kind := _RETURNED.search(each.value)) is not None:
                wrong.append((f"a {kind[1]}", each.position))
    return replace(returned, named=tuple(named), wrong=tuple(wrong))


def _is_word(shown: Shown) -> bool:
    return shown.function == "severity" and shown.passed and shown.value in SEVERITIES


def _lists(
    shown: Iterable[Shown], expected: Mapping[str, tuple[Word, ...]], known: Collection[str]
) -> Iterator[tuple[Word, ...] | None]:
    """Yield the lists that were shown; None for one of which nobody can say whom it names."""
    for each in shown:
        if each.function != "destinations" or not each.passed:
            continue
        try:
            given = json.loads(each.value)
        except (ValueError, RecursionError):
            given = None
        if given == _SKIPPED:
            yield ()
        elif isinstance(given, list) and given and all(isinstance(entry, str) and entry in known for entry in given):
            yield tuple((entry, each.position) for entry in given)
        else:
            yield expected.get(each.test)


def _more(found: Returns, literals: Iterable[tuple[Word, ...]], shown: Sequence[Shown], function: str) -> Returns:
    """Return what is known with these as well; with nothing that is not known any more, unless a test of it failed.

    A test that raises an alert and has no line for the function got None from it.
    """
    every: dict[tuple[str, ...] | None, tuple[Word, ...] | None] = {words_of(each): each for each in literals}
    alerting = {each.test for each in shown if each.function in ("rule", "policy") and each.passed}
    quiet = {each.test for each in shown if each.function == "rule" and each.value.strip().lower() != "true"}
    quiet |= {each.test for each in shown if each.function == "policy" and each.value.strip().lower() == "true"}
    if (alerting - quiet) - {each.test for each in shown if each.function == function}:
        every.setdefault(None, None)
    every |= {words_of(each): each for each in found.literals}
    failed = any(each.function == function and not each.passed for each in shown)
    return replace(found, literals=tuple(every.values()), unknown=found.unknown if failed else "")

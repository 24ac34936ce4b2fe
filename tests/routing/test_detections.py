"""Where the alerts of detections go, beyond what the cases of `tests/cases/detections` say."""

from dataclasses import replace

import pytest

from blinkdecl.diagnostics import Position
from blinkdecl.model.configuration import Silence
from blinkdecl.model.detection import Detection, Returns
from blinkdecl.routing.detection_problems import reference_problems
from blinkdecl.routing.detections import Outcome, routes_of
from blinkdecl.routing.receiver import Receiver
from blinkdecl.routing.route import RoutingRules

AT = Position("r.yml", 2, 9)
HIGH = Receiver("destination.high", "id-high", "High", ("HIGH",))
INFO = Receiver("destination.info", "id-info", "Info", ("INFO",))
RULE = Detection("A", AT, "RULE", "HIGH")


def word(text: str) -> tuple[tuple[str, Position], ...]:
    """Return a literal of one text."""
    return ((text, AT),)


@pytest.mark.parametrize(
    ("generated", "rules", "reached"),
    [
        (Returns((word("DEFAULT"),)), "current", ["High"]),
        (Returns((word("DEFAULT"),)), "2021", ["Info"]),
        (Returns((None,)), "current", ["High"]),
        (Returns((None,)), "2021", ["Info"]),
        (Returns((None,), wrong=word("SEVERE")), "current", ["High"]),
        (Returns((None,), wrong=word("SEVERE")), "2021", ["Info"]),
        (Returns(), "current", ["High"]),
        (Returns(unknown="it is computed"), "current", ["High"]),
        (Returns((word("INFO"),), unknown="it is computed"), "current", ["High", "Info"]),
    ],
)
def test_what_is_no_severity(generated: Returns, rules: RoutingRules, reached: list[str]) -> None:
    """Today it is the static one, in 2021 it was INFO; where more may come, the static one is one way."""
    [found] = routes_of([replace(RULE, generated=generated)], [HIGH, INFO], rules)
    assert [each.display_name for each in found.reached] == reached


@pytest.mark.parametrize(("rules", "reached", "outcome"), [("current", [], "lost"), ("2021", ["High"], "reached")])
def test_ids_that_are_gone(rules: RoutingRules, reached: list[str], outcome: Outcome) -> None:
    """In 2021 they are passed over."""
    [found] = routes_of([replace(RULE, override=word("id-gone"))], [HIGH, INFO], rules)
    assert ([each.display_name for each in found.reached], found.outcome) == (reached, outcome)


def test_declared_silence() -> None:
    """Nobody is meant; of several ways, each must be."""
    quiet = Silence(("LOW",), (), (), "noise", AT)
    low = replace(RULE, severity="LOW")
    assert routes_of([low], [HIGH], "current", [quiet])[0].outcome == "silent"
    assert routes_of([low], [HIGH], "current")[0].outcome == "lost"
    both = replace(low, changed_to=word("MEDIUM"))
    assert routes_of([both], [HIGH], "current", [quiet])[0].outcome == "lost"


def test_known_entries_of_pypanther() -> None:
    """They are reached, whatever stands beside them; the name that is not known is an error all the same."""
    rule = replace(RULE, severity="LOW", returned=Returns(((*word("High"), *word("typo")),)), keeps_known=True)
    [found] = routes_of([rule], [HIGH], "current")
    assert [each.display_name for each in found.reached] == ["High"]
    [problem] = reference_problems([rule], [HIGH], [HIGH], planned=False)
    assert (problem.code, [label for label, _ in problem.notes]) == ("unknown-destination", ["at", "help"])


def test_a_place_is_told_of_once() -> None:
    """However many detections inherit it."""
    rules = [replace(RULE, id=each, returned=Returns((word("typo"),))) for each in ("A", "B", "C")]
    assert len(list(reference_problems(rules, [HIGH], [HIGH], planned=False))) == 1


def test_a_severity_that_is_not_known() -> None:
    """No setting takes it; what the detection names is reached all the same."""
    unknown = replace(RULE, severity=None, unknown=("its Severity",))
    assert routes_of([unknown], [HIGH], "current")[0].reached == ()
    assert routes_of([replace(unknown, override=word("id-high"))], [HIGH], "current")[0].reached == (HIGH,)

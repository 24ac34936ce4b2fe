"""A repository of detections: what is wrong with a file is a warning, and what is not known is said."""

import time
from pathlib import Path

import pytest

from blinkdecl.detections.repository import read_detections
from blinkdecl.diagnostics import Failure
from blinkdecl.routing.detection_problems import reference_problems
from blinkdecl.routing.detections import routes_of
from blinkdecl.routing.receiver import Receiver

SOC = Receiver("destination.soc", "id-soc", "Blink SOC", ("HIGH",))


def test_a_file_name_that_is_none(tmp_path: Path) -> None:
    """A NUL in `Filename` is a warning like any other wrong name; its destinations are not known."""
    (tmp_path / "a.yml").write_text('AnalysisType: rule\nRuleID: A\nSeverity: High\nFilename: "\\0.py"\n')
    found = read_detections(tmp_path, Path())
    [detection], [problem] = found.detections, found.problems
    assert problem.summary == "its Filename leads out of the folder"
    assert detection.not_known


RULE = "AnalysisType: rule\nRuleID: A\nSeverity: High\n"
ENTRY = "{ID: a, RuleID: B}"


CORRELATION = RULE.replace("rule", "correlation_rule")
NAMES = ", ".join(f"N{number}" for number in range(5000))
LOGS = ", ".join(f"Custom.L{number}" for number in range(20_000))


@pytest.mark.parametrize(
    "text",
    [
        f"{CORRELATION}g: &g {{Group: [&e {ENTRY}{', *e' * 5000}]}}\nDetection: [*g{', *g' * 5000}]\n",
        f"{RULE}LogTypes: [{LOGS}]\n",
        f"{RULE}{chr(10) * 40_000}Tests:\n  - Name: a\n",
        f"{RULE}n: &n [{NAMES}]\nt: &t {{Name: x, ExpectedDestinations: *n}}\nTests: [*t{', *t' * 5000}]\n",
    ],
    ids=range(4),
)
def test_a_file_is_read_within_a_moment(tmp_path: Path, text: str) -> None:
    """However much its aliases and lists stand for; it is said that not all of them were looked at."""
    (tmp_path / "r.yml").write_text(text)
    begun = time.process_time()  # of this process: others may be busy
    found = read_detections(tmp_path, Path())
    routes = routes_of(found.detections, [SOC], "current")
    list(reference_problems(found.detections, [SOC], [SOC], planned=False))
    assert time.process_time() - begun < 2
    assert len(routes) == 1


@pytest.mark.parametrize(
    "text",
    [
        "if a:\n    pass\n" + "elif b:\n    pass\n" * 1500,
        f"class B(Rule{'.x' * 1500}):\n    id = 'B'\n",
        f"class B(Rule):\n    id = 'B'\n    default_destinations = {'[] + ' * 1500}[]\n",
        f"class B(Rule, {'1 + ' * 1500}1):\n    id = 'B'\n",
    ],
    ids=range(4),
)
def test_classes_that_are_nested_too_deeply(tmp_path: Path, text: str) -> None:
    """They are not read, and that is said; or they are."""
    (tmp_path / "a.yml").write_text(RULE)
    (tmp_path / "main.py").write_text(f"from pypanther import Rule\n{text}")
    found = read_detections(tmp_path, Path())
    assert found.detections[0].id == "A"


def test_nothing_but_what_cannot_be_read(tmp_path: Path) -> None:
    """The reason why no detection was found."""
    (tmp_path / "a.yml").write_text("AnalysisType: rule\nRuleID: [\n")
    with pytest.raises(Failure, match="no-detections") as caught:
        read_detections(tmp_path, Path())
    assert "1 file could not be read; a.yml: " in str(caught.value.diagnostics[0].notes)


def test_a_helper_that_is_outside(tmp_path: Path) -> None:
    """It is not read: what is in it would be shown where it is no destination."""
    (tmp_path / "secrets.py").write_text("def destinations(event):\n    return ['canary']\n")
    (tmp_path / "d").mkdir()
    for file in ("../secrets.py", str(tmp_path / "secrets.py"), "\\0"):
        (tmp_path / "d/helper.yml").write_text(f'AnalysisType: global\nGlobalID: acme\nFilename: "{file}"\n')
        (tmp_path / "d/a.yml").write_text(f"{RULE}Filename: a.py\n")
        (tmp_path / "d/a.py").write_text("from acme import destinations\n")
        found = read_detections(tmp_path, Path("d"))
        assert found.detections[0].not_known == ("destinations() is imported (d/a.py:1)",)
        assert "canary" not in repr(found)

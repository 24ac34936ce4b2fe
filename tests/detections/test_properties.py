"""The properties of a YAML file of a detections repository: leniently, and where they are written."""

from pathlib import Path

import pytest

from benchmarks.detections import write_detections
from blinkdecl.config.document.parse import compose
from blinkdecl.detections.properties import Properties, read_properties
from blinkdecl.diagnostics import Diagnostic, Position

KEYS = ("AnalysisType", "RuleID", "Severity", "Filename", "BaseDetection")


def properties(text: str) -> Properties:
    """Return the properties of a text."""
    return Properties("r.yml", text, compose("r.yml", text))


def read(folder: Path, text: str) -> Properties:
    """Return the properties of a file."""
    (folder / "r.yml").write_text(text)
    found = read_properties(folder / "r.yml", "r.yml", folder)
    assert isinstance(found, Properties)
    return found


def test_plain_words_as_yaml_1_2_has_them() -> None:
    """A flag is true or false and nothing else, and a text is whatever else is written."""
    found = properties("a: yes\nb: True\nc: 'true'\nd: 1:30\ne: ~\nf: 2026-01-01\n")
    assert [found.flag(each) for each in "abcde"] == [None, True, None, None, None]
    assert [(found.word(each) or ("",))[0] for each in "abcdef"] == ["yes", "", "true", "1:30", "", "2026-01-01"]
    assert [what for what, _ in found.problems] == [
        "a is neither true nor false",
        "c is neither true nor false",
        "d is neither true nor false",
        "b is not a text",
    ]


def test_lists_and_their_places() -> None:
    """What is no list of texts is a problem; a place is that of the item, wherever an alias leads."""
    found = properties("a: &x [one, two]\nb: *x\nc: {d: e}\nf: [1, [2]]\ng: []\n")
    assert found.words("b") == (("one", Position("r.yml", 1, 8)), ("two", Position("r.yml", 1, 13)))
    assert [found.words(each) for each in "cgh"] == [(), (), None]
    assert found.words("f") == (("1", Position("r.yml", 4, 5)),)
    assert [what for what, _ in found.problems] == ["c is not a list of texts", "f is not a list of texts"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("one: &one {k: 1}\n<<: *one\n", "1"),
        ("one: &one {k: 1}\n<<: *one\nk: 2\n", "2"),
        ("one: &one {k: 1}\ntwo: &two {k: 2}\n<<: [*two, *one]\n", "2"),
        ("one: &one {k: 1}\ntwo: &two {<<: *one}\n<<: *two\n", "1"),
        ("k: 1\nk: 2\n", "2"),
        ("<<: text\nk: 3\n", "3"),
        ("one: &one {k: 1}\ntwo: &two {x: 2}\n<<: *one\n<<: *two\n", "1"),
        ("one: &one {k: 1}\ntwo: &two {k: 2}\n<<: *one\n<<: *two\n", "2"),
    ],
)
def test_merge_keys(text: str, found: str) -> None:
    """A mapping's own keys go first, then those of the first that it merges; of a key that is there twice, the last."""
    word = properties(text).word("k")
    assert word is not None
    assert word[0] == found


def test_many_merges_take_no_longer(tmp_path: Path) -> None:
    """A chain of them, each merging the one before."""
    chain = "".join(f"a{n}: &a{n} {{<<: *a{n - 1}, k{n}: v}}\n" for n in range(1, 8000))
    found = read(tmp_path, f"AnalysisType: rule\na0: &a0 {{k: 1}}\n{chain}<<: *a7999\n")
    assert found.word("nothing") is None
    assert found.word("k7999") is not None


TESTS = "Tests:\n  - Name: a\n    Log: {1: 2}\n"


@pytest.mark.parametrize(
    "text",
    [
        f"AnalysisType: rule\nRuleID: A\n{TESTS}",
        f"AnalysisType: rule\n{TESTS}RuleID: A\nSeverity: High\n",
        "AnalysisType: rule\nTests:\n- Name: a\n- Name: b\nRuleID: A\n",
        "AnalysisType: rule\nTests:\n  # a comment\n\n# another\n  - Name: |\n      Severity: Low\nRuleID: A\n",
        "AnalysisType: rule\nTests:\n  - &a Name\nRuleID: *a\n",
        "AnalysisType: rule\nTests: &t\n  - b\nRuleID: A\n",
        'AnalysisType: rule\nDescription: "a\nTests:\n "\nRuleID: A\nSeverity: High\nX: "b"\n',
        "AnalysisType: rule\nDescription: 'a\nTests:\n  '\nRuleID: A\nX: 'b'\n",
        'AnalysisType: rule\nDescription:\n  "a\nTests:\n "\nRuleID: A\nX: "b"\n',
        'AnalysisType: rule\nTests:\n  - a\n"RuleID": A\n',
        "AnalysisType: rule\nTests:\n  - a\n? RuleID\n: A\n",
        "AnalysisType: rule\nDescription: |\n  Tests:\n  RuleID: B\nRuleID: A\n",
        'AnalysisType: rule\nRuleID: A\nTests:\n  - Name: a\n    Log: "first\nSeverity: Low\nO: x"\nDisplayName: b\n',
        'AnalysisType: rule\nRuleID: A\nD: "a \\" b\nTests:\n - c"\nSeverity: High\nX: [y] # "\nFilename: x.py\n',
        "AnalysisType: rule\nRuleID: A\nTests:\n  - Name: 'first\nSeverity: Low\nOther: x'\nDisplayName: b\n",
        "{AnalysisType: rule,\nTests:\n [a],\nRuleID: A}\n",
    ],
)
def test_unit_tests_that_are_left_out_change_nothing(tmp_path: Path, text: str) -> None:
    """Neither what is read nor where it is, however they are written."""
    _same(read(tmp_path, text), properties(text))


def test_they_change_nothing_in_a_repository(tmp_path: Path) -> None:
    """The same, in files of every kind."""
    write_detections(tmp_path / "d", 60)
    for path in sorted((tmp_path / "d").rglob("[!.]*.yml")):
        found = read_properties(path, "r.yml", tmp_path)
        assert isinstance(found, Properties)
        _same(found, properties(path.read_text()))


def _same(one: Properties, other: Properties) -> None:
    assert [one.word(each) for each in KEYS] == [other.word(each) for each in KEYS]
    assert [one.words(each) for each in ("OutputIds", "LogTypes")] == [
        other.words(each) for each in ("OutputIds", "LogTypes")
    ]


def test_what_is_broken_in_the_tests_is_told(tmp_path: Path) -> None:
    """A second document makes the file invalid, as it does for the other tool."""
    (tmp_path / "r.yml").write_text(f"AnalysisType: rule\nRuleID: A\n{TESTS}---\nRuleID: B\n")
    assert isinstance(read_properties(tmp_path / "r.yml", "r.yml", tmp_path), Diagnostic)

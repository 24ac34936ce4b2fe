"""What the unit tests of detections showed, as another tool printed it."""

from dataclasses import replace

from blinkdecl.detections.tested import read_results, with_tests
from blinkdecl.diagnostics import Position
from blinkdecl.model.detection import Detection, Returns, words_of

AT = Position("r.yml", 2, 9)
COMPUTED = Returns(unknown="it is computed")
RULE = Detection("AWS.Root", AT, "RULE", "LOW", returned=COMPUTED, generated=COMPUTED)
GREEN, RED, END = "\x1b[32m", "\x1b[31m", "\x1b[0m"
OUTPUT = f"""\
[INFO]: Testing analysis items in .

AWS.Root
\t[{GREEN}PASS{END}] root signs in
\t\t[{GREEN}PASS{END}] [rule] true
\t\t[{GREEN}PASS{END}] [severity] HIGH
\t\t[{GREEN}PASS{END}] [title] [severity] is no function here
\t\t[{GREEN}PASS{END}] [destinations] ["SKIP"]
\t[{GREEN}PASS{END}] a user signs in
\t\t[{GREEN}PASS{END}] [severity] MEDIUM
\t\t[{GREEN}PASS{END}] [destinations] ["6a1c8d70-0000-4000-8000-000000000000"]
\t[{RED}FAIL{END}] nobody signs in
\t\t[{RED}FAIL{END}] [severity] AssertionError: Expected severity to be any of ...

Other
\t[PASS] x
\t\t[PASS] [severity] CRITICAL

--------------------------
Test Summary
\tPath: .
\tPassed: 2
"""


def after_tests(output: str, rule: Detection = RULE, known: tuple[str, ...] = ("Blink SOC", "id-soc")) -> Detection:
    """Return the rule with what the output shows."""
    [found] = with_tests([rule], read_results(output.splitlines(), "results.txt"), known)
    return found


def literals(found: Returns | None) -> list[tuple[str, ...] | None]:
    """Return the literals without places."""
    return [words_of(each) for each in found.literals] if found is not None else []


def test_severities() -> None:
    """Those of tests that passed are ways; where one failed, or had none, there are others."""
    found = after_tests(OUTPUT).generated
    assert literals(found) == [("HIGH",), ("MEDIUM",)]
    assert found is not None
    assert found.dynamic
    assert [str(each[0][1]) for each in found.literals if each] == ["results.txt:6:1", "results.txt:10:1"]
    passed = "AWS.Root\n\t[PASS] a\n\t\t[PASS] [rule] true\n\t\t[PASS] [severity] HIGH\n\t[PASS] b\n\t\t[PASS] [rule] "
    found = after_tests(f"{passed}true\n").generated
    assert (literals(found), found and found.unknown) == ([("HIGH",), None], "")
    found = after_tests(f"{passed}false\n").generated
    assert (literals(found), found and found.unknown) == ([("HIGH",)], "")


def test_destinations_that_nobody_can_name() -> None:
    """The tool prints ids that it made up: of one such list, nobody knows whom it names."""
    assert after_tests(OUTPUT).returned == COMPUTED


def test_destinations_that_are_expected() -> None:
    """A test that passed, and says by name whom it expects."""
    rule = replace(RULE, expected=(("a user signs in", (("Blink SOC", AT),)),))
    found = after_tests(OUTPUT, rule).returned
    assert literals(found) == [(), ("Blink SOC",)]
    assert found is not None
    assert found.unknown == ""


def test_destinations_by_known_names() -> None:
    """Where the ids are those of destinations that exist."""
    found = after_tests('AWS.Root\n\t[PASS] a\n\t\t[PASS] [destinations] ["id-soc", "Blink SOC"]\n').returned
    assert literals(found) == [("id-soc", "Blink SOC")]


def test_failures() -> None:
    """A name that the tool did not know, and a type that is none, are what a static look might have found."""
    odd = after_tests("AWS.Root\n\t[PASS] a\n\t\t[PASS] [destinations] [1, 2]\n").returned
    assert odd == COMPUTED
    unknown = "\t\t[FAIL] [destinations] UnknownDestinationError: Invalid Destinations: ['Nope', \"O'B\"]\n"
    wrong = (
        "\t\t[FAIL] [destinations] FunctionReturnTypeError: detection [AWS.Root] function [destinations] returned "
        "[tuple], expected a list\n"
    )
    found = after_tests(f"AWS.Root\n\t[FAIL] a\n{unknown}{wrong}").returned
    assert found is not None
    assert [word for word, _ in found.named] == ["Nope", "O'B"]
    assert [what for what, _ in found.wrong] == ["a tuple"]
    assert found.unknown


def test_what_is_literal_stays() -> None:
    """Tests add nothing to what is known, and nothing comes of output of another kind."""
    known = replace(RULE, returned=None, generated=Returns((None,)))
    assert after_tests(OUTPUT, known) == known
    for output in (
        "",
        "\0\n\t\t\n",
        "AWS.Root",
        "\t\t[PASS] [severity] HIGH",
        "{" * 1000,
        f"AWS.Root\n\t[PASS] a\n\t\t[PASS] [destinations] {'[' * 5000}",
        "AWS.Root\n\t\t[PASS] [severity] x",
    ):
        assert after_tests(output) == RULE

"""The names that live destinations get, and the variables that hold their secrets."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blinkdecl.config.names import name_for, variables_for
from blinkdecl.model.resource import NAME_PATTERN
from blinkdecl.model.trust import Trust, env_problem

ID = "6F1C0D3A-0000-4000-8000-000000000000"


@pytest.mark.parametrize(
    ("display_name", "name"),
    [
        ("Blink SOC", "blink-soc"),
        ("24/7 on-call", "blink-24-7-on-call"),
        ("Größe", "grosse"),
        ("STRAẞE Łódź Ærø İstanbul œuvre þorn", "strasse-lodz-aero-istanbul-oeuvre-thorn"),
        ("\uff33\uff2f\uff23 ② ﬁn", "soc-2-fin"),
        ("SOC 🚨", "soc"),
        ("東京", "blink-6f1c0d3a"),
        ("Тревога", "blink-6f1c0d3a"),
        ("SOC 東京", "soc-6f1c0d3a"),
        ("Bl\u0456nk", "bl-nk-6f1c0d3a"),
        ("!!!", "blink-6f1c0d3a"),
        ("🚨", "blink-6f1c0d3a"),
        ("x" * 80, "x" * 48),
        ("true", "blink-true"),
        ("NULL", "blink-null"),
        ("False!", "blink-false"),
        ("yes", "blink-yes"),
        ("012", "blink-012"),
        ("1e3", "blink-1e3"),
        (" a  b\n", "a-b"),
    ],
)
def test_names_are_made_of_display_names(display_name: str, name: str) -> None:
    """Letters of ASCII, digits and dashes; a letter first; never too long; other scripts by the id."""
    assert name_for(display_name, ID, ()) == name


def test_names_that_are_taken_get_the_id() -> None:
    """Then a number, so that nothing has the name of something else; ids that are no words have a digest."""
    assert name_for("SOC", ID, {"soc"}) == "soc-6f1c0d3a"
    assert name_for("SOC", ID, {"soc", "soc-6f1c0d3a"}) == "soc-6f1c0d3a-2"
    assert re.fullmatch("soc-[0-9a-f]{8}", name_for("SOC", "\ud800:7", {"soc"}))


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("soc", "BLINK_SOC"),
        ("blink-soc", "BLINK_SOC"),
        ("blink-blink-soc-soc", "BLINK_SOC"),
        ("soc-api-key", "BLINK_SOC"),
        ("soc-url", "BLINK_SOC"),
        ("blink", "BLINK_WEBHOOK"),
        ("api-key", "BLINK_WEBHOOK"),
        ("blink-24-7", "BLINK_24_7"),
    ],
)
def test_no_word_is_doubled_in_a_variable(name: str, words: str) -> None:
    """Neither the prefix nor what says which secret it is; BLINK_API_KEY is left to Blink's own API."""
    assert variables_for(name, ID, ()) == (f"{words}_URL", f"{words}_API_KEY")


@pytest.mark.parametrize("taken", ["BLINK_SOC_API_KEY", "BLINK_SOC_URL"])
def test_a_variable_that_is_used_is_not_used_again(taken: str) -> None:
    """Two triggers whose names differ in nothing but a word that is left out have different keys."""
    assert variables_for("blink-soc", ID, {taken}) == ("BLINK_SOC_6F1C0D3A_URL", "BLINK_SOC_6F1C0D3A_API_KEY")


@given(st.lists(st.tuples(st.text(max_size=70), st.text(max_size=12)), max_size=6))
def test_whatever_is_live(objects: list[tuple[str, str]]) -> None:
    """Every name has the form that the schema asks for, no two are the same, and every variable may be named."""
    names: set[str] = set()
    variables: set[str] = set()
    for display_name, object_id in objects:
        name = name_for(display_name, object_id, names)
        made = variables_for(name, object_id, variables)
        assert re.fullmatch(NAME_PATTERN, name)
        assert all(re.fullmatch("BLINK_[A-Z0-9_]+", each) for each in made)
        assert not any(env_problem(Trust(), each, "webhook") for each in made)
        assert name not in names
        assert not variables.intersection(made)
        names.add(name)
        variables.update(made)

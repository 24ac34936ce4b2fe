"""What was probably meant: the question, and how often it is searched for."""

import pytest

from blinkdecl.diagnostics import Suggestions, did_you_mean, words


def test_the_question_has_quotes_unless_it_is_typed() -> None:
    """Without anything to offer, the other remedy is given."""
    assert did_you_mean("soc") == 'did you mean "soc"?'
    assert did_you_mean("trigger.soc", "look it up", quoted=False) == "did you mean trigger.soc?"
    assert did_you_mean(None, "look it up") == "look it up"
    assert did_you_mean(None) == ""


def test_a_word_is_searched_once_and_only_the_first_few(monkeypatch: pytest.MonkeyPatch) -> None:
    """After twenty words of a kind nothing is searched any more, and what was found is still given."""
    searched: list[str] = []

    def counted_search(word: str, known: object) -> str:
        del known
        searched.append(word)
        return "found"

    monkeypatch.setattr(words, "closest", counted_search)
    suggestions = Suggestions()
    for _ in range(2):
        answers = [suggestions.meant("property", f"word-{number}", ["known"]) for number in range(30)]
        assert answers == ["found"] * 20 + [None] * 10
    assert len(searched) == 20
    assert suggestions.meant("value", "word-25", ["known"]) == "found"


def test_the_same_word_among_others_is_another_question() -> None:
    """Properties have different neighbours in different places."""
    suggestions = Suggestions()
    assert suggestions.meant("property", "nmae", ["name"]) == "name"
    assert suggestions.meant("property", "nmae", ["other"]) is None

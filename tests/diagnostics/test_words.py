"""What was probably meant: the question, and how often it is searched for."""

import pytest

from blinkdecl.diagnostics import Suggestions, closest, did_you_mean, words


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


COMMANDS = ("validate", "plan", "show", "apply", "import", "destroy", "drift", "test", "route", "state", "init")
ADDRESSES = ("destination.blink-soc", "destination.blink-critical", "trigger.soc")
SEVERITIES = ("INFO", "LOW", "MEDIUM", "HIGH", "CRITICAL")
PROPERTIES = ("display_name", "severities", "alert_types", "log_types", "allow_manual_dispatch", "lifecycle")


@pytest.mark.parametrize(
    ("word", "known", "meant"),
    [
        ("plam", COMMANDS, "plan"),
        ("destory", COMMANDS, "destroy"),
        ("vaildate", COMMANDS, "validate"),
        ("CRIT", SEVERITIES, "CRITICAL"),
        ("hihg", SEVERITIES, "HIGH"),
        ("MED", SEVERITIES, "MEDIUM"),
        ("destination.blink-sok", ADDRESSES, "destination.blink-soc"),
        ("destinations.blink-soc", ADDRESSES, "destination.blink-soc"),
        ("destination.blinksoc", ADDRESSES, "destination.blink-soc"),
        ("destination.soc", ADDRESSES, "destination.blink-soc"),
        ("blink-soc", ADDRESSES, "destination.blink-soc"),
        ("trigger.soc", ("soc", "night"), "soc"),
        ("CloudTrail", ("AWS.CloudTrail", "AWS.S3"), "AWS.CloudTrail"),
        ("displayName", PROPERTIES, "display_name"),
        ("severity", PROPERTIES, "severities"),
        ("logtypes", PROPERTIES, "log_types"),
        ("allow_dispatch", PROPERTIES, "allow_manual_dispatch"),
        ("detailed-exit-code", ("detailed-exitcode", "detections"), "detailed-exitcode"),
        ("Blink triage", ("Blink SOC triage", "Blink night"), "Blink SOC triage"),
    ],
)
def test_what_is_near_is_offered(word: str, known: tuple[str, ...], meant: str) -> None:
    """A slip, another spelling, a beginning, a kind or a word left out."""
    assert closest(word, known) == meant


@pytest.mark.parametrize(
    ("word", "known"),
    [
        *((word, COMMANDS) for word in ("deploy", "refresh", "taint", "lint", "diff", "output", "graph", "s", "")),
        *((word, ADDRESSES) for word in ("destination.nope", "destination.*", "*", "destination.blink-low", "x" * 999)),
        *((word, ADDRESSES) for word in ("trigger.blink-soc", "destination.blink", "destination.blink-s?c", "blink")),
        *((word, SEVERITIES) for word in ("WARN", "P1", "nope", "ERROR")),
        *((word, PROPERTIES) for word in ("types", "enabled", "url")),
        ("prod-eu", ("prod-us", "dev-eu")),
        ("destination.a", ("destination.b",)),
    ],
)
def test_what_is_far_is_not(word: str, known: tuple[str, ...]) -> None:
    """Nor what may be several, a pattern, or of another kind: the question would mislead."""
    assert closest(word, known) is None

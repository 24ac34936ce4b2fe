"""Names that look the same, and how that is said."""

import pytest

from blinkdecl.model.lookalikes import difference, folded, forms, invisible_in, mixed_in, skeleton

CRITICAL = "\u041a\u0440\u0438\u0442\u0438\u0447\u043d\u044b\u0435"


@pytest.mark.parametrize(
    "name",
    [
        "Blink S\u041eC", "Blink S\u039fC", "bl\u0456nk s\u043e\u0441", "\uff22link SOC", "Blink \U0001d412OC",
        "Blink SOC\u200b", "Bl\u00adink SOC", "Blink\u2060 SOC", "Blink SOC\ufe0f", "\u202eBlink SOC",
        "Blink SO\u034fC", "Blink SOC\U000e0043", "Blink\u00a0SOC", "\u0392link SOC", "Blink \u0405OC",
        "Blink S\u3164OC",
    ],
)  # fmt: skip
def test_same_look(name: str) -> None:
    """Letters of another script or font, and what nobody sees, make no difference to a person."""
    assert folded(name) != folded("Blink SOC")
    assert skeleton(name) == skeleton("Blink SOC")
    assert difference(name, "Blink SOC") is not None


@pytest.mark.parametrize("other", ["Blink S0C", "Blink-SOC", "Blink SOCK", CRITICAL, ""])
def test_other_look(other: str) -> None:
    """What a person can tell apart stays apart."""
    assert skeleton("Blink SOC") != skeleton(other)
    assert difference("Blink SOC", other) is None


def test_the_character_is_named() -> None:
    """Which of the two names has it is said, since either may be the one that is looked at."""
    assert difference("S\u041eC", "SOC") == "it has U+041E CYRILLIC CAPITAL LETTER O"
    assert difference("SOC", "S\u041eC") == "the other has U+041E CYRILLIC CAPITAL LETTER O"
    assert difference("soc", "SOC") is None


def test_case_does_not_count_in_any_script() -> None:
    """Two spellings of a word have a form in common, whichever letters have the shape of Latin ones."""
    greek = "\u039d\u03ad\u03b1"
    assert set(forms(CRITICAL.upper())) & set(forms(CRITICAL))
    assert set(forms(greek.upper())) & set(forms(greek))
    assert forms("Blink") == ("blink",)


@pytest.mark.parametrize(
    ("name", "letter"),
    [
        ("Blink S\u041eC", "\u041e"), ("\u03b1lert", "\u03b1"), ("\uff22link", "\uff22"),
        ("S\U0001d40eC", "\U0001d40e"), ("Blink SOC", None), (CRITICAL, None), (f"Blink {CRITICAL}", None),
        ("N\u00ba 5", None), ("T\u00e4glich", None),
        ("10 \u03bcs", None), ("\u65e5\u672c SOC", None),
    ],
)  # fmt: skip
def test_mixed_words(name: str, letter: str | None) -> None:
    """A word of Latin and look-alike letters is odd; a name of several scripts is not."""
    assert mixed_in(name) == letter


@pytest.mark.parametrize(("name", "found"), [("a\ufe0f", "\ufe0f"), ("\u2764\ufe0f", None), ("a\u3164", "\u3164")])
def test_invisible(name: str, found: str | None) -> None:
    """Nobody sees a filler; the selector behind an emoji is part of it."""
    assert invisible_in(name) == found

"""Durations, as options and YAML spell them."""

import pytest

from blinkdecl.model.duration import seconds_of, spelt


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("0s", 0), ("500ms", 0.5), ("30s", 30), ("30", 30), ("1.5m", 90), ("1h", 3600), ("7d", 604800), ("1e3", 1000)],
)
def test_what_is_a_duration(text: str, seconds: float) -> None:
    """Every unit, and none."""
    assert seconds_of(text) == seconds


@pytest.mark.parametrize("text", ["", "s", "soon", "-1s", "1w", "1sm", "1 s s", "inf", "nan", "infs", "1e999s"])
def test_what_is_none(text: str) -> None:
    """Nothing negative, nothing endless, no other unit."""
    with pytest.raises(ValueError, match=r"duration|float"):
        seconds_of(text)


@pytest.mark.parametrize("text", ["7d", "25h", "90m", "1h", "45s", "0.5s", "0s"])
def test_a_duration_is_spelt_as_it_was_written(text: str) -> None:
    """In the largest unit that fits it."""
    assert spelt(seconds_of(text)) == text

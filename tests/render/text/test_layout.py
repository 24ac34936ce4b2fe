"""What text is laid out for."""

import pytest

from blinkdecl.render.text.layout import PLAIN, Layout, paragraph, pasteable

THERE = Layout(program="blinkdecl -C alerts --env dev")


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ("run `blinkdecl apply`", "run `blinkdecl -C alerts --env dev apply`"),
        ("`blinkdecl state unlock 1` frees it", "`blinkdecl -C alerts --env dev state unlock 1` frees it"),
        ("`blinkdecl -C alerts --env dev plan`", "`blinkdecl -C alerts --env dev plan`"),
        ("`blinkdecl help trigger`, `blinkdecl schema`", "`blinkdecl help trigger`, `blinkdecl schema`"),
        ("blinkdecl applies", "blinkdecl applies"),
    ],
)
def test_a_command_is_for_the_same_project(told: str, expected: str) -> None:
    """With the options that select it, once, and only where the command takes a project."""
    assert pasteable(told, THERE) == expected
    assert pasteable(told, PLAIN) == told


def test_a_command_with_its_options_is_not_broken() -> None:
    """It is measured as it is printed."""
    text = paragraph("word " * 12 + "`blinkdecl apply` does it", THERE)
    assert [len(line) <= 80 for line in text.split("\n")] == [True, True]
    assert "`blinkdecl -C alerts --env dev apply`" in text

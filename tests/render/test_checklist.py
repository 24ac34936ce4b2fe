"""The steps for a person: names from YAML cannot change what Markdown shows, and long lines wrap."""

import pytest

from blinkdecl.render.checklist import Section, Step, steps_markdown
from tests.support.rendered import steps_text

HOSTILE = [
    "`code`",
    "``` fence",
    "<img src=x>",
    "[x](javascript:y)",
    "@org/team",
    "a\n- [x] done",
    "|",
    "\x1b[2J",
    "# h",
]


def section(text: str) -> Section:
    """Return a section that shows a text in every style."""
    step = Step((("", text), ("ui", text), ("do", text)), ((("do", text),),))
    return Section("destination.x", f'Create "{text}"', (step,), "blinkdecl confirm destination.x")


@pytest.mark.parametrize("text", HOSTILE)
def test_names_cannot_break_out(text: str) -> None:
    """One task for the step and one for the confirmation, whatever is in the names."""
    shown = steps_markdown((section(text),))
    assert sum(line.startswith("- [ ] ") for line in shown.splitlines()) == 2
    assert "- [x]" not in [line[:5] for line in shown.splitlines()]
    assert "\x1b" not in shown
    outside = "".join(part for number, part in enumerate(shown.split("`")) if number % 2 == 0)
    assert "<img" not in outside.replace("\\<", "")


def test_a_code_span_is_longer_than_the_backticks_in_it() -> None:
    """As Markdown wants it."""
    assert "```` ``` fence ````" in steps_markdown((section("``` fence"),))


def test_text_is_numbered_and_wraps() -> None:
    """The last step is the command that proves and records, in one piece."""
    shown = steps_text((section("word " * 30),))
    assert all(len(line) <= 80 for line in shown.splitlines()[1:])
    assert "  2. Prove and record it: `blinkdecl confirm destination.x`" in shown

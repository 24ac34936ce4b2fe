"""Hostile text is shown, never obeyed."""

import json
import re
import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blinkdecl.model.live import LiveObject
from blinkdecl.model.plan import Plan
from blinkdecl.render.safe import one_line, quoted, safe
from blinkdecl.render.terminal import paint
from blinkdecl.render.text.drift import drift_text
from blinkdecl.render.text.marks import END, Mark, plain, safe_but_marks
from blinkdecl.render.text.plan import plan_text
from blinkdecl.render.view.json import to_json
from blinkdecl.render.view.parts import View
from blinkdecl.render.view.plan import plan_view
from tests.support.made import plans


def hostile(text: str) -> set[str]:
    """Return the characters that a terminal obeys or hides, by what Unicode says of them.

    Of the format characters (Cf) those of a script's own direction, like the Arabic number sign, are visible.
    """
    return {
        each
        for each in text
        if unicodedata.category(each) in ("Cc", "Cs", "Zl", "Zp")
        or (unicodedata.category(each) == "Cf" and unicodedata.bidirectional(each) not in ("AN", "AL", "L"))
    } - {"\n"}


@pytest.mark.parametrize(
    ("given_text", "shown"),
    [
        ("\x1b]8;;http://evil\x1b\\", r"\x1b]8;;http://evil\x1b" + "\\"),
        ("\x9b31m", r"\x9b31m"),
        ("a\rFAKE\tb", r"a\rFAKE\tb"),
        ("\u202egnp.exe", r"\u202egnp.exe"),
        ("\u200e\u200f\u061c", r"\u200e\u200f\u061c"),
        ("a\u200bb\ufeff\u2028\u2029", r"a\u200bb\ufeff\u2028\u2029"),
        ("\ud800", r"\ud800"),
        ("\U000e0041", r"\U000e0041"),
        ("\ufdd0no\ufddf\ufdef", r"\ufdd0no\ufddf\ufdef"),
        ("é 日本 \\x1b\n", "é 日本 \\x1b\n"),
    ],
)
def test_hostile_characters_are_made_visible(given_text: str, shown: str) -> None:
    """Escapes, bidirectional and invisible characters read as what they are; the rest stays."""
    assert safe(given_text) == shown


@given(st.text() | st.text(st.characters(categories=["Cc", "Cf", "Cs", "Zl", "Zp"])))
def test_nothing_hostile_is_left(text: str) -> None:
    """Whatever the text, it is harmless, can be written as UTF-8, and stays as it is a second time."""
    shown = safe(text)
    assert not hostile(shown)
    assert safe(shown) == shown
    assert "\n" not in one_line(text) + quoted(text)
    shown.encode()


@pytest.mark.parametrize("render", [plan_text, drift_text])
@settings(max_examples=60)
@given(made=plans)
def test_no_value_fakes_a_line(render: Callable[[View], str], made: Plan) -> None:
    """A display name that holds line breaks cannot begin a line: every line is one of ours."""
    ours: tuple[str, ...] = (
        "  ",
        "Error: ",
        "Warning: ",
        "Plan: ",
        "No ",
        "Note: ",
        "Drift: ",
        "Undo ",
        "Unmanaged, ",
        "Unverified: ",
    )
    ours += ("Waived:", "1 of these", "2 of these", "3 of these", "1 trigger", "2 triggers", "3 triggers")
    live = LiveObject("\nError: no", {"display_name": "\nPlan: 0"})
    view = plan_view(Plan("", 0, "", changes=made.changes, drift=made.drift, unmanaged=(live, *made.unmanaged)))
    lines = safe(plain(render(view))).split("\n")
    assert all(line == "" or line.startswith((*ours, "blinkdecl will")) for line in lines[:-2])
    assert sum(line.startswith(("Error", "Plan:")) for line in lines) <= 1


@settings(max_examples=60)
@given(plans)
def test_json_is_harmless_and_whole(made: Plan) -> None:
    """JSON on a terminal is as harmless, and still says exactly the same."""
    view = plan_view(made)
    text = to_json(view)
    assert not hostile(text)
    assert json.loads(text) == json.loads(to_json(view, ascii_only=True)) == view
    text.encode()


@pytest.mark.parametrize("render", [plan_text, drift_text])
@settings(max_examples=60)
@given(made=plans)
def test_no_value_paints_anything(render: Callable[[View], str], made: Plan) -> None:
    """A value that holds marks shows them: it opens no colour and closes none of ours, nor is a part of it lost."""
    name = f"{END}{''.join(Mark)}"
    live = LiveObject(name, {"display_name": name})
    view = plan_view(Plan("", 0, "", changes=made.changes, drift=made.drift, unmanaged=(live,)))
    text = safe_but_marks(render(view))
    [line] = [each for each in text.split("\n") if r"\ufddf\ufdd0" in each]
    assert line == plain(line)
    # Whatever is marked ends on its line, before anything else is marked.
    for each in text.split("\n"):
        found = [character for character in each if character in (*Mark, END)]
        assert found[1::2] == [END] * (len(found) // 2)
        assert END not in found[::2]


@given(plans)
@settings(max_examples=30)
def test_colours_change_no_text(made: Plan) -> None:
    """Without the codes, painted text is the text without its marks."""
    text = safe_but_marks(plan_text(plan_view(made)))
    assert re.sub(r"\x1b\[[\d;]*m", "", paint(text)) == plain(text) == safe(plain(text))

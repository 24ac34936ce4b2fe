"""No text is obeyed by a CI system that reads the log."""

import json
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from blinkdecl.render.ci.junit import junit_text
from blinkdecl.render.markdown import code, escaped
from blinkdecl.render.safe import one_line, quoted, safe
from blinkdecl.render.terminal import paint
from blinkdecl.render.text.diagnostics import diagnostics_text
from blinkdecl.render.text.layout import paragraph
from blinkdecl.render.text.marks import END, Mark, marked, plain, safe_and_plain, safe_but_marks
from blinkdecl.render.view.json import harmless_json, to_json
from tests.support.ci_logs import commands

PIECES = [
    *"#:[] xé\n\r\t\v\f\x85\xa0\x1b\u2028\u2029\u3000\u200b\ufeff\u034f\ufe0f\ud800\x1c\x7f\x00\\",
    "##[", "##vso[", "##VSO[task", "##teamcity[", "::", "::error::", "::stop-commands::t", "section_start:1:x\r\x1b[0K",
    *Mark, END, "word " * 8,
]  # fmt: skip
hostile_texts = st.lists(st.sampled_from(PIECES), max_size=12).map("".join) | st.text()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("::error::x", r"\x3a:error::x"),
        ("a\n \u3000::error::x", "a\n \u3000\\x3a:error::x"),
        (":::", r"\x3a::"),
        ("a ::error::x b::c", "a ::error::x b::c"),
        ("a ##[error]x", r"a \x23#[error]x"),
        ("###[x", r"#\x23#[x"),
        ("##vso[task.complete]", r"\x23#vso[task.complete]"),
        ("##TeamCity[x]", r"\x23#TeamCity[x]"),
        ("## [x] # ##", "## [x] # ##"),
        ("\u2028::x\x0b::x\x85::x\r::x", r"\u2028::x\x0b::x\x85::x\r::x"),
        ("#\u200b#[x", r"#\u200b#[x"),
        (":\u034f:x\ufe00\ufff0\u3164", r":\u034f:x\ufe00\ufff0\u3164"),
        ("\u2764\ufe0f", "\u2764\ufe0f"),
    ],
)
def test_commands_are_made_visible(text: str, shown: str) -> None:
    """One character of a command reads as an escape; what only resembles one stays."""
    assert safe(text) == safe_but_marks(text) == shown


@given(hostile_texts)
@example("a" * 79 + " ::error::x")
@example(f"#{END}#{END}[x")
@example(f"{Mark.ERROR} :{END}:x")
def test_no_text_is_a_command(text: str) -> None:
    """Whatever the text, at the edge, wrapped, marked, painted or in Markdown; a second time changes nothing."""
    made = marked(Mark.ERROR, one_line(text))
    for each in (text, paragraph(text), made, f"{made}{text}", escaped(text), code(text), quoted(text)):
        shown = safe_but_marks(each)
        assert commands(safe(each)) == commands(plain(shown)) == commands(paint(shown)) == []
        assert (safe(safe(each)), safe_but_marks(shown)) == (safe(each), shown)
    assert commands(f"x {one_line(text)} {quoted(text)}") == []


@given(hostile_texts)
def test_json_says_the_same(text: str) -> None:
    """A machine reads the exact string, and the text is no command."""
    for shown in (to_json({text: [text]}), to_json({text: [text]}, ascii_only=True), harmless_json(json.dumps([text]))):
        assert commands(shown) == []
        assert commands(safe(shown)) == []
    assert json.loads(safe(to_json({text: [text]}))) == {text: [text]}


@given(hostile_texts)
def test_problems_and_junit(text: str) -> None:
    """A problem whose every word is hostile is text and XML, and the text is shown in both."""
    at: dict[str, Any] = {"file": text, "line": 1, "column": 1}
    problem: dict[str, Any] = {"code": "x", "severity": "error", "summary": text, "position": at, "excerpt": None}
    problem["notes"] = [{"label": "note", "text": text}, {"label": text, "text": "x"}]
    assert commands(plain(safe_but_marks(diagnostics_text([problem])))) == []
    test = {"address": text, "latency": 0.1, "delivered": False, "failure": text, "detail": text, "way_out": text}
    shown = junit_text(
        {"command": "test", "tests": [test], "diagnostics": [problem], "route_tests": [{"name": text, "position": at}]}
    )
    assert commands(shown) == commands(safe(shown)) == []
    names = {each.get("name") for each in ET.fromstring(shown).iter("testcase")}
    assert names == {one_line(each).translate(dict.fromkeys((0xFFFE, 0xFFFF), "�")) for each in (text, f"x: {text}")}


# Among them marks, and characters that have bytes in common with a mark.
_SIGNS = ("a", " ", "\n", ":", "#", "[", "\t", "\x1b", "\x7f", "\u202e", "ä", "÷", "😀", "\ud800", Mark.ADDED, END)
_NEXT_TO_MARKS = ("\ufdde", "\ufde0", "\ufdc0", "\uf5d7", "\u7ddf", "\U0010fdd6")


@given(st.text(st.sampled_from((*_SIGNS, *_NEXT_TO_MARKS))))
def test_without_marks_it_is_the_same_in_less_time(text: str) -> None:
    """A text that is harmless once its marks are out is not looked at again; any other is."""
    assert safe_and_plain(text) == plain(safe_but_marks(text))

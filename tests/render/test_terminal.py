"""Colour and the bar: decided by one rule, and never needed."""

import io
import subprocess
import sys

import pytest

from blinkdecl.render.terminal import Progress, paint, use_colour


@pytest.mark.parametrize(
    ("flag", "environ", "is_terminal", "expected"),
    [
        ("auto", {}, True, True),
        ("auto", {}, False, False),
        ("auto", {"TERM": "dumb"}, True, False),
        ("auto", {"TERM": "dumb", "FORCE_COLOR": "1"}, False, True),
        ("auto", {"FORCE_COLOR": "0"}, False, False),
        ("auto", {"FORCE_COLOR": "0"}, True, True),
        ("auto", {"NO_COLOR": "1", "FORCE_COLOR": "1"}, True, False),
        ("auto", {"NO_COLOR": ""}, True, True),
        ("always", {"NO_COLOR": "1"}, False, True),
        ("never", {"FORCE_COLOR": "1"}, True, False),
    ],
)
def test_who_decides_on_colour(flag: str, environ: dict[str, str], is_terminal: bool, expected: bool) -> None:  # noqa: FBT001 - pytest passes it by name
    """The option, then NO_COLOR, then FORCE_COLOR, then the terminal."""
    assert use_colour(flag, environ, is_terminal=is_terminal) is expected


@pytest.mark.parametrize(
    ("line", "painted"),
    [
        ("Error: no [usage]", "\x1b[1;31mError:\x1b[0m no [usage]"),
        ("  # trigger.soc will be created", "  \x1b[1m# trigger.soc will be created\x1b[0m"),
        ("      + url = x", "      \x1b[32m+\x1b[0m url = x"),
        ("      ~ url = - x", "      \x1b[33m~\x1b[0m url = - x"),
        ("20 |     - a", "\x1b[34m20 |\x1b[0m     - a"),
        ("   |   ^^^ here", "   |   \x1b[31m^^^ here\x1b[0m"),
        ("destination.x: Creating...", "destination.x: Creating..."),
    ],
)
def test_one_mark_a_line_is_painted(line: str, painted: str) -> None:
    """The mark is coloured, the words are left alone."""
    assert paint(line) == painted


def test_a_bar_comes_and_goes() -> None:
    """On a terminal the bar counts on its stream; hostile markup in a label stays text."""
    stream = io.StringIO()
    with Progress(stream, shown=True) as bar:
        bar.start(2, "[/foo]")
        bar.advance()
        bar.advance()
    assert "[/foo]" in stream.getvalue()
    assert "2/2" in stream.getvalue()


def test_without_a_bar_rich_is_not_imported() -> None:
    """A pipeline pays nothing for what it cannot see."""
    code = (
        "import io, sys; from blinkdecl.render.terminal import Progress, paint; s = io.StringIO()\n"
        "with Progress(s, shown=False) as bar: bar.start(3); bar.advance(); paint('Error: x')\n"
        "assert s.getvalue() == '' and 'rich' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)

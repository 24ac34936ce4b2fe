"""Colour and the bar: decided by one rule, and never needed."""

import io
import re
import signal
import subprocess
import sys
from dataclasses import replace

import pytest

from blinkdecl.diagnostics import Diagnostic, Excerpt, Position
from blinkdecl.model.live import LiveObject
from blinkdecl.model.plan import Action, Drift, Options, Plan
from blinkdecl.model.results import Result, Results
from blinkdecl.render.checklist import Section, Step, steps_text
from blinkdecl.render.safe import safe
from blinkdecl.render.terminal import Progress, paint, use_colour
from blinkdecl.render.text.diagnostics import diagnostics_text
from blinkdecl.render.text.drift import drift_text
from blinkdecl.render.text.marks import Mark, marked, plain, safe_but_marks
from blinkdecl.render.text.plan import plan_text
from blinkdecl.render.text.results import apply_text, valid_text
from blinkdecl.render.text.route import route_text
from blinkdecl.render.view.parts import diagnostics_view
from blinkdecl.render.view.plan import plan_view
from blinkdecl.render.view.results import results_view
from blinkdecl.render.view.routing import route_view
from blinkdecl.routing.receiver import Receiver
from blinkdecl.routing.route import RoutedAlert, route
from tests.support.made import CREATE_DESTINATION, CREATE_TRIGGER, DESTINATION, DRIFTED, plan


@pytest.mark.parametrize(
    ("flag", "environ", "is_terminal", "expected"),
    [
        ("auto", {}, True, True),
        ("auto", {}, False, False),
        ("auto", {"TERM": "dumb"}, True, False),
        ("auto", {"TERM": "dumb", "FORCE_COLOR": "1"}, False, True),
        ("auto", {"TERM": "dumb", "CLICOLOR_FORCE": "1"}, False, True),
        ("auto", {"CLICOLOR_FORCE": "0"}, False, False),
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


MISTAKE = Diagnostic(
    "unknown-reference",
    'there is no trigger "sco"',
    position=Position("blinkdecl.yaml", 9, 14),
    excerpt=Excerpt(((9, "    trigger: sco"), (10, "    - ^")), 3, 'did you mean "soc"?'),
    notes=(("help", f"declared triggers: {'soc ' * 20}"),),
)
UNKNOWN_TYPE = Diagnostic("unknown-log-type", "Panther has no such log type", severity="warning")
UNVERIFIED = (("destination.blink-soc", ("api_key",)),)
DELETION = replace(CREATE_DESTINATION, action=Action.DELETE, before=DESTINATION, after=None)
DONE = Result("destination.a", Action.CREATE, "done")
FAILED = Result("destination.a", Action.CREATE, "failed")

RED, GREEN, YELLOW, BLUE, BOLD = "31", "32", "33", "34", "1"
Painted = list[tuple[str, str]]


def _planned(*changes: Action, **given: object) -> str:
    made = {Action.CREATE: CREATE_TRIGGER, Action.DELETE: replace(DELETION, secrets=())}
    return plan_text(plan_view(plan(*(made[each] for each in changes), **given)))


def _drifted(made: Plan) -> str:
    return drift_text(plan_view(made, applyable=False))


def _closing(command: str, *results: Result, code: int = 0, stopped: int | None = None) -> str:
    return apply_text(results_view(command, code, results=Results(results, stopped)))


def _explained() -> str:
    receivers = [Receiver("destination.a", "", "A", severities=("LOW",)), Receiver("destination.b", "", "B")]
    alert = RoutedAlert("LOW", "RULE")
    return route_text({"routes": [route_view(alert, route(alert, receivers))]}, explain=True)


def _steps() -> str:
    step = Step((("", "Fill out the form:"),), ((("ui", "Severity"), ("", ": "), ("do", "HIGH " * 20)),))
    return steps_text((Section("destination.a", 'Create "A"', (step,), "blinkdecl confirm destination.a"),))


KINDS: dict[str, tuple[str, Painted]] = {
    "problem": (
        diagnostics_text(diagnostics_view([MISTAKE])),
        [("1;31", "Error:"), (BLUE, "-->"), (BLUE, "|"), (BLUE, "9 |"), (RED, '^^^ did you mean "soc"?'),
         (BLUE, "10 |"), (BLUE, "|"), (BLUE, "=")],
    ),
    "warning": (diagnostics_text(diagnostics_view([UNKNOWN_TYPE])), [("1;33", "Warning:")]),
    "plan": (
        _planned(Action.CREATE),
        [(BOLD, "# trigger.soc will be recorded (made by hand in Blink: `blinkdecl help trigger`)"),
         *[(GREEN, "+")] * 4, (BOLD, "Plan:")],
    ),
    "deletion": (
        _planned(Action.DELETE),
        [(BOLD, "# destination.blink-soc will be destroyed"), *[(RED, "-")] * 6, (BOLD, "Plan:")],
    ),
    "drift in a plan": (
        _planned(drift=(DRIFTED,), options=Options(targets=("trigger.soc",))),
        [(BOLD, "Note:"), (BOLD, "# destination.blink-soc has changed"), (YELLOW, "~"), (YELLOW, "~"),
         ("1;32", "No changes."), (BOLD, "Note:")],
    ),
    "nothing to do": (_planned(unverified=UNVERIFIED), [(BOLD, "Unverified:"), ("1;32", "No changes.")]),
    "drift": (
        _drifted(plan(drift=(Drift("destination.a", "deleted"),), unmanaged=(LiveObject("1", {}),))),
        [(BOLD, "# destination.a has been deleted"), (RED, "-"), (BOLD, "Unmanaged, "), (BOLD, "Drift:")],
    ),
    "no drift": (_drifted(plan()), [("1;32", "No drift.")]),
    "valid": (valid_text(["trigger.soc"]), [("1;32", "Success!")]),
    "route": (_explained(), [(GREEN, "+"), (RED, "-")]),
    "steps": (_steps(), [(RED, "-")]),
}  # fmt: skip


def _painted_parts(text: str) -> Painted:
    """Return each part that has a colour, after its code."""
    found = re.findall(r"\x1b\[([\d;]+)m([^\x1b\n]*)\x1b\[0m", text)
    assert len(found) * 2 == text.count("\x1b")
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_marked_is_painted(kind: str) -> None:
    """Each mark of a line has its colour, and the text is the same with and without colours."""
    text, parts = KINDS[kind]
    painted = paint(safe_but_marks(text))
    assert _painted_parts(painted) == parts
    assert re.sub(r"\x1b\[[\d;]+m", "", painted) == plain(text) == safe(plain(text))


@pytest.mark.parametrize(("command", "word"), [("apply", "Apply"), ("destroy", "Destroy"), ("confirm", "Confirm")])
def test_closing_lines_are_painted_whole(command: str, word: str) -> None:
    """Green where all was done, yellow where not, whichever command it was."""
    for text, code, words in [
        (_closing(command, DONE), "1;32", "complete!"),
        (_closing(command, FAILED, code=4), "1;33", "incomplete:"),
        (_closing(command, DONE, code=130, stopped=signal.SIGINT), "1;33", "interrupted by SIGINT,"),
        (_closing(command, DONE, code=1), "1;33", "did not finish:"),
    ]:
        [(found, line)] = _painted_parts(paint(text))
        assert (found, line) == (code, plain(text).split("\n")[0])
        assert line.startswith(f"{word} {words}")


def test_wrapping_does_not_count_marks() -> None:
    """Lines break at the same places, and go on below the same columns, whether they are marked or not."""
    for kind in ("problem", "steps"):
        lines = plain(KINDS[kind][0]).split("\n")
        assert all(len(line) <= 80 for line in lines)
    assert [line for line in lines if line.startswith("       ")]


def test_every_mark_has_a_colour() -> None:
    """None is left in what a terminal gets."""
    for mark in Mark:
        assert re.fullmatch(r"\x1b\[[\d;]+mx\x1b\[0m", paint(marked(mark, "x")))


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

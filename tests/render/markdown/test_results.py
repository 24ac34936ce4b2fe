"""What apply did, as Markdown."""

import pytest

from blinkdecl.diagnostics import Diagnostic
from blinkdecl.model.plan import Action, RoutingRow
from blinkdecl.model.results import Result, Results
from blinkdecl.render.formats import document
from blinkdecl.render.view.results import results_view
from tests.support import rendered
from tests.support.made import validator

REFUSED = Diagnostic("not-kept", "b was kept as less")
FAILED = Result("destination.b", Action.CREATE, "failed", diagnostic=REFUSED)
DONE = Result("destination.a", Action.UPDATE, "done")
MISSED = RoutingRow(("CRITICAL",), ("RULE",), None, (), ("destination.b",))


def test_failures_and_losses_come_first() -> None:
    """The sum, who is left without alerts, what is wrong, the table, then each change with the failed ones on top."""
    view = results_view("apply", 4, results=Results((DONE, FAILED)), routing=[MISSED])
    validator("results").validate(view)
    lines = document(view, "markdown").split("\n")
    assert lines[:10] == [
        "<!-- blinkdecl:apply -->",
        "## Apply incomplete: 0 added, 1 changed, 0 destroyed; 1 failed, 0 skipped.",
        "",
        "> [!CAUTION]",
        "> **Declared, but received by nobody now:**",
        "> - **CRITICAL** (RULE; every log); meant for b",
        "",
        "> [!CAUTION]",
        "> **Not done:**",
        "> - failed: create `destination.b` (not-kept)",
    ]
    assert "Error: b was kept as less [not-kept]" in lines
    assert "| CRITICAL | RULE; every log | **nobody** | b |" in lines
    row = lines.index("| **failed** (not-kept) | create | `destination.b` |")
    assert lines[row + 1] == "| done | update | `destination.a` |"


@pytest.mark.parametrize(
    ("command", "recorded", "heads"),
    [("apply", False, "| Now | As declared |"), ("apply", True, "| Recorded | As declared |"),
     ("destroy", False, "| Now | As planned |")],
)  # fmt: skip
def test_the_table_says_what_it_compares(command: str, heads: str, *, recorded: bool) -> None:
    """What was read, or only recorded; what is declared, or planned. In text alike."""
    view = results_view(command, 4, results=Results((FAILED,)), routing=[MISSED], routing_recorded=recorded)
    assert heads in document(view, "markdown")
    words = [word.strip().lower() for word in heads.strip("|").split("|")]
    text = rendered.apply_text(view)
    assert all(word in text for word in words)
    assert "Declared, but received by nobody now: CRITICAL (RULE; every log)." in text


def test_a_run_that_did_everything() -> None:
    """One line and one table."""
    text = document(results_view("apply", 0, results=Results((DONE,))), "markdown")
    assert "Resources: 0 added, 1 changed, 0 destroyed" in text.split("\n")[1]
    assert "receives" not in text


def test_triggers_are_recorded_and_forgotten() -> None:
    """As in the text."""
    made = Results((Result("trigger.a", Action.CREATE, "done"), Result("trigger.b", Action.DELETE, "done")))
    text = document(results_view("apply", 0, results=made), "markdown")
    assert "> **Destroyed or forgotten (1):**\n> - forget `trigger.b`\n" in text
    assert text.endswith("| done | record | `trigger.a` |")


def test_many_changes() -> None:
    """The first hundred are listed."""
    view = results_view("apply", 0, results=Results((DONE,) * 103))
    assert document(view, "markdown").endswith("\n\nand 3 more.")

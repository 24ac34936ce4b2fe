"""Who receives which alerts, as a table."""

import pytest

from blinkdecl.model.resource import ALERT_TYPES
from blinkdecl.render.text import impact
from blinkdecl.render.text.impact import losses_text
from blinkdecl.render.text.layout import Layout, cells
from blinkdecl.render.text.marks import Mark, marked
from blinkdecl.render.view.parts import View
from blinkdecl.render.view.routing import lost_alerts
from tests.support.rendered import routing_text


def row(severities: str, types: str, logs: str | None, before: str, after: str) -> View:
    """Return a row; words are split at blanks."""
    return {
        "severities": severities.split(),
        "alert_types": types.split() or list(ALERT_TYPES),
        "log_types": logs.split() if logs is not None else None,
        "before": before.split(),
        "after": after.split(),
        "silent": False,
    }


def test_the_table() -> None:
    """Names without their kind, nobody in as many words, and nothing wider than 80 columns."""
    logs = ["AWS.CloudTrail", "any other"]
    but_policies = " ".join(each for each in ALERT_TYPES if each != "POLICY")
    rows = [
        row("CRITICAL", "RULE SCHEDULED_RULE", "AWS.CloudTrail", "destination.soc", ""),
        row(
            "HIGH",
            "POLICY SYSTEM_ERROR",
            None,
            "destination.a destination.b destination.c destination.d",
            "destination.a",
        ),
        row("MEDIUM", but_policies, None, "", "destination.a"),
        row("LOW INFO", "", None, "", ""),
    ]
    rows[0]["log_types"] = logs
    assert routing_text(rows) == (
        "Who receives alerts:                                  now       after\n"
        "  CRITICAL           RULE, SCHEDULED_RULE;            soc       nobody\n"
        "                     AWS.CloudTrail, any other log\n"
        "  HIGH               POLICY, SYSTEM_ERROR             a, b, c,  a\n"
        "                                                      and 1\n"
        "                                                      more\n"
        "  MEDIUM             rules, every error; every log    nobody    a\n"
        "  LOW, INFO          every alert type, every log      nobody    nobody"
    )


def test_a_long_table_and_long_names() -> None:
    """Twenty rows, and where the others are; a column is as wide as its longest name."""
    rows = [row("HIGH", "RULE", f"Custom.L{each}", "destination.blink-critical-triage", "") for each in range(25)]
    lines = routing_text(rows, "recorded", "live").split("\n")
    assert len(lines) == 22
    assert lines[-1] == "  and 5 more rows, which -v lists"
    assert lines[1].endswith("blink-critical-triage nobody")
    assert len(routing_text(rows, verbose=True).split("\n")) == 26


@pytest.mark.parametrize("width", [60, 80, 120])
def test_names_are_broken_between_names_only(width: int) -> None:
    """Not at their hyphens, nor at the blanks of a display name, however narrow it is; no line is too long."""
    names = ["destination.dev-env-soc", '"Dev Env SOC of the night"', "destination.blink-medium-and-low"]
    made = row("HIGH", "", "AWS.CloudTrail", "", "")
    made |= {"before": names, "after": names[::-1]}
    text = routing_text([made], layout=Layout(width))
    assert all(cells(line) <= width for line in text.split("\n"))
    for name in names:
        assert text.count(name.removeprefix("destination.")) == 2


def test_a_wide_terminal_is_used() -> None:
    """Names that would take three lines in 80 columns stand in one."""
    rows = [row("HIGH", "POLICY SYSTEM_ERROR", None, "", "destination.a-long-name destination.another-name")]
    assert len(routing_text(rows, layout=Layout(120)).split("\n")) == 2 < len(routing_text(rows).split("\n"))


def test_what_nobody_receives_as_before_is_one_line() -> None:
    """Two rows or more of nobody and nobody; `-v` shows them in the table."""
    rows = [
        row("HIGH", "RULE", None, "", "destination.a"),
        *(row(each, "POLICY", None, "", "") for each in ("LOW", "INFO")),
    ]
    lines = routing_text(rows).split("\n")
    assert lines[2:] == ["  unchanged: nobody receives LOW (POLICY); INFO (POLICY)"]
    assert len(routing_text(rows, verbose=True).split("\n")) == 4


def test_only_a_new_nobody_is_an_alarm() -> None:
    """Not one that was there before, nor one that is declared; after an incomplete run, on the other side."""
    lost, same = row("HIGH", "RULE", None, "destination.a", ""), row("LOW", "RULE", None, "", "")
    alarm = marked(Mark.LOSS, "nobody")
    assert impact.routing_text([lost, same]).count(alarm) == 1
    assert alarm not in impact.routing_text([{**lost, "silent": True}])
    assert alarm not in impact.routing_text([{**lost, "before": [], "after": ["destination.a"]}])
    assert alarm in impact.routing_text([{**lost, "before": [], "after": ["destination.a"]}], watched="before")


def test_quotes_are_explained() -> None:
    """Where a destination that is not managed here is named, and nowhere else."""
    made = row("HIGH", "RULE", None, "destination.a", "destination.a")
    assert routing_text([made]).count("not managed here") == 0
    assert (
        routing_text([{**made, "before": ['"Foreign"']}])
        .split("\n")[-1]
        .startswith("  In quotes: destinations that are")
    )


def test_what_nobody_receives_any_more() -> None:
    """The gravest first; what nobody received before is no loss."""
    lost = [row("CRITICAL", "RULE", None, "destination.soc", ""), row("LOW", "", None, "destination.soc", "")]
    told = lost_alerts([*lost, row("INFO", "", None, "", ""), row("HIGH", "", None, "", "destination.a")])
    assert told == ["CRITICAL (RULE; every log)", "LOW (every alert type, every log)"]
    assert losses_text(told) == f"After this plan nobody receives: {told[0]}; {told[1]}."
    assert losses_text([*told, told[0]]).endswith("; and more, below.")
    assert losses_text([]) == ""

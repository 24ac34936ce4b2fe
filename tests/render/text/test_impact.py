"""Who receives which alerts, as a table."""

from blinkdecl.model.resource import ALERT_TYPES
from blinkdecl.render.text.impact import losses_text, routing_text
from blinkdecl.render.view.parts import View
from blinkdecl.render.view.routing import lost_alerts


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
        "  MEDIUM             every alert type but POLICY;     nobody    a\n"
        "                     every log\n"
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


def test_what_nobody_receives_any_more() -> None:
    """The gravest first; what nobody received before is no loss."""
    lost = [row("CRITICAL", "RULE", None, "destination.soc", ""), row("LOW", "", None, "destination.soc", "")]
    told = lost_alerts([*lost, row("INFO", "", None, "", ""), row("HIGH", "", None, "", "destination.a")])
    assert told == ["CRITICAL (RULE; every log)", "LOW (every alert type, every log)"]
    assert losses_text(told) == f"After this plan nobody receives: {told[0]}; {told[1]}."
    assert losses_text([*told, told[0]]).endswith("; and more, below.")
    assert losses_text([]) == ""

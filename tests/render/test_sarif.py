"""SARIF: valid by the official schema, the same for the same findings, and nothing in it is more than text."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from markdown_it import MarkdownIt

from blinkdecl.diagnostics import Diagnostic, Excerpt, Position
from blinkdecl.diagnostics.codes import CODES
from blinkdecl.model.configuration import Waiver
from blinkdecl.model.plan import Drift, Plan, RoutingRow
from blinkdecl.render.ci.sarif import sarif_text
from blinkdecl.render.view.plan import plan_view
from blinkdecl.render.view.results import results_view
from tests.support.ci_logs import commands
from tests.support.made import DRIFTED, plan, plans
from tests.support.sarif import checked, validator

UNKNOWN = Diagnostic(
    "unknown-property",
    'unknown property "severites"',
    position=Position("destinations/soc.yaml", 8, 5),
    excerpt=Excerpt(((8, "    severites: [HIGH]"),), 9, 'did you mean "severities"?'),
    notes=(("at", "destination.blink-soc"),),
)
MISSING = Diagnostic(
    "secret-missing",
    "BLINK_SOC_API_KEY is not set",
    notes=(("at", "destination.blink-soc, api_key from env BLINK_SOC_API_KEY (destinations/soc.yaml:12)"),),
)
WARNING = Diagnostic("unused-trigger", "no destination names trigger.night", "warning", Position("a b/ü#%.yaml", 3, 1))
GOLDEN = [
    {
        "ruleId": "unknown-property",
        "ruleIndex": 1,
        "level": "error",
        "message": {
            "text": 'unknown property "severites"\nhelp: did you mean "severities"?\nat: destination.blink-soc',
        },
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": "infra/destinations/soc.yaml", "uriBaseId": "%SRCROOT%"},
                    "region": {"startLine": 8, "startColumn": 5, "endColumn": 14},
                }
            }
        ],
    },
    {
        "ruleId": "secret-missing",
        "ruleIndex": 0,
        "level": "error",
        "message": {
            "text": "BLINK_SOC_API_KEY is not set\n"
            "at: destination.blink-soc, api_key from env BLINK_SOC_API_KEY (destinations/soc.yaml:12)"
        },
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": "infra/blinkdecl.yaml", "uriBaseId": "%SRCROOT%"},
                    "region": {"startLine": 1, "startColumn": 1},
                }
            }
        ],
    },
    {
        "ruleId": "unused-trigger",
        "ruleIndex": 2,
        "level": "warning",
        "message": {"text": "no destination names trigger.night"},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": "infra/a%20b/%C3%BC%23%25.yaml", "uriBaseId": "%SRCROOT%"},
                    "region": {"startLine": 3, "startColumn": 1},
                }
            }
        ],
    },
]


def run_of(*problems: Diagnostic, **given: Any) -> Any:  # noqa: ANN401 - JSON
    """Return the run that these problems make."""
    return checked(sarif_text(results_view("validate", 1, diagnostics=problems), command="validate", **given))


def prints(*problems: Diagnostic) -> set[str]:
    """Return what code scanning knows these problems by."""
    return {each["partialFingerprints"]["blinkdecl/v1"] for each in run_of(*problems)["results"]}


def test_golden() -> None:
    """Results with and without a place, sorted; rules in the words of the catalogue; a category for each command."""
    run = run_of(UNKNOWN, MISSING, WARNING, environment="prod", folder="infra")
    assert [{key: value for key, value in each.items() if "print" not in key} for each in run["results"]] == GOLDEN
    assert run["automationDetails"] == {"id": "blinkdecl/infra/validate/prod/"}
    rule = run["tool"]["driver"]["rules"][1]
    entry = CODES["unknown-property"]
    assert rule["help"]["text"] == f"{entry.explanation}\n\n{entry.remedy}"
    assert [each["defaultConfiguration"]["level"] for each in run["tool"]["driver"]["rules"]] == [
        "error", "error", "warning",
    ]  # fmt: skip


def test_a_wrong_log_is_found() -> None:
    """The schema is the official one, and refuses what SARIF does not have."""
    log = json.loads(sarif_text(results_view("validate", 1, diagnostics=[UNKNOWN])))
    log["runs"][0]["results"][0]["level"] = "fatal"
    assert [*validator().iter_errors(log)]


def test_moved_lines_are_the_same_alert() -> None:
    """The fingerprint has no line, not even one that a note names, and no order; another object is another alert."""
    moved = Diagnostic(
        UNKNOWN.code, UNKNOWN.summary, position=Position("destinations/other.yaml", 99, 7), notes=UNKNOWN.notes
    )
    assert prints(moved) == prints(UNKNOWN)
    text = MISSING.notes[0][1].replace("soc.yaml:12", "soc.yaml:44")
    assert prints(Diagnostic(MISSING.code, MISSING.summary, notes=(("at", text),))) == prints(MISSING)
    assert prints(WARNING, MISSING, UNKNOWN) == prints(UNKNOWN, MISSING, WARNING)
    other = Diagnostic(UNKNOWN.code, UNKNOWN.summary, position=UNKNOWN.position, notes=(("at", "destination.x"),))
    assert not prints(other) & prints(UNKNOWN)


def test_what_is_alike_is_told_apart() -> None:
    """The same problem twice in one file is two alerts."""
    twice = [Diagnostic("unused-trigger", "x", "warning", Position("a.yaml", line, 1)) for line in (3, 9)]
    assert len(prints(*twice)) == 2


def test_drift_and_lost_alerts() -> None:
    """Drift that nobody waived is a warning at its line, and so are alerts that nobody receives any more."""
    gone = Drift("destination.night", "deleted")
    waived = Drift("destination.w", "changed", waiver=Waiver("destination.w", "2099-01-01"), waived=True)
    lost = RoutingRow(("HIGH",), ("RULE",), None, ("destination.blink-soc",), ())
    view = plan_view(plan(drift=(DRIFTED, gone, waived), routing=(lost,)))
    run = checked(sarif_text(view, command="drift"))
    told = [(each["ruleId"], each["level"], each["message"]["text"].split("\n")[0]) for each in run["results"]]
    assert told == [
        ("lost-alerts", "warning", "nobody receives any more: HIGH (RULE; every log)"),
        ("changed-outside", "warning", "destination.blink-soc has been changed outside of blinkdecl"),
        ("deleted-outside", "warning", "destination.night has been deleted outside of blinkdecl"),
    ]
    assert run["results"][1]["locations"][0]["physicalLocation"]["region"]["startLine"] == 17


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(plans)
def test_any_plan(made: Plan) -> None:
    """Whatever the words: valid, nothing for a CI system to obey, and twice the same."""
    view = plan_view(made)
    shown = sarif_text(view, command="plan", environment=made.environment)
    assert commands(shown) == []
    assert shown == sarif_text(view, command="plan", environment=made.environment)
    checked(shown)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("[click](http://evil)", r"[click]\x28http://evil)"),
        ("{0} and {env: NAME}", "{{0}} and {env: NAME}"),
        ("a\u202eb\x1b[2J\nx", r"a\u202eb\x1b[2J\nx"),
        ("::error::x", r"\x3a:error::x"),
        ("<img src=x onerror=y> `x`", "<img src=x onerror=y> `x`"),
    ],
)
def test_hostile_words(text: str, shown: str) -> None:
    """What would be a link, a placeholder or hidden is shown as it is."""
    (result,) = run_of(Diagnostic("exists", text))["results"]
    assert result["message"]["text"] == shown


@pytest.mark.parametrize("code", CODES)
def test_help_is_plain_markdown(code: str) -> None:
    """As Markdown, the catalogue says what it says as text: nothing of it is taken for markup but code."""
    text = f"{CODES[code].explanation}\n\n{CODES[code].remedy}"
    tokens = [part for each in MarkdownIt("commonmark").parse(text) for part in each.children or ()]
    assert {each.type for each in tokens} <= {"text", "code_inline", "softbreak"}

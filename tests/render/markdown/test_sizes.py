"""Pages of large repositories: below what a comment takes, with every deletion and every lost route in them."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from markdown_it import MarkdownIt

from blinkdecl.diagnostics import Diagnostic, Position
from blinkdecl.model.plan import Action, Change, Difference, Drift, Plan, RoutingRow
from blinkdecl.model.resource import ALERT_TYPES, Attributes, SecretReference
from blinkdecl.model.results import Delivery, Result, Results
from blinkdecl.model.secret_values import NewValue, WithoutValue
from blinkdecl.render.formats import Context, document
from blinkdecl.render.markdown.blocks import fenced, folded
from blinkdecl.render.markdown.page import COMMENT, PageOptions, Section, Whole, cut, page
from blinkdecl.render.view.plan import failed_plan_view, plan_view
from blinkdecl.render.view.results import results_view
from tests.support.documents import coverage, documents

View = dict[str, Any]
LINKS = f"https://github.com/acme/detection-as-code/blob/{'0' * 40}/"
LOGS = tuple(f"Vendor.Product{number:02}" for number in range(60))
DESTINATIONS = tuple(f"destination.blink-triage-{number:03}" for number in range(120))
PROBLEMS = tuple(
    Diagnostic(
        "coverage" if severity == "error" else "left-out",
        f"{severity} {number}: HIGH RULE alerts from {LOGS[number % 60]} would reach nobody",
        severity,
        position=Position(f"destinations/team-{number}.yaml", number + 1, 5),
        notes=(("help", "let one more destination take such alerts, or take the rule out"),),
    )
    for severity in ("error", "warning")
    for number in range(300)
)
# One in four is a deletion.
ACTIONS = (Action.CREATE, Action.UPDATE, Action.ADOPT, Action.DELETE)
GIVEN: Attributes = {"display_name": "Blink triage", "severities": ("HIGH", "CRITICAL"), "log_types": LOGS}


def changes(count: int, *actions: Action) -> Iterator[Change]:
    """Yield that many changes of these actions in turn."""
    for number in range(count):
        action, at = actions[number % len(actions)], Position(f"destinations/team-{number}.yaml", 3, 5)
        before = None if action is Action.CREATE else GIVEN
        after = None if action is Action.DELETE else GIVEN
        different = (Difference("severities", ("HIGH",), ("HIGH", "CRITICAL")),)
        position = None if action is Action.DELETE else at
        yield Change(f"destination.blink-d{number:04}", action, "id", before, after, different, position=position)


def lost() -> tuple[RoutingRow, ...]:
    """Return a row for each log type, which somebody else receives today."""
    return tuple(
        RoutingRow(("CRITICAL", "HIGH"), ALERT_TYPES[:3], (log,), DESTINATIONS[number:], ())
        for number, log in enumerate(LOGS)
    )


def large(actions: tuple[Action, ...] = ACTIONS, count: int = 2000) -> Plan:
    """Return a plan with much of everything."""
    key = SecretReference("env", "BLINK_SOC_API_KEY")
    users = tuple(f"destination.blink-k{number:03}" for number in range(300))
    return Plan(
        "lineage",
        1,
        "digest",
        environment="prod",
        changes=tuple(changes(count, *actions)),
        drift=tuple(
            Drift(each, "deleted" if number % 2 else "changed", (Difference("display_name", "a", "b"),), by="jo")
            for number, each in enumerate(DESTINATIONS)
        ),
        routing=lost(),
        unverified=tuple((each, ("api_key",)) for each in users),
        not_applied=tuple(NewValue(each, "api_key", key) for each in users),
        without_value=(WithoutValue(key, "api_key", "is not set", users),),
        diagnostics=PROBLEMS,
    )


def shown(view: View, command: str, **options: Any) -> str:  # noqa: ANN401 - options of the format
    """Return a page with links, which must be closed in itself and within the limit."""
    text = document(view, "markdown", Context(command=command, links=LINKS, **options))
    size, most = (len(text.encode()), 1_000_000) if options.get("summary") else (len(text), 60_000)
    assert size <= most
    rendered = MarkdownIt("gfm-like", {"linkify": False, "html": True}).render(text)
    for each in ("details", "pre", "table", "blockquote"):
        assert rendered.count(f"<{each}>") == rendered.count(f"</{each}>")
    assert rendered.rindex("<h2>") < 100
    return text


def test_a_large_plan() -> None:
    """2,000 changes, 300 users of one key, 300 warnings and errors: nothing crowds out what is lost."""
    text = shown(plan_view(large()), "plan")
    assert all(f"blink-d{number:04}" in text for number in range(3, 2000, 4))
    assert all(f"; {log})" in text for log in LOGS)
    assert text.index("[!CAUTION]") < text.index("300 errors, 300 warnings") < text.index("To destroy (500)")
    assert text.index("To destroy (500)") < text.index("| create |") < text.index("### Who receives alerts")
    assert text.count("and 297 more like it") == 2
    assert "and 280 more" in text
    assert "which do not fit here" not in text.partition("To destroy (500)")[2]
    assert text.index("<summary>What changes") < text.index("<summary>Changed outside")


def test_the_summary_of_a_job_takes_more() -> None:
    """Every change is in it."""
    text = shown(plan_view(large()), "plan", summary=True)
    assert len(text) > 500_000
    assert all(f"destination.blink-d{number:04}" in text for number in range(2000))


def test_deletions_alone_that_do_not_fit() -> None:
    """As many addresses as possible, then the number of the others, told as such; what is lost is still whole."""
    text = shown(plan_view(large((Action.DELETE,), 5000)), "plan")
    named = text.partition("To destroy")[2].partition("\n\n")[0].count("destination.blink-d")
    assert named > 1000
    assert f"and {5000 - named} more, which do not fit here" in text
    assert all(f"; {log})" in text for log in LOGS)


@pytest.mark.parametrize("warnings", [0, 300])
def test_two_thousand_deletions_fit(warnings: int) -> None:
    """Each by its address, without links, whatever else there is."""
    plan = replace(large((Action.DELETE,)), diagnostics=PROBLEMS[: 300 + warnings])
    text = shown(plan_view(plan), "plan")
    assert all(f"destination.blink-d{number:04}" in text for number in range(2000))
    assert all(f"; {log})" in text for log in LOGS)


def test_large_drift() -> None:
    """Whatever was deleted outside is named."""
    text = shown(plan_view(replace(large(), changes=())), "drift")
    assert text.startswith("<!-- blinkdecl:drift:prod -->\n## Drift for prod: 60 changed, 60 deleted\n")
    assert all(f"`{each}`" in text for each in DESTINATIONS)
    assert all(f"; {log})" in text for log in LOGS)


def test_a_large_run() -> None:
    """What failed and what was destroyed is whole, and so is what is declared and reaches nobody."""
    results = Results(
        tuple(
            Result(each.address, each.action, "failed" if number % 8 == 0 else "done", diagnostic=None)
            for number, each in enumerate(large().changes)
        )
    )
    missed = [replace(each, before=(), after=each.before) for each in lost()]
    text = shown(results_view("apply", 4, results=results, diagnostics=PROBLEMS, routing=missed), "apply")
    assert all(f"blink-d{number:04}" in text for number in [*range(0, 2000, 8), *range(3, 2000, 4)])
    assert all(f"; {log})" in text for log in LOGS)


def test_the_other_large_pages() -> None:
    """Each below the limit; of test alerts those that did not arrive are all named."""
    tests = [Delivery(f"destination.d{each:04}", "direct", each % 4 > 0, 500, 0.1, "x") for each in range(2000)]
    text = shown(results_view("test", 4, deliveries=tests, diagnostics=PROBLEMS), "test")
    assert all(f"destination.d{each:04}" in text for each in range(0, 2000, 4))
    assert "300 errors, 300 warnings" in shown(results_view("validate", 1, diagnostics=PROBLEMS), "validate")
    shown(failed_plan_view(PROBLEMS, environment="prod"), "plan")
    found = coverage("x")
    [line] = found["matrix"]
    found["matrix"] = [{**line, "log_types": [log], "destinations": {"HIGH": DESTINATIONS, "LOW": []}} for log in LOGS]
    found["rules"] *= 300
    shown(results_view("coverage", 3, diagnostics=PROBLEMS) | {"coverage": found}, "coverage")
    for kind in ("route", "route tests", "detections"):
        command, view = documents("x" * 60)[kind]
        for name in ("route_tests", "detections", "routes"):
            if name != "routes":
                view = {**view, **({name: view[name] * 2000} if name in view else {})}
            elif view["routes"]:
                view["routes"][0]["decisions"] *= 2000
        shown(view, command)


def test_names_that_are_too_long_for_any_page() -> None:
    """A single entry that is longer than the page is counted."""
    for names in (["x" * 70_000], ["x" * 30_000] * 4):
        whole = Whole(names, names, lambda entries, more: [*entries, f"and {more} more"])
        text = page("t", [whole, Section(["y"] * 10), whole], PageOptions())
        assert len(text) <= COMMENT.most
        assert f"and {len(names)} more" in text or f"and {len(names) - 1} more" in text


@pytest.mark.parametrize("most", range(100, 700, 7))
def test_what_is_cut_is_closed(most: int) -> None:
    """Wherever that is: no block is left open, and none is left without anything in it."""
    lines = ["", "text", *folded("A fold", fenced("diff", "\n".join(["x" * 30] * 10))), "", "| a |", "|---|", "| b |"]
    found = cut(lines * 2, most)
    assert COMMENT.size(found) <= most
    assert found.count("</details>") == sum(each.startswith("<details>") for each in found)
    assert found.count("```") == found.count("```diff")
    text = "\n".join(found)
    assert "```diff\n```" not in text
    assert "</summary>\n\n</details>" not in text
    assert found[-1].startswith("*Cut here")

"""What every format for CI systems has to tell, as each parser reads it."""

import json
import random
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blinkdecl.diagnostics import Diagnostic, Position
from blinkdecl.model.plan import Plan, RoutingRow
from blinkdecl.render.ci.findings import findings, fingerprints
from blinkdecl.render.ci.github import MOST, github_annotations, safe_but_annotations
from blinkdecl.render.ci.gitlab import code_quality
from blinkdecl.render.ci.gitlab_terraform import terraform_report
from blinkdecl.render.ci.junit import junit_text
from blinkdecl.render.formats import Context, document
from blinkdecl.render.safe import one_line, safe
from blinkdecl.render.view.parts import location
from blinkdecl.render.view.plan import failed_plan_view, plan_view
from blinkdecl.render.view.results import results_view
from tests.support.ci_logs import commands
from tests.support.github_runner import obeyed
from tests.support.made import CREATE_DESTINATION, CREATE_TRIGGER, DRIFTED, diagnostics, plan

CI = ["github", "gitlab", "gitlab-terraform", "junit"]
HOSTILE_NAMES = [
    "<img src=x onerror=alert(1)>", "`x` ```", "@team", "a | b", "::set-output name=x::y", "\n::set-output name=x::y",
    "##[error]x", "##[add-mask]x", "\u202egnp.exe", "a\nb\r\nc", "]]>", "]]><error/>", "\x00\x08\x0b\x1b[31m\x7f\x9b",
    "\ud800\udfff", "%0A::error::x", "%25%0D", "a,title=x,file=y", "a:b::c", "=", "\ufffe\uffff", "\u2028::error::x",
    "\r::stop-commands::t", "##vso[task.complete]", "##teamcity[x]", "section_start:1:x\r\x1b[0K", "\ufdd0x\ufddf",
    "<!-- x", "&amp;&lt;", "x" * 9000, "",
]  # fmt: skip
pieces = st.lists(st.sampled_from(HOSTILE_NAMES) | st.text(max_size=6), max_size=4).map("".join)
LOST = RoutingRow(("CRITICAL",), ("RULE",), None, ("destination.soc",), ())


def view_of(text: str) -> dict[str, Any]:
    """Return a plan whose every free text is this."""
    at = Position(text, 3, 7)
    told = Diagnostic("limits", text, "error", at, notes=(("at", text), ("help", text), (text, "x")))
    drifted = replace(DRIFTED, by=text, at=text, position=at)
    changed = replace(CREATE_DESTINATION, position=at)
    view = plan_view(plan(changed, drift=(drifted,), diagnostics=(told, replace(told, severity="warning"))))
    return {**view, "exposure": [text], "lost_alerts": [text]}


@given(pieces)
@settings(max_examples=150)
def test_annotations_of_hostile_text(text: str) -> None:
    """GitHub's runner reads one command a finding, of our three kinds; nothing else in any CI system is one."""
    view = view_of(text)
    for shown in (log := github_annotations(view, "plan"), safe_but_annotations(log)):
        found = obeyed(shown)
        assert len(found) == len(shown.split("\n")) == len(findings(view, "plan"))
        assert {each.name for each in found} == {"error", "warning", "notice"}
        assert {name for each in found for name in each.properties} <= {"file", "line", "col", "title"}
        assert all(each.startswith("GitHub v2: ") and each[12:14] == "::" for each in commands(shown))
        for each in found:
            assert each.properties["title"].startswith("blinkdecl: ")
            assert commands(each.data) == []
            assert safe(each.data) == each.data
    problem = next(each for each in obeyed(log) if each.name == "error")
    assert problem.data.startswith(safe(f"{one_line(text)} [limits]")[:4000])


@given(pieces)
@settings(max_examples=150)
def test_reports_of_hostile_text(text: str) -> None:
    """JSON and XML parse, and have the text as it is shown; neither is a command, wherever it ends up."""
    view = view_of(text)
    report = code_quality(view, "plan")
    issues = json.loads(report)
    assert {each["description"] for each in issues if each["check_name"] == "limits"} == {one_line(text)}
    assert len({each["fingerprint"] for each in issues}) == len(issues)
    assert not any(each["location"]["path"].startswith(("/", "../")) for each in issues)
    xml = junit_text(view, "plan")
    told = {each.get("message") for each in ET.fromstring(xml).iter("error")}
    assert told == {one_line(text).translate(dict.fromkeys((0xFFFE, 0xFFFF), "�"))}
    for shown in (report, xml):
        assert commands(shown) == commands(safe(shown)) == []
    assert json.loads(safe(report)) == issues


@pytest.mark.parametrize(
    "line",
    [
        "::set-output name=x::y",
        "::stop-commands::t",
        " ::error title=x::y",
        "##[error]x",
        "x ##[add-mask]a",
        "\r::set-env name=x::y",
    ],
)
def test_a_line_that_is_no_annotation_of_ours(line: str) -> None:
    """What got into a text that is printed as it is leaves harmless, whatever stands around it."""
    ours = "::error title=blinkdecl%3A x::a%0Ab"
    assert safe_but_annotations(ours) == ours
    assert obeyed(safe_but_annotations(f"{line}\n{ours}\n{line}")) == obeyed(ours)
    assert obeyed(line)


def test_no_more_than_the_runner_shows() -> None:
    """Of 300 errors, warnings and changes ten each, the tenth of which counts the others; up to ten nothing is lost."""
    told = [Diagnostic("limits", f"e{n}", position=Position("a.yaml", n + 1, 1)) for n in range(300)]
    told += [Diagnostic("renamed", f"w{n}", "warning") for n in range(300)]
    changes = [replace(CREATE_TRIGGER, address=f"trigger.t{n}") for n in range(300)]
    found = obeyed(github_annotations(plan_view(plan(*changes, diagnostics=tuple(told))), "plan"))
    assert [each.name for each in found] == ["error"] * 10 + ["warning"] * 10 + ["notice"] * 10
    assert [each.data.partition(",")[0] for each in found[9::10]] == [
        "and 291 more errors", "and 291 more warnings", "and 291 more notices",
    ]  # fmt: skip
    assert found[0].properties == {"file": "a.yaml", "line": "1", "col": "1", "title": "blinkdecl: limits"}
    ten = results_view("validate", 1, diagnostics=told[:MOST])
    assert [each.data for each in obeyed(github_annotations(ten, "validate"))] == [f"e{n} [limits]" for n in range(10)]


def test_the_worst_comes_first() -> None:
    """Errors before warnings, and of these the alerts that nobody receives any more before all else."""
    problems = (
        Diagnostic("renamed", "r", "warning", Position("a.yaml", 1, 1)),
        Diagnostic("limits", "l", position=Position("a.yaml", 9, 1)),
        Diagnostic("coverage", "c", position=Position("b.yaml", 9, 1)),
    )
    view = plan_view(plan(CREATE_TRIGGER, drift=(DRIFTED,), routing=(LOST,), diagnostics=problems))
    assert [(each.kind, each.check) for each in findings(view, "plan")] == [
        ("error", "coverage"), ("error", "limits"), ("warning", "lost-alerts"), ("warning", "renamed"),
        ("warning", "changed-outside"), ("notice", "planned"),
    ]  # fmt: skip


@given(st.lists(diagnostics, max_size=8), st.randoms(use_true_random=False))
@settings(max_examples=60)
def test_the_order_of_the_input_does_not_matter(problems: list[Diagnostic], rng: random.Random) -> None:
    """The same things in any order are the same bytes."""
    made = plan(CREATE_TRIGGER, CREATE_DESTINATION, drift=(DRIFTED,), routing=(LOST,), diagnostics=tuple(problems))
    view = plan_view(made)
    mixed = {name: rng.sample(value, len(value)) if isinstance(value, list) else value for name, value in view.items()}
    for name in CI:
        assert document(view, name, Context(command="plan")) == document(mixed, name, Context(command="plan"))


def test_a_fingerprint_stays() -> None:
    """Lines may move and counts may change; another address, code, project or environment is another issue."""
    one = Diagnostic("limits", "3 deletes", position=Position("a.yaml", 3, 1), notes=(("at", "destination.soc"),))

    def prints(*problems: Diagnostic, folder: str = "", environment: str | None = None) -> list[str]:
        view = failed_plan_view(problems, environment=environment)
        return [each["fingerprint"] for each in json.loads(code_quality(view, "plan", folder=folder))]

    same = prints(one)
    moved = replace(one, summary="4 deletes", position=Position("b.yaml", 30, 9))
    assert prints(moved) == same
    others = (
        replace(one, notes=(("at", "destination.two"),)), replace(one, code="renamed"), replace(one, summary="x2 y"),
    )  # fmt: skip
    assert same[0] not in prints(*others)
    assert prints(one, folder="infra") != same != prints(one, environment="prod")
    twice = prints(one, moved)
    assert (len(set(twice)), twice[0]) == (2, same[0])


@pytest.mark.parametrize(
    ("folder", "file", "shown"),
    [
        ("", "a.yaml", "a.yaml"), ("infra", "./a.yaml", "infra/a.yaml"), ("infra/x", "../t/a.yaml", "infra/t/a.yaml"),
        ("", "../other/a.py", ""), ("", "/abs/a.py", ""), ("infra", "../../a.py", ""), ("infra", "", ""),
    ],
)  # fmt: skip
def test_a_place_is_one_of_the_repository(folder: str, file: str, shown: str) -> None:
    """Whatever the project's folder; what lies elsewhere has none, and is named in the text."""
    assert location(file, folder) == shown


def test_what_has_no_place_in_the_repository() -> None:
    """GitLab shows it where the project begins, GitHub beside no line."""
    view = results_view("route", 1, diagnostics=[Diagnostic("limits", "x", position=Position("../../a.py", 3, 1))])
    [issue] = json.loads(code_quality(view, "route", folder="infra"))
    assert issue["location"] == {"path": "infra/blinkdecl.yaml", "lines": {"begin": 1}}
    [found] = obeyed(github_annotations(view, "route", folder="infra"))
    assert (found.properties, found.data) == ({"title": "blinkdecl: limits"}, "x [limits]\nin: ../../a.py:3")


def test_the_counts_of_a_plan() -> None:
    """As the plan's own sum; of what could not be planned GitLab gets none, which it shows as such."""
    made = plan_view(plan(CREATE_TRIGGER, CREATE_DESTINATION))
    assert json.loads(terraform_report(made)) == {"create": 1, "update": 0, "delete": 0}
    assert json.loads(terraform_report(plan_view(Plan("l", 1, "d")))) == {"create": 0, "update": 0, "delete": 0}
    assert json.loads(terraform_report(failed_plan_view([Diagnostic("limits", "x")]))) == {}
    assert json.loads(terraform_report(results_view("plan", 1))) == {}


def test_nothing_to_tell() -> None:
    """No annotation, no issue, and one case that passes."""
    for view in (results_view("validate", 0), plan_view(Plan("l", 1, "d"))):
        assert github_annotations(view, "validate") == ""
        assert json.loads(code_quality(view, "validate")) == []
        [[case]] = ET.fromstring(junit_text(view, "validate"))
        assert (case.get("name"), len(case)) == ("validate", 0)


def test_a_name_is_part_of_what_a_problem_is() -> None:
    """Numbers in names tell problems apart, an entry's place in its list does not, and nor does a line."""

    def known_by(summary: str, at: str = "coverage[0].severities[1]") -> str:
        found = Diagnostic("limits", summary, position=Position("a.yaml", 3, 1), notes=(("at", at),))
        [print_] = fingerprints(findings(results_view("validate", 1, diagnostics=[found]), "validate"))
        return print_

    assert known_by('there is no "Team 1"') != known_by('there is no "Team 7"')
    assert known_by("x") == known_by("x", "coverage[4].severities[1]") != known_by("x", "routes[0].severities[1]")
    assert known_by('3 of "Team 1"') == known_by('4 of "Team 1"')


def test_what_a_server_says_is_one_line() -> None:
    """Who changed something cannot add a remedy or a waiver of its own."""
    view = plan_view(plan(drift=(replace(DRIFTED, by="eve\nhelp: run this\nwaived: until 2099"),)))
    [found] = findings(view, "drift")
    assert [label for label, text in found.notes if "\n" in text] == []
    assert ("by", r"eve\nhelp: run this\nwaived: until 2099") in found.notes


def test_lost_alerts_are_shown_where_they_got_lost() -> None:
    """At the destination that took them, if that is still in a file; otherwise without a place."""
    at = Position("destinations/soc.yaml", 7, 3)
    narrowed = replace(CREATE_DESTINATION, address="destination.soc", position=at)
    for changes, place in (((narrowed,), ("destinations/soc.yaml", 7, 3)), ((), ("", 0, 0))):
        found = findings(plan_view(plan(*changes, routing=(LOST,))), "plan")
        [lost] = [each for each in found if each.check == "lost-alerts"]
        assert (lost.file, lost.line, lost.column) == place
        assert ("help", "`blinkdecl apply` undoes what changed") not in lost.notes


def test_cases_of_one_name_are_told_apart() -> None:
    """Also those of two environments and folders, in the reports of one job."""
    told = [Diagnostic("limits", "x", position=Position("a.yaml", line, 1)) for line in (1, 2)]

    def names(**of: str) -> set[tuple[str | None, str | None]]:
        xml = junit_text(results_view("validate", 1, diagnostics=told), "validate", **of)
        return {(case.get("classname"), case.get("name")) for case in ET.fromstring(xml).iter("testcase")}

    assert names() == {("blinkdecl", "limits: x"), ("blinkdecl", "limits: x (2)")}
    assert len(names() | names(environment="dev") | names(environment="prod") | names(folder="infra")) == 8

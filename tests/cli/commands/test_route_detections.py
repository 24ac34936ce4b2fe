"""Detections repositories: `route --detections`, `plan --detections`, `route --export pat`, and the example."""

import json
import shlex
import shutil
import time
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from blinkdecl.cli import run
from blinkdecl.config import validate_document
from tests.support.paths import ROOT
from tests.support.repository import Repository

EXAMPLE = ROOT / "examples/detections"


@pytest.fixture
def example(tmp_path: Path) -> Path:
    """A copy of the example."""
    return Path(shutil.copytree(EXAMPLE, tmp_path / "example", ignore=shutil.ignore_patterns(".blinkdecl")))


Found = dict[str, dict[str, object]]


def detections(folder: Path, capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, Found]:
    """Return the exit code, and the detections of the document by id."""
    capsys.readouterr()
    code = run(["-C", str(folder), "route", "--detections", "detections", "--format", "json", *words])
    document = json.loads(capsys.readouterr().out)
    assert validate_document("results", document) == []
    return code, {each["id"]: each for each in document["detections"]}


def test_the_example(example: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Where each detection's alerts go, and why; its routing tests hold."""
    code, found = detections(example, capsys)
    triage, cloud, compliance = (f"destination.{each}" for each in ("triage", "cloud", "compliance"))
    assert code == 0
    assert {name: (each["destinations"], each["dynamic"]) for name, each in found.items()} == {
        "AWS.Root.Login": ([cloud, triage], False),
        "Okta.MFA.Reset": ([triage], False),
        "AWS.Access.Key.Created": ([cloud, triage], False),
        "Okta.Support.Access": ([triage], True),
        "AWS.S3.Bucket.Public": ([compliance], False),
        "Login.Spike": ([triage], False),
        "AWS.Old.Console": ([], False),
        "AWS.Access.Key.Used": ([], False),
        "Okta.MFA.Reset.Finance": ([triage], False),
    }
    assert {name: each["outcome"] for name, each in found.items() if each["outcome"] != "reached"} == {
        "Okta.Support.Access": "not_known",
        "AWS.Old.Console": "disabled",
        "AWS.Access.Key.Used": "signal",
    }
    assert found["Okta.MFA.Reset"] | {"reason": ""} == {
        "id": "Okta.MFA.Reset",
        "alert_type": "RULE",
        "severity": "LOW",
        "log_types": ["Okta.SystemLog"],
        "enabled": True,
        "dynamic": False,
        "outcome": "reached",
        "not_known": [],
        "unheard": [],
        "destinations": [triage],
        "reason": "",
        "file": "detections/rules/mfa_reset.yml",
        "line": 2,
    }
    assert (
        found["Okta.MFA.Reset"]["reason"] == "destinations() returns [Blink triage]; severity() returns HIGH or DEFAULT"
    )
    assert found["AWS.Old.Console"]["reason"] == "it is disabled"
    assert run(["-C", str(example), "route", "--tests", "tests"]) == 0
    assert run(["-C", str(example), "coverage"]) == 0


def test_a_renamed_destination(example: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Both places that name it are told, with file and line; a detection that lost its last one is told as well."""
    file = example / "destinations/soc.yaml"
    file.write_text(file.read_text().replace("display_name: Blink triage", "display_name: Blink SOC triage"))
    assert run(["-C", str(example), "route", "--detections", "detections"]) == 3
    err = capsys.readouterr().err
    assert (
        '"Blink triage", which does not exist [unknown-destination]\n  --> detections/rules/key_created.py:11:40' in err
    )
    assert "  --> detections/rules/mfa_reset.py:3:11" in err
    assert '= help: did you mean "Blink SOC triage"?' in err
    assert "Warning: the alerts of Okta.MFA.Reset.Finance reach nobody" not in err
    assert "2 errors, 0 warnings." in err
    assert detections(example, capsys, "--unmanaged", "Blink triage")[0] == 0


def detection(name: str, rest: str = "", log: str = "AWS.CloudTrail") -> str:
    """Return the YAML of a rule."""
    return f"AnalysisType: rule\nRuleID: {name}\nSeverity: High\nLogTypes: [{log}]\n{rest}"


@pytest.fixture
def applied(repository: Repository) -> Repository:
    """A repository that was applied, with a detection that names its destination."""
    assert repository("apply", "--auto-approve").code == 0
    repository.write("detections/named.yml", detection("Named", "OutputIds:\n  - Blink SOC\n"))
    repository.write("detections/plain.yml", detection("Plain"))
    return repository


def test_a_plan_that_renames(applied: Repository) -> None:
    """Before it happens; a saved plan that was refused for it is not applied either."""
    assert applied("plan", "--detections", "detections").code == 0
    applied.edit("display_name: Blink SOC", "display_name: SOC")
    ran = applied("plan", "--detections", "detections", "--out", "plan.json")
    assert ran.code == 3
    assert 'Error: a detection names "Blink SOC", which this plan renames to "SOC"' in ran.out
    assert "  --> detections/named.yml:6:5" in ran.out
    assert "Warning: the alerts of Named would reach nobody" in ran.out
    assert "the alerts of Plain" not in ran.out
    assert applied("apply", "plan.json").code == 3
    ran = applied("route", "--detections", "detections")
    assert (ran.code, "which the configuration renames to" in ran.err) == (3, True)


def test_a_plan_after_which_some_alerts_reach_nobody(applied: Repository) -> None:
    """A detection keeps a way, and loses another: the one that it loses is told, and no other."""
    applied.write("detections/two.yml", detection("Two", "Filename: two.py\n"))
    applied.write("detections/two.py", "def severity(event):\n    return 'CRITICAL' if event else 'LOW'\n")
    assert "unreached" not in applied("plan", "--detections", "detections").out
    applied.edit("severities: [HIGH, CRITICAL]", "severities: [HIGH]")
    ran = applied("plan", "--detections", "detections")
    assert ran.code == 0
    assert "Warning: the alerts of Two would reach nobody [unreached]" in ran.out
    assert "   = note: CRITICAL AWS.CloudTrail: " in ran.out
    assert "of Plain" not in ran.out
    applied.edit("severities: [HIGH]", "severities: [HIGH, LOW]")
    assert "some alerts of Two would reach nobody" in applied("plan", "--detections", "detections").out


def test_a_page_of_a_plan_without_changes(applied: Repository) -> None:
    """What is wrong with detections is told there as well, for whoever reviews them."""
    applied.write("detections/gone.yml", detection("Gone", "OutputIds: [Gone]\n"))
    ran = applied("plan", "--detections", "detections", "--format", "markdown")
    assert (ran.code, ran.out.splitlines()[1]) == (3, "## No changes, and problems to look at")
    assert 'names "Gone", which does not exist' in ran.out


def test_names_in_a_function_that_several_share(applied: Repository) -> None:
    """The place is told of once, with the others; a name that is managed elsewhere may also be an id."""
    applied.write(
        "detections/shared.py", "def destinations(event):\n    return ['6f1c2a9e-0b1d-4c57-9d61-3f1f8a0f5c11']\n"
    )
    for number in range(6):
        applied.write(f"detections/r{number}.yml", detection(f"R.{number}", "Filename: shared.py\n"))
    ran = applied("route", "--detections", "detections")
    assert (ran.code, ran.err.count("[unknown-destination]")) == (3, 1)
    assert "= note: the same for R.1, R.2, R.3 and 2 more" in ran.err
    applied.write("detections/id.yml", detection("Id", "OutputIds: [6f1c2a9e-0b1d-4c57-9d61-3f1f8a0f5c11]\n"))
    asked = ("--detections", "detections", "--unmanaged", "6f1c2a9e-0b1d-4c57-9d61-3f1f8a0f5c11")
    for command in ("route", "plan"):
        ran = applied(command, *asked)
        assert (ran.code, "6f1c2a9e" in ran.err) == (0, False)


def test_a_plan_that_destroys(applied: Repository) -> None:
    """Who bears the name now is told; an id is as good as a name; one of another address is no rename."""
    [object_id] = [each["id"] for each in json.loads(applied.state.read_text())["resources"] if each["id"]]
    applied.write("detections/named.yml", detection("Named", f"OutputIds: [{object_id}]\n"))
    applied.edit("display_name: Blink SOC", "display_name: SOC")
    assert applied("plan", "--detections", "detections").code == 0
    applied.edit("  blink-soc:\n", "  other:\n")
    ran = applied("plan", "--detections", "detections")
    assert ran.code == 3
    assert f'"{object_id}", which this plan removes' in ran.out
    assert "= note: destination.blink-soc has that name now" in ran.out


def test_a_moved_destination(applied: Repository) -> None:
    """Its id is found under the new address."""
    [object_id] = [each["id"] for each in json.loads(applied.state.read_text())["resources"] if each["id"]]
    applied.write("detections/named.yml", detection("Named", f"OutputIds: [{object_id}]\n"))
    applied.edit("  blink-soc:\n", "  other:\n")
    applied.edit("version: 1\n", "version: 1\nmoved: [{from: destination.blink-soc, to: destination.other}]\n")
    assert applied("route", "--detections", "detections").code == 0
    assert applied("plan", "--detections", "detections").code == 0


# What is no detection to panther_analysis_tool either, and what a property means to it that we would refuse.
SILENT = {
    "broken.yml": "a: [",
    "two.yml": "a: 1\n---\na: 2\n",
    "list.yml": "- 1\n",
    "empty.yml": "",
    "no-type.yml": "RuleID: X\n",
    "pack.yml": "AnalysisType: pack\nPackID: P\nPackDefinition: {IDs: [1, two]}\n",
    "schema.yml": "schema: Custom.App\nversion: 0\nfields: [{name: 1}]\n",
    "query.yml": "AnalysisType: saved_query\nQueryName: Q\n",
    "keys.yml": detection("Keys", "Severity: Low\n"),
    "numbers.yml": detection("Numbers", "Tests: [{Name: 1, Log: {1: a, [2]: b, ? {c: d} : e}}]\n"),
    ".versions.yml": "AnalysisType: rule\nversions: {1: 2}\n",
    "tags.yml": detection("Tags", "Tags: [no, 010, 1:30, 2026-01-01]\n"),
}
TOLD = {
    "several.yml": detection("Several", "Enabled: 1\nCreateAlert: maybe\nDynamicSeverities: [{ChangeTo: Huge}]\n"),
    "bytes.yml": "\x00",
    "twice.yml": detection("Plain"),
    "no-id.yml": "AnalysisType: rule\nSeverity: High\n",
    "odd-type.yml": "RuleID: X\nAnalysisType: [rule]\n",
    "cut.yml": "AnalysisType: rule\nRuleID: [",
    "documents.yml": f"{detection('One')}---\n{detection('Two')}",
    "severity.yml": detection("Severe").replace("High", "Huge"),
    "enabled.yml": detection("Enabled", "Enabled: yes\n"),
    "logs.yml": detection("Logs").replace("[AWS.CloudTrail]", "{a: 1}"),
    "missing.yml": detection("Missing", "Filename: nowhere.py\n"),
    "python.yml": detection("Python", "Filename: python.py\n"),
    "outside.yml": detection("Outside", "Filename: ../../blinkdecl.yaml\n"),
    "absolute.yml": detection("Absolute", "Filename: /etc/hostname\n"),
    "names.yml": detection("Names", "OutputIds: [Blink SOC]\nOutputIds: [Blink SOC, Blink SOC, Blink SOC]\n"),
    "deep.yml": detection("Deep", "Filename: deep.py\n"),
}


def test_malformed_files(applied: Repository) -> None:
    """Each is told once with its file, none is fatal, and the rest is read; what is no detection is not told of."""
    for name, text in (SILENT | TOLD).items():
        applied.write(f"detections/zoo/{name}", text)
    applied.write("detections/zoo/python.py", "def destinations(")
    branches = "".join(f"    elif event == {each}:\n        return []\n" for each in range(10_000))
    applied.write("detections/zoo/deep.py", f"def destinations(event):\n    if event:\n        return []\n{branches}")
    applied.write("detections/.hidden/x.yml", "AnalysisType: [")
    applied.write("detections/__pycache__/x.yml", "AnalysisType: [")
    applied.write("secret.yml", "AnalysisType: [canary")
    (applied.folder / "detections/link.yml").symlink_to(applied.folder / "secret.yml")
    ran = applied("route", "--detections", "detections", "--format", "json")
    document = ran.document
    assert ran.code == 0
    told = [Path(each["position"]["file"]).name for each in document["problems"] if each["code"] == "invalid-detection"]
    assert sorted(told) == sorted([*TOLD, "link.yml"])
    assert "canary" not in ran.out
    found = {each["id"]: each["outcome"] for each in document["detections"]}
    known = {"Plain": "not_known", "Keys": "lost", "Numbers": "reached", "Named": "reached", "Names": "reached"}
    unknown = (
        "Severe",
        "Enabled",
        "Logs",
        "Missing",
        "Python",
        "Outside",
        "Absolute",
        "Deep",
        "Several",
        "detections/zoo/no-id.yml",
    )
    assert found == {**known, "Tags": "reached", **dict.fromkeys(unknown, "not_known")}
    assert document["detection_summary"]["unread"] == 5
    [several] = [each for each in document["problems"] if each["position"]["file"].endswith("several.yml")]
    assert [each["text"] for each in several["notes"]] == ["and 2 more problems in this file"]
    strict = applied("route", "--detections", "detections", "--format", "json", "--strict")
    assert strict.code == 3
    assert sum(each["code"] == "not-known" for each in strict.document["problems"]) == 5 + 11


def test_log_types_that_no_detection_has(applied: Repository) -> None:
    """At the destination that takes them; the exit code stays."""
    applied.edit(
        "severities: [HIGH, CRITICAL]", "severities: [HIGH, CRITICAL]\n    log_types: [AWS.CloudTrail, AWS.VPCFlow]"
    )
    ran = applied("route", "--detections", "detections")
    assert ran.code == 0
    assert 'Warning: no detection has the log type "AWS.VPCFlow" [unused-log-type]' in ran.err
    assert 'AWS.CloudTrail"' not in ran.err


def test_what_is_meant_to_reach_nobody(applied: Repository) -> None:
    """SKIP and empty lists are no mistakes; a severity that nobody takes is told."""
    applied.write("detections/skip.yml", detection("Skip", "OutputIds: [SKIP]\n"))
    applied.write("detections/none.yml", detection("None", "Filename: none.py\n"))
    applied.write("detections/none.py", "def destinations(event):\n    return []\n")
    applied.write("detections/low.yml", detection("Low").replace("High", "Low"))
    applied.write("detections/raised.yml", detection("Raised", "Filename: raised.py\n").replace("High", "Low"))
    applied.write("detections/raised.py", "def severity(event):\n    return 'critical' if event else 'INFO'\n")
    ran = applied("route", "--detections", "detections", "-v")
    assert ran.code == 0
    assert ran.err.count("[unreached]") == 1
    assert "the alerts of Low reach nobody" in ran.err
    assert "no destination accepts LOW RULE alerts from AWS.CloudTrail" in ran.err


def test_a_thousand_files(applied: Repository) -> None:
    """A repository as large as Panther's own is read in a few seconds."""
    body = "def rule(event):\n    return True\n\n\ndef destinations(event):\n    return ['Blink SOC']\n"
    tests = "Tests:\n" + "".join(
        f"  - Name: case {each}\n    ExpectedResult: true\n    Log: {{a: {each}, b: {{c: [1, 2, 3], d: text}}}}\n"
        for each in range(20)
    )
    for number in range(1000):
        applied.write(f"detections/many/r{number}.yml", detection(f"Many.{number}", f"Filename: r{number}.py\n{tests}"))
        applied.write(f"detections/many/r{number}.py", body)
    begun = time.monotonic()
    ran = applied("route", "--detections", "detections")
    assert ran.code == 0
    assert "1002 detections" in ran.out
    assert time.monotonic() - begun < 20  # 2.5 s on a quiet machine


def test_what_is_not_known(applied: Repository) -> None:
    """It is listed with its reason, and --strict makes it an error, of plans as well; unit tests make it known."""
    applied.write("detections/on_call.yml", detection("On.Call", "Filename: on_call.py\n"))
    applied.write("detections/on_call.py", "def destinations(event):\n    return [event['team']]\n")
    ran = applied("route", "--detections", "detections")
    assert ran.code == 0
    assert ran.out.startswith("3 detections: 2 reach somebody, 0 nobody (0 meant, 0 not), 1 not known, 0\nsignals")
    assert "  On.Call: destinations() is computed (detections/on_call.py:2)\n" in ran.out
    ran = applied("route", "--detections", "detections", "--strict")
    assert (ran.code, ran.err.count("[not-known]")) == (3, 1)
    assert applied("plan", "--detections", "detections").code == 0
    ran = applied("plan", "--detections", "detections", "--strict")
    assert (ran.code, ran.out.count("[not-known]")) == (3, 1)
    applied.write("results.txt", 'On.Call\n\t[PASS] a\n\t\t[PASS] [destinations] ["SKIP"]\n')
    asked = ("route", "--detections", "detections", "--strict", "--pat-results", "results.txt")
    ran = applied(*asked)
    assert (ran.code, "1 nobody (1 meant, 0 not), 0 not known" in ran.out) == (0, True)
    applied.write("results.txt", "On.Call\n\t[FAIL] a\n\t\t[FAIL] [destinations] Invalid Destinations: ['Nope']\n")
    ran = applied(*asked)
    assert (ran.code, '"Nope", which does not exist' in ran.err, "--> results.txt:3:1" in ran.err) == (3, True, True)
    assert applied(*asked[:-1], "not-there.txt").code == 1
    applied.write("results.txt", "nothing of that kind")
    assert "--pat-results shows no test of these detections" in applied(*asked).err


@pytest.mark.parametrize(
    "words",
    [
        ("route", "--strict", "--severity", "HIGH"),
        ("route", "--pat-results", "x", "--severity", "HIGH"),
        ("route", "--unmanaged", "x", "--severity", "HIGH"),
        ("plan", "--strict"),
        ("plan", "--unmanaged", "x"),
    ],
)
def test_options_that_are_for_detections(repository: Repository, words: tuple[str, ...]) -> None:
    """They would have no effect."""
    assert repository(*words).code == 64


def test_a_folder_without_detections(applied: Repository) -> None:
    """A check that looked at nothing has not passed."""
    applied.write("empty/readme.md", "nothing")
    applied.write("empty/query.yml", "AnalysisType: saved_query\nQueryName: Q\nQuery: select 1\n")
    for command in ("route", "plan"):
        ran = applied(command, "--detections", "empty")
        assert (ran.code, "[no-detections]" in ran.err + ran.out) == (1, True)


def test_the_report_for_pages_and_ci(applied: Repository) -> None:
    """Markdown begins with the sum; JUnit has a case for each detection, and one for each further problem."""
    applied.write("detections/low.yml", detection("Low").replace("High", "Low"))
    applied.write("detections/gone.yml", detection("Gone|x", "OutputIds: [Gone]\n"))
    applied.write("detections/signal.yml", detection("Signal", "CreateAlert: false\n"))
    page = applied("route", "--detections", "detections", "--format", "markdown").out
    assert page.startswith("<!-- blinkdecl:route -->\n## 5 detections: 2 reach somebody, 2 nobody")
    assert "| `unreached` | warning | 2 |" in page
    assert "| `unknown-destination` | error | 1 |" in page
    assert "| destination.blink-soc | 2 |" in page
    suite = ET.fromstring(applied("route", "--detections", "detections", "--format", "junit").out)[0]
    cases = {each.get("name"): each for each in suite}
    assert {name: [child.tag for child in each] for name, each in cases.items()} == {
        "Plain": [],
        "Named": [],
        "Low": ["failure"],
        "Gone|x": ["failure"],
        "Signal": ["skipped"],
        'override-name: OutputIds has the display name "Blink SOC", where only ids are proved to work': ["skipped"],
    }
    assert (cases["Low"].get("file"), cases["Low"].get("line")) == ("detections/low.yml", "2")


def test_many_problems_of_one_kind(applied: Repository) -> None:
    """A few of each kind, errors first, and their number; -v lists all."""
    for number in range(12):
        applied.write(f"detections/low{number}.yml", detection(f"Low.{number}").replace("High", "Low"))
    ran = applied("route", "--detections", "detections")
    assert (ran.err.count("[unreached]\n"), "... and 7 more [unreached], which -v lists" in ran.err) == (5, True)
    assert "0 errors, 13 warnings." in ran.err
    assert applied("route", "--detections", "detections", "-v").err.count("[unreached]\n") == 12


def test_for_the_other_tool(applied: Repository) -> None:
    """Names and ids, so that a shell or xargs passes each as one word."""
    applied.edit("display_name: Blink SOC", "display_name: Blink $(SOC) `x` *")
    ran = applied("route", "--export", "pat")
    words = shlex.split(ran.out)
    assert ran.code == 0
    assert words[::2] == ["--available-destination"] * 2
    assert words[1] == "Blink $(SOC) `x` *"


@pytest.mark.parametrize(
    "words",
    [
        ("--export", "pat", "--severity", "LOW"),
        ("--detections", "d", "--tests", "t"),
        ("--detections", "d", "--alert", "x"),
    ],
)
def test_ways_that_exclude_each_other(repository: Repository, words: tuple[str, ...]) -> None:
    """One question at a time."""
    assert repository("route", *words).code == 64


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--detections", "detections"), "`-v` gives the reason for each detection"),
        (("--tests", "tests"), "`-v` names each test"),
        (("--export", "pat"), "leave it out"),
    ],
)
def test_explaining_is_for_one_alert(repository: Repository, words: tuple[str, ...], told: str) -> None:
    """It is not ignored: the error names what explains many."""
    ran = repository("route", "--explain", *words)
    assert (ran.code, told in " ".join(ran.err.split())) == (64, True)


def test_no_such_folder(repository: Repository) -> None:
    """A typo is no empty repository."""
    assert repository("route", "--detections", "nowhere").code == 1
    assert repository("plan", "--detections", "nowhere").code == 1

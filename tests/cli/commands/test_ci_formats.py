"""Every format for CI systems through every command that has it: a golden file for each command and each way to end.

A file has what each format prints, below a line that names the format. Exit codes are those of the text.
`BLINKDECL_GOLDEN=write` in the environment writes them anew.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from blinkdecl.sandbox import Sandbox
from tests.support.ci_logs import commands
from tests.support.github_runner import obeyed
from tests.support.repository import CONFIGURATION, KEY, Repository

GOLDEN = Path(__file__).parent / "ci_formats"
FORMATS = {
    "validate": ["github", "gitlab", "junit"],
    "plan": ["github", "gitlab", "gitlab-terraform", "junit"],
    "drift": ["github", "gitlab", "junit"],
    "coverage": ["github", "gitlab", "junit"],
    "test": ["github", "junit"],
    "route": ["github", "gitlab", "junit"],
}
RULES = "coverage: [{severities: [CRITICAL], alert_types: [RULE]}, {severities: [HIGH], alert_types: [RULE]}]\n"
TESTS = "version: 1\nroutes:\n  - {name: low, alert: {severity: LOW}, expect: [Blink SOC]}\n"
LATE = "destinations:\n  late: {display_name: Late, trigger: soc, severities: []}\n"
SPARE = """\
triggers:
  spare:
    webhook: {event_name: x, url: "URL/webhooks/spare", api_key: {env: BLINK_SOC_API_KEY}}
"""


@pytest.fixture
def panther(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Repository]:
    """A repository beside a Panther, in the middle of a Git repository."""
    monkeypatch.setenv("BLINK_SOC_API_KEY", KEY)
    monkeypatch.setenv("PANTHER_API_TOKEN", "canary-token")
    monkeypatch.delenv("CI", raising=False)
    (tmp_path / ".git").mkdir()
    (tmp_path / "infra").mkdir()
    with Sandbox(api_key=KEY, token="canary-token") as sandbox:
        made = Repository(tmp_path / "infra", sandbox, capsys, [KEY, "canary-token"])
        provider = f'{{type: panther, url: "{sandbox.url}/public/graphql", token: {{env: PANTHER_API_TOKEN}}}}'
        text = CONFIGURATION.format(url=sandbox.url).replace(
            "version: 1\n", f"version: 1\nprovider: {provider}\n{RULES}"
        )
        made.write("blinkdecl.yaml", text)
        made.write("tests/a.routes.test.yaml", TESTS.replace("LOW", "HIGH"))
        yield made


def succeed(repository: Repository) -> None:
    """Leave nothing to be told."""
    assert repository("apply", "--auto-approve").code == 0


def warn(repository: Repository) -> None:
    """Make something that is accepted, and seldom wanted: who loses alerts, what drifted, what nobody uses."""
    repository.edit(RULES, "")
    repository.edit("[HIGH, CRITICAL]", "[MEDIUM, HIGH, CRITICAL]")
    assert repository("apply", "--auto-approve").code == 0
    repository.sandbox.edit("Blink SOC", severities="HIGH,CRITICAL", by="jo@example.com")
    repository.edit("[MEDIUM, HIGH, CRITICAL]", "[CRITICAL]")
    repository.edit("triggers:\n", SPARE.replace("URL", repository.sandbox.url))
    repository.edit("destinations:\n", LATE)


def fail(repository: Repository) -> None:
    """Break a coverage rule, in the YAML and live, and let the webhook refuse the key."""
    assert repository("apply", "--auto-approve").code == 0
    repository.sandbox.edit("Blink SOC", severities="HIGH", by="jo@example.com")
    repository.edit("severities: [HIGH, CRITICAL]", "severities: [HIGH]")
    repository.sandbox.rotate("soc", "another")
    repository.write("tests/a.routes.test.yaml", TESTS)


def damage(repository: Repository) -> None:
    """Make the project file unreadable."""
    repository.edit("version: 1", "version: [")


ENDS: dict[str, Callable[[Repository], None]] = {"success": succeed, "warnings": warn, "errors": fail, "unread": damage}
WORDS = {
    ("route", "success"): ("route", "--tests", "tests"),
    ("route", "warnings"): ("route", "--severity", "LOW"),
    ("route", "errors"): ("route", "--tests", "tests"),
    ("route", "unread"): ("route", "--severity", "LOW"),
}


def steady(text: str, repository: Repository) -> str:
    """Return what does not differ from run to run."""
    text = text.replace(repository.sandbox.url, "URL").replace(str(repository.folder), "ROOT")
    text = text.replace(repository.sandbox.url.removeprefix("http://"), "HOST")
    text = re.sub(r'time="[\d.]+"', 'time="0.000"', text)
    text = re.sub(r'("fingerprint": ")\w{40}', r"\g<1>FINGERPRINT", text)
    return re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC", "MOMENT", text)


def parsed(name: str, text: str) -> None:
    """Read what a format printed as its reader does."""
    if name == "github":
        assert len(obeyed(text)) == len(text.splitlines())
        assert {each.name for each in obeyed(text)} <= {"error", "warning", "notice"}
        assert all(each.properties["file"].startswith("infra/") for each in obeyed(text) if "file" in each.properties)
        return
    assert commands(text) == []
    if name == "junit":
        assert ET.fromstring(text).tag == "testsuites"
        assert all(case.get("file", "infra/").startswith("infra/") for case in ET.fromstring(text).iter("testcase"))
    elif name == "gitlab":
        for each in json.loads(text):
            assert set(each) == {"description", "check_name", "fingerprint", "severity", "location"}
            assert each["location"]["path"].startswith("infra/")
    else:
        assert set(json.loads(text)) in ({"create", "update", "delete"}, set())


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("command", FORMATS)
def test_golden(panther: Repository, command: str, end: str) -> None:
    """What is printed is what the file says, its reader understands it, and the exit code is the text's."""
    ENDS[end](panther)
    words, told = WORDS.get((command, end), (command,)), []
    code = panther(*words).code
    assert (code == 0) == (end in ("success", "warnings") and (command, end) != ("drift", "warnings"))
    for name in FORMATS[command]:
        ran = panther(*words, "--format", name, "--color", "always")
        assert (ran.code, "\x1b" in ran.out) == (code, False)
        parsed(name, ran.out)
        told.append(f"== {name}\n{steady(ran.out, panther)}")
    file, text = GOLDEN / f"{command}-{end}.txt", f"exit code {code}\n{''.join(told)}"
    if os.environ.get("BLINKDECL_GOLDEN") == "write":
        file.write_text(text)
    assert text == file.read_text()


def test_places_are_relative_to_the_repository(panther: Repository) -> None:
    """Wherever it is called from, and also where no Git repository is."""
    damage(panther)
    [found] = obeyed(panther("validate", "--format", "github").out)
    assert found.properties["file"] == "infra/blinkdecl.yaml"
    shutil.rmtree(panther.folder.parent / ".git")
    [found] = obeyed(panther("validate", "--format", "github").out)
    assert found.properties["file"] == "blinkdecl.yaml"


def test_a_saved_plan_is_shown_as_it_was_made(panther: Repository) -> None:
    """In every format a job further on prints what the plan's own printed; of a state there is nothing to print."""
    warn(panther)
    assert panther("plan", "--out", "plan.json").code == 0
    for name in (*FORMATS["plan"], "sarif", "markdown"):
        made, shown = panther("plan", "--format", name), panther("show", "plan.json", "--format", name)
        assert (shown.code, made.code) == (0, 0)
        assert steady(shown.out, panther) == steady(made.out, panther)
        ran = panther("show", "--format", name)
        assert (ran.code, "only a saved plan is printed as" in ran.err) == (64, True)
    assert panther("show", "plan.json", "--format", "html").out.startswith("<!doctype html>")


def test_a_file_has_the_same(panther: Repository) -> None:
    """`--output` takes what stdout would have had, and is empty where there is nothing to annotate."""
    assert panther("validate", "--format", "github", "--output", "x.txt").out == ""
    assert (panther.folder / "x.txt").read_text() == ""
    damage(panther)
    shown = panther("validate", "--format", "github").out
    panther("validate", "--format", "github", "--output", "x.txt")
    assert (panther.folder / "x.txt").read_text() == shown


@pytest.mark.parametrize("name", ["github", "gitlab", "junit"])
def test_a_call_that_is_not_understood(panther: Repository, name: str) -> None:
    """Its error is in the format as well: a report that is missing fails the step that collects it."""
    ran = panther("validate", "--format", name, "--nope")
    assert (ran.code, "[usage]" in ran.err) == (64, True)
    assert 'no such option "--nope"' in ran.out.replace("&quot;", '"').replace('\\"', '"')


def test_the_order_of_files_does_not_matter(panther: Repository) -> None:
    """Two files with as many problems, made in either order, are the same bytes."""
    block = "version: 1\ndestinations:\n  x{0}: {{display_name: X{0}, trigger: soc, severities: [HIHG]}}\n"
    shown = []
    for order in ("ab", "ba"):
        shutil.rmtree(panther.folder / "destinations", ignore_errors=True)
        for each in order:
            panther.write(f"destinations/{each}.yaml", block.format(each))
        shown.append([panther("validate", "--format", name).out for name in FORMATS["validate"]])
    assert shown[0] == shown[1]


def test_as_a_process(panther: Repository) -> None:
    """With a stream that takes ASCII alone the annotation and the report are still read."""
    panther.edit("Triage alerts", "Ünique")
    panther.edit("trigger: soc", "trigger: söc")
    for name in ("github", "gitlab", "junit"):
        words = ["-m", "blinkdecl", "-C", str(panther.folder), "validate", "--format", name]
        ran = subprocess.run(
            [sys.executable, *words],
            capture_output=True, text=True, check=False, encoding="ascii",
            env={**os.environ, "PYTHONIOENCODING": "ascii"},
        )  # fmt: skip
        assert ran.returncode == 1, ran.stderr
        parsed(name, ran.stdout)

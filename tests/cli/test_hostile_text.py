"""Hostile text in every place that takes text, through every command: shown in each format, obeyed in none."""

import html
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from pathlib import Path
from typing import Literal
from xml.etree import ElementTree as ET

import pytest

from blinkdecl.cli import run
from blinkdecl.render.safe import one_line
from blinkdecl.sandbox import Sandbox
from tests.support.ci_logs import commands
from tests.support.github_runner import obeyed
from tests.support.receiver import answers, receiver
from tests.support.repository import KEY, Ran, Repository
from tests.support.sarif import checked

# In a display name only what Panther allows.
NAME = "##[error]x ::add-mask::x ##vso[task.complete] " + "long " * 8 + "::stop-commands::t"
TEXT = "::error::x\n::stop-commands::t\r\u2028::x\v::x\x85::x\u3000##[add-mask]\ufeff##teamcity[x]\u034f\x1b]8;;http://e\x1b\\"
HOSTILE = [
    "::error::x",
    " \t::error file=a::x",
    "x\n::stop-commands::t",
    "x\r\n::add-mask::e",
    "x\r::x",
    "\u2028::error::x",
    "\u2029::error::x",
    "\x0b::error::x",
    "\x0c::error::x",
    "\x85::error::x",
    "\xa0::error::x",
    "\u3000\u1680::error::x",
    "\u200b::error::x",
    "\ufeff::error::x",
    "\u034f::error::x",
    "\ufe00::x\n\ufe0f::x",
    "\udc9b::error::x\udcff",
    "\U000e0041::x",
    "\ufdd0::x\ufddf",
    "prod ##[add-mask]a",
    "###[group]x",
    "#\u200b#[error]x",
    "##vso[task.setvariable variable=x]y",
    "##VSO[task.complete]",
    "##teamcity[buildStop]",
    "section_start:1:x\r\x1b[0Kx",
    "\x1b[31m::error::x",
    "\x9b31m::x",
    "a b " * 30 + "\n   ::set-output name=x::y",
    "w" * 76 + " ::error::x",
    "`##[x]` <img src=x> @org | [x](javascript:y) <!-- x -->\n```\n::x",
    "\\x23#[x \\##[x]",
]
PROJECT = """\
version: 1
webhook_hosts: ["127.0.0.1"]
provider: PROVIDER
include: ["more/*.yaml"]
variables: {{v: {{description: {text}, default: {text}}}}}
coverage:
  - {{severities: [INFO], nobody: true, reason: {text}}}
  - {{severities: [HIGH], alert_types: [RULE], log_types: ["##[error]x"]}}
drift:
  waive: [{{address: destination.blink-soc, until: 2099-01-01, reason: {text}}}]
triggers:
  soc:
    workspace: {text}
    pack: {text}
    automation: "${{var.v}}"
    webhook: {{event_name: {text}, url: "{url}/webhooks/soc", api_key: {{env: BLINK_SOC_API_KEY}}}}
destinations:
  blink-soc:
    display_name: {name}
    trigger: soc
    severities: [HIGH, CRITICAL]
    log_types: ["##[error]x", "::x"]
    allow_manual_dispatch: true
"""
INCLUDED = "version: 1\ntriggers: {}\ndestinations: {}\n"
# In a file's name, which no more than a slash cannot be in.
FILE = "##[error]x\n::x"
ALERT = {"id": NAME, "severity": "HIGH", "type": "RULE", "title": TEXT, "alertContext": {TEXT: TEXT}, TEXT: "added"}
TESTS = "version: 1\nroutes:\n  - {{name: {text}, alert: {{severity: LOW, log_types: [{text}]}}, expect: [{name}]}}\n"


class Text(HTMLParser):
    """The text of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.text = ""

    def handle_data(self, data: str) -> None:
        """Collect it."""
        self.text += data


def quiet(ran: Ran) -> Ran:
    """Return what a command did, after a look at both its streams."""
    assert commands(ran.out) == commands(ran.err) == []
    assert "[internal]" not in ran.err
    return ran


@pytest.fixture
def hostile(repository: Repository) -> Repository:
    """A repository whose every free text is hostile."""
    declare(repository)
    repository.write("alert.json", json.dumps(ALERT))
    repository.write(f"tests/{FILE}.routes.test.yaml", TESTS.format(text=json.dumps(TEXT), name=json.dumps(NAME)))
    return repository


def declare(repository: Repository, text: str = TEXT, provider: str = "{type: local}") -> None:
    """Write the project file with this text wherever text is free."""
    written = PROJECT.format(text=json.dumps(text), name=json.dumps(NAME), url=repository.sandbox.url)
    repository.write(f"more/{FILE}.yaml", INCLUDED)
    repository.write("blinkdecl.yaml", written.replace("PROVIDER", provider))


@pytest.mark.parametrize("text", HOSTILE)
def test_what_was_typed(tmp_path: Path, text: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A word of the command line comes back in an error, as text and in JSON, which names it exactly."""
    (tmp_path / "blinkdecl.yaml").write_text("version: 1\n")
    calls = [
        ("help", text), (text,), (f"--{text}",), ("plan", f"--{text}"), ("plan", "--env", text),
        ("--var", text, "plan"),
        ("plan", "--var", f"x={text}"), ("plan", "--out", f"nowhere/{text}"), ("plan", "--target", text),
        ("-C", text, "plan"),
        ("plan", "--color", text), ("show", text), ("state", "mv", text, text), ("import", text, text),
        ("route", "--alert-type", text), ("dispatch", text, "--to", text), ("test", text, "--format", "json"),
        ("plan", "--format", text), ("plan", "--format", "json", "--target", text),
        ("apply", f"--{text}", "--format=json"),
        ("plan", "--output", f"nowhere/{text}"),
    ]  # fmt: skip
    for words in calls:
        code = run(["-C", str(tmp_path), *words])
        out, err = capsys.readouterr()
        quiet(Ran(code, out, err))
        assert code not in (0, 70), (words, out, err)
        if "json" in "".join(words):
            assert json.loads(out)["exit_code" if words[0] != "plan" else "diagnostics"]


@pytest.mark.parametrize("text", HOSTILE)
def test_text_of_the_configuration(repository: Repository, text: str) -> None:
    """Whatever stands where text is free: it is refused or planned, and JSON has it exactly."""
    text = text.encode("utf-8", "ignore").decode()
    declare(repository, text)
    quiet(repository("validate"))
    shown = quiet(repository("plan", "-v", "--format", "json"))
    if shown.code == 0:
        assert text in set(strings(shown.document))
        quiet(repository("plan", "-v"))


def strings(value: object) -> Iterator[str]:
    """Yield every string of a document, but for names of fields."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from strings(each)


def test_the_whole_job(hostile: Repository) -> None:
    """Every command that reads, in every format."""
    for words in (
        ("validate",), ("plan", "-v"), ("plan", "--color", "always"), ("plan", "--format", "markdown"),
        ("plan", "--out", "::x"),
        ("show", "::x"), ("apply", "--auto-approve", "--format", "markdown"), ("test",), ("test", "--format", "junit"),
        ("show",),
        ("state", "list"), ("state", "show", "destination.blink-soc"), ("drift",), ("coverage", "-v"),
        ("coverage", "--without", "trigger.soc"), ("route", "--severity", "HIGH", "--log-type", TEXT),
        ("route", "--tests", "tests"), ("dispatch", "alert.json", "--to", "destination.blink-soc", "--dry-run"),
        ("dispatch", "alert.json", "--to", "destination.blink-soc"),
    ):  # fmt: skip
        ran = quiet(hostile(*words))
        assert ran.code in (0, 3), (words, ran)
        assert ran.out, (words, ran)


def test_files_that_end_in_a_log(hostile: Repository) -> None:
    """What `--output` and `state pull` give is as harmless, and the state is taken back."""
    assert quiet(hostile("apply", "--auto-approve", "--output", "out.txt")).code == 0
    for words in (("plan",), ("plan", "--format", "markdown"), ("plan", "--format", "json"), ("coverage",)):
        quiet(hostile(*words, "--output", "out.txt"))
        assert commands((hostile.folder / "out.txt").read_text()) == []
    pulled = quiet(hostile("state", "pull"))
    hostile.write("pulled.json", pulled.out)
    assert quiet(hostile("state", "push", "pulled.json")).code == 0
    named = [each["attributes"].get("display_name") for each in pulled.document["resources"]]
    assert NAME in named


def test_documents_show_it(hostile: Repository) -> None:
    """JUnit and HTML parse, and their text has the name as it is read."""
    junit = quiet(hostile("route", "--tests", "tests", "--format", "junit"))
    assert one_line(TEXT) in {each.get("name") for each in ET.fromstring(junit.out).iter("testcase")}
    page = Text()
    page.feed(quiet(hostile("coverage", "--format", "html")).out)
    assert one_line(TEXT) in html.unescape(page.text)
    assert hostile("coverage", "--format", "json").document["coverage"]["silences"][0]["reason"] == TEXT


def test_formats_for_ci(hostile: Repository) -> None:
    """GitHub's runner obeys our three commands and no other, reports are no commands, and all of them parse."""
    refused = ("validate", "--var", f"x={TEXT}", "--env", TEXT)
    calls = [("validate",), ("plan",), ("drift",), ("coverage",), ("route", "--tests", "tests"), refused]
    calls += [("route", "--severity", "HIGH", "--log-type", TEXT), ("test",)]
    for words in calls:
        ran = hostile(*words, "--format", "github")
        assert {each.name for each in obeyed(ran.out)} <= {"error", "warning", "notice"}
        assert len(obeyed(ran.out)) == len(ran.out.splitlines()) == ran.out.count("\n")
        assert (commands(ran.err), "[internal]" in ran.err) == ([], False)
        assert ET.fromstring(quiet(hostile(*words, "--format", "junit")).out).tag == "testsuites"
        if words[0] != "test":
            assert isinstance(quiet(hostile(*words, "--format", "gitlab")).document, list)
    [told] = obeyed(hostile("route", "--severity", "HIGH", "--log-type", TEXT, "--format", "github").out)
    assert told.data.startswith(f"HIGH RULE {one_line(TEXT)} reaches")


def test_a_server_that_answers_so(hostile: Repository) -> None:
    """A failed test alert with the server's own words, in each format of each command that sends."""
    for text in (TEXT, *HOSTILE):
        with answering(hostile, text):
            assert quiet(hostile("apply", "--auto-approve", "--color", "always")).code in (3, 4)
    with answering(hostile, TEXT):
        for words in (("apply", "--auto-approve", "--format"), ("test", "--format")):
            for name in ("json", "markdown" if words[0] == "apply" else "junit"):
                assert quiet(hostile(*words, name)).code in (3, 4)
        assert {each.name for each in obeyed(hostile("test", "--format", "github").out)} == {"error", "warning"}
        sending = ("dispatch", "alert.json", "--to", "destination.blink-soc", "--limit", "1s")
        assert quiet(hostile(*sending)).code in (3, 4)


@contextmanager
def answering(repository: Repository, text: str) -> Iterator[None]:
    """Let the webhook refuse everything with these words."""
    with receiver(answers(403, body=text.encode("utf-8", "replace"))) as peer:
        path = repository.folder / "blinkdecl.yaml"
        path.write_text(re.sub(r"http://127[^\"]*", peer.url, path.read_text()))
        yield


def test_steps_for_a_person(hostile: Repository) -> None:
    """The checklist, on the terminal and as a file."""
    declare(hostile, provider="{type: console}")
    assert quiet(hostile("apply", "--auto-approve", "--checklist", f"{FILE}.md")).code == 0
    assert commands((hostile.folder / f"{FILE}.md").read_text()) == []


@pytest.mark.parametrize("profile", ["native", "self-hosted"])
def test_what_is_live(
    profile: Literal["native", "self-hosted"],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Names and people in Panther: in an import, a plan, drift."""
    monkeypatch.setenv("PANTHER_API_TOKEN", "canary-token")
    monkeypatch.setenv("BLINK_SOC_API_KEY", KEY)
    with Sandbox(api_key=KEY, token="canary-token", profile=profile) as sandbox:
        made = Repository(tmp_path, sandbox, capsys)
        url = f"{sandbox.url}/public/graphql"
        declare(
            made, provider=f'{{type: panther, url: "{url}", token: {{env: PANTHER_API_TOKEN}}, on_unsupported: ignore}}'
        )
        for number, text in enumerate(HOSTILE):
            name = re.sub("[<>&'\"\ud800-\udfff]", "", f"{text} {number}")
            sandbox.edit(name, create=True, severities="LOW", by=TEXT, webhook_url=f"{sandbox.url}/webhooks/soc")
        assert quiet(made("apply", "--auto-approve")).code in (0, 4)
        sandbox.edit(NAME, severities="LOW", by=TEXT)
        for words in (("drift",), ("drift", "--format", "json"), ("plan", "-v"), ("plan", "--format", "markdown")):
            quiet(made(*words))
        for command in ("plan", "drift"):
            checked(quiet(made(command, "--format", "sarif")).out)
        assert quiet(made("import", "--all", "--name-glob", "*", "--to", "more/x.yaml")).code == 0
        quiet(made("plan"))
        quiet(made("validate"))

"""`sandbox traffic` and `observe`, on the real command line: a hosted Panther, an edit in its console, the drift."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from blinkdecl.sandbox import Sandbox
from tests.support.paths import ROOT
from tests.support.repository import CONFIGURATION, KEY, Repository

TOKEN = "canary-90aa-panther-token"
# The id that the page shows.
_ID = "924b5f1d-8a53-4d0e-9f0c-2f5f1c0e6a11"


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Repository]:
    """An empty folder beside a hosted Panther, with what its terminal is to export."""
    with Sandbox(api_key=KEY, profile="hosted", token=TOKEN) as sandbox:
        graphql = f"{sandbox.url}/public/graphql"
        for name, value in {"BLINK_SOC_API_KEY": KEY, "PANTHER_API_URL": graphql, "PANTHER_API_TOKEN": TOKEN}.items():
            monkeypatch.setenv(name, value)
        monkeypatch.delenv("CI", raising=False)
        yield Repository(tmp_path, sandbox, capsys, [KEY, TOKEN])


@pytest.fixture
def hosted(empty: Repository) -> Repository:
    """A repository for it whose alerts can be read, with "Blink SOC" made in its console."""
    url = empty.sandbox.url
    settings = f"{{type: console, url: {url}/public/graphql, token: {{env: PANTHER_API_TOKEN}}}}"
    text = CONFIGURATION.format(url=url).replace("version: 1\n", f"version: 1\nprovider: {settings}\n")
    empty.write("blinkdecl.yaml", text)
    fields = (f"webhook_url={url}/webhooks/soc", f"api_key={KEY}")
    for name, severities in (("Slack Noise", "INFO,LOW"), ("Blink SOC", "HIGH,CRITICAL")):
        assert empty("sandbox", "edit", name, "--create", f"severities={severities}", *fields).code == 0
    assert empty("apply", "--auto-approve").code == 0
    return empty


def test_an_edit_in_the_console_is_seen(hosted: Repository) -> None:
    """The id is found and recorded by the command that is printed; the edit then is drift, named by its field."""
    assert hosted("confirm", "destination.blink-soc").code == 0
    ran = hosted("sandbox", "traffic", "--alerts", "400")
    assert (ran.code, ran.out) == (0, "400 alerts in 30 days, delivered to 2 destinations as set now.\n")
    unnamed = hosted("observe", "--since", "30d", "--format", "json").document["unknown"]
    [command] = [each["command"] for each in unnamed if each["fits"] == ["destination.blink-soc"]]
    assert hosted(*command.split()[-4:]).code == 0
    ran = hosted("observe", "--since", "30d")
    assert ran.code == 0
    assert "destination.blink-soc: as declared" in ran.out

    assert hosted("sandbox", "edit", "Blink SOC", "severities=CRITICAL").code == 0
    assert hosted("sandbox", "traffic", "--alerts", "400", "--days", "10").code == 0
    ran = hosted("observe", "--since", "10d")
    assert ran.code == 2
    assert "destination.blink-soc: differs" in ran.out
    assert "one thing would explain all that is missing: its severities" in " ".join(ran.out.split())


def test_the_session_of_the_page(empty: Repository) -> None:
    """Each command of docs/observe.md ends as it says there, and prints what it says there."""
    shown, url = (ROOT / "docs/observe.md").read_text().partition("## Try it")[2], empty.sandbox.url
    for block in re.findall(r"```text\n\$ (.*?)```", shown.replace("http://127.0.0.1:8787", url), re.DOTALL)[1:3]:
        for each in block.split("\n$ "):
            line, *expected = each.splitlines()
            if line.startswith("sed"):
                _, old, new, _ = line.split("|")
                empty.edit(old, new)
                continue
            [*ids] = (one.id for one in empty.sandbox.destinations())
            ran = empty(*shlex.split(line.replace(_ID, *ids))[1:] if ids else shlex.split(line)[1:])
            assert ran.code == (2 if "[exit 2]" in expected else 0), line
            for text in expected:
                if text not in ("...", "[exit 2]"):
                    assert text.replace(_ID, *ids).split("`")[0].strip() in ran.out, line


def test_alerts_that_are_lost(hosted: Repository) -> None:
    """Observation ends with 4."""
    [*_, soc] = hosted.sandbox.destinations()
    assert hosted("confirm", "destination.blink-soc", "--id", soc.id).code == 0
    assert hosted("sandbox", "traffic", "--alerts", "300", "--lost", "0.3", "--seed", "7").code == 0
    assert hosted("observe", "--since", "30d").code == 4


def test_what_is_refused(hosted: Repository) -> None:
    """Too much of it, and a sandbox that is not there."""
    ran = hosted("sandbox", "traffic", "--days", "400")
    assert (ran.code, "days from 1 to 365" in " ".join(ran.err.split())) == (1, True)
    assert hosted("sandbox", "traffic", "--alerts", "0").code == 64
    ran = hosted("sandbox", "traffic", "--url", "http://127.0.0.1:1")
    assert (ran.code, "no sandbox answers" in ran.err) == (1, True)

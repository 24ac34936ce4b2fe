"""A repository to run commands in, beside a sandbox; what every command prints is checked on the way."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from blinkdecl.cli import run
from blinkdecl.config import validate_document
from blinkdecl.sandbox import Sandbox

KEY = "canary-5f1e-key"
# What the sandbox takes for the key of a user of Blink.
USER = "sandbox-blink-key"
# And for a token of its Panther's.
TOKEN = "sandbox-token"
_PLAN_COMMANDS = ("plan", "drift", "show")


@dataclass(frozen=True)
class Ran:
    """What a command did."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:  # noqa: ANN401 - JSON
        """The one document that `--format json` printed."""
        return json.loads(self.out)


@dataclass
class Repository:
    """A folder with a configuration, and the commands that are run in it."""

    folder: Path
    sandbox: Sandbox
    capsys: pytest.CaptureFixture[str]
    secrets: list[str] = field(default_factory=lambda: [KEY])

    def __call__(self, *words: str) -> Ran:
        """Run one command; no secret may be in what it prints, and JSON must be as its schema says."""
        self.capsys.readouterr()
        code = run(["-C", str(self.folder), *words])
        out, err = self.capsys.readouterr()
        for secret in self.secrets:
            assert secret not in out + err
        if "json" in words and "--output" not in words:
            name = "plan" if words[0] in _PLAN_COMMANDS else "results"
            if words != ("show", "--format", "json"):
                assert validate_document(name, json.loads(out)) == []
        return Ran(code, out, err)

    def write(self, name: str, text: str) -> None:
        """Write a file of the repository."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def edit(self, old: str, new: str, name: str = "blinkdecl.yaml") -> None:
        """Replace text that must be there."""
        path = self.folder / name
        assert old in path.read_text()
        path.write_text(path.read_text().replace(old, new))

    @property
    def state(self) -> Path:
        """The state file."""
        return self.folder / ".blinkdecl/state.json"


CONFIGURATION = """\
version: 1
webhook_hosts: ["127.0.0.1"]

triggers:
  soc:
    workspace: SOC
    automation: Triage alerts
    webhook:
      event_name: Alert from Panther
      url: {url}/webhooks/soc
      api_key: {{env: BLINK_SOC_API_KEY}}

destinations:
  blink-soc:
    display_name: Blink SOC
    trigger: soc
    severities: [HIGH, CRITICAL]
"""


@pytest.fixture
def repository(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Repository]:
    """One trigger and one destination, whose webhook the sandbox serves, and the key in the environment."""
    monkeypatch.setenv("BLINK_SOC_API_KEY", KEY)
    monkeypatch.delenv("CI", raising=False)
    with Sandbox(api_key=KEY) as sandbox:
        made = Repository(tmp_path, sandbox, capsys)
        made.write("blinkdecl.yaml", CONFIGURATION.format(url=sandbox.url))
        yield made


@pytest.fixture
def asking(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """The repository, which says where Blink's API is, and the key of its user in the environment."""
    monkeypatch.setenv("BLINK_API_KEY", USER)
    repository.secrets.append(USER)
    blink = f"blink: {{url: {repository.sandbox.url}, api_key: {{env: BLINK_API_KEY}}}}"
    repository.edit("version: 1\n", f"version: 1\n{blink}\n")
    return repository


@pytest.fixture
def reading(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """The repository for hosted Panther, whose alerts may be read; its steps are written, and nobody has followed."""
    settings = f"{{type: console, url: {repository.sandbox.url}/public/graphql, token: {{env: PANTHER_API_TOKEN}}}}"
    repository.edit("version: 1\n", f"version: 1\nprovider: {settings}\n")
    monkeypatch.setenv("PANTHER_API_TOKEN", TOKEN)
    repository.secrets.append(TOKEN)
    assert repository("apply", "--auto-approve").code == 0
    return repository

"""The sandbox's Panther, for tests that run commands against it: a repository beside it, and what both hold."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest

from blinkdecl.sandbox import Sandbox
from tests.support.repository import KEY, Repository

TOKEN = "canary-7a2c-token"
HEAD = """\
version: 1
webhook_hosts: ["127.0.0.1"]
provider: {{type: panther, url: "{url}/public/graphql", token: {{env: PANTHER_API_TOKEN}}{more}}}
"""
TRIGGER = """\
triggers:
  soc:
    webhook:
      url: {url}/webhooks/soc
      api_key: {{env: BLINK_SOC_API_KEY}}
destinations:
"""


def destinations(**names: str) -> str:
    """Return the block of destinations: display names by name, all of one trigger."""
    body = "    trigger: soc\n    severities: [HIGH]\n    test_alert: {preflight: false, after_apply: false}\n"
    return "".join(f"  {name}:\n    display_name: {shown}\n{body}" for name, shown in names.items())


@pytest.fixture(params=["native", "self-hosted"])
def profile(request: pytest.FixtureRequest) -> Literal["native", "self-hosted"]:
    """Both kinds of Panther."""
    return "native" if request.param == "native" else "self-hosted"


@pytest.fixture
def panther(
    profile: Literal["native", "self-hosted"],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Iterator[Repository]:
    """A repository without destinations, beside a Panther."""
    monkeypatch.setenv("BLINK_SOC_API_KEY", KEY)
    monkeypatch.setenv("PANTHER_API_TOKEN", TOKEN)
    monkeypatch.delenv("CI", raising=False)
    with Sandbox(api_key=KEY, token=TOKEN, profile=profile) as sandbox:
        made = Repository(tmp_path, sandbox, capsys, [KEY, TOKEN])
        declare(made)
        yield made


def declare(repository: Repository, more: str = "", **names: str) -> None:
    """Write the configuration anew, with these destinations."""
    url = repository.sandbox.url
    text = HEAD.format(url=url, more=more) + TRIGGER.format(url=url) + destinations(**names)
    repository.write("blinkdecl.yaml", text if names else text.removesuffix("destinations:\n"))


def names(repository: Repository) -> list[str]:
    """Return the display names that Panther holds."""
    return sorted(each.display_name for each in repository.sandbox.destinations())


def recorded(repository: Repository) -> dict[str, str]:
    """Return the recorded ids by display name."""
    resources = json.loads(repository.state.read_text())["resources"]
    return {each["attributes"]["display_name"]: each["id"] for each in resources if each["id"]}

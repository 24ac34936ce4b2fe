"""The example for GitHub, checked out beside a sandbox and an API of GitHub's, with a runner for its workflows."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from blinkdecl.sandbox import Sandbox
from tests.support.github_api import REPOSITORY, GitHubApi, github_api
from tests.support.github_workflow import Job, Runner
from tests.support.panther import TOKEN
from tests.support.paths import ROOT
from tests.support.repository import KEY

EXAMPLE = ROOT / "examples/github"
PRODUCTION = """\
version: 1
state: {{backend: local, path: .blinkdecl/production.json}}
webhook_hosts: ["127.0.0.1"]
variables: {{blink: "{url}"}}
"""


@dataclass
class Checkout:
    """The example as a repository at GitHub: its files, what is live, what GitHub shows."""

    folder: Path
    sandbox: Sandbox
    api: GitHubApi
    runner: Runner

    def run(self, workflow: str) -> dict[str, Job]:
        """Run a workflow of the example; no secret may be in what anybody can read."""
        jobs = self.runner.run(EXAMPLE / workflow)
        shown = json.dumps([self.api.comments, self.api.issues]) + "".join(
            each.log + each.summary for each in jobs.values()
        )
        for secret in (KEY, TOKEN, *self.runner.secrets.values()):
            assert secret not in shown
        return jobs

    def edit(self, old: str, new: str) -> None:
        """Replace text of the configuration that must be there."""
        path = self.folder / "blinkdecl.yaml"
        assert old in path.read_text()
        path.write_text(path.read_text().replace(old, new))

    def from_fork(self) -> None:
        """Let the pull request come from a fork: GitHub gives it no secret, and a token that may only read."""
        self.runner.github["event"] = _pull_request("somebody/alerts")
        self.runner.secrets.clear()
        self.runner.read_only = True


@pytest.fixture
def checkout(tmp_path: Path) -> Iterator[Checkout]:
    """The example with its settings, and a pull request of its own repository."""
    folder = tmp_path / "checkout"
    shutil.copytree(EXAMPLE, folder)
    event = tmp_path / "event.json"
    event.write_text(json.dumps(_pull_request(REPOSITORY)))
    with Sandbox(api_key=KEY, token=TOKEN, profile="self-hosted") as sandbox, github_api() as api:
        (folder / "environments/production.yaml").write_text(PRODUCTION.format(url=sandbox.url))
        runner = Runner(
            folder,
            tmp_path,
            api.url,
            event,
            github={"event": _pull_request(REPOSITORY), "actor": "jo"},
            secrets={"PANTHER_API_TOKEN": TOKEN, "BLINK_SOC_API_KEY": KEY},
            variables={
                "PANTHER_API_URL": f"{sandbox.url}/public/graphql",
                "BLINKDECL_TRUSTED_HOSTS": "127.0.0.1",
            },
        )
        yield Checkout(folder, sandbox, api, runner)


def _pull_request(head: str) -> dict[str, dict[str, object]]:
    return {"pull_request": {"number": 7, "head": {"repo": {"full_name": head}}}}

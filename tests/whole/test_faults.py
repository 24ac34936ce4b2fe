"""One request of each kind is lost in each way: the next run converges, with nothing twice and nothing lost."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from blinkdecl.sandbox import Sandbox
from tests.support.paths import ROOT
from tests.support.proxy import MODES, Mode, Proxy, proxy
from tests.support.servers import HttpState, http_state

TOKEN = "canary-faults-token"
LOGIN = {"TF_HTTP_USERNAME": "tf", "TF_HTTP_PASSWORD": "canary-state-password"}


class World:
    """A repository whose Panther and whose state are behind a proxy each."""

    def __init__(self, folder: Path, sandbox: Sandbox, panther: Proxy, server: HttpState, state: Proxy) -> None:
        self.folder, self.sandbox, self.panther, self.server, self.state = folder, sandbox, panther, server, state
        self._path = "/" + server.url.split("/", 3)[3]
        self.declare({})

    def declare(self, names: dict[str, str]) -> None:
        """Declare destinations: severities by name."""
        rest = "trigger: soc, test_alert: {preflight: false, after_apply: false}"
        lines = [
            "version: 1",
            'webhook_hosts: ["127.0.0.1"]',
            f'provider: {{type: panther, url: "{self.panther.url}/public/graphql", token: {{env: FAULTS_TOKEN}},',
            "  quiet_time: 500ms}",
            f'state: {{backend: http, address: "{self.state.url}{self._path}"}}',
            f"triggers: {{soc: {{webhook: {{url: {self.sandbox.url}/webhooks/soc, api_key: {{env: FAULTS_KEY}}}}}}}}",
            "destinations:" if names else "",
        ]
        lines += [f"  {each}: {{display_name: {each}, severities: [{level}], {rest}}}" for each, level in names.items()]
        (self.folder / "blinkdecl.yaml").write_text("\n".join(lines) + "\n")

    def run(self, *words: str, patient: bool = False) -> tuple[int, str]:
        """Run a command in a process that has little patience, unless it is to be; no secret is in what it prints."""
        environ = {**os.environ, **LOGIN, "PYTHONPATH": str(ROOT), "FAULTS_TOKEN": TOKEN, "FAULTS_KEY": "canary-k"}
        called = [sys.executable, "-m", "tests.whole.soak.child", "0", "" if patient else "hasty", *words]
        ran = subprocess.run(called, cwd=self.folder, env=environ, capture_output=True, text=True, timeout=60)
        assert "canary" not in ran.stdout + ran.stderr
        assert "Traceback" not in ran.stderr
        return ran.returncode, ran.stdout + ran.stderr

    def converge(self, wanted: dict[str, str]) -> None:
        """One more run at most, and everything is as declared: live, and recorded."""
        told = []
        if self.run("plan", "--detailed-exitcode")[0] or self.pending:
            told.append(self.run("apply", "--auto-approve", "--lock-timeout", "5s"))
            assert self.run("plan", "--detailed-exitcode")[0] == 0, told
        assert {each.display_name: each.severities for each in self.sandbox.destinations()} == {
            name: (level,) for name, level in wanted.items()
        }
        live = {each.id for each in self.sandbox.destinations()}
        assert {each["id"] for each in self.stored["resources"] if each["id"]} == live
        assert self.pending == []

    @property
    def stored(self) -> dict[str, Any]:
        """The state, as the server has it."""
        [state] = self.server.states.values()
        document: dict[str, Any] = json.loads(state)
        return document

    @property
    def pending(self) -> list[object]:
        """What runs left open."""
        found: list[object] = self.stored["pending"]
        return found


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Two destinations, applied."""
    with (
        Sandbox(token=TOKEN) as sandbox,
        http_state() as server,
        proxy(sandbox.url) as panther,
        proxy(server.url) as state,
    ):
        made = World(tmp_path, sandbox, panther, server, state)
        made.declare({"a": "HIGH", "b": "HIGH"})
        code, out = made.run("apply", "--auto-approve", patient=True)
        assert code == 0, out
        yield made


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("kind", ["destinations {", "addDestination", "updateDestination", "deleteDestination"])
def test_panther(world: World, kind: str, mode: Mode) -> None:
    """A list, a create, an update, a delete."""
    wanted = {"a": "LOW", "c": "HIGH"}
    world.declare(wanted)
    world.panther.fault = (kind.encode(), mode)
    code, _ = world.run("apply", "--auto-approve")
    assert world.panther.fault is None
    assert code in (0, 1, 4)
    world.converge(wanted)


@pytest.mark.parametrize("kind", ["GET ", "POST ", "UNLOCK ", "LOCK "])
def test_a_web_page_is_not_a_yes(world: World, kind: str) -> None:
    """A gateway that answers 200 in place of the state server: what was not stored is not said to be."""
    world.state.fault = (kind.encode(), "page")
    assert world.run("state", "rm", "destination.a")[0] == 0
    assert world.state.fault is None
    assert [each["address"] for each in world.stored["resources"]] == ["destination.b", "trigger.soc"]
    assert world.server.locks == {}


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("kind", ["GET ", "POST ", "UNLOCK ", "LOCK "])
def test_state_over_http(world: World, kind: str, mode: Mode) -> None:
    """A read, a write, and the lock's both ways."""
    wanted = {"a": "LOW", "c": "HIGH"}
    world.declare(wanted)
    world.state.fault = (kind.encode(), mode)
    code, out = world.run("apply", "--auto-approve")
    assert world.state.fault is None
    assert code in (0, 1), out
    assert world.server.locks == {}
    for rescued in world.folder.glob("*.rescue.json"):  # what could not be stored is, as the message says
        assert str(rescued.name) in out
        world.run("state", "push", rescued.name)
    world.converge(wanted)

"""The state elsewhere, through the command line: migration, environments, credentials, what is missing."""

import importlib.util
import json
import tomllib
from collections.abc import Iterator

import pytest

from tests.support.paths import ROOT
from tests.support.repository import Repository
from tests.support.servers import HttpState, http_state

PASSWORD = "canary-state-password"


@pytest.fixture
def server(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> Iterator[HttpState]:
    """A state server beside the repository, and the login to it."""
    repository.secrets.append(PASSWORD)
    monkeypatch.setenv("STATE_PASSWORD", PASSWORD)
    with http_state(gitlab=True) as running:
        yield running


def declare_http(repository: Repository, server: HttpState) -> None:
    """Let the project keep its state there."""
    block = f"state: {{backend: http, address: {server.url}, username: tf, password: {{env: STATE_PASSWORD}}}}\n"
    repository.edit("webhook_hosts", block + "webhook_hosts")


def test_migration_to_a_server_and_back(repository: Repository, server: HttpState) -> None:
    """Nothing is created anew: the state goes with the change of the backend, and the plan stays empty."""
    assert repository("apply", "--auto-approve").code == 0
    before = (repository.folder / "blinkdecl.yaml").read_text()
    declare_http(repository, server)
    refused = repository("plan")
    assert (refused.code, "[not-migrated]" in refused.err, "init --migrate-state" in refused.err) == (1, True, True)
    moved = repository("init", "--migrate-state")
    assert (moved.code, f"to {server.url}: 2 resources" in moved.out) == (0, True)
    assert "No changes." in repository("plan", "--detailed-exitcode").out
    assert server.locks == {}
    assert "holds this state already" in repository("init", "--migrate-state").out
    assert repository("test").code == 0  # the new one goes on
    again = repository("init", "--migrate-state")
    assert (again.code, "it is behind" in again.err) == (1, True)

    repository.state.unlink()
    repository.state.with_name("state.json.backup").unlink(missing_ok=True)
    repository.write("earlier.yaml", (repository.folder / "blinkdecl.yaml").read_text())
    repository.write("blinkdecl.yaml", before)
    assert repository("init", "--migrate-state", "--from", "earlier.yaml").code == 0
    assert "No changes." in repository("plan", "--detailed-exitcode").out


def test_apply_over_http(repository: Repository, server: HttpState) -> None:
    """Two writes, under the lock; no secret is stored; pull prints what is there."""
    declare_http(repository, server)
    assert repository("apply", "--auto-approve").code == 0
    [stored] = server.states.values()
    assert PASSWORD.encode() not in stored
    kinds = [each.partition(" ")[0] for each in server.requests]
    assert (kinds[0], kinds[-1], kinds.count("DELETE")) == ("POST", "DELETE", 1)
    assert json.loads(repository("state", "pull").out) == json.loads(stored)
    assert "No changes." in repository("plan").out


def test_an_environment_has_its_own(repository: Repository, server: HttpState) -> None:
    """Its address ends with its name."""
    declare_http(repository, server)
    repository.write("environments/staging.yaml", "version: 1\n")
    assert repository("--env", "staging", "apply", "--auto-approve").code == 0
    assert [path.rpartition("/")[2] for path in server.states] == ["blink-staging"]


def test_a_wrong_login(repository: Repository, server: HttpState, monkeypatch: pytest.MonkeyPatch) -> None:
    """Said with its place; nothing is sent to Blink."""
    declare_http(repository, server)
    monkeypatch.setenv("STATE_PASSWORD", "canary-wrong")
    repository.secrets.append("canary-wrong")
    ran = repository("apply", "--auto-approve")
    assert (ran.code, "HTTP 401" in ran.err, "state.password" in ran.err) == (1, True, True)
    assert repository.sandbox.received() == ()


def test_a_state_of_terraform(repository: Repository, server: HttpState) -> None:
    """It is refused, and left as it is."""
    declare_http(repository, server)
    stored = b'{"version": 4, "terraform_version": "1.11.4", "serial": 3, "lineage": "x"}'
    server.states[server.url.partition("127.0.0.1")[2].partition("/")[1] + server.url.split("/", 3)[3]] = stored
    ran = repository("apply", "--auto-approve")
    assert (ran.code, "a state of Terraform" in ran.err) == (1, True)
    assert list(server.states.values()) == [stored]


def test_unlock_from_elsewhere(repository: Repository, server: HttpState) -> None:
    """A lock whose runner is gone is shown with its run, and freed by its id."""
    declare_http(repository, server)
    path = "/" + server.url.split("/", 3)[3]
    server.locks[path] = {"ID": "0f1e2d3c-aaaa", "Operation": "blinkdecl apply", "Info": "", "Who": "ci@runner-7"}
    ran = repository("apply", "--auto-approve")
    assert (ran.code, "ci@runner-7" in ran.err, "state unlock 0f1e2d3c" in ran.err) == (5, True, True)
    assert repository("state", "unlock", "0f1e2d3c").code == 0
    assert repository("apply", "--auto-approve").code == 0


@pytest.mark.parametrize(
    ("block", "extra"),
    [("{backend: s3, url: s3://acme/state.json}", "s3"), ("{backend: postgres, dsn: dbname=x}", "postgres")],
)
def test_a_missing_extra(repository: Repository, monkeypatch: pytest.MonkeyPatch, block: str, extra: str) -> None:
    """The exact line that installs it, at the line of YAML."""
    repository.edit("webhook_hosts", f"state: {block}\nwebhook_hosts")
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    ran = repository("plan")
    (needed,) = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"][extra]
    assert (ran.code, f"`pip install '{needed}'`" in ran.err, "blinkdecl.yaml:2" in ran.err) == (1, True, True)

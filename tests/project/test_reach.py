"""Tokens and credentials go where the operator allows, and nowhere else."""

import json
import os
import socket
from pathlib import Path

import pytest

from blinkdecl.config import load
from blinkdecl.diagnostics import Failure
from blinkdecl.model.configuration import StateSettings
from blinkdecl.model.invocation import Invocation
from blinkdecl.model.resource import SecretReference
from blinkdecl.model.trust import HOSTS
from blinkdecl.project.project import open_project
from blinkdecl.project.reach import check_provider_host, check_state_hosts
from blinkdecl.state.used import remember, was_used
from tests.support.repository import Repository

PASSWORD = {"password": SecretReference("env", "STATE_PASSWORD")}
ADDRESS = "https://state.example/a"


def http(address: str = ADDRESS, **others: str) -> StateSettings:
    """Return an HTTP state without a login of its own."""
    return StateSettings("http", {"address": address, "lock_address": address, "unlock_address": address, **others})


def refused(settings: StateSettings, environ: dict[str, str]) -> str | None:
    """Return what a refusal says, None where credentials may go there."""
    try:
        check_state_hosts(Invocation(environ=environ), settings, lambda _: None)
    except Failure as failure:
        return f"{failure.diagnostics[0].summary} [{failure.code}]"
    return None


@pytest.mark.parametrize(
    ("settings", "environ"),
    [
        (http(), {"TF_HTTP_USERNAME": "u", "TF_HTTP_PASSWORD": "p"}),
        (http(), {}),
        (http(username="me"), {"TF_HTTP_PASSWORD": "p"}),
        (StateSettings("s3", {"url": "s3://b/k", "endpoint": "https://s3.evil.example"}), {}),
        (StateSettings("http", http().options, PASSWORD), {}),
        (http("https://127.0.0.1/a", unlock_address="https://evil.example/a"), {"TF_HTTP_USERNAME": "u"}),
        (http("https://127.0.0.1.evil.example/a"), {"TF_HTTP_USERNAME": "u"}),
        (http("https://169.254.169.254/a"), {"TF_HTTP_USERNAME": "u"}),
        (StateSettings("s3", {"url": "s3://b/k", "endpoint": "https://s3.evil.example"}), {"AWS_ACCESS_KEY_ID": "a"}),
        (StateSettings("s3", {"url": "gs://b/k", "endpoint": "https://evil.example"}), {"GOOGLE_CREDENTIALS": "a"}),
        (StateSettings("postgres", {"dsn": "postgresql://u@db.example/x"}), {"PGPASSWORD": "p"}),
        (StateSettings("postgres", {"dsn": "host=127.0.0.1,db.example user=u"}), {"HOME": "/nowhere"}),
        (StateSettings("postgres", {"dsn": "host=/run/db hostaddr=192.0.2.1"}), {"PGSERVICE": "x"}),
    ],
)
def test_a_state_that_was_never_used_from_here(
    tmp_path: Path, settings: StateSettings, environ: dict[str, str]
) -> None:
    """Gets no credential, wherever those come from, until the operator names each of its hosts."""
    environ = {**environ, "XDG_STATE_HOME": str(tmp_path)}
    summary = refused(settings, environ) or ""
    assert "was never used from here" in summary
    assert summary.endswith("[untrusted-host]")
    named = {**environ, HOSTS: "*.example, 127.0.0.1, 169.254.169.254, 192.0.2.1"}
    assert refused(settings, named) is None
    assert "is not among the hosts of" in (refused(settings, {**named, HOSTS: "other.example"}) or "")


@pytest.mark.parametrize(
    "settings",
    [
        http("http://127.0.0.1:8080/a"),
        StateSettings("s3", {"url": "s3://bucket/key"}),
        StateSettings("postgres", {"dsn": "dbname=x"}),
        StateSettings(),
    ],
)
def test_what_needs_no_consent(settings: StateSettings) -> None:
    """On this machine, or at the cloud's own endpoint."""
    assert refused(settings, {"AWS_ACCESS_KEY_ID": "a"}) is None


@pytest.mark.parametrize(
    "endpoint",
    ["http:///192.0.2.2", "http://192.0.2.2\\.localhost", "http://192.0.2.2\\.acme.com", "http://192.0.2.2[",
     "http://127.0.0.1:19000:80", "http://[192.0.2.2]", "https://a@b", "http://192.0.2.2", "https://x#y", "ftp://x"],
)  # fmt: skip
def test_an_endpoint_that_two_parsers_read_differently(endpoint: str) -> None:
    """It is refused before anything is opened, whatever the operator has named."""
    for environ in ({}, {HOSTS: "*, 192.0.2.2, 127.0.0.1, *.localhost, *.acme.com"}):
        with pytest.raises(Failure) as caught:
            check_state_hosts(
                Invocation(environ=environ),
                StateSettings("s3", {"url": "az://b/k", "endpoint": endpoint}),
                lambda _: None,
            )
        assert caught.value.code == "invalid-value"


@pytest.mark.parametrize("source", ["file", "env"])
def test_a_database_that_a_reference_names(tmp_path: Path, source: str) -> None:
    """Its hosts are judged like any other's, before a password is sent there."""
    (tmp_path / "dsn").write_text("host=db.evil.example user=u dbname=x")
    reference = "{file: dsn}" if source == "file" else "{env: DSN}"
    (tmp_path / "blinkdecl.yaml").write_text(f"version: 1\nstate: {{backend: postgres, dsn: {reference}}}\n")
    environ = {"DSN": "host=db.evil.example user=u dbname=x", "PGPASSWORD": "canary", "XDG_STATE_HOME": str(tmp_path)}
    for named, told in ((None, "was never used from here"), ("nothing.example", "not among the hosts")):
        given = environ if named is None else {**environ, HOSTS: named}
        with pytest.raises(Failure) as caught:
            open_project(Invocation(root=str(tmp_path), environ=given), lambda _: None).backend.read()
        assert (caught.value.code, told in caught.value.diagnostics[0].summary) == ("untrusted-host", True)


@pytest.mark.parametrize("odd", ["passfile=/x", "service=x", "sslkeylogfile=/x", "krbsrvname=x"])
def test_a_connection_string_that_names_more(tmp_path: Path, odd: str) -> None:
    """Files and services of this machine are the operator's."""
    (tmp_path / "blinkdecl.yaml").write_text(f"version: 1\nstate: {{backend: postgres, dsn: 'host=127.0.0.1 {odd}'}}\n")
    with pytest.raises(Failure) as caught:
        open_project(Invocation(root=str(tmp_path)), lambda _: None).backend.read()
    assert caught.value.code == "invalid-value"


def test_the_first_use_says_so(tmp_path: Path) -> None:
    """With consent; later it needs none, as long as none was given to others alone."""
    environ = {"HOME": str(tmp_path), "TF_HTTP_USERNAME": "u"}
    said: list[str] = []
    check_state_hosts(Invocation(environ={**environ, HOSTS: "state.example"}), http(), said.append)
    assert said == [f"First use of a state at state.example from here: {HOSTS} names it, so credentials go there."]
    check_state_hosts(Invocation(environ=environ), http(), said.append)
    assert len(said) == 1
    assert refused(http("https://other.example/a"), environ) is not None


@pytest.mark.parametrize("content", ["", "{", "null", '{"state.example": 1}', "[1, null]", "[" * 100_000])
def test_what_was_used_is_not_to_be_read(tmp_path: Path, content: str) -> None:
    """A damaged memory is none; the next first use writes it anew."""
    environ = {"XDG_STATE_HOME": str(tmp_path)}
    (tmp_path / "blinkdecl").mkdir()
    file = tmp_path / "blinkdecl/known-states.json"
    file.write_text(content)
    assert not was_used(environ, "state.example")
    remember(environ, "state.example")
    assert was_used(environ, "state.example")
    assert json.loads(file.read_text()) == ["state.example"]


def test_panthers_token() -> None:
    """It goes to a host that is named, once any is."""
    check_provider_host(Invocation(), "https://anything.example/graphql", "provider.url")
    named = Invocation(environ={HOSTS: "api.acme.example"})
    check_provider_host(named, "https://api.acme.example/graphql", "provider.url")
    with pytest.raises(Failure) as caught:
        check_provider_host(named, "https://evil.example/graphql", "provider.url")
    assert caught.value.code == "untrusted-host"


def test_offline_opens_no_connection(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever keeps the state, and although it would get credentials: the plan says what it could not read."""
    monkeypatch.setenv("TF_HTTP_USERNAME", "u")
    monkeypatch.setenv("TF_HTTP_PASSWORD", "canary")
    with socket.create_server(("127.0.0.1", 0)) as listening:
        address = f"http://127.0.0.1:{listening.getsockname()[1]}/state"
        backends = (
            f"{{backend: http, address: {address}}}",
            f"{{backend: http, address: {address}, password: {{env: NOT_SET}}}}",
            f"{{backend: s3, url: s3://bucket/key, endpoint: {address}}}",
            f"{{backend: postgres, dsn: 'postgresql://u@127.0.0.1:{listening.getsockname()[1]}/x'}}",
        )
        text = (repository.folder / "blinkdecl.yaml").read_text()
        for backend in backends:
            repository.write("blinkdecl.yaml", f"{text}state: {backend}\n")
            ran = repository("plan", "--offline")
            assert (ran.code, "[unread-state]" in ran.out) == (0, True)
            assert ("  ?    " in ran.out, "nobody    blink" in ran.out) == (True, False)
            assert "| ? | blink" in repository("plan", "--offline", "--format", "markdown").out
        listening.settimeout(0)
        with pytest.raises(BlockingIOError):
            listening.accept()


def test_a_referenced_url_that_may_not_be_used(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """Panther is not told of it either, with tests switched off; a plan says so already, once."""
    repository.edit(f"url: {repository.sandbox.url}/webhooks/soc", "url: {env: BLINK_URL}")
    monkeypatch.setenv("BLINK_URL", "https://evil.example/webhooks/soc")
    for words in (("plan",), ("apply", "--auto-approve", "--no-test")):
        ran = repository(*words)
        assert (ran.code, ran.err.count("[forbidden-host]")) == (1, 1)
    assert repository("plan", "--offline").code == 0
    assert not repository.state.exists()


def test_a_plan_names_files_that_nobody_may_read(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is missing is no matter yet: the job that plans may have no secrets."""
    repository.edit("{env: BLINK_SOC_API_KEY}", "{file: ../../elsewhere}")
    ran = repository("plan")
    assert (ran.code, ran.err.count("[forbidden-secret]"), "trigger.soc, api_key" in ran.err) == (1, 1, True)
    os.mkfifo(repository.folder / "fifo")
    repository.edit("{file: ../../elsewhere}", "{file: fifo}")
    ran = repository("plan")
    assert (ran.code, "it is not a regular file" in ran.err, "[invalid-secret]" in ran.err) == (1, True, True)
    repository.edit("{file: fifo}", "{env: BLINK_SOC_API_KEY}")
    monkeypatch.setenv("BLINK_SOC_API_KEY", "two\nlines")
    assert "[invalid-secret]" in repository("plan").err
    repository.edit("{env: BLINK_SOC_API_KEY}", "{file: not-there}")
    assert repository("plan").code == 0


def test_a_project_that_names_what_the_operator_does_not(tmp_path: Path) -> None:
    """The backend is refused when it is opened, the configuration itself is sound."""
    (tmp_path / "blinkdecl.yaml").write_text(f"version: 1\nstate: {{backend: http, address: {ADDRESS}}}\n")
    environ = {"TF_HTTP_USERNAME": "u", "TF_HTTP_PASSWORD": "canary"}
    load(tmp_path, environ=environ)
    project = open_project(Invocation(root=str(tmp_path), environ=environ), lambda _: None)
    with pytest.raises(Failure) as caught:
        project.backend.read()
    assert "canary" not in repr(caught.value.diagnostics)

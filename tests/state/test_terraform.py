"""Terraform's own variables for a state on an HTTP server: all of them, except for what would weaken it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from blinkdecl.config import load, schema_text
from blinkdecl.config.state_settings import TERRAFORMS
from blinkdecl.diagnostics import Failure
from blinkdecl.model.configuration import StateSettings
from blinkdecl.model.invocation import Invocation
from blinkdecl.model.trust import HOSTS
from blinkdecl.project.project import open_project
from blinkdecl.project.reach import check_state_hosts
from blinkdecl.secret.value import Secret
from blinkdecl.state.stores.http import Endpoints, HttpStore, Login
from blinkdecl.state.stores.terraform import METHODS, identity_of, limits_of, secrets_in
from blinkdecl.system.retry import RetryLimits
from tests.support import servers
from tests.support.authority import Authority
from tests.support.receiver import answers, receiver
from tests.support.repository import Repository

USUAL = RetryLimits(attempts=3, first=0.5, most=4.0, budget=20.0, timeout=15.0)


def settings(folder: Path, state: str, environ: dict[str, str], environment: str | None = None) -> StateSettings:
    """Return where the state is kept."""
    (folder / "blinkdecl.yaml").write_text(f"version: 1\nstate: {state}\n")
    (folder / "environments").mkdir(exist_ok=True)
    (folder / "environments/prod.yaml").write_text("version: 1\n")
    return load(folder, environ=environ, environment=environment).configuration.settings.state


EVERY = {name: f"https://a.example/{name}" for name in ("address", "lock_address", "unlock_address")} | {
    "lock_method": "PUT",
    "unlock_method": "DELETE",
    "update_method": "PATCH",
}


def test_options_that_only_the_environment_gives(tmp_path: Path) -> None:
    """Each has its variable, and fills in what YAML leaves out."""
    found = settings(tmp_path, "{backend: http}", {TERRAFORMS[name]: value for name, value in EVERY.items()})
    assert found.options == EVERY


def test_yaml_wins_and_addresses_belong_together(tmp_path: Path) -> None:
    """Another state's lock, which a pipeline set for Terraform, does not lock this one."""
    environ = {TERRAFORMS[name]: value for name, value in EVERY.items()}
    found = settings(tmp_path, '{backend: http, address: "https://b.example/x", lock_method: LOCK}', environ)
    assert {found.options[name] for name in EVERY if name.endswith("address")} == {"https://b.example/x"}
    assert (found.options["lock_method"], found.options["update_method"]) == ("LOCK", "PATCH")
    assert found.options["unlock_method"] == "DELETE"


def test_an_environment_has_its_own(tmp_path: Path) -> None:
    """As with an address in YAML."""
    environ = {"TF_HTTP_ADDRESS": "https://g.example/api/v4/projects/7/terraform/state/x"}
    found = settings(tmp_path, "{backend: http}", environ, "prod").options
    assert (found["address"][-7:], found["lock_address"][-12:], found["lock_method"]) == (
        "/x-prod",
        "/x-prod/lock",
        "POST",
    )


@pytest.mark.parametrize("state", ["{backend: http}", "{backend: s3}"])
def test_without_any_the_address_is_missing(tmp_path: Path, state: str) -> None:
    """And Terraform's variables say nothing of another backend."""
    with pytest.raises(Failure) as caught:
        settings(tmp_path, state, {} if "http" in state else {"TF_HTTP_ADDRESS": "https://a.example"})
    assert caught.value.diagnostics[0].code == "missing-property"


def test_who_is_trusted(tmp_path: Path) -> None:
    """The address that the environment gives is the operator's; one in YAML is not, and a list of hosts is stricter."""
    environ = {"TF_HTTP_ADDRESS": "https://a.example/x", "XDG_STATE_HOME": str(tmp_path)}
    for state, more, allowed in (
        ("{backend: http}", {}, True),
        ("{backend: http}", {HOSTS: "other.example"}, False),
        ('{backend: http, address: "https://b.example/x"}', {}, False),
        ('{backend: http, lock_address: "https://b.example/x"}', {}, False),
    ):
        called = Invocation(environ=environ | more)
        found = settings(tmp_path, state, dict(called.environ))
        if allowed:
            check_state_hosts(called, found, lambda _: None)
            continue
        with pytest.raises(Failure) as caught:
            check_state_hosts(called, found, lambda _: None)
        assert caught.value.diagnostics[0].code == "untrusted-host"


@pytest.mark.parametrize(
    ("variable", "value", "told"),
    [
        ("TF_HTTP_SKIP_CERT_VERIFICATION", "true", "would let anybody pose as the server"),
        ("TF_HTTP_SKIP_CERT_VERIFICATION", "1", "would let anybody pose as the server"),
        ("TF_HTTP_LOCK_METHOD", "DELETE", "one of LOCK, POST, PUT"),
        ("TF_HTTP_UPDATE_METHOD", "get", "one of POST, PUT, PATCH"),
        ("TF_HTTP_RETRY_MAX", "many", "0 to 100"),
        ("TF_HTTP_RETRY_WAIT_MIN", "-1", "0 to 600"),
        ("TF_HTTP_ADDRESS", "ftp://canary.example/x", "TF_HTTP_ADDRESS"),
        ("TF_HTTP_ADDRESS", "https://me:canary@a.example/x", "TF_HTTP_ADDRESS"),
        ("TF_HTTP_CLIENT_CERTIFICATE_PEM", "canary", "TF_HTTP_CLIENT_PRIVATE_KEY_PEM is not"),
        ("TF_HTTP_CLIENT_PRIVATE_KEY_PEM", "canary", "TF_HTTP_CLIENT_CERTIFICATE_PEM is not"),
    ],
)
def test_what_is_refused(tmp_path: Path, variable: str, value: str, told: str) -> None:
    """By the variable's name, before anything is sent; no value is repeated."""
    (tmp_path / "blinkdecl.yaml").write_text("version: 1\nstate: {backend: http}\n")
    environ = {"TF_HTTP_ADDRESS": "http://127.0.0.1:1/x", variable: value}
    project = open_project(Invocation(root=str(tmp_path), environ=environ), lambda _: None)
    with pytest.raises(Failure) as caught:
        project.backend.read()
    text = str(caught.value.diagnostics)
    assert (caught.value.diagnostics[0].code, told in text, "canary" in text) == ("invalid-value", True, False)


@pytest.mark.parametrize("value", ["", "0", "false", "F", "FALSE"])
def test_certificates_that_are_to_be_checked(tmp_path: Path, value: str) -> None:
    """Switched off is as good as not set."""
    environ = {"TF_HTTP_SKIP_CERT_VERIFICATION": value, "TF_HTTP_ADDRESS": "http://127.0.0.1:1/x"}
    (tmp_path / "blinkdecl.yaml").write_text("version: 1\nstate: {backend: http}\n")
    project = open_project(Invocation(root=str(tmp_path), environ=environ), lambda _: None)
    assert project.backend.location == "http://127.0.0.1:1/x"


def test_how_often_a_request_is_repeated() -> None:
    """Terraform's numbers where any is given, ours otherwise."""
    assert limits_of({}, USUAL) == USUAL
    assert limits_of({"TF_HTTP_RETRY_MAX": "0"}, USUAL).attempts == 1
    found = limits_of({"TF_HTTP_RETRY_MAX": "4", "TF_HTTP_RETRY_WAIT_MAX": "7"}, USUAL)
    assert (found.attempts, found.first, found.most, found.budget) == (5, 1.0, 7.0, 5 * 15 + 4 * 7)
    with receiver(answers(503)) as peer:
        store = HttpStore(Endpoints(peer.url, peer.url, peer.url), None, environ={"TF_HTTP_RETRY_MAX": "0"})
        with pytest.raises(Failure):
            store.get()
    assert len(peer.requests) == 1


def test_certificates_of_both_sides(tmp_path: Path) -> None:
    """Ours is shown, and only the authority that is given is trusted."""
    authority, other = Authority(tmp_path), Authority(tmp_path)
    certificate, key = authority.shown_by("blinkdecl")
    environ = {
        "TF_HTTP_CLIENT_CA_CERTIFICATE_PEM": authority.pem,
        "TF_HTTP_CLIENT_CERTIFICATE_PEM": certificate,
        "TF_HTTP_CLIENT_PRIVATE_KEY_PEM": key,
        "TF_HTTP_RETRY_MAX": "0",
    }

    def status(environ: dict[str, str], **serving: bool) -> str:
        context = (other if serving.get("other") else authority).asking("127.0.0.1")
        with receiver(answers(404), context) as peer:
            url = peer.url.replace("http:", "https:")
            store = HttpStore(Endpoints(url, url, url), Login("u", Secret("p")), environ=environ)
            try:
                return str(store.get())
            except Failure as failure:
                return str(failure.diagnostics)

    assert status(environ) == "None"
    assert "its authority is not known" in status(environ, other=True)
    bundle = f"# Főtanúsítvány 東京\n{other.pem}\n# ours\r\n{authority.pem}"
    assert status({**environ, "TF_HTTP_CLIENT_CA_CERTIFICATE_PEM": bundle}) == "None"
    wrong = {**environ, "TF_HTTP_CLIENT_PRIVATE_KEY_PEM": authority.shown_by("x")[1]}
    for given, name, why in (
        (wrong, "CERTIFICATE_PEM", "do not belong together"),
        ({**environ, "TF_HTTP_CLIENT_CA_CERTIFICATE_PEM": "x"}, "CA_CERTIFICATE_PEM", "not PEM"),
        ({**environ, "TF_HTTP_CLIENT_CA_CERTIFICATE_PEM": certificate[:99]}, "CA_CERTIFICATE_PEM", "not PEM"),
    ):
        with pytest.raises(Failure) as caught:
            identity_of(given)
        (problem,) = caught.value.diagnostics
        assert problem.code == "invalid-value"
        assert problem.summary.startswith(f"TF_HTTP_CLIENT_{name}: ")
        assert why in problem.summary
    unshown = dict.fromkeys(("TF_HTTP_CLIENT_CERTIFICATE_PEM", "TF_HTTP_CLIENT_PRIVATE_KEY_PEM"), "")
    assert "unreachable" in status({**environ, **unshown})
    assert key.splitlines()[1] in secrets_in(environ)
    assert key.splitlines()[1] not in repr(identity_of(environ))


def test_the_whole_way(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pipeline that has Terraform's variables needs nothing but `backend: http`."""
    with servers.http_state(gitlab=True) as server:
        user, _, password = server.login.partition(":")
        for name, value in {
            "ADDRESS": server.url,
            "LOCK_ADDRESS": f"{server.url}/lock",
            "UNLOCK_ADDRESS": f"{server.url}/lock",
            "LOCK_METHOD": "POST",
            "UNLOCK_METHOD": "DELETE",
            "USERNAME": user,
            "PASSWORD": password,
        }.items():
            monkeypatch.setenv(f"TF_HTTP_{name}", value)
        repository.secrets.append(password)
        repository.edit("version: 1\n", "version: 1\nstate: {backend: http}\n")
        assert repository("apply", "--auto-approve").code == 0
        assert "destination.blink-soc" in repository("state", "list").out


def test_methods_are_those_of_the_schema() -> None:
    """What YAML may say, the environment may say."""
    known = json.loads(schema_text("config"))["$defs"]["state"]["properties"]
    assert {name: tuple(known[name]["enum"]) for name in METHODS} == METHODS


def test_a_key_leaves_no_file(tmp_path: Path) -> None:
    """The library reads it from memory, or from a file that is gone at once."""
    (folder := tmp_path / "empty").mkdir()
    code = (
        "from blinkdecl.system.files import memory_file; from pathlib import Path; import os\n"
        "with memory_file(b'x') as path: assert Path(path).read_bytes() == b'x'\n"
        "if hasattr(os, 'memfd_create'): del os.memfd_create\n"
        "with memory_file(b'x') as path: assert Path(path).stat().st_mode & 0o77 == 0\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, env={**os.environ, "TMPDIR": str(folder)})
    assert list(folder.iterdir()) == []

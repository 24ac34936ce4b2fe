"""Environments that share one Panther: what one manages, no other one takes over, and each is told whose it is."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from blinkdecl.model.state import Intent
from blinkdecl.sandbox import Sandbox
from blinkdecl.state.local import LocalBackend
from tests.support.repository import CONFIGURATION, KEY, Ran, Repository
from tests.support.servers import HttpState, http_state

TOKEN = "canary-91c2-token"
PROVIDER = 'provider: {{type: panther, url: "{url}/public/graphql", token: {{env: PANTHER_API_TOKEN}}}}\n'
DEV = ("--env", "dev")
MANAGED = '"Blink SOC" is managed by this project'


@pytest.fixture
def shared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Repository]:
    """A repository whose destination was applied without --env, and an environment that has nothing of its own."""
    monkeypatch.setenv("BLINK_SOC_API_KEY", KEY)
    monkeypatch.setenv("PANTHER_API_TOKEN", TOKEN)
    monkeypatch.delenv("CI", raising=False)
    with Sandbox(api_key=KEY, token=TOKEN) as sandbox:
        made = Repository(tmp_path, sandbox, capsys, [KEY, TOKEN])
        made.write("blinkdecl.yaml", CONFIGURATION.format(url=sandbox.url) + PROVIDER.format(url=sandbox.url))
        assert made("apply", "--auto-approve").code == 0
        assert made(*DEV, "init").code == 0
        yield made


def text(ran: Ran) -> str:
    """Return what was printed, as one line."""
    return " ".join((ran.out + ran.err).split())


def made_id(shared: Repository) -> str:
    """Return the id of the destination that the project without --env manages."""
    resources = json.loads(shared.state.read_text())["resources"]
    return next(str(each["id"]) for each in resources if each["id"])


def test_a_plan_says_whose_the_name_is(shared: Repository) -> None:
    """Neither an import is named nor is it called unmanaged; the ways out are."""
    ran = shared(*DEV, "plan")
    told = text(ran)
    assert (ran.code, "blinkdecl import" in told) == (1, False)
    assert f"{MANAGED} without --env (destination.blink-soc) [exists]" in told
    assert "`display_name: Blink SOC ${var.suffix}`; or give environments/dev.yaml a `provider` of its own" in told
    assert "display names must differ" in (shared.folder / "environments/dev.yaml").read_text()


def test_the_other_way_round(shared: Repository) -> None:
    """The environment is named, and its own file is where a provider may be."""
    assert shared("destroy", "--auto-approve").code == 0
    assert shared(*DEV, "apply", "--auto-approve").code == 0
    told = text(shared("plan"))
    assert f"{MANAGED} in the environment dev (destination.blink-soc) [exists]" in told
    assert "environments/dev.yaml" in told


def test_an_import_is_refused(shared: Repository) -> None:
    """So that the environment's destroy has nothing of the other's to destroy."""
    ran = shared(*DEV, "import", "destination.blink-soc", made_id(shared))
    assert (ran.code, f"{MANAGED} without --env (destination.blink-soc) [not-importable]" in text(ran)) == (1, True)
    assert shared(*DEV, "destroy", "--auto-approve").code == 0
    assert "No changes." in shared("plan").out


def test_import_all_leaves_it_alone(shared: Repository) -> None:
    """It is counted once; what nobody manages is written all the same."""
    shared.edit("Blink SOC", "Dev SOC")
    url = f"{shared.sandbox.url}/webhooks/soc"
    shared.sandbox.edit("Night", create=True, webhook_url=url, severities="LOW", alert_types=[])
    ran = shared(*DEV, "import", "--all", "--name-glob", "*", "--format", "json")
    assert [each["address"] for each in ran.document["resources"] if each["id"]] == ["destination.night"]
    told = [each["summary"] for each in ran.document["diagnostics"] if each["code"] == "not-importable"]
    assert told == ["1 live destination was left alone: this project manages it in another environment"]


def test_import_all_does_not_take_a_name(shared: Repository) -> None:
    """What is declared under the same name is not recorded either."""
    ran = shared(*DEV, "import", "--all", "--name-glob", "*")
    assert (ran.code, "Nothing to import" in ran.out) == (0, True)
    assert not (shared.folder / ".blinkdecl/dev/state.json").exists()


def test_what_is_managed_elsewhere_is_not_unmanaged(shared: Repository) -> None:
    """With a name of its own, the environment's plan and drift list nothing of the other's."""
    shared.edit("display_name: Blink SOC", 'display_name: "Blink SOC${var.suffix}"')
    shared.edit("version: 1\n", 'version: 1\nvariables: {suffix: {default: ""}}\n')
    shared.write("environments/dev.yaml", "version: 1\nvariables: {suffix: ' dev'}\n")
    assert shared(*DEV, "apply", "--auto-approve").code == 0
    for command in ("plan", "drift"):
        for environment in ((), DEV):
            told = shared(*environment, command).out
            assert "Unmanaged, and ignored: 1 destination that `unmanaged.ignore` names, or" in told
            assert "left alone" not in told
    assert shared(*DEV, "destroy", "--auto-approve").code == 0
    assert "No changes." in shared("plan").out


def test_another_panther_is_another_matter(shared: Repository) -> None:
    """The ids of a state of another tenant mean nothing here."""
    with Sandbox(api_key=KEY, token=TOKEN) as sandbox:
        shared.write("environments/dev.yaml", "version: 1\n" + PROVIDER.format(url=sandbox.url))
        assert shared(*DEV, "apply", "--auto-approve").code == 0
        assert "No changes." in shared(*DEV, "plan").out


def test_who_has_no_panther_is_not_asked(shared: Repository) -> None:
    """Nothing that such an environment records can be live in one, so that its state does not matter."""
    shared.write("environments/qa.yaml", "version: 1\nprovider: {type: console}\n")
    shared.write(".blinkdecl/qa/state.json", "{")
    told = text(shared(*DEV, "plan"))
    assert (MANAGED in told, "unread-state" in told) == (True, False)


@pytest.mark.parametrize("damaged", [True, False])
def test_a_state_that_cannot_be_read(shared: Repository, *, damaged: bool) -> None:
    """Or whose place the files alone do not say: that is told, nothing is claimed, and nothing fails for it."""
    object_id = made_id(shared)
    place = () if damaged else ("--var", "place=.blinkdecl/state.json")
    if damaged:
        shared.state.write_text("{")
    else:
        shared.edit("version: 1\n", "version: 1\nvariables: {place: {}}\nstate: {path: '${var.place}'}\n")
        shared.write("environments/dev.yaml", "version: 1\nstate: {path: dev.json}\n")
    told = text(shared(*DEV, "plan", *place))
    assert "the state of the project without --env was not read [unread-state]" in told
    assert "exists in Panther and is not managed here [exists]" in told
    took = shared(*DEV, "import", "destination.blink-soc", object_id, *place)
    assert (took.code, "[unread-state]" in took.out + took.err) == (0, True)


@pytest.fixture
def server() -> Iterator[HttpState]:
    """Where states are kept."""
    with http_state() as made:
        yield made


def at(server: HttpState, name: str = "", password: str = "STATE_PASSWORD") -> str:
    """Return a block that keeps a state there."""
    user = server.login.partition(":")[0]
    return f"state: {{backend: http, address: '{server.url}{name}', username: {user}, password: {{env: {password}}}}}\n"


def test_a_state_behind_the_same_door(shared: Repository, server: HttpState, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is read without a lock where a name is asked for, and not at all otherwise."""
    monkeypatch.setenv("STATE_PASSWORD", server.login.partition(":")[2])
    assert shared("destroy", "--auto-approve").code == 0
    for name in ("dev", "prod"):
        shared.write(f"environments/{name}.yaml", "version: 1\n" + at(server, name))
    assert shared("--env", "prod", "apply", "--auto-approve").code == 0
    server.requests.clear()
    assert f"{MANAGED} in the environment prod (destination.blink-soc)" in text(shared(*DEV, "plan"))
    asked = [each for each in server.requests if "prod" in each]
    assert [each.split()[0] for each in asked] == ["GET"]
    shared.edit("Blink SOC", "Dev SOC")
    assert "Unmanaged, and left alone: 1 live destination" in shared(*DEV, "plan").out
    assert len([each for each in server.requests if "prod" in each]) == 1


@pytest.mark.parametrize("password", ["{env: PANTHER_API_TOKEN}", "{env: STATE_PASSWORD}", "{command: [touch, ran]}"])
def test_another_file_sends_no_credential(
    shared: Repository, server: HttpState, password: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor does it run a command: that the state was not read is all that is said."""
    monkeypatch.setenv("STATE_PASSWORD", server.login.partition(":")[2])
    monkeypatch.setenv("TF_HTTP_USERNAME", "me")
    monkeypatch.setenv("TF_HTTP_PASSWORD", "canary")
    shared.edit("version: 1\n", "version: 1\nallow_commands: true\n")
    block = at(server).replace("{env: STATE_PASSWORD}", password)
    shared.write("environments/zz.yaml", f"version: 1\n{block}")
    shared.write("environments/yy.yaml", f"version: 1\nstate: {{backend: http, address: '{server.url}'}}\n")
    told = text(shared(*DEV, "plan", "--allow-commands"))
    assert (told.count("[unread-state]"), "behind another login" in told) == (2, True)
    assert shared(*DEV, "import", "--all", "--dry-run").code == 0
    assert (server.requests, list(shared.folder.rglob("ran"))) == ([], [])


def test_an_address_of_this_environment_alone(
    shared: Repository, server: HttpState, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What TF_HTTP_ADDRESS says holds for the environment that runs: of the others nothing is claimed."""
    user, _, password = server.login.partition(":")
    monkeypatch.setenv("TF_HTTP_USERNAME", user)
    monkeypatch.setenv("TF_HTTP_PASSWORD", password)
    assert shared("destroy", "--auto-approve").code == 0
    for name in ("dev", "prod"):
        shared.write(f"environments/{name}.yaml", "version: 1\nstate: {backend: http}\n")
    monkeypatch.setenv("TF_HTTP_ADDRESS", f"{server.url}/prod")
    assert shared("--env", "prod", "apply", "--auto-approve").code == 0
    monkeypatch.setenv("TF_HTTP_ADDRESS", f"{server.url}/dev")
    told = text(shared(*DEV, "plan"))
    assert 'the state of the environment "prod" was not read [unread-state]' in told


def test_an_intent_is_no_record(shared: Repository) -> None:
    """What a killed run may have created is nobody's yet: two such runs do not lock each other out."""
    state = LocalBackend(shared.state, "state.json").read()
    assert state is not None
    pending = {"destination.blink-soc": Intent("create", "Blink SOC", "run")}
    LocalBackend(shared.state, "state.json").write(replace(state, resources={}, pending=pending), state)
    assert MANAGED not in text(shared(*DEV, "plan"))
    assert shared("apply", "--auto-approve").code == 0
    assert "No changes." in shared("plan").out
    assert MANAGED in text(shared(*DEV, "plan"))

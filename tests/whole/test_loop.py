"""The whole loop, command by command, against a real receiver."""

import json
from dataclasses import replace

import pytest

from blinkdecl.model.resource import SEVERITIES
from blinkdecl.secret.fingerprints import with_other
from blinkdecl.secret.value import Secret
from blinkdecl.state.local import LocalBackend
from tests.support.repository import Repository


def test_apply_then_plan_is_empty(repository: Repository) -> None:
    """What apply made is what the YAML says, and one test alert proved it."""
    assert repository("apply", "--auto-approve").code == 0
    plan = repository("plan", "--detailed-exitcode")
    assert (plan.code, "No changes." in plan.out) == (0, True)
    assert [each.status for each in repository.sandbox.received()] == [200]


def test_plan_is_reviewed_then_applied(repository: Repository) -> None:
    """A saved plan is applied without a question, once; the second time it is stale."""
    assert repository("plan", "--out", "plan.json").code == 0
    assert repository("apply", "plan.json").code == 0
    again = repository("apply", "plan.json")
    assert again.code == 6
    assert "this plan was applied already" in again.err


def test_saved_plan_is_stale_after_an_edit(repository: Repository) -> None:
    """What was reviewed is no longer what would be done: nothing is."""
    repository("plan", "--out", "plan.json")
    repository.edit("[HIGH, CRITICAL]", "[CRITICAL]")
    stale = repository("apply", "plan.json")
    assert stale.code == 6
    assert "= note: the configuration of destination.blink-soc changed" in stale.err
    assert not repository.state.exists()


def test_saved_plan_survives_a_test_run(repository: Repository) -> None:
    """The record of a test alert changes nothing that the plan would do."""
    repository("apply", "--auto-approve")
    repository.edit("[HIGH, CRITICAL]", "[CRITICAL]")
    repository("plan", "--out", "plan.json")
    assert repository("test").code == 0
    assert repository("apply", "plan.json").code == 0


def test_refused_key_leaves_the_destination(repository: Repository) -> None:
    """A preflight that Blink refuses: exit 4, and neither the destination nor its trigger is recorded."""
    repository.sandbox.rotate("soc", "another")
    ran = repository("apply", "--auto-approve")
    assert ran.code == 4
    assert "Blink refused the test alert: HTTP 401 [not-delivered]" in ran.out
    assert "trigger.soc was not recorded [waits]" in ran.out
    assert repository("state", "list").out == ""


def test_a_refused_key_is_not_recorded(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the old key again there is nothing to change, and with the right one the reviewed plan still holds."""
    repository("apply", "--auto-approve")
    monkeypatch.setenv("BLINK_SOC_API_KEY", "wrong-canary")
    repository.edit("automation: Triage alerts", "automation: Triage all alerts")
    repository.edit("severities: [HIGH", "severities: [LOW, HIGH")
    repository("plan", "--out", "plan.json")
    ran = repository("apply", "plan.json")
    assert (ran.code, "trigger.soc was left as it is recorded [waits]" in ran.out) == (4, True)
    monkeypatch.setenv("BLINK_SOC_API_KEY", repository.secrets[0])
    assert "is new" not in repository("plan").out
    assert repository("apply", "plan.json").code == 0


def test_the_first_plan_holds_after_a_refused_run(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing was made, so what was reviewed is still what is to be done."""
    monkeypatch.setenv("BLINK_SOC_API_KEY", "wrong-canary")
    repository("plan", "--out", "plan.json")
    assert repository("apply", "plan.json").code == 4
    monkeypatch.setenv("BLINK_SOC_API_KEY", repository.secrets[0])
    assert repository("apply", "plan.json").code == 0


def test_a_key_that_is_not_here(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """A plan that creates says so too, and makes no claim about it."""
    monkeypatch.delenv("BLINK_SOC_API_KEY")
    assert "Unverified: api_key of 1 resource (destination.blink-soc), to be created:" in repository("plan").out
    [found] = repository("plan", "--format", "json").document["unverified"]
    assert (found["address"], found["secrets"]) == ("destination.blink-soc", ["api_key"])


def test_a_new_key_is_a_change_of_ours(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """A key that was rotated in its store is no drift, but not applied; the next apply proves it, and it is clean."""
    repository("apply", "--auto-approve")
    monkeypatch.setenv("BLINK_SOC_API_KEY", "rotated-canary")
    repository.secrets.append("rotated-canary")
    repository.sandbox.rotate("soc", "rotated-canary")
    ran = repository("drift")
    assert (ran.code, ran.out.count("Not applied yet: the value behind env BLINK_SOC_API_KEY is new")) == (0, 1)
    [new] = repository("drift", "--format", "json").document["not_applied"]
    assert (new["address"], new["reference"]) == ("destination.blink-soc", {"env": "BLINK_SOC_API_KEY"})
    plan = repository("plan", "--detailed-exitcode")
    assert (plan.code, "outside" in plan.out) == (2, False)
    assert "~ api_key      = (sensitive, the value behind env BLINK_SOC_API_KEY is new)" in plan.out
    assert repository("apply", "--auto-approve").code == 0
    assert "Not applied" not in repository("drift").out


def test_unverified_is_neither_changed_nor_clean(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the secret the plan says so, and that is no change."""
    repository("apply", "--auto-approve")
    monkeypatch.delenv("BLINK_SOC_API_KEY")
    plan = repository("plan", "--detailed-exitcode")
    assert plan.code == 0
    assert "Unverified: api_key" in plan.out


def test_missing_secret_stops_apply_before_anything(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """Apply needs the secrets: without one, nothing is sent and nothing is recorded."""
    monkeypatch.delenv("BLINK_SOC_API_KEY")
    ran = repository("apply", "--auto-approve")
    assert ran.code == 1
    assert "[secret-missing]" in ran.err
    assert "--> blinkdecl.yaml:11:16" in ran.err
    assert "11 |       api_key: {env: BLINK_SOC_API_KEY}\n   |                ^^^^" in ran.err
    assert "= at: trigger.soc, api_key from env BLINK_SOC_API_KEY\n" in ran.err
    assert not repository.sandbox.received()


def test_the_local_provider_says_what_it_does(repository: Repository) -> None:
    """Plan and apply say once that nothing in Panther is changed, drift says what it compares; JSON counts apart."""
    told = "The local provider only records: nothing in Panther is changed."
    assert repository("plan").out.count(told) == 1
    assert repository("plan", "--format", "json").document["summary"]["triggers_record"] == 1
    ran = repository("apply", "--auto-approve")
    assert " ".join((ran.out + ran.err).split()).count(told) == 1
    assert "Resources: 1 added, 0 changed, 0 destroyed.\n1 trigger recorded." in ran.out
    drift, plan = repository("drift").out, repository("plan").out
    assert "Nothing in Panther was read" in drift
    assert plan.startswith("No changes. Your infrastructure matches the configuration. ")
    assert "live" not in drift + plan
    ran = repository("destroy", "--auto-approve", "--format", "json")
    assert (ran.document["provider"], ran.document["summary"]["destroyed"]) == ("local", 1)
    assert ran.document["summary"]["triggers_forgotten"] == 1


def test_destroy_removes_all(repository: Repository) -> None:
    """After destroy nothing is recorded."""
    repository("apply", "--auto-approve")
    ran = repository("destroy", "--auto-approve")
    assert (
        ran.code,
        "Destroy complete! Resources: 1 destroyed.\n1 trigger forgotten: its automation in Blink stays." in ran.out,
    ) == (0, True)
    assert repository("state", "list").out == ""


def test_prevent_destroy_outlives_its_block(repository: Repository) -> None:
    """The protection is in the state: deleting the YAML does not lift it."""
    repository.edit("trigger: soc\n", "trigger: soc\n    lifecycle: {prevent_destroy: true}\n")
    repository("apply", "--auto-approve")
    text = (repository.folder / "blinkdecl.yaml").read_text()
    repository.write("blinkdecl.yaml", text[: text.index("destinations:")])
    ran = repository("apply", "--auto-approve")
    assert ran.code == 3
    assert "[prevent-destroy]" in ran.out
    assert repository("destroy", "--auto-approve").code == 3


def test_empty_configuration_is_no_plan(repository: Repository) -> None:
    """A configuration without a resource beside a state that has some is an error."""
    repository("apply", "--auto-approve")
    repository.write("blinkdecl.yaml", "version: 1\n")
    ran = repository("plan")
    assert (ran.code, "[empty-configuration]" in ran.err) == (1, True)
    assert "no destinations or triggers in blinkdecl.yaml, triggers/**/*.yaml, destinations/**/*.yaml" in ran.err
    repository.write("destination/a.yaml", "version: 1\ndestinations: {}\n")
    assert "destination/a.yaml has destinations, and is no part of the configuration" in repository("plan").err


def test_no_terminal_and_no_approval(repository: Repository) -> None:
    """Without a terminal apply says how it can be approved."""
    ran = repository("apply")
    assert ran.code == 1
    assert 'Error: apply needs a "yes" and there is no terminal to ask on [not-approved]' in ran.err


@pytest.mark.parametrize("format_", ["text", "json"])
@pytest.mark.parametrize("words", [("plan", "--detailed-exitcode"), ("apply",), ("validate",), ("drift",), ("test",)])
def test_format_never_changes_the_exit_code(repository: Repository, words: tuple[str, ...], format_: str) -> None:
    """The same commands end with the same codes in every format."""
    expected = {"plan": 2, "apply": 1, "validate": 0, "drift": 0, "test": 4}
    repository.sandbox.rotate("soc", "another")
    assert repository(*words, "--format", format_).code == expected[words[0]]


def test_rename_and_swap_of_display_names(repository: Repository) -> None:
    """Two destinations exchange their names by a temporary one, and the next plan is empty."""
    second = "  blink-two:\n    display_name: Blink Two\n    trigger: soc\n    severities: [LOW]\n"
    path = repository.folder / "blinkdecl.yaml"
    path.write_text(path.read_text() + second)
    repository("apply", "--auto-approve")
    text = (
        path.read_text()
        .replace("Blink SOC", "x")
        .replace("Blink Two", "Blink SOC")
        .replace("name: x", "name: Blink Two")
    )
    path.write_text(text)
    assert repository("apply", "--auto-approve").code == 0
    assert "No changes." in repository("plan").out


def test_state_holds_no_secret(repository: Repository) -> None:
    """Neither the state, its backup nor a saved plan holds the key."""
    repository("plan", "--out", "plan.json")
    repository("apply", "plan.json")
    repository("test")
    for path in repository.folder.rglob("*"):
        if path.is_file():
            assert "canary" not in path.read_text()


def test_plan_json_has_terraforms_names(repository: Repository) -> None:
    """Policies that were written for Terraform's plan find what they look for."""
    document = repository("plan", "--format", "json").document
    change = {each["address"]: each for each in document["resource_changes"]}["destination.blink-soc"]
    assert change["type"] == "destination"
    assert change["change"]["actions"] == ["create"]
    assert change["change"]["after"]["severities"] == ["HIGH", "CRITICAL"]
    assert change["change"]["after_sensitive"] == {"api_key": True}
    assert json.dumps(document).count("canary") == 0
    assert set(SEVERITIES) >= set(change["change"]["after"]["severities"])


def test_a_quick_fingerprint_of_a_short_key_does_not_stay(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An apply without changes replaces what an earlier version of the state recorded."""
    weak = Secret("short-key")
    repository.sandbox.rotate("soc", weak.reveal())
    monkeypatch.setenv("BLINK_SOC_API_KEY", weak.reveal())
    assert repository("apply", "--auto-approve").code == 0
    backend = LocalBackend(repository.state, "state.json")
    state = backend.read()
    assert state is not None
    quick = {weak.fingerprint(state.salt): weak.quick_fingerprint(state.salt)}
    backend.write(
        replace(state, resources={name: with_other(each, quick) for name, each in state.resources.items()}), state
    )
    ran = repository("apply", "--auto-approve")
    assert (ran.code, "No changes." in ran.out) == (0, True)
    assert backend.read() == replace(state, serial=state.serial + 2)

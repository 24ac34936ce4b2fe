"""What is said of secrets without a value here: which, why, where they are written; and those that commands have."""

from pathlib import Path

import pytest

from tests.support.repository import Repository


def by_command(repository: Repository) -> Path:
    """Let the key come from a command, and return the file that it prints."""
    stored = repository.folder / "stored"
    stored.write_text(repository.secrets[0] + "\n")
    repository.edit("version: 1\n", "version: 1\nallow_commands: true\n")
    repository.edit("{env: BLINK_SOC_API_KEY}", f"{{command: [cat, {stored}]}}")
    return stored


def test_what_is_not_set_is_listed_once(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the line of the reference, in the plan and in drift, whatever number of resources has it."""
    monkeypatch.delenv("BLINK_SOC_API_KEY")
    line = (repository.folder / "blinkdecl.yaml").read_text().split("api_key:")[0].count("\n") + 1
    for ran in (repository("plan"), repository("drift")):
        assert ran.out.count(f"- env BLINK_SOC_API_KEY is not set (blinkdecl.yaml:{line})") == 1, ran
    [found] = repository("plan", "--format", "json").document["without_value"]
    assert found["addresses"] == ["destination.blink-soc", "trigger.soc"]
    assert (found["reason"], found["position"]["line"]) == ("is not set", line)


def test_a_saved_plan_tells_it_too(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who reviews it sees what was not set; who applies it elsewhere needs no such plan again."""
    key = repository.secrets[0]
    monkeypatch.delenv("BLINK_SOC_API_KEY")
    assert repository("plan", "--out", "plan.json").code == 0
    assert "env BLINK_SOC_API_KEY is not set" in repository("show", "plan.json").out
    monkeypatch.setenv("BLINK_SOC_API_KEY", key)
    assert repository("apply", "plan.json").code == 0


def test_a_rotation_behind_an_unchanged_command(repository: Repository) -> None:
    """It is seen where commands may run, by plan and by drift; otherwise it is said that they were not run."""
    stored = by_command(repository)
    assert repository("apply", "--auto-approve", "--allow-commands").code == 0
    stored.write_text("rotated-canary\n")
    repository.secrets.append("rotated-canary")
    plan = repository("plan", "--detailed-exitcode")
    assert (plan.code, "- command cat is not run without --allow-commands" in plan.out) == (0, True), plan
    plan = repository("plan", "--detailed-exitcode", "--allow-commands")
    assert (plan.code, "the value behind command cat is new" in plan.out) == (2, True), plan
    assert "Not applied yet: the value behind command cat is new" in repository("drift", "--allow-commands").out


def test_the_next_command_may_run_them_too(repository: Repository) -> None:
    """What `plan` says is next carries the option without which it would stop."""
    by_command(repository)
    ran = repository("plan")
    assert f"Next: `blinkdecl -C {repository.folder} apply --allow-commands --expect " in ran.out, ran


def test_a_command_that_fails(repository: Repository) -> None:
    """Its exit code is said; it is run once, not for each that has it."""
    stored = by_command(repository)
    stored.unlink()
    ran = repository("plan", "--allow-commands")
    assert (ran.code, ran.out.count("- command cat ended with exit code 1")) == (0, 1), ran


def test_offline_runs_no_command(repository: Repository) -> None:
    """The two options contradict each other."""
    ran = repository("plan", "--offline", "--allow-commands")
    assert (ran.code, "--offline resolves no secret" in ran.err) == (64, True)


def test_a_changed_command_is_shown_whole(repository: Repository) -> None:
    """The arguments are what changed, so the diff has them."""
    stored = by_command(repository)
    assert repository("apply", "--auto-approve", "--allow-commands").code == 0
    repository.edit(f"[cat, {stored}]", f"[cat, --, {stored}]")
    assert f"from command cat {stored} -> command cat -- {stored}" in repository("plan").out


def test_the_form_of_a_refused_key(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """The usual accident is named beside the refusal, and the value is not."""
    monkeypatch.setenv("BLINK_SOC_API_KEY", '"quoted-canary"')
    ran = repository("apply", "--auto-approve")
    assert (ran.code, "it has quotes around it" in " ".join((ran.out + ran.err).split())) == (4, True), ran
    assert "quoted-canary" not in ran.out + ran.err


@pytest.mark.parametrize("path", ["~/keys/soc", "$HOME/keys/soc", "${HOME}/soc", "%USERPROFILE%/soc"])
def test_a_path_that_only_a_shell_understands(repository: Repository, path: str) -> None:
    """`validate` refuses it: it would be taken as it is written."""
    repository.edit("{env: BLINK_SOC_API_KEY}", f'{{file: "{path}"}}')
    ran = repository("validate")
    assert (ran.code, "no shell fills" in ran.err) == (1, True), ran

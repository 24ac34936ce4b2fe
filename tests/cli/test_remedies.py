"""Advice fits what happened: the step that is missing, by an option that the command has."""

import fcntl
import os
import pwd

import pytest

from blinkdecl.state.lock_info import lock_info
from tests.support.receiver import answers, receiver
from tests.support.repository import Repository


@pytest.mark.parametrize(
    ("words", "again"),
    [
        (["apply", "--auto-approve"], "apply"),
        (["apply", "--auto-approve", "--target", "destination.blink-soc"], "apply --target destination.blink-soc"),
        (["test"], "test destination.blink-soc"),
    ],
)
def test_a_failed_test_alert_names_the_command_that_was_cut_short(
    repository: Repository, words: list[str], again: str
) -> None:
    """What is new is not there before it is applied: testing it would be no use."""
    with receiver(answers(429, "Retry-After: 70")) as peer:
        repository.edit(repository.sandbox.url, f"http://127.0.0.1:{peer.port}")
        ran = repository(*words)
    said = " ".join((ran.out + ran.err).split())
    command = f"blinkdecl -C {repository.folder} {again}"
    assert ran.code == 4
    assert f"wait 70s, as it asks, then run `{command}`, with a lower --parallelism" in said


@pytest.mark.parametrize(
    ("allowed", "words", "remedy"),
    [
        (False, ("apply", "--allow-commands"), "write `allow_commands: true` in blinkdecl.yaml"),
        (True, ("test",), "pass --allow-commands"),
    ],
)
def test_only_the_missing_half_of_the_opt_in_is_named(
    repository: Repository, words: tuple[str, ...], remedy: str, *, allowed: bool
) -> None:
    """The other is there already."""
    repository.edit("{env: BLINK_SOC_API_KEY}", "{command: [cat, key.txt]}")
    if allowed:
        repository.edit("version: 1\n", "version: 1\nallow_commands: true\n")
    ran = repository(*words)
    assert "[command-forbidden]" in ran.err
    assert f"help: {remedy}\n" in ran.err


def test_a_command_that_runs_no_commands_does_not_name_the_option(repository: Repository) -> None:
    """It would be refused as unknown."""
    repository.edit("version: 1\n", "version: 1\nprovider: {type: panther, url: URL, token: {command: [cat, t]}}\n")
    repository.edit("url: URL", f"url: {repository.sandbox.url}/public/graphql")
    ran = repository("coverage", "--against", "live")
    assert "coverage` runs no commands" in " ".join(ran.err.split())
    assert "--allow-commands" not in ran.err


def test_a_lock_is_told_with_the_option_that_waits(repository: Repository) -> None:
    """Which every command that takes the lock has."""
    assert repository("apply", "--auto-approve").code == 0
    with repository.state.with_name("state.json.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        ran = repository("state", "rm", "destination.blink-soc")
    assert ran.code == 5
    assert "`--lock-timeout 5m` waits for it" in ran.err


def test_the_user_of_a_lock_has_a_name() -> None:
    """Also where no variable says it, as in most containers."""
    name = pwd.getpwuid(os.getuid()).pw_name
    assert lock_info("blinkdecl apply", {}).who == f"{name}@{os.uname().nodename}"

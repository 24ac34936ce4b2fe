"""A lock that cannot be freed: the run ends as it earned, says so, and the next one says who is in the way."""

import re
from collections.abc import Iterator

import pytest

from tests.support.receiver import answers, receiver
from tests.support.repository import Repository
from tests.support.servers import HttpState, http_state


@pytest.fixture
def server(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> Iterator[HttpState]:
    """A state server that the project keeps its state on."""
    monkeypatch.setenv("STATE_PASSWORD", "canary-state-password")
    monkeypatch.setenv("USER", "ada")
    repository.secrets.append("canary-state-password")
    with http_state() as running:
        where = f"address: {running.url}, username: tf, password: {{env: STATE_PASSWORD}}"
        repository.edit("webhook_hosts", f"state: {{backend: http, {where}}}\nwebhook_hosts")
        yield running


def kept_id(told: str) -> str:
    """Return the id in the command that frees the lock; the warning is there, with its code."""
    assert "Warning: the state's lock could not be freed [lock-kept]" in told
    [found] = re.findall(r"state unlock (\w{8})`", " ".join(told.split()))
    return str(found)


@pytest.mark.parametrize("status", [400, 403, 409, 412, 423, 500, 503])
def test_the_run_ends_as_it_earned(repository: Repository, server: HttpState, status: int) -> None:
    """Whatever freeing is answered with; what was done is told, and stored."""
    server.freeing = status
    ran = repository("apply", "--auto-approve")
    assert (ran.code, "Apply complete!" in ran.out) == (0, True)
    assert len(server.states) == 1
    assert server.locks["/states/blink"]["ID"].startswith(kept_id(ran.err))


def test_a_run_that_failed_still_fails(repository: Repository, server: HttpState) -> None:
    """With its own code, and one document."""
    server.freeing = 423
    with receiver(answers(500)) as peer:
        repository.edit(f"url: {repository.sandbox.url}", f"url: http://127.0.0.1:{peer.port}")
        ran = repository("apply", "--auto-approve", "--format", "json")
    assert (ran.code, ran.document["exit_code"]) == (4, 4)
    assert kept_id(ran.err)


@pytest.mark.parametrize("command", [("state", "rm", "trigger.soc"), ("test",), ("destroy", "--auto-approve")])
def test_every_command_that_locks_says_so(repository: Repository, server: HttpState, command: tuple[str, ...]) -> None:
    """Also where it prints little else."""
    assert repository("apply", "--auto-approve").code == 0
    server.freeing = 423
    ran = repository("-q", *command)
    assert ran.code == 0
    assert kept_id(ran.err)


@pytest.mark.parametrize("status", [400, 403, 409, 412, 423, 500])
def test_the_next_run_says_who_holds_it(repository: Repository, server: HttpState, status: int) -> None:
    """Since when, and the command that frees it, whatever the status that brings the holder's information."""
    server.freeing, server.taking = 423, status
    lock_id = kept_id(repository("apply", "--auto-approve").err)
    ran = repository("apply", "--auto-approve")
    said = " ".join(ran.err.split())
    assert (ran.code, "[locked]" in said) == (5, True)
    assert re.search(r"who: ada@\S+, `blinkdecl apply`, \d+s ago", said)
    assert f"state unlock {lock_id}`" in said
    server.freeing = None
    assert repository("state", "unlock", lock_id).code == 0
    assert repository("apply", "--auto-approve").code == 0


@pytest.mark.parametrize("status", [409, 412, 423])
def test_a_holder_of_whom_nothing_is_said(repository: Repository, server: HttpState, status: int) -> None:
    """It is a lock all the same; no id is made up."""
    server.freeing, server.taking, server.silent = 423, status, True
    repository("apply", "--auto-approve")
    ran = repository("apply", "--auto-approve")
    assert (ran.code, "[locked]" in ran.err) == (5, True)
    assert "nothing there says who holds it" in " ".join(ran.err.split())


def test_to_look_at_a_lock_never_leaves_one(repository: Repository, server: HttpState) -> None:
    """The protocol shows a holder only to whoever asks for the lock: one that stays is told."""
    assert repository("apply", "--auto-approve").code == 0
    server.freeing = 412
    ran = repository("state", "unlock", "0f1e2d3c")
    assert (ran.code, "the state's lock is held by this command" in ran.err) == (1, True)
    assert server.locks["/states/blink"]["ID"][:8] in ran.err


def test_what_is_left_to_tidy_up_does_not_fail_the_run(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is to be changed, and that is told; that the record could not follow is a warning."""
    assert repository("apply", "--auto-approve").code == 0
    repository.edit('["127.0.0.1"]', '["127.0.0.1", "localhost"]')
    with monkeypatch.context() as broken:
        broken.setattr("blinkdecl.system.files.os.fsync", lambda _: (_ for _ in ()).throw(OSError(28, "full")))
        ran = repository("apply", "--auto-approve")
    assert (ran.code, "No changes." in ran.out) == (0, True)
    assert "Warning: the state .blinkdecl/state.json could not be stored [state-unwritable]" in ran.err

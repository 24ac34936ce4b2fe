"""The lock of the local backend, held by real processes, and how it is told."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from blinkdecl.diagnostics import Failure
from blinkdecl.model.invocation import Invocation
from blinkdecl.state.interface import LockInfo
from blinkdecl.state.local import LocalBackend
from blinkdecl.state.lock_info import age, decode_info, encode_info, locked, run_url
from tests.state.common import ENVIRON, INFO, notes
from tests.state.contract import code_of
from tests.support.states import small_state

HOLD = """
import sys, subprocess, time
from pathlib import Path
from blinkdecl.state.local import LocalBackend
from blinkdecl.state.lock_info import lock_info
with LocalBackend(Path(sys.argv[1]), "state.json").lock(lock_info("blinkdecl apply", {"USER": "ci"}), 30):
    child = subprocess.Popen(["sleep", "60"], close_fds=False) if "child" in sys.argv else None
    print(child.pid if child else "held", flush=True)
    time.sleep(60)
"""


@contextmanager
def holding(path: Path, *arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run a process that holds the lock; gives it and the line that it printed."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, path, *arguments], env=ENVIRON, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        try:
            yield process, process.stdout.readline().strip()
        finally:
            process.kill()


def test_another_process_holds_it(backend: LocalBackend, path: Path) -> None:
    """The failure shows who holds the lock, for how long, and what to do."""
    with holding(path) as (process, _):
        with pytest.raises(Failure) as caught, backend.lock(INFO, 0.1):
            pytest.fail("two hold the lock")
        held = backend.holder()
    assert held is not None
    assert held.pid == process.pid
    assert notes(caught)["who"].startswith(f"ci@{os.uname().nodename}, `blinkdecl apply`, ")
    assert notes(caught)["help"] == f"wait, or if that run is dead: `blinkdecl state unlock {held.id[:8]}`"


def test_kill_frees_it(backend: LocalBackend, path: Path) -> None:
    """After a kill the lock is free at once; the note that is left blocks nothing."""
    with holding(path) as (process, _):
        process.kill()
        process.wait()
        assert path.with_name("state.json.lock.info").exists()
        assert backend.holder() is None
        with backend.lock(INFO, 0):
            assert backend.holder() == INFO


def test_children_do_not_hold_it(backend: LocalBackend, path: Path) -> None:
    """A child that outlives its killed parent does not keep the lock."""
    with holding(path, "child") as (process, child):
        process.kill()
        process.wait()
        try:
            with backend.lock(INFO, 0):
                os.kill(int(child), 0)
        finally:
            os.kill(int(child), signal.SIGKILL)


def test_paused_holder_keeps_it(backend: LocalBackend, path: Path) -> None:
    """A stopped process still holds its lock, and `unlock` says how to end it instead of breaking it."""
    with holding(path) as (process, _):
        process.send_signal(signal.SIGSTOP)
        held = backend.holder()
        assert held is not None
        for lock_id in (held.id, held.id[:8]):
            with pytest.raises(Failure) as caught:
                backend.unlock(lock_id)
            assert code_of(caught) == "locked"
            assert f"`kill {process.pid}` on {os.uname().nodename}" in notes(caught)["help"]


def test_waiting(backend: LocalBackend, other: LocalBackend) -> None:
    """Who waits gets the lock when it is freed."""
    with backend.lock(INFO, 0):
        got = threading.Event()

        def wait() -> None:
            with other.lock(INFO, 20):
                got.set()

        thread = threading.Thread(target=wait)
        thread.start()
        time.sleep(0.3)
        assert not got.is_set()
    thread.join(20)
    assert got.is_set()


def test_timeout_is_kept(backend: LocalBackend, other: LocalBackend) -> None:
    """The waiter gives up when its time is over, not before."""
    with backend.lock(INFO, 0):
        begun = time.monotonic()
        with pytest.raises(Failure), other.lock(INFO, 0.4):
            pytest.fail("two hold the lock")
        assert time.monotonic() - begun >= 0.4


def test_lock_file_stays(backend: LocalBackend, path: Path) -> None:
    """The lock file is one and the same through locks and writes: a replaced one would have two holders."""
    lock_file = path.with_name("state.json.lock")
    with backend.lock(INFO, 0):
        inode = lock_file.stat().st_ino
        backend.write(small_state(), None)
    with backend.lock(INFO, 0):
        assert lock_file.stat().st_ino == inode
    assert lock_file.stat().st_ino == inode


def test_unlock_clears_a_dead_note(backend: LocalBackend, path: Path) -> None:
    """`unlock` after a kill removes the note that the dead run left, if it is the one that was named."""
    with holding(path) as (process, _):
        held = backend.holder()
        process.kill()
        process.wait()
    assert held is not None
    with pytest.raises(Failure) as caught:
        backend.unlock("00000000")
    assert code_of(caught) == "not-locked"
    assert notes(caught)["note"] == f"the lock that a dead run left is {held.id[:8]}, by {held.who}"
    assert backend.unlock(held.id[:8]) == held
    assert not path.with_name("state.json.lock.info").exists()
    with pytest.raises(Failure, match="the state is not locked"):
        backend.unlock(held.id)


def test_unlock_where_nothing_ever_ran(backend: LocalBackend, path: Path) -> None:
    """Looking for a lock makes no folder."""
    with pytest.raises(Failure, match="the state is not locked"):
        backend.unlock("00000000")
    assert not path.parent.exists()


def test_hint_names_the_project(path: Path) -> None:
    """The command in the hint works from where the refused one was typed."""
    called = Invocation(root="my alerts", environment="prod")
    one, other = (LocalBackend(path, "state.json", called) for _ in range(2))
    with one.lock(INFO, 0), pytest.raises(Failure) as caught, other.lock(INFO, 0):
        pytest.fail("two hold the lock")
    assert f"`blinkdecl -C 'my alerts' --env prod state unlock {INFO.id[:8]}`" in notes(caught)["help"]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"id": 1}', "null"])
def test_broken_info(backend: LocalBackend, other: LocalBackend, path: Path, text: str) -> None:
    """A lock whose note is broken is still a lock."""
    with backend.lock(INFO, 0):
        path.with_name("state.json.lock.info").write_text(text)
        with pytest.raises(Failure) as caught, other.lock(INFO, 0):
            pytest.fail("two hold the lock")
    assert notes(caught) == {"who": "another process", "help": "wait"}


def test_locked_reads_as_agreed() -> None:
    """The failure has exactly the lines of the first five minutes."""
    created = (datetime.now(UTC) - timedelta(seconds=12)).strftime("%Y-%m-%dT%H:%M:%SZ")
    run = "https://github.com/acme/alerts/actions/runs/1234567"
    info = LockInfo("0c8d6e1f-93a1-4b0c-8a35-5d3a1f0e7b42", "ci@runner-7", "blinkdecl apply", created, 4, run)
    [diagnostic] = locked(info).diagnostics
    assert diagnostic.summary == "the state is locked, nothing was changed"
    assert [label for label, _ in diagnostic.notes] == ["who", "run", "help"]
    said = dict(diagnostic.notes)
    assert said["who"] in {f"ci@runner-7, `blinkdecl apply`, {seconds}s ago" for seconds in (12, 13, 14)}
    assert said["run"] == run
    assert said["help"] == "wait, or if that run is dead: `blinkdecl state unlock 0c8d6e1f`"


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(-600, "0s ago"), (0, "0s ago"), (59, "59s ago"), (61, "1m ago"), (7_300, "2h ago"), (200_000, "2d ago")],
)
def test_age(seconds: int, said: str) -> None:
    """An age is one number and one unit; a clock that runs ahead is no age below zero."""
    now = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
    assert age((now - timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ"), now) == said
    assert age("soon", now) == ""


GITHUB = {"GITHUB_SERVER_URL": "https://github.com", "GITHUB_REPOSITORY": "acme/alerts", "GITHUB_RUN_ID": "7"}


@pytest.mark.parametrize(
    ("environ", "url"),
    [
        ({}, ""),
        (GITHUB, "https://github.com/acme/alerts/actions/runs/7"),
        ({"CI_JOB_URL": "https://gitlab/1"}, "https://gitlab/1"),
        ({"BUILDKITE_BUILD_URL": "https://buildkite/2"}, "https://buildkite/2"),
        ({"BUILD_URL": "https://jenkins/3"}, "https://jenkins/3"),
    ],
)
def test_run_url(environ: dict[str, str], url: str) -> None:
    """The CI run is known by its usual variables."""
    assert run_url(environ) == url


def test_info_round_trip() -> None:
    """Lock info comes back as it was, and is one object of JSON."""
    assert decode_info(encode_info(INFO)) == INFO
    assert json.loads(encode_info(INFO))["who"] == INFO.who
    assert INFO.who == f"ci@{os.uname().nodename}"
    assert INFO.pid == os.getpid()

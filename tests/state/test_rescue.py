"""What happens to a state that cannot be stored."""

import errno
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from blinkdecl.diagnostics import Failure
from blinkdecl.model.invocation import Invocation
from blinkdecl.state.codec import decode, encode
from blinkdecl.state.local import LocalBackend
from blinkdecl.state.rescue import Rescuer, push_command
from blinkdecl.system import files
from tests.state.common import ENVIRON, mode, notes
from tests.state.contract import code_of
from tests.support.states import check_schema, small_state


@contextmanager
def blocked(path: Path) -> Iterator[None]:
    """Make writing fail for anybody, root too: a folder stands where the backup must go."""
    backup = path.with_name("state.json.backup")
    (backup / "in the way").mkdir(parents=True)
    yield
    (backup / "in the way").rmdir()
    backup.rmdir()


def fail_to_write(backend: LocalBackend, path: Path) -> tuple[bytes, pytest.ExceptionInfo[Failure]]:
    """Store a first version, fail to store a second; return the first's bytes and the failure."""
    first = backend.write(small_state(), None)
    data = path.read_bytes()
    with blocked(path), pytest.raises(Failure) as caught:
        backend.write(small_state(resources={}), first)
    assert code_of(caught) == "state-unwritable"
    assert path.read_bytes() == data
    return data, caught


def test_rescue_file(backend: LocalBackend, other: LocalBackend, path: Path) -> None:
    """What could not be stored is in a private rescue file, and the failure names the command that stores it."""
    _, caught = fail_to_write(backend, path)
    rescued = path.with_name("state.rescue.json")
    assert mode(rescued) == 0o600
    assert check_schema(rescued.read_bytes())["serial"] == 2
    assert f"`blinkdecl state push {rescued}`" in notes(caught)["help"]
    with pytest.raises(Failure) as caught:
        other.read()
    assert code_of(caught) == "rescue-pending"
    assert f"`blinkdecl state push {rescued}`" in notes(caught)["help"]


def test_rescue_is_pushed(backend: LocalBackend, other: LocalBackend, path: Path) -> None:
    """Storing the rescued version removes the rescue file, and the next run goes on."""
    fail_to_write(backend, path)
    rescued = path.with_name("state.rescue.json")
    state = decode(rescued.read_bytes(), str(rescued))
    stored = other.write(state, other.read(despite_rescue=True))
    assert stored == state
    assert not rescued.exists()
    assert backend.read() == stored


def test_other_write_keeps_the_rescue(backend: LocalBackend, other: LocalBackend, path: Path) -> None:
    """A write of something else leaves the rescue file for a person to decide."""
    fail_to_write(backend, path)
    other.write(small_state(pending={}), other.read(despite_rescue=True))
    assert path.with_name("state.rescue.json").exists()
    with pytest.raises(Failure, match="rescue-pending"):
        other.read()


def test_later_write_of_the_same_run(backend: LocalBackend, other: LocalBackend, path: Path) -> None:
    """A run whose next write succeeds has nothing left to rescue."""
    first = backend.write(small_state(), None)
    with blocked(path), pytest.raises(Failure):
        backend.write(small_state(resources={}), first)
    stored = backend.write(small_state(pending={}), first)
    assert other.read() == stored


@pytest.mark.parametrize("place", ["current", "temporary"])
def test_rescue_elsewhere(path: Path, tmp_path: Path, place: str) -> None:
    """Where nothing can be written beside the state, the rescue file goes elsewhere, and is found there."""
    backend = LocalBackend(path, "state.json", Invocation(environment="prod"))
    first = backend.write(small_state(environment="prod"), None)
    path.with_name("state.rescue.json").mkdir()
    name = f"blinkdecl-{first.lineage}.rescue.json"
    if place == "temporary":
        (tmp_path / "current" / name).mkdir()
    with blocked(path), pytest.raises(Failure) as caught:
        backend.write(first, first)
    shown = name if place == "current" else str(tmp_path / "temporary" / name)
    assert f"`blinkdecl --env prod state push {shown}`" in notes(caught)["help"]
    path.with_name("state.rescue.json").rmdir()
    if place == "temporary":
        (tmp_path / "current" / name).rmdir()
    with pytest.raises(Failure, match="rescue-pending"):
        LocalBackend(path, "state.json").read()


def test_first_rescue_names_the_environment(path: Path) -> None:
    """The command names the environment also where no state was ever stored."""
    backend = LocalBackend(path, "state.json", Invocation(environment="prod"))
    path.parent.mkdir(parents=True)
    path.with_name("state.rescue.json").write_bytes(encode(small_state(environment="prod", serial=1)))
    with pytest.raises(Failure) as caught:
        backend.read()
    assert "`blinkdecl --env prod state push /" in notes(caught)["help"]


def test_current_folder_is_gone(tmp_path: Path, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A current folder that was deleted is no place for a rescue file, and no reason to fail."""
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    backend = LocalBackend(path, "state.json")
    first = backend.write(small_state(), None)
    gone.rmdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    elsewhere = Rescuer(Invocation()).save(first)
    assert elsewhere == tmp_path / f"blinkdecl-{first.lineage}.rescue.json"
    elsewhere.unlink()
    with blocked(path), pytest.raises(Failure) as caught:
        backend.write(first, first)
    assert f"`blinkdecl state push {path.with_name('state.rescue.json')}`" in notes(caught)["help"]
    monkeypatch.chdir(tmp_path)


def test_rescue_follows_no_link(backend: LocalBackend, path: Path, tmp_path: Path) -> None:
    """A link that somebody laid where a rescue file goes is replaced, not followed."""
    victim = tmp_path / "victim"
    victim.write_text("mine")
    path.parent.mkdir(parents=True)
    path.with_name("state.rescue.json").symlink_to(victim)
    first = backend.write(small_state(), None)
    with blocked(path), pytest.raises(Failure):
        backend.write(first, first)
    assert victim.read_text() == "mine"
    assert decode(path.with_name("state.rescue.json").read_bytes(), "rescue").serial == 2


def fail_to_sync(_: Path) -> None:
    """Stand for a disk that does not confirm a new name."""
    raise OSError(errno.EIO, os.strerror(errno.EIO))


def test_stored_after_all(backend: LocalBackend, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If only making the name durable failed, the rescue file is the stored version and stands in nobody's way."""
    first = backend.write(small_state(), None)
    with monkeypatch.context() as patched:
        patched.setattr(files, "sync_folder", fail_to_sync)
        with pytest.raises(Failure) as caught:
            backend.write(small_state(resources={}), first)
    assert "state.rescue.json" in notes(caught)["help"]
    again = LocalBackend(path, "state.json")
    stored = again.read()
    assert stored is not None
    assert stored.serial == 2
    again.write(small_state(), stored)
    assert not path.with_name("state.rescue.json").exists()


def test_own_bytes_are_no_conflict(backend: LocalBackend, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run that stored what perhaps is not durable hears of it every time, and goes on from there."""
    first = backend.write(small_state(), None)
    with monkeypatch.context() as patched:
        patched.setattr(files, "sync_folder", fail_to_sync)
        for _ in range(2):
            with pytest.raises(Failure, match="state-unwritable"):
                backend.write(small_state(resources={}), first)
    stored = backend.write(small_state(pending={}), first)
    assert stored.serial == 4
    assert LocalBackend(path, "state.json").read() == stored
    assert not path.with_name("state.rescue.json").exists()


@pytest.mark.parametrize("number", [errno.EINVAL, errno.ENOTSUP])
def test_folder_that_knows_no_sync(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    """A file system that cannot sync a folder can hold a state; a disk that fails to is an error."""
    answers = [OSError(number, ""), OSError(errno.EIO, "failed")]

    def refuse(_: int) -> None:
        raise answers.pop(0)

    monkeypatch.setattr(os, "fsync", refuse)
    files.sync_folder(tmp_path)
    with pytest.raises(OSError, match="failed"):
        files.sync_folder(tmp_path)


FULL_DISK = """
import resource, sys
from pathlib import Path
from blinkdecl.diagnostics import Failure
from blinkdecl.state.local import LocalBackend
from blinkdecl.state.rescue import Rescuer, push_command
backend = LocalBackend(Path(sys.argv[1]), "state.json")
state = backend.read()
resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))
try:
    backend.write(state, state)
except Failure as failure:
    print(failure, dict(failure.diagnostics[0].notes)["note"])
"""


def test_full_disk(backend: LocalBackend, path: Path) -> None:
    """When every write is cut short, the stored state is whole, no part of a file is left, and it is said."""
    backend.write(small_state(), None)
    data = path.read_bytes()
    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK, path], env=ENVIRON, capture_output=True, text=True, check=True
    )
    assert "[state-unwritable]" in done.stdout
    assert "no rescue file could be written either" in done.stdout
    assert done.stderr == ""
    assert [each.name for each in path.parent.iterdir()] == ["state.json"]
    assert path.read_bytes() == data


def test_disk_that_fails_to_sync(backend: LocalBackend, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bytes that the disk did not confirm never get the state's name."""
    first = backend.write(small_state(), None)
    data, sync, failing = path.read_bytes(), os.fsync, [True]

    def fail_once(descriptor: int) -> None:
        if failing:
            failing.clear()
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", fail_once)
    with pytest.raises(Failure) as caught:
        backend.write(small_state(resources={}), first)
    assert notes(caught)["note"].startswith("Input/output error; ")
    assert path.read_bytes() == data
    assert path.with_name("state.rescue.json").exists()


WRITE_FOREVER = """
import sys
import time
from pathlib import Path
from blinkdecl.state.local import LocalBackend
from blinkdecl.state.rescue import Rescuer, push_command
backend = LocalBackend(Path(sys.argv[1]), "state.json")
state = backend.read()
print("started", flush=True)
while True:
    state = backend.write(state, state)
"""


def test_killed_while_writing(backend: LocalBackend, path: Path) -> None:
    """Whenever a writer is killed, the state is whole, and so is its backup."""
    backend.write(small_state(), backend.write(small_state(), None))
    for delay in range(8):
        with subprocess.Popen(
            [sys.executable, "-c", WRITE_FOREVER, path], env=ENVIRON, stdout=subprocess.PIPE
        ) as process:
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(0.005 * delay)
            process.kill()
        stored = backend.read()
        backup = decode(path.with_name("state.json.backup").read_bytes(), "backup")
        assert stored is not None
        assert stored.serial - backup.serial in (0, 1)


@pytest.mark.parametrize(
    ("root", "file", "command"),
    [
        (".", "project/r.json", "blinkdecl state push project/r.json"),
        ("my project", "my project/r s.json", "blinkdecl -C 'my project' state push 'r s.json'"),
        ("project", "r.json", "blinkdecl -C project state push {here}/r.json"),
    ],
)
def test_push_command(root: str, file: str, command: str) -> None:
    """The file is named as `state push` reads it: relative to `--chdir` where it is below, or whole."""
    here = Path.cwd()
    assert push_command(Invocation(root=root), here / file) == command.format(here=here)

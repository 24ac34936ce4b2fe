"""The state in a file: what is written, and what is refused."""

import os
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from blinkdecl.diagnostics import Failure
from blinkdecl.state.codec import decode, encode
from blinkdecl.state.local import LocalBackend
from blinkdecl.system import files
from tests.state.common import INFO, mode, notes
from tests.state.contract import StateContract, code_of
from tests.support.states import check_schema, small_state


class TestContract(StateContract):
    """The local backend keeps the contract of all backends."""


def test_private_under_any_umask(backend: LocalBackend, path: Path) -> None:
    """State, backup and lock are readable for their owner only, even where the umask forbids nothing."""
    before = os.umask(0)
    try:
        with backend.lock(INFO, 0):
            backend.write(small_state(), backend.write(small_state(), None))
            assert {mode(each) for each in path.parent.iterdir()} == {0o600}
    finally:
        os.umask(before)
    assert mode(path.parent) == 0o700
    assert sorted(each.name for each in path.parent.iterdir()) == ["state.json", "state.json.backup", "state.json.lock"]


def test_backup_is_the_version_before(backend: LocalBackend, path: Path) -> None:
    """Each write keeps the bytes that it replaces."""
    first = backend.write(small_state(), None)
    second = backend.write(small_state(resources={}), first)
    backup = path.with_name("state.json.backup")
    assert decode(backup.read_bytes(), "backup") == first
    assert check_schema(path.read_bytes())["serial"] == second.serial


def test_backup_without_hard_links(backend: LocalBackend, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a file cannot have two names, the backup is a copy."""
    first = backend.write(small_state(), None)

    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "link", refuse)
    backend.write(small_state(resources={}), first)
    assert path.with_name("state.json.backup").read_bytes() == encode(first)


def test_order_of_a_write(backend: LocalBackend, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The new bytes are on the disk before they get the name, and the name before the write is done."""
    first = backend.write(small_state(), None)
    calls: list[str] = []
    fsync, rename = os.fsync, os.replace

    def spy_fsync(descriptor: int) -> None:
        calls.append("fsync folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "fsync file")
        fsync(descriptor)

    def spy_rename(source: Path, target: Path) -> None:
        calls.append(f"name {Path(target).name}")
        rename(source, target)

    monkeypatch.setattr(os, "fsync", spy_fsync)
    monkeypatch.setattr(os, "replace", spy_rename)
    backend.write(small_state(), first)
    assert calls == ["fsync file", "name state.json.backup", "name state.json", "fsync folder"]


def test_link_stays_a_link(path: Path, tmp_path: Path) -> None:
    """A state that is linked to is written where the link leads, and both names have one lock."""
    link = tmp_path / "link.json"
    link.symlink_to(path)
    linked = LocalBackend(link, "link.json")
    with linked.lock(INFO, 0):
        stored = linked.write(small_state(), None)
        assert LocalBackend(path, "state.json").holder() == INFO
    assert link.is_symlink()
    assert LocalBackend(path, "state.json").read() == stored


def test_remains_of_a_kill_are_swept(backend: LocalBackend, path: Path) -> None:
    """The next holder of the lock removes half-written files; nothing else."""
    path.parent.mkdir(parents=True)
    for name in (".state.json.1-ab.tmp", ".state.json.backup.1-ab.tmp", ".other.json.1-ab.tmp"):
        (path.parent / name).touch()
    with backend.lock(INFO, 0):
        left = {each.name for each in path.parent.iterdir() if each.suffix == ".tmp"}
    assert left == {".other.json.1-ab.tmp"}


def test_write_to_what_is_no_file(tmp_path: Path) -> None:
    """A device or a FIFO is written to, never replaced by a file."""
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    reader = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
    files.write_named(fifo, b"report", root=tmp_path / "elsewhere")
    assert os.read(reader, 100) == b"report"
    os.close(reader)
    assert fifo.is_fifo()


@pytest.mark.parametrize(
    ("damage", "code"),
    [
        (lambda data: b"", "invalid-state"),
        (lambda data: data[:-9], "invalid-state"),
        (lambda data: data.replace(b"SOC", b"soc"), "invalid-state"),
        (lambda data: data.replace(b'"format_version": 2', b'"format_version": 3'), "newer-state"),
    ],
    ids=["empty", "truncated", "altered", "newer"],
)
def test_damaged(
    backend: LocalBackend, other: LocalBackend, path: Path, damage: Callable[[bytes], bytes], code: str
) -> None:
    """A damaged state is refused, stays as it is, and is not overwritten either."""
    stored = backend.write(small_state(), backend.write(small_state(), None))
    data = damage(path.read_bytes())
    path.write_bytes(data)
    for attempt in (other.read, lambda: other.write(stored, stored)):
        with pytest.raises(Failure) as caught:
            attempt()
        assert code_of(caught) == code
    assert path.read_bytes() == data
    if code == "invalid-state":
        assert f"cp {path}.backup {path}" in notes(caught)["help"]


def test_way_back_works(backend: LocalBackend, path: Path) -> None:
    """The command that a damaged state's help names brings the version before back."""
    first = backend.write(small_state(), None)
    backend.write(small_state(resources={}), first)
    path.write_bytes(b"")
    with pytest.raises(Failure) as caught:
        backend.read()
    subprocess.run(["sh", "-c", notes(caught)["help"].split("`")[1]], check=True)
    assert backend.read() == first


def test_way_back_is_quoted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command is right where the path has a space in it, too."""
    monkeypatch.chdir(tmp_path)
    backend = LocalBackend(tmp_path / "my state.json", "my state.json")
    backend.write(small_state(), backend.write(small_state(), None))
    (tmp_path / "my state.json").write_bytes(b"")
    with pytest.raises(Failure) as caught:
        backend.read()
    assert "`cp 'my state.json.backup' 'my state.json'`" in notes(caught)["help"]


@pytest.mark.parametrize("folder", [".", "else where"])
@pytest.mark.parametrize("has_backup", [True, False])
def test_way_back_by_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str, *, has_backup: bool) -> None:
    """In a repository, the committed state is offered as well: by a command that works from where it was printed."""
    (tmp_path / "else where").mkdir()
    top = tmp_path / "my repository"
    top.mkdir()
    path = top / "kept/state.json"
    backend = LocalBackend(path, "state.json")
    written = backend.write(small_state(), backend.write(small_state(), None))
    for words in (("init", "-q"), ("add", "kept/state.json"), ("commit", "-qm", "kept")):
        who = ("-c", "user.name=a", "-c", "user.email=a@b.example")
        subprocess.run(["git", "-C", str(top), *who, *words], check=True)
    path.write_bytes(b"")
    if not has_backup:
        path.with_name("state.json.backup").unlink()
    monkeypatch.chdir(top if folder == "." else tmp_path / folder)
    with pytest.raises(Failure) as caught:
        backend.read()
    [command] = [each for each in notes(caught)["help"].split("`") if each.startswith("git ")]
    assert folder != "." or command == "git checkout HEAD -- kept/state.json"
    subprocess.run(["sh", "-c", command], check=True)
    assert backend.read() == written


@pytest.mark.parametrize("damage", [b"", b"{}", None], ids=["empty", "altered", "missing"])
def test_overwrite_repairs(backend: LocalBackend, path: Path, damage: bytes | None) -> None:
    """By force a state is stored over a damaged or a missing one; the damaged bytes are kept as the backup."""
    second = backend.write(small_state(), backend.write(small_state(), None))
    before = path.read_bytes()
    path.unlink() if damage is None else path.write_bytes(damage)
    with pytest.raises(Failure, match="invalid-state"):
        backend.write(second, second)
    assert backend.overwrite(second) == second == backend.read()
    assert path.read_bytes() == before
    if damage is not None:
        assert path.with_name("state.json.backup").read_bytes() == damage


def test_overwrite_spares_a_newer_version(backend: LocalBackend, path: Path) -> None:
    """What a newer blinkdecl wrote is whole: not even force replaces it."""
    stored = backend.write(small_state(), None)
    data = path.read_bytes().replace(b'"format_version": 2', b'"format_version": 3')
    path.write_bytes(data)
    with pytest.raises(Failure, match="newer-state"):
        backend.overwrite(stored)
    assert path.read_bytes() == data


def test_missing_beside_a_backup(backend: LocalBackend, path: Path) -> None:
    """A state that is gone while its backup is there is not 'nothing there'."""
    backend.write(small_state(), backend.write(small_state(), None))
    path.unlink()
    with pytest.raises(Failure) as caught:
        backend.read()
    assert code_of(caught) == "invalid-state"
    assert "backup" in notes(caught)["note"]


@pytest.mark.parametrize(
    ("make", "note"),
    [(Path.mkdir, "it is a directory"), (os.mkfifo, "it is not a regular file")],
    ids=["folder", "fifo"],
)
def test_not_a_file(backend: LocalBackend, path: Path, make: Callable[[Path], None], note: str) -> None:
    """A folder, or a FIFO that would hang a reader, is refused at once."""
    path.parent.mkdir(parents=True)
    make(path)
    with pytest.raises(Failure) as caught:
        backend.read()
    assert code_of(caught) == "unreadable"
    assert notes(caught)["note"] == note


def test_folder_that_is_a_file(backend: LocalBackend, path: Path) -> None:
    """Where the state's folder is a file, nothing can be read, locked or written."""
    path.parent.parent.mkdir()
    path.parent.touch()
    with pytest.raises(Failure) as caught:
        backend.read()
    assert code_of(caught) == "unreadable"
    with pytest.raises(Failure) as caught, backend.lock(INFO, 0):
        pytest.fail("locked in a file")
    assert code_of(caught) == "unwritable"

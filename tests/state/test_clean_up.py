"""Clean-up that fails is told, and undoes nothing."""

from pathlib import Path

import pytest

from blinkdecl.diagnostics import Diagnostic
from blinkdecl.state.lease import LeaseTimes
from blinkdecl.state.local import LocalBackend
from blinkdecl.state.lock_info import lock_info
from blinkdecl.state.remote import RemoteBackend
from blinkdecl.state.stores.s3 import S3Store
from tests.state.common import INFO
from tests.state.test_remote import KEYS
from tests.support import servers
from tests.support.states import small_state


def only(told: list[Diagnostic]) -> tuple[str, dict[str, str]]:
    """Return the code of the one warning, and its notes."""
    [warning] = told
    assert warning.severity == "warning"
    return warning.code, dict(warning.notes)


def test_a_lock_in_an_object_store_that_is_gone() -> None:
    """The warning names the lock, for how long it lasts, and why it is there."""
    told: list[Diagnostic] = []
    with servers.s3() as url:
        store = S3Store("s3://states/kept/state.json", {"endpoint": url, "region": "eu-central-1"}, KEYS)
        backend = RemoteBackend(store, times=LeaseTimes(30, 8, 1), warn=told.append)
        lock = backend.lock(INFO, 0)
        lock.__enter__()
    lock.__exit__(None, None, None)
    code, notes = only(told)
    assert code == "lock-kept"
    assert "does not answer" in notes["note"]
    assert "other runs wait 30s" in notes["note"]
    assert notes["help"] == f"`blinkdecl state unlock {INFO.id[:8]}` frees it"


def test_a_note_of_the_holder_that_stays(path: Path) -> None:
    """The lock itself is free: the next run takes it."""
    told: list[Diagnostic] = []
    backend = LocalBackend(path, "state.json", warn=told.append)
    info = path.with_name("state.json.lock.info")
    with backend.lock(INFO, 0):
        info.unlink()
        info.mkdir()
    assert only(told)[0] == "left-behind"
    with LocalBackend(path, "state.json").lock(lock_info("blinkdecl apply", {}), 0):
        assert backend.holder() is not None


def test_a_rescue_file_that_stays(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it holds is stored; the next run would stop at it."""
    told: list[Diagnostic] = []
    backend = LocalBackend(path, "state.json", warn=told.append)
    stored = backend.write(small_state(), None)
    rescue = path.with_name("state.rescue.json")
    rescue.write_bytes(path.read_bytes())

    def refuse(self: Path, *, missing_ok: bool = False) -> None:
        raise PermissionError(1, "Operation not permitted", self, missing_ok)

    with monkeypatch.context() as broken:
        broken.setattr(Path, "unlink", refuse)
        assert backend.overwrite(stored).serial == stored.serial + 1
    code, notes = only(told)
    assert (code, notes["help"]) == ("left-behind", f"`rm {rescue}`")

"""A disk that is full, or fails, at every single call that writes: what was stored stays whole, and nothing is sent."""

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from blinkdecl.diagnostics import Failure
from blinkdecl.state.local import LocalBackend
from tests.support.states import small_state

NAMES = ("open", "fsync", "replace", "rename", "link")


class Disk:
    """Counts the calls that write, and lets all of them fail from the n-th on."""

    def __init__(self, number: int, fails_at: int) -> None:
        self._number, self._fails_at, self.calls = number, fails_at, 0

    def around(self, call: Callable[..., object]) -> Callable[..., object]:
        """Return the call with that flaw."""

        def flawed(*given: object, **named: object) -> object:
            if call is os.open or getattr(call, "__name__", "") == "open":
                flags = given[1] if len(given) > 1 else 0
                if not (isinstance(flags, int) and flags & os.O_CREAT):
                    return call(*given, **named)
            self.calls += 1
            if self.calls >= self._fails_at > 0:
                raise OSError(self._number, os.strerror(self._number))
            return call(*given, **named)

        return flawed


def written(path: Path, monkeypatch: pytest.MonkeyPatch, number: int, fails_at: int) -> tuple[Failure | None, int]:
    """Store a second version on such a disk; return what came of it, and how many calls that took."""
    backend = LocalBackend(path, "state.json")
    first = backend.read()
    disk = Disk(number, fails_at)
    with monkeypatch.context() as patched:
        for name in NAMES:
            patched.setattr(os, name, disk.around(getattr(os, name)))
        try:
            backend.write(small_state(resources={}), first)
        except Failure as failure:
            return failure, disk.calls
    return None, disk.calls


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO, errno.EDQUOT, errno.EROFS])
def test_every_write_can_fail(path: Path, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    """From each call on: the failure is told, and the file holds the first version or the second, whole."""
    first = LocalBackend(path, "state.json").write(small_state(), None)
    failure, count = written(path, monkeypatch, number, 0)
    assert (failure, count >= 4) == (None, True)
    for fails_at in range(1, count + 1):
        path.unlink()
        path.with_name("state.json.backup").unlink(missing_ok=True)
        first = LocalBackend(path, "state.json").write(small_state(), None)
        failure, _ = written(path, monkeypatch, number, fails_at)
        assert failure is not None
        assert [each.code for each in failure.diagnostics] == ["state-unwritable"]
        stored = LocalBackend(path, "state.json").read(despite_rescue=True)
        assert stored is not None
        assert stored.serial in (first.serial, first.serial + 1)
        for rescued in path.parent.glob("*.rescue.json"):
            rescued.unlink()
        assert [each.name for each in path.parent.iterdir() if each.name.endswith(".tmp")] == []

"""Local backends to test with, in folders of their own."""

from pathlib import Path

import pytest

from blinkdecl.state.local import LocalBackend


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the current folder and the one for temporary files to this test."""
    for name in ("current", "temporary"):
        (tmp_path / name).mkdir()
    monkeypatch.chdir(tmp_path / "current")
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return where the state is to be; its folder does not exist yet."""
    return tmp_path / "project" / ".blinkdecl" / "state.json"


@pytest.fixture
def backend(path: Path) -> LocalBackend:
    """Return a client of the place."""
    return LocalBackend(path, ".blinkdecl/state.json")


@pytest.fixture
def other(path: Path) -> LocalBackend:
    """Return another client of the same place."""
    return LocalBackend(path, ".blinkdecl/state.json")

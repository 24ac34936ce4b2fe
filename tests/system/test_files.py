"""Reading files: regular ones alone, and no more of them than was asked for."""

import os
from pathlib import Path

import pytest

from blinkdecl.system.files import read_bounded, read_regular
from blinkdecl.system.paths import NotRegularError


def test_a_file_is_read_whole_or_up_to_one_byte_past_the_limit(tmp_path: Path) -> None:
    """The byte past the limit says that the file is too large; nothing more of it is held."""
    file = tmp_path / "file"
    file.write_bytes(b"12345")
    assert (
        read_bounded(file, root=tmp_path)
        == read_regular(file, root=tmp_path)
        == read_bounded(file, 5, root=tmp_path)
        == b"12345"
    )
    assert read_bounded(file, 2, root=tmp_path) == b"123"


def test_what_is_no_regular_file_is_told_apart(tmp_path: Path) -> None:
    """A FIFO that nobody writes to does not hang the run."""
    os.mkfifo(tmp_path / "fifo")
    with pytest.raises(NotRegularError):
        read_bounded(tmp_path / "fifo", root=tmp_path)
    with pytest.raises(IsADirectoryError):
        read_bounded(tmp_path, root=tmp_path)
    with pytest.raises(FileNotFoundError):
        read_bounded(tmp_path / "nothing", root=tmp_path)
    assert read_regular(tmp_path / "nothing", root=tmp_path) is None


def test_a_refusal_leaves_no_open_descriptor(tmp_path: Path) -> None:
    """What was opened to look at it is closed: the lowest free number stays the same."""
    before = _next_descriptor()
    with pytest.raises(IsADirectoryError):
        read_bounded(tmp_path, root=tmp_path)
    assert _next_descriptor() == before


def _next_descriptor() -> int:
    descriptor = os.open(os.devnull, os.O_RDONLY)
    os.close(descriptor)
    return descriptor

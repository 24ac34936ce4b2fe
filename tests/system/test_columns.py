"""How wide a line may be."""

import fcntl
import os
import struct
import termios

import pytest

from blinkdecl.system.columns import columns


@pytest.mark.parametrize(("width", "expected"), [(20, 40), (40, 40), (72, 72), (300, 200), (0, 80)])
def test_a_terminal_within_what_reads_well(width: int, expected: int) -> None:
    """Its own width, neither too narrow nor too wide; one that does not know has the usual one."""
    leader, follower = os.openpty()
    fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 24, width, 0, 0))
    with os.fdopen(leader, "rb"), os.fdopen(follower, "w") as terminal:
        assert columns(terminal, {}) == expected
        assert columns(terminal, {"COLUMNS": "100"}) == 100
        assert columns(terminal, {"COLUMNS": "wide"}) == expected


def test_a_pipe_is_as_a_log() -> None:
    """What is kept or compared is the same everywhere, whatever COLUMNS says."""
    reader, writer = os.pipe()
    with os.fdopen(reader), os.fdopen(writer, "w") as pipe:
        assert columns(pipe, {"COLUMNS": "200"}) == 80

"""One process of the command line: ``python -m tests.whole.soak.child KILL_AT MUTANT ARGUMENT...``.

KILL_AT (0 = never) counts what leaves a trace outside: files opened to be written, synced, renamed and removed,
connections, bytes sent and received. Right before the n-th of these the process gets SIGKILL.

A MUTANT is a flaw that the harness must find; "" is none:

    no-intent      nothing is written down before the first call
    no-quiet-time  nobody waits for what a killed run may still have under way
    in-place       the state file is written in place

One is no flaw: "hasty" has the patience of tests, a second instead of half a minute.
"""

import os
import signal
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from blinkdecl.applier import run
from blinkdecl.cli import main
from blinkdecl.provider.panther import PantherProvider
from blinkdecl.state import local
from blinkdecl.state.stores.http import HttpStore
from blinkdecl.system.retry import RetryLimits

_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT
_NOTED = ("os.rename", "os.remove", "os.link", "socket.connect")


class _Fuse:
    """Counts down to the kill."""

    def __init__(self, kill_at: int) -> None:
        self._left = kill_at

    def burn(self) -> None:
        """Count one call."""
        self._left -= 1
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def hear(self, event: str, given: tuple[Any, ...]) -> None:
        """Count what the interpreter tells of."""
        if event in _NOTED or (event == "open" and isinstance(given[2], int) and given[2] & _WRITES):
            self.burn()

    def around(self, call: Callable[..., Any]) -> Callable[..., Any]:
        """Return a function that counts, then calls."""

        def counted(*given: Any, **named: Any) -> Any:  # noqa: ANN401 - whatever the call takes
            self.burn()
            return call(*given, **named)

        return counted


def _arm(kill_at: int) -> None:
    fuse = _Fuse(kill_at)
    sys.addaudithook(fuse.hear)
    os.fsync = fuse.around(os.fsync)
    for name in ("sendall", "recv"):
        setattr(socket.socket, name, fuse.around(getattr(socket.socket, name)))


def _write_in_place(path: Path, data: bytes, **_: object) -> None:
    with path.open("wb") as file:
        for start in range(0, len(data), 256):
            file.write(data[start : start + 256])
            file.flush()
            os.fsync(file.fileno())


def _break(mutant: str) -> None:
    match mutant:
        case "no-intent":
            setattr(run._Run, "announce", lambda run: None)  # noqa: B010 - no attribute of its type
        case "no-quiet-time":
            setattr(PantherProvider, "quiet_time", 0.0)  # noqa: B010 - no attribute of its type
        case "in-place":
            setattr(local, "write_atomically", _write_in_place)  # noqa: B010 - no attribute of its type
        case "hasty":
            hasty = RetryLimits(attempts=3, first=0.05, most=0.1, budget=3.0, timeout=1.0)
            (PantherProvider.__init__.__kwdefaults__ or {})["pace"] = hasty
            setattr(HttpStore.__init__, "__defaults__", (hasty,))  # noqa: B010 - no attribute of its type
        case unknown:
            assert not unknown


if __name__ == "__main__":
    _break(sys.argv[2])
    if kill_at := int(sys.argv[1]):
        _arm(kill_at)
    sys.argv = ["blinkdecl", *sys.argv[3:]]
    main()

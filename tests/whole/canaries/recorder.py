"""What a run leaves for a moment only, told by the interpreter itself: ``python -m tests.whole.canaries.recorder``.

As a program it is blinkdecl with little patience: RECORD in front of the arguments is the file in which it notes the
arguments of each process that it starts, and what each file held that it renamed, replaced or removed.
"""

import errno
import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from blinkdecl.blink import BlinkApi
from blinkdecl.cli import main
from blinkdecl.history.panther import read_history, reading_endpoint
from blinkdecl.provider.panther import PantherProvider
from blinkdecl.state.stores.http import HttpStore
from blinkdecl.system.retry import RetryLimits
from tests.whole.soak.child import replace_default

_STARTS = ("subprocess.Popen", "os.exec", "os.posix_spawn", "os.system")
_GOES = ("os.rename", "os.remove", "os.truncate")
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT


@dataclass
class Record:
    """What was noted; `refuses` says which files cannot be opened to be written: the disk is full."""

    started: list[bytes] = field(default_factory=list)
    passing: list[tuple[str, bytes]] = field(default_factory=list)
    written: set[Path] = field(default_factory=set)
    refuses: Callable[[Path], bool] = lambda _: False

    def hear(self, event: str, given: tuple[Any, ...]) -> None:
        """Note an event of the interpreter."""
        if event in _STARTS:
            argv = given[1] if event != "os.system" else [given[0]]
            self.started.append("\0".join(os.fsdecode(each) for each in argv).encode())
        elif event in _GOES:
            with suppress(OSError, TypeError):
                path = Path(os.fsdecode(given[0]))
                if path.is_file():
                    self.passing.append((path.name, path.read_bytes()))
        elif event == "open" and isinstance(given[0], str | bytes) and given[2] & _WRITES:
            path = Path(os.fsdecode(given[0])).absolute()
            self.written.add(path)
            if self.refuses(path):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


class _Ear:
    """The one audit hook, which can never be taken away: it tells the record of the run that is under way, if any."""

    def __init__(self) -> None:
        self.record: Record | None = None
        self.hearing = threading.local()
        sys.addaudithook(self._hear)

    def _hear(self, event: str, given: tuple[Any, ...]) -> None:
        if self.record is None or getattr(self.hearing, "now", False):
            return
        self.hearing.now = True  # noting things is not noted
        try:
            self.record.hear(event, given)
        finally:
            self.hearing.now = False


_ears: list[_Ear] = []


@contextmanager
def recorded(record: Record) -> Iterator[None]:
    """Note what happens within the context."""
    if not _ears:
        _ears.append(_Ear())
    _ears[0].record = record
    try:
        yield
    finally:
        _ears[0].record = None


@contextmanager
def impatient() -> Iterator[None]:
    """Let nobody wait long for peers that stay broken."""
    hasty = RetryLimits(attempts=2, first=0.001, most=0.002, budget=2.0, timeout=2.0)
    limited = (PantherProvider.__init__, HttpStore.__init__, BlinkApi.__init__, reading_endpoint)
    usual = [(each, each.__defaults__, each.__kwdefaults__) for each in (*limited, read_history)]
    try:
        for patient in limited:
            replace_default(patient, "limits", hasty)
        replace_default(read_history, "parallelism", 1)  # of so few alerts, as few pages
        yield
    finally:
        for each, defaults, named in usual:
            each.__defaults__, each.__kwdefaults__ = defaults, named


if __name__ == "__main__":
    record, note = Record(), Path(sys.argv[1])
    sys.argv = ["blinkdecl", *sys.argv[2:]]
    try:
        with impatient(), recorded(record):
            main()
    finally:
        note.write_bytes(b"\n".join([*record.started, *(data for _, data in record.passing)]))

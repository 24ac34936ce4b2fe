"""One process of the command line: ``python -m tests.whole.soak.child KILL_AT MUTANT ARGUMENT...``.

KILL_AT (0 = never) counts what leaves a trace outside: files opened to be written, synced, renamed and removed,
connections, bytes sent and received. Right before the n-th of these the process is killed (SIGKILL), or, as N:TERM
and N:INT, sent that signal.

A MUTANT is a flaw that the harness must find; "" is none, and several are joined by "+":

    no-intent      nothing is written down before the first call
    no-quiet-time  nobody waits for what a killed run may still have under way
    in-place       the state file is written in place
    no-order       what takes alerts away does not wait for what gives them
    believing      a creation that was answered with a no was not made, whatever shows afterwards

One is not a flaw: "hasty" gives up as soon as tests need it to, after a second instead of half a minute.
"""

import os
import signal
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from types import FunctionType
from typing import Any

from blinkdecl.applier import run
from blinkdecl.cli import main
from blinkdecl.planner import dependencies
from blinkdecl.provider.panther import PantherProvider
from blinkdecl.state import local
from blinkdecl.state.stores.http import HttpStore
from blinkdecl.system.retry import RetryLimits

_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT
_NOTED = ("os.rename", "os.remove", "os.link", "socket.connect")


class _Fuse:
    """Counts down to the kill."""

    def __init__(self, kill_at: int, number: int) -> None:
        self._left, self._number = kill_at, number

    def burn(self) -> None:
        """Count one call."""
        self._left -= 1
        if self._left == 0:
            os.kill(os.getpid(), self._number)

    def hear(self, event: str, given: tuple[Any, ...]) -> None:
        """Count an event that the interpreter reports."""
        if event in _NOTED or (event == "open" and isinstance(given[2], int) and given[2] & _WRITES):
            self.burn()

    def around(self, call: Callable[..., Any]) -> Callable[..., Any]:
        """Return a function that counts, then calls."""

        def counted(*given: Any, **named: Any) -> Any:  # noqa: ANN401 - whatever the call takes
            self.burn()
            return call(*given, **named)

        return counted


def _arm(kill_at: int, number: int) -> None:
    fuse = _Fuse(kill_at, number)
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


def replace_attribute(owner: object, name: str, value: object) -> None:
    """Replace an attribute of `owner` itself; a wrong name would make the mutant silently harmless, so it fails."""
    assert name in vars(owner), f"{owner!r} has no attribute {name}"
    setattr(owner, name, value)


def replace_default(function: Callable[..., Any], name: str, value: object) -> None:
    """Replace the default of a parameter; fails where there is none, or one of another type than `value`."""
    assert isinstance(function, FunctionType)
    named, defaults = function.__kwdefaults__ or {}, function.__defaults__ or ()
    ordered = function.__code__.co_varnames[: function.__code__.co_argcount]
    given = {**dict(zip(ordered[len(ordered) - len(defaults) :], defaults, strict=True)), **named}
    assert name in given, f"{function!r} has no default of {name}"
    assert type(given[name]) is type(value), f"the default of {name} is {given[name]!r}"
    given[name] = value
    function.__defaults__ = tuple(given[each] for each in given if each not in named)
    function.__kwdefaults__ = {each: given[each] for each in named}


def _believe(run: Any, live: object) -> None:  # noqa: ANN401 - the run that is mutated
    del live
    run._unknown.difference_update(run._refused_creates)


def _break(mutant: str) -> None:
    match mutant:
        case "no-intent":
            replace_attribute(run._Run, "announce", lambda run: None)
        case "no-quiet-time":
            replace_attribute(PantherProvider, "quiet_time", 0.0)
        case "in-place":
            replace_attribute(local, "write_atomically", _write_in_place)
        case "believing":
            replace_attribute(run._Run, "_settle_refused", _believe)
        case "no-order":
            replace_attribute(dependencies, "needs_of", lambda *_: [])
        case "hasty":
            hasty = RetryLimits(attempts=3, first=0.05, most=0.1, budget=3.0, timeout=1.0)
            replace_default(PantherProvider.__init__, "limits", hasty)
            replace_default(HttpStore.__init__, "limits", hasty)
        case unknown:
            assert not unknown


if __name__ == "__main__":
    for _each in sys.argv[2].split("+"):
        _break(_each)
    _at, _, _name = sys.argv[1].partition(":")
    if int(_at):
        _arm(int(_at), signal.Signals[f"SIG{_name or 'KILL'}"])
    sys.argv = ["blinkdecl", *sys.argv[3:]]
    main()

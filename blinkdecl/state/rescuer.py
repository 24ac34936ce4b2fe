"""The rescue files of one state, as one client of it meets them: found, written, and removed when stored after all."""

import contextlib
import os
from dataclasses import replace
from pathlib import Path

from blinkdecl.diagnostics import Failure
from blinkdecl.model import State
from blinkdecl.state import rescue
from blinkdecl.state.codec import decode, encode
from blinkdecl.state.invocation import Invocation
from blinkdecl.state.relation import relation


class Rescuer:
    """`beside` = the state's own file, where it has one; `called` names the commands that store a rescue file."""

    def __init__(self, called: Invocation, beside: Path | None = None) -> None:
        self._called, self._beside = called, beside
        self._settled: set[Path] = set()

    def present(self, state: State | None) -> dict[Path, bytes]:
        """Return this state's rescue files and what they hold."""
        return rescue.present(self._places(state))

    def refuse_pending(self, state: State | None, data: bytes | None, *, despite: bool, gone: bool) -> None:
        """Raise ``rescue-pending`` where a file holds anything but what is stored, unless `despite` it.

        `data` are the bytes of the stored `state`; `gone` = there was one, and is none now.
        """
        for path, rescued in self.present(state).items():
            if rescued == data:
                self._settled.add(path)  # it was stored after all
            elif not despite:
                force = gone if state is None else _no_later(rescued, state)
                raise rescue.pending(path, self._called.push(path, force=force), force=force)

    def save(self, state: State) -> Path | None:
        """Leave `state` in a rescue file, which the next write of this client, whose state holds more, removes."""
        path = rescue.save(self._places(state), encode(state))
        if path is not None:
            self._settled.add(path)
        return path

    def unwritable(self, state: State, location: str, reason: str, *, force: bool) -> Failure:
        """Rescue a state that could not be stored, and return the failure that says so."""
        path = self.save(state)
        return rescue.unwritable(location, reason, path, self._command(path, force=force))

    def overtaken(self, state: State, failure: Failure) -> Failure:
        """Rescue what a run did whose state may not be stored any more, and return the failure that says so."""
        path = self.save(state)
        return rescue.overtaken(failure, path, self._command(path, force=True))

    def drop(self, stored: State) -> None:
        """Remove the rescue files whose content is stored now, under whatever serial; any other stays and is reported
        by the next run."""
        found = self.present(stored).items()
        held = {path: _decoded(rescued) for path, rescued in found if path not in self._settled}
        same = {path for path, state in held.items() if state and replace(state, serial=stored.serial) == stored}
        for path in self._settled | same:
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)
        self._settled.clear()

    def _places(self, state: State | None) -> tuple[Path, ...]:
        return rescue.places(os.environ, state.lineage if state else "", self._beside)

    def _command(self, path: Path | None, *, force: bool) -> str:
        return self._called.push(path, force=force) if path else ""


def _no_later(rescued: bytes, stored: State) -> bool:
    """Whether what a rescue file holds is no later version of what is stored."""
    given = _decoded(rescued)
    return given is not None and relation(given, stored) != "ahead"


def _decoded(rescued: bytes) -> State | None:
    """Return the state in a rescue file, None where it is damaged: that is for who pushes it to hear."""
    try:
        return decode(rescued, "")
    except Failure:
        return None

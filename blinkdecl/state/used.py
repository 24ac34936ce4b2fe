"""Which hosts kept a state that was used from this machine: remembered outside of any repository.

``$XDG_STATE_HOME/blinkdecl/known-states.json`` (``~/.local/state/...``) holds a list of host names. Where it cannot be
read or written, nothing was used before.
"""

import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from blinkdecl.system.files import make_folder, read_own, write_atomically


def was_used(environ: Mapping[str, str], host: str) -> bool:
    """Whether a state at this host was used from here before."""
    return host in _known(_file(environ))


def remember(environ: Mapping[str, str], host: str) -> None:
    """Remember that a state at this host was used from here; where that cannot be written, it is not."""
    path = _file(environ)
    if path is not None:
        with suppress(OSError):
            make_folder(path.parent)
            write_atomically(path, json.dumps(sorted({*_known(path), host})).encode())


def _file(environ: Mapping[str, str]) -> Path | None:
    home = environ.get("HOME", "")
    folder = environ.get("XDG_STATE_HOME") or (f"{home}/.local/state" if home else "")
    return Path(folder) / "blinkdecl" / "known-states.json" if folder.startswith("/") else None


def _known(path: Path | None) -> list[str]:
    if path is not None:
        with suppress(OSError, ValueError, RecursionError):
            found = json.loads(read_own(path) or b"")
            if isinstance(found, list):
                return [each for each in found if isinstance(each, str)]
    return []

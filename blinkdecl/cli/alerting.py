"""Alerts that the caller names: read from a file or standard input, and checked."""

import json
import sys
from pathlib import Path
from typing import Any, NoReturn

from blinkdecl.alert import KEYS, Alert, alert_of
from blinkdecl.cli.session import Session
from blinkdecl.config import validate_document
from blinkdecl.diagnostics import Diagnostic, Failure, error

# More than any alert has; what is longer is not read to its end.
_LONGEST = 256 * 2**20


def read_alert(session: Session, path: Path) -> Alert:
    """Return the alert in a file; raises a `Failure` (``invalid-alert``, ``unreadable``)."""
    try:
        with sys.stdin.buffer if str(path) == "-" else session.path(path).open("rb") as file:
            data = file.read(_LONGEST + 1)
    except OSError as problem:
        raise error("unreadable", f"{path} cannot be read: {problem.strerror}") from None
    if len(data) > _LONGEST:
        raise _invalid(path, f"it is larger than {_LONGEST >> 20} MiB")
    try:
        document = json.loads(data, parse_constant=_no_number)
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict):
        raise _invalid(path, "it is not a JSON object")
    full: dict[str, Any] = {**dict.fromkeys(KEYS), **document}
    full |= {"tags": full["tags"] or [], "alertContext": full["alertContext"] or {}}
    if problems := validate_document("alert", full):
        raise _invalid(path, *problems)
    if added := sorted(document.keys() - set(KEYS)):
        session.say(f"Passed on as they are, though Panther's alerts do not have them: {', '.join(added)[:200]}")
    return alert_of(full)


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)


def _invalid(path: Path, *notes: str) -> Failure:
    told = tuple(("note", note) for note in notes)
    help_ = ("help", "`blinkdecl schema alert` says what an alert looks like; keys may be left out")
    return Failure(Diagnostic("invalid-alert", f"{path} holds no alert", notes=(*told, help_)))

"""A state that cannot be read: what became of it, and the way out that fits. Pure.

    whole, but written anew   its own content is stored again as it was: nothing is lost
    something else            Git, a tool or a server put it there: the state is where that came from
    empty, cut off, altered   an older version, with what is lost by that

An older version is never the first thing to do where the content is whole.
"""

import json
import re

from blinkdecl.diagnostics import Failure, counted, error
from blinkdecl.model.state import State
from blinkdecl.state.interface import WayOut
from blinkdecl.system.contents import Contents, recognised

_SERIAL = re.compile(rb'"serial":\s*(\d{1,18})\b')
_NEVER = "it is never read as if nothing were recorded"
_SIDES = (
    "take one side of it whole, as `git checkout --ours` and `--theirs` do while the merge is open; then "
    "`blinkdecl plan` shows what the run behind the other side did"
)
_KEEPING = {
    "utf-16": "",
    "mark": "",
    "line-ends": "; `.blinkdecl/**/state.json -text -merge` in .gitattributes keeps Git from doing it again",
    "format": "; exclude the file from whatever formats it",
}
_CHANGED = {
    "utf-16": "it was saved as UTF-16",
    "mark": "a byte order mark was put before it",
    "line-ends": "its line ends were changed to CRLF",
    "format": "it was formatted anew, in its white space or the order of its keys",
}


def damaged(data: bytes, where: str, reason: str, way: WayOut, *, whole: bool) -> Failure:
    """Return the failure (``invalid-state``) of bytes that are not a state; `whole` = their content is proved by its
    checksum, `reason` is what is wrong otherwise."""
    found = recognised(data)
    if whole:
        how = _how(found, data)
        note = f"nothing of its content is lost, but {_CHANGED[how]}"
        remedy = way.again and f"{way.again}{_KEEPING[how]}"
    elif found is None or found.kind in ("utf-16", "mark"):
        note, remedy = reason, way.earlier(data)
    elif found.kind == "empty":
        note, remedy = f"it is {found.what}", way.earlier(data)
    else:
        note, remedy = f"it is {found.what}", _SIDES if found.kind == "conflict" else found.remedy
    return error("invalid-state", f"the state {where} cannot be used", note=f"{note}; {_NEVER}", remedy=remedy)


def earlier_version(command: str, backup: State, written: str, lost: bytes | None, git: str | None = None) -> str:
    """Return the advice to restore `backup`, `written` at that time, by a command, and what is lost by that: what was
    recorded since, in the bytes that are there now (None = there are none). `git` restores what was committed."""
    told = f"serial {backup.serial} with {counted(len(backup.resources), 'resource')}, written {written}"
    since = "what was recorded since is lost by that"
    if (serial := _serial(lost or b"")) is not None:
        since = f"the damaged one says serial {serial}{_with_count(lost or b'')}, and what it recorded since is lost"
    committed = f"; or, where Git has a later one, `{git}`" if git else ""
    shown = f"{since}, and `blinkdecl plan` shows it as changes"
    return f"restore the version before it with `{command}`: {told}; {shown}{committed}"


def _how(found: Contents | None, data: bytes) -> str:
    """Return what was done to a file whose content is whole."""
    if found is not None and found.kind in ("utf-16", "mark"):
        return found.kind
    return "line-ends" if b"\r\n" in data else "format"


def _serial(data: bytes) -> int | None:
    match = _SERIAL.search(data)
    return int(match[1]) if match else None


def _with_count(data: bytes) -> str:
    """Return how many resources a damaged file has, where it can still be parsed."""
    try:
        resources = json.loads(data)["resources"]
        return f" with {counted(len(resources), 'resource')}"
    except (ValueError, TypeError, KeyError, RecursionError):
        return ""

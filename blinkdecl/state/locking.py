"""Who holds a lock: how it is said, stored and read. Every backend's lock speaks through this module."""

import json
from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import UTC, datetime

from blinkdecl.diagnostics import Diagnostic, Failure
from blinkdecl.state.interface import LockInfo
from blinkdecl.state.invocation import HERE, Invocation

_TIME = "%Y-%m-%dT%H:%M:%SZ"
_UNITS = (("d", 86_400), ("h", 3_600), ("m", 60))
_RUN_VARIABLES = ("CI_JOB_URL", "BUILDKITE_BUILD_URL", "BUILD_URL")  # GitLab, Buildkite, Jenkins
# What is said of a holder that has not written who it is yet, or could not.
UNKNOWN = LockInfo("", "another process", "", "", 0)


def lock_info(command: str, environ: Mapping[str, str]) -> LockInfo:
    """Return who we are, for the others: `command` as typed, without its arguments (``blinkdecl apply``)."""
    import os  # here, with uuid: only what takes a lock needs them
    import uuid

    user = environ.get("USER") or environ.get("LOGNAME") or f"uid {os.getuid()}"
    created = datetime.now(UTC).strftime(_TIME)
    return LockInfo(str(uuid.uuid4()), f"{user}@{os.uname().nodename}", command, created, os.getpid(), run_url(environ))


def run_url(environ: Mapping[str, str]) -> str:
    """Return the page of the CI run that this is, or ""."""
    if run := environ.get("GITHUB_RUN_ID"):
        return f"{environ.get('GITHUB_SERVER_URL')}/{environ.get('GITHUB_REPOSITORY')}/actions/runs/{run}"
    return next((environ[name] for name in _RUN_VARIABLES if environ.get(name)), "")


def same_lock(lock_id: str, holder: LockInfo) -> bool:
    """Whether `lock_id`, whole or its first eight characters, names the holder's lock."""
    return bool(holder.id) and lock_id in (holder.id, holder.id[:8])


def locked(holder: LockInfo, called: Invocation = HERE, *, way_out: str | None = None) -> Failure:
    """Return the failure that shows who holds the lock; `way_out` replaces the usual help."""
    said = (holder.who, holder.command and f"`{holder.command}`", age(holder.created, datetime.now(UTC)))
    unlock = called.command("state", "unlock", holder.id[:8])
    usual = f"wait, or if that run is dead: `{unlock}`" if holder.id else "wait"
    notes = (("who", ", ".join(filter(None, said))), ("run", holder.run), ("help", way_out or usual))
    summary = "the state is locked, nothing was changed"
    return Failure(Diagnostic("locked", summary, notes=tuple(note for note in notes if note[1])))


def age(created: str, now: datetime) -> str:
    """Return ``12s ago``; "" where `created` is no time. For people only: clocks differ, nothing is decided by it."""
    try:
        seconds = int((now - datetime.strptime(created, _TIME).replace(tzinfo=UTC)).total_seconds())
    except ValueError:
        return ""
    for unit, length in _UNITS:
        if seconds >= length:
            return f"{seconds // length}{unit} ago"
    return f"{max(seconds, 0)}s ago"


def encode_info(info: LockInfo) -> bytes:
    """Return `info` as one line of JSON."""
    return json.dumps(asdict(info)).encode() + b"\n"


def decode_info(data: bytes | None) -> LockInfo | None:
    """Return what `encode_info` wrote, or None: lock info is for people, so a broken one is no error."""
    try:
        given = json.loads(data or b"")
        info = LockInfo(**{field.name: given[field.name] for field in fields(LockInfo)})
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    texts = (info.id, info.who, info.command, info.created, info.run)
    return info if all(type(text) is str for text in texts) and type(info.pid) is int else None

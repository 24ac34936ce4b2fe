"""Who holds a lock: how that is shown, stored and read. Every backend's lock uses this module."""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path

from blinkdecl.diagnostics import Diagnostic, Failure
from blinkdecl.model.invocation import HERE, Invocation
from blinkdecl.secret.value import Mask
from blinkdecl.state.interface import LockInfo

_TIME = "%Y-%m-%dT%H:%M:%SZ"
_UNITS = (("d", 86_400), ("h", 3_600), ("m", 60))
_RUN_VARIABLES = ("CI_JOB_URL", "BUILDKITE_BUILD_URL", "BUILD_URL")  # GitLab, Buildkite, Jenkins
_FIELDS: Mapping[str, tuple[type, ...]] = {
    **dict.fromkeys(("id", "who", "command", "created", "run", "process"), (str,)),
    "pid": (int,),
    "lease": (int, float),
    "beat": (int,),
}
# What is shown for a holder that has not yet written who it is, or could not.
UNKNOWN = LockInfo("", "another process", "", "", 0)


def lock_info(command: str, environ: Mapping[str, str]) -> LockInfo:
    """Return who we are, for the others: `command` as typed, without its arguments (``blinkdecl apply``)."""
    import uuid  # only what takes a lock needs it

    user = environ.get("USER") or environ.get("LOGNAME") or _user_name()
    created = datetime.now(UTC).strftime(_TIME)
    who, pid = f"{user}@{os.uname().nodename}", os.getpid()
    return LockInfo(str(uuid.uuid4()), who, command, created, pid, run_url(environ), process_of(pid))


def _user_name() -> str:
    """Return the name of this process's user, or its number where it has none, as in many containers."""
    import pwd  # only where the variables do not say it

    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return f"uid {os.getuid()}"


def process_of(pid: int) -> str:
    """Return what identifies a process: boot, PID namespace, PID and start; "" where it ended, or without /proc."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        namespace = Path("/proc/self/ns/pid").readlink()
        # The name, in parentheses, may hold anything; after it comes the state, and as the 20th field the start.
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return "" if fields[0] in "ZX" else f"{boot} {namespace} {pid} {fields[19]}"
    except (OSError, IndexError):
        return ""


def is_dead(holder: LockInfo) -> bool:
    """Whether the holder ran in this process table, and is no longer in it: nothing else proves a death."""
    here, theirs = process_of(os.getpid()), holder.process
    if not here or here.split()[:2] != theirs.split()[:2]:
        return False
    return process_of(holder.pid) != theirs


def run_url(environ: Mapping[str, str]) -> str:
    """Return the URL of the CI run that this is, or ""."""
    if run := environ.get("GITHUB_RUN_ID"):
        return f"{environ.get('GITHUB_SERVER_URL')}/{environ.get('GITHUB_REPOSITORY')}/actions/runs/{run}"
    return next((environ[name] for name in _RUN_VARIABLES if environ.get(name)), "")


def shown(info: LockInfo, mask: Mask) -> LockInfo:
    """Return what a store says of a lock as it may be shown: without secrets of this run, which it may repeat."""
    id_, who, command, created, run = map(mask, (info.id, info.who, info.command, info.created, info.run))
    return replace(info, id=id_, who=who, command=command, created=created, run=run)


def same_lock(lock_id: str, holder: LockInfo) -> bool:
    """Whether `lock_id`, whole or its first eight characters, names the holder's lock."""
    return bool(holder.id) and lock_id in (holder.id, holder.id[:8])


def locked(holder: LockInfo | None, called: Invocation = HERE, *, remedy: str | None = None) -> Failure:
    """Return the failure that shows who holds the lock; `remedy` replaces the usual help."""
    holder = holder or UNKNOWN
    said = (holder.who, holder.command and f"`{holder.command}`", age(holder.created, datetime.now(UTC)))
    unlock = called.command_line("state", "unlock", holder.id[:8])
    usual = "`--lock-timeout 5m` waits for it" if "--lock-timeout" in called.options else "wait"
    usual += f", or if that run is dead: `{unlock}`" if holder.id else ""
    notes = (("who", ", ".join(filter(None, said))), ("run", holder.run), ("help", remedy or usual))
    summary = "the state is locked, nothing was changed"
    return Failure(Diagnostic("locked", summary, notes=tuple(note for note in notes if note[1])))


def kept(holder: LockInfo, called: Invocation, reason: str) -> Diagnostic:
    """Return the warning that the caller's own lock could not be freed, for that `reason`."""
    unlock = called.command_line("state", "unlock", holder.id[:8])
    meets = "until it is freed, other runs that write end with exit code 5"
    if holder.lease:
        meets = f"other runs wait {holder.lease:.0f}s for it with --lock-timeout, and end with exit code 5 without"
    notes = (("note", f"{reason}; what was done is stored, {meets}"), ("help", f"`{unlock}` frees it"))
    return Diagnostic("lock-kept", "the state's lock could not be freed", severity="warning", notes=notes)


def age(created: str, now: datetime) -> str:
    """Return ``12s ago``; "" where `created` is not a time. Only for people: clocks differ, it decides nothing."""
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
    """Return what `encode_info` wrote, or None: lock info is for people, so a broken one is not an error."""
    try:
        given = json.loads(data or b"")
        info = LockInfo(**{name: given[name] for name in _FIELDS if name in given})
    except (ValueError, TypeError, RecursionError):
        return None
    fine = all(type(getattr(info, name)) in types for name, types in _FIELDS.items())
    return info if fine else None

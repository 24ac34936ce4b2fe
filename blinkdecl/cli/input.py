"""Files that the caller names, read and checked: an alert, a saved plan."""

import json
import shlex
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

from blinkdecl.alert.envelope import TELLING, Envelope, envelope_of
from blinkdecl.alert.payload import KEYS, Alert, alert_of
from blinkdecl.cli.files import STREAM, told_file
from blinkdecl.cli.session import Session, plan_key
from blinkdecl.config import validate_document
from blinkdecl.detections.tested import Tested, read_results
from blinkdecl.diagnostics import Diagnostic, Failure, closest, did_you_mean, error
from blinkdecl.model.observed import ObservedAlert, Period
from blinkdecl.model.plan import Plan
from blinkdecl.model.resource import is_address
from blinkdecl.model.trust import PLAN_KEY
from blinkdecl.planner.stale import digest
from blinkdecl.render.view.saved_plan import plan_from_view
from blinkdecl.render.view.seal import seal_problem
from blinkdecl.system import contents
from blinkdecl.system.files import open_named, read_named

# Bytes; more than any alert or plan has. A longer file is not read to its end.
_LONGEST = 256 * 2**20
_SCHEMA = "`blinkdecl schema alert` says what an alert looks like; keys may be left out"
_ALERTS = "`blinkdecl observe --save FILE` writes one; --replay takes a time as well, such as 30d"
_TOO_LARGE = f"it is larger than {_LONGEST >> 20} MiB"


def read_alert(session: Session, path: Path, piped: Sequence[str]) -> Alert:
    """Return the alert in a file; raises a `Failure` (``invalid-alert``, ``unreadable``).

    `piped` = the words of the command that reads an alert from standard input instead.
    """
    data = read_file(session, path)
    if len(data) > _LONGEST:
        raise _invalid(path, _TOO_LARGE)
    try:
        document = json.loads(data, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise _invalid(path, "it is not JSON") from None
    if (envelope := envelope_of(document)) is not None:
        raise _enclosed(session, path, envelope, piped)
    full: dict[str, Any] = {**dict.fromkeys(KEYS), **document}
    full |= {"tags": full["tags"] or [], "alertContext": full["alertContext"] or {}}
    if problems := validate_document("alert", full):
        raise _invalid(path, *problems)
    if added := sorted(document.keys() - set(KEYS)):
        session.say(f"Passed on as they are, though Panther's alerts do not have them: {', '.join(added)[:200]}")
    return alert_of(full)


def plan_again(session: Session, path: Path, plan: Plan | None = None) -> str:
    """Return the command that writes a plan to the same file, one of destruction where `plan` is."""
    words = ["--destroy"] if plan is not None and plan.options.destroy else []
    return session.invocation.command_line("plan", *words, "--out", "plan.json" if path == STREAM else str(path))


def read_plan(session: Session, path: Path, *, to_apply: bool = False) -> Plan:
    """Return the saved plan in a file; raises a `Failure` (``not-found``, ``unreadable``, ``invalid-plan``).

    `to_apply` = where the operator has a key for plans, it must be sealed with that; to be shown, it need not be.
    """
    again, told = plan_again(session, path), told_file(path)
    data = read_file(session, path, absent=_no_plan(session, path, again))
    if len(data) > _LONGEST:
        raise error("invalid-plan", f"{told} is not a plan: {_TOO_LARGE}")
    document = _plan_document(session, path, data)
    remedy = f"`{again}` makes a new one"
    if wrong := validate_document("plan", document):
        raise error("invalid-plan", f"{told} is not a plan of this version", note=wrong[0], remedy=remedy)
    plan = plan_from_view(document)
    if plan.digest != digest(plan):
        raise error("invalid-plan", f"{told} was altered: it is not what was planned", remedy=remedy)
    key = plan_key(session)
    if key is None and to_apply and "seal" in document:
        remedy = f"set {PLAN_KEY} to the key that `plan` had"
        raise error("invalid-plan", f"{told} is sealed, and there is no key here to check that", remedy=remedy)
    if key is not None and not to_apply and "seal" not in document:
        session.say(f"{told} has no seal, although {PLAN_KEY} is set here: `apply` would not take it.")
    if key is not None and (to_apply or "seal" in document) and (problem := seal_problem(document, key)) is not None:
        raise error(
            "invalid-plan",
            f"{told} is not a plan that may be trusted",
            note=problem,
            remedy=f"give both jobs the same {PLAN_KEY}; {remedy}",
        )
    return plan


def _no_plan(session: Session, path: Path, again: str) -> Failure:
    """Return the error for a plan file that is not there; who names an address there wants what is recorded of it."""
    remedy = f"`{again}` makes one"
    if is_address(str(path)):
        remedy = f"`{session.invocation.command_line('state', 'show', str(path))}` prints what is recorded of it"
    return error("not-found", f"there is no plan file {path}", remedy=remedy)


def read_pat_results(session: Session, path: Path) -> Tested:
    """Return what the unit tests of detections showed, from the output of another tool; raises a `Failure`."""
    return read_results(read_file(session, path).decode(errors="replace").splitlines(), told_file(path))


@contextmanager
def open_alerts(session: Session, path: Path) -> Iterator[tuple[Period, Iterator[ObservedAlert]]]:
    """Yield the period of a file of observed alerts, and the alerts one by one, so that no file is too long.

    Raises a `Failure` (``alerts-file``, ``unreadable``), also for what is only found while alerts are read.
    """
    from blinkdecl.history.codec import LONGEST_LINE, read_alerts

    try:
        opened = nullcontext(sys.stdin.buffer) if path == STREAM else open_named(session.path(path), root=session.root)
        with opened as file:
            yield read_alerts(iter(partial(file.readline, LONGEST_LINE + 1), b""), told_file(path))
    except OSError as problem:
        absent = error("unreadable", f"there is no file {told_file(path)}", remedy=_ALERTS)
        raise _unreadable(session, path, problem, absent) from None


def read_yaml(name: str) -> str:
    """Return YAML from standard input, called `name` in messages; raises a `Failure`."""
    from blinkdecl.config.document.file import MAX_BYTES, Refusal, decoded  # of one command alone

    try:
        return decoded(name, sys.stdin.buffer.read(MAX_BYTES + 1))
    except OSError as problem:
        raise error("unreadable", f"{name} cannot be read: {problem.strerror}") from None
    except Refusal as refusal:
        raise Failure(refusal.diagnostic) from None


def _plan_document(session: Session, path: Path, data: bytes) -> Mapping[str, Any]:
    """Return the JSON object of a plan of any version; raises a `Failure` that says what the file is instead."""
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        document = None
    from blinkdecl.cli.recognise import Found, recognised  # seldom, and milliseconds

    found = recognised(data)
    if isinstance(document, dict) and found in (Found.PLAN, Found.JSON):
        return document
    remedy = f"`{session.invocation.command_line('plan', '--out', 'plan.json')}` makes a plan"
    what = str(found)
    if document is None and (spoilt := contents.recognised(data)) is not None:
        what = spoilt.what
        remedy = spoilt.remedy if spoilt.kind in ("pointer", "encrypted", "compressed") else remedy
    elif found is Found.STATE and session.invocation.command == "show":
        remedy = f"`{session.invocation.command_line('show')}` prints what is recorded"
    raise error("invalid-plan", f"{told_file(path)} is not a plan: it is {what}", remedy=remedy)


def read_file(session: Session, path: Path, *, absent: Failure | None = None) -> bytes:
    """Return the bytes at `path` (`-` = standard input, which stays open), at most one more than is allowed.

    Raises a `Failure` (``unreadable``), or `absent` where there is no such file.
    """
    try:
        if path == STREAM:
            return sys.stdin.buffer.read(_LONGEST + 1)
        return read_named(session.path(path), _LONGEST, root=session.root)
    except OSError as problem:
        raise _unreadable(session, path, problem, absent) from None


def _unreadable(session: Session, path: Path, problem: OSError, absent: Failure | None = None) -> Failure:
    remedy = getattr(problem, "remedy", None)
    if isinstance(problem, FileNotFoundError):
        remedy = _meant(session.path(path), path)
        if absent is not None:
            return _with_help(absent, remedy)
    return error("unreadable", f"{told_file(path)} cannot be read: {problem.strerror}", remedy=remedy)


def _meant(path: Path, named: Path) -> str:
    """Return which file beside one that is not there has a similar name, "" where none has."""
    try:
        beside = [each.name for each in path.parent.iterdir() if each.is_file()]
    except OSError:
        return ""
    meant = closest(path.name, beside)
    return did_you_mean(None if meant is None else str(named.with_name(meant)), quoted=False)


def _with_help(failure: Failure, remedy: str) -> Failure:
    """Return a failure with another remedy, if there is one: its code does not depend on what is beside a file."""
    if not remedy:
        return failure
    first, *others = failure.diagnostics
    notes = (*(each for each in first.notes if each[0] != "help"), ("help", remedy))
    return Failure(replace(first, notes=notes), *others)


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)


def _enclosed(session: Session, path: Path, envelope: Envelope, piped: Sequence[str]) -> Failure:
    """Return the failure of a document that is not one alert, with the command that takes the alert out of it."""
    is_input = str(path) == "-"
    found = [f"it is {envelope.kind}"] if envelope.kind else []
    if not envelope.filter:
        return _invalid(path, *found, f"nothing in it has a value for {', '.join(TELLING)}")
    unwrapped = f"jq {shlex.quote(envelope.filter)}"
    if not is_input:
        unwrapped = f"{unwrapped} {shlex.quote(str(path))} | {session.invocation.command_line(*piped)}"
    remedy = f"{'pipe it through' if is_input else 'the alert is inside of it:'} `{unwrapped}`"
    return _invalid(path, *found, remedy=remedy)


def _invalid(path: Path, *notes: str, remedy: str = _SCHEMA) -> Failure:
    told = tuple(("note", note) for note in notes)
    return Failure(Diagnostic("invalid-alert", f"{told_file(path)} is not an alert", notes=(*told, ("help", remedy))))

"""A repository whose destinations hand alerts over to each other, before and after one commit.

Ten destinations have a log type in common. In the commit the five with even numbers give up HIGH, four of the others
take it, and the last is replaced by one with another address, which alone receives INFO before and after. So every
narrowing waits for a widening, and every deletion for a creation.
"""

from pathlib import Path
from typing import Literal

from benchmarks.repository import PER_FILE, Repository, write

Commit = Literal["before", "handover", "plain"]

_TEN = 10
_SEVERITIES = {"even": "CRITICAL, HIGH", "odd": "MEDIUM, LOW", "last": "INFO"}
_HANDED = {"even": "CRITICAL", "odd": "HIGH, MEDIUM, LOW", "last": "INFO"}
_DESTINATION = """\
  {address}-{number:05d}:
    display_name: Destination {number:05d}{mark}
    trigger: trigger-{group:03d}
    severities: [{severities}]
    alert_types: [RULE, RULE_ERROR, SCHEDULED_RULE]
    log_types: [Custom.Log{ten:04d}]
    allow_manual_dispatch: {manual}
"""


def write_handover(folder: Path, count: int) -> Repository:
    """Write the repository as it is before the commit; `count` is a multiple of ten."""
    made = write(folder, count)
    commit(made, "before")
    return made


def commit(repository: Repository, which: Commit) -> None:
    """Write the destinations as they are before the commit, after it, or after as many changes of a plain flag."""
    for first in range(0, repository.count, PER_FILE):
        numbers = range(first, min(repository.count, first + PER_FILE))
        text = "version: 1\ndestinations:\n" + "\n".join(_destination(number, which) for number in numbers)
        (repository.folder / "destinations" / f"dest-{first // PER_FILE:03d}.yaml").write_text(text)


def told(count: int, which: Commit) -> str:
    """Return what `plan` says of a commit."""
    replaced = count // _TEN if which == "handover" else 0
    return f"Plan: {replaced} to add, {count - replaced} to change, {replaced} to destroy."


def _destination(number: int, which: Commit) -> str:
    handed = which == "handover"
    role = "last" if number % _TEN == _TEN - 1 else "odd" if number % 2 else "even"
    replaced = handed and role == "last"
    return _DESTINATION.format(
        address="next" if replaced else "dest",
        number=number,
        mark=" (next)" if replaced else "",
        group=number // PER_FILE,
        severities=(_HANDED if handed else _SEVERITIES)[role],
        ten=number // _TEN,
        manual="true" if which == "plain" else "false",
    )

"""What became of a change that was tried. Pure."""

from dataclasses import dataclass

from blinkdecl.diagnostics import Diagnostic, Failure, OutcomeUnknown
from blinkdecl.model.plan import Change
from blinkdecl.model.results import Result
from blinkdecl.model.state import Recorded


@dataclass(frozen=True, slots=True)
class Attempted:
    """A change that was tried: its result, and the record that it leaves (None = none).

    If its test alert failed, the record is that of what already exists, with that test's outcome.
    `unknown` = it is not known whether it was made, or a person has yet to make it: its intent stays in the state.
    `first` = this was the first step of a change that is split, and its own is still to come. `unread` = the answer did
    not tell what was stored. `refused` = it was to be created, and the provider says that it was not: which is so,
    unless that was said of a second attempt that something on the way made.
    """

    change: Change
    result: Result
    record: Recorded | None = None
    unknown: bool = False
    first: bool = False
    unread: bool = False
    refused: bool = False


def failed(change: Change, problem: Failure | OutcomeUnknown) -> Attempted:
    """Return a change that was not made, or whose outcome nobody knows."""
    if isinstance(problem, Failure):
        diagnostic = problem.diagnostics[0]
    else:
        remedy = "run the same command again: it finds out, and may send the test alert once more"
        summary = f"it is not known whether {change.address} was changed: {str(problem) or 'there was no answer'}"
        diagnostic = Diagnostic("provider", summary, notes=(("help", remedy),))
    result = Result(change.address, change.action, "failed", change.id, diagnostic=diagnostic)
    return Attempted(change, result, unknown=isinstance(problem, OutcomeUnknown))

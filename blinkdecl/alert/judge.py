"""Given the runs that Blink lists: what became of a test alert. Pure.

Only a run that has the alert's own tag proves anything of it, and only Blink's own word says how it ended. That there
is none is proved by a list that reaches back to before the alert was sent, and tells of each run what started it; or by
an automation that no trigger starts. Everything else is `unknown`, with the reason.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from blinkdecl.diagnostics import counted
from blinkdecl.model.results import AlertRun
from blinkdecl.model.runs import Event, History, Run

_WORDS: Mapping[str, Literal["ran", "failed", "queued", "running"]] = {
    "completed": "ran",
    **dict.fromkeys(("failed", "timeout", "timedout", "cancelled", "canceled", "skipped"), "failed"),
    **dict.fromkeys(("pending", "queued"), "queued"),
    **dict.fromkeys(("inprogress", "running", "paused"), "running"),
}
_OPEN = "look at this run in Blink"
_REMEDIES = {
    "ran": "",
    "failed": f"{_OPEN}: its steps show where it ended",
    "queued": "40 automations run at a time in a workspace: look at what holds its queue in Blink",
    "running": f"{_OPEN}; --prove-timeout waits longer",
}
_IDLE = "open the automation in Blink, and click Publish & Activate"
_NOT_SEEN = (
    "compare the trigger's event name and condition in Blink with a test alert, and look whether this webhook belongs "
    "to this automation"
)
_LOOK = "look at the automation's runs in Blink"


def judged(history: History, known: frozenset[str], events: Mapping[str, Event | None], mark: str) -> AlertRun:
    """Return what the runs say of the alert with this tag.

    `known` = the runs that were listed before it was sent, `events` = what started each of those after.
    """
    after = history.after(known)
    marked = [run for run in after if (event := events.get(run.id)) is not None and mark in event.marks]
    if own := [each for each in marked if not each.drafted]:
        if len(own) > 1 and not all(each.timed for each in own):
            return unknown(f"{len(own)} runs have the alert's tag, and Blink does not tell which was the first")
        return _of_run(min(own, key=begun))  # whoever runs it again does so later
    if marked:
        return unknown("only a run that somebody started in the editor has the alert's tag")
    if untold := sum(events.get(each.id) is None for each in after):
        return unknown(f"Blink does not tell what started {counted(untold, 'run')} since the alert was sent")
    if not history.reaches(known):
        reason = "the list of runs does not reach back to when the alert was sent"
        return unknown(reason if known else "Blink lists no run of this automation from before the alert was sent")
    return AlertRun("not_seen", reason="Blink has no run for the alert that it accepted", remedy=_NOT_SEEN)


def without_runs(why: str) -> AlertRun:
    """Return what is known of an alert to an automation that no trigger starts; `why` = what it is."""
    return AlertRun("not_seen", reason=f"the automation is {why}, and no alert starts it", remedy=_IDLE)


def unknown(reason: str, remedy: str = _LOOK) -> AlertRun:
    """Return that nothing is proved, and why."""
    return AlertRun("unknown", reason=reason, remedy=remedy)


def _of_run(run: Run) -> AlertRun:
    """Return what Blink says of the alert's own run."""
    outcome = _WORDS.get("".join(filter(str.isalpha, run.state)).casefold())
    if outcome == "queued" and run.started_at is not None:
        outcome = "running"  # whatever it waits for, it is not its turn
    reason = ""
    if outcome is None:
        reason = f'Blink calls its state "{run.state}", which is none that is known' if run.state else "it has no state"
    elif outcome == "failed":
        reason = run.error or f"Blink says: {run.state}"
    elif outcome == "queued":
        reason = "its run waits in Blink's queue"
    elif outcome == "running":
        reason = f"Blink says: {run.state}"
    return AlertRun(
        outcome or "unknown",
        run.id,
        run.state or None,
        None if run.started_at is None else _stamp(run.started_at),
        _duration(run),
        reason,
        _REMEDIES[outcome] if outcome else _OPEN,
    )


def begun(run: Run) -> tuple[bool, float, str]:
    """Return by what runs are in the order of their beginning; those without a time come last."""
    at = run.created_at or run.started_at
    return at is None, at.timestamp() if at else 0.0, run.id


def _duration(run: Run) -> float | None:
    if run.started_at is None or run.finished_at is None:
        return None
    return max(0.0, (run.finished_at - run.started_at).total_seconds())


def _stamp(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")

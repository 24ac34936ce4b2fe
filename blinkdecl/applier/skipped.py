"""Why a change was not made although nothing is wrong with it: what it waits for was not made either. Pure."""

from collections.abc import Callable, Iterable, Mapping

from blinkdecl.diagnostics import Diagnostic, Failure
from blinkdecl.model.plan import Action, Change
from blinkdecl.model.results import Result
from blinkdecl.planner.needs import handed_over

_DEEDS = {Action.CREATE: "made", Action.DELETE: "deleted", Action.FORGET: "forgotten"}
_MET = {
    "refused": "Blink refused its test alert",
    "web-page": "its test alert was answered by a web page, not by a webhook",
}
_AGAIN = ("help", "fix that, then plan and apply what is left")
_LEFT = {Action.CREATE: "was not made"}


def waiting(change: Change, changes: Mapping[str, Change], results: Mapping[str, Result]) -> Diagnostic | None:
    """Return why a change was skipped, None where nothing that it waits for has failed or was skipped.

    None also for a trigger: that it stays with what still uses it is a consequence, and no alert path depends on it.
    `results` are those of the changes that were tried, by address; `changes` all of the plan.
    """
    if change.kind == "trigger":
        return None
    first = change.first.depends_on if change.first is not None else ()
    ahead = [changes[each] for each in dict.fromkeys((*change.depends_on, *first)) if each in changes]
    missing = [each for each in ahead if each.address not in results or results[each.address].outcome != "done"]
    if not missing:
        return None
    cause = max(missing, key=lambda each: each.address in results)  # what failed itself says more than what waits too
    met = f"{_deed(cause)}{_reason(results, cause)}" if not _other(results, cause) else "kept as it was asked to be"
    notes = [("note", f"{cause.address}, {_role(change, cause)}, was not {met}")]
    if severities := handed_over(change, cause):
        notes.append(("note", f"{', '.join(severities)} alerts reach {change.address}, as before"))
    return _left(change, notes)


def relied_on(change: Change, kept: Change) -> Diagnostic | None:
    """Return why a change is not begun that gives up alerts which another destination was to have, and did not keep.

    `kept` leads from what is there to what was asked. It need not be a change that this one waits for: what received
    the alerts all along can lose them, too.
    """
    if change.address == kept.address or not (severities := handed_over(change, kept)):
        return None
    told = ", ".join(severities)
    notes = [("note", f"{kept.address} was asked to receive {told} as well, and Panther did not keep it so")]
    return _left(change, [*notes, ("note", f"{told} alerts reach {change.address}, as before")])


def proving(changes: Iterable[Change], is_to_be_proved: Callable[[Change], bool]) -> dict[str, tuple[str, ...]]:
    """Return the triggers whose new URL or key is to be proved, each with the destinations whose test alerts do that.

    Until one of these arrives, nothing uses the new ones, and the record keeps the old ones.
    """
    changes = tuple(changes)
    users: dict[str, list[str]] = {}
    for each in changes:
        if each.kind == "destination" and each.after is not None and is_to_be_proved(each):
            users.setdefault(f"trigger.{each.after['trigger']}", []).append(each.address)
    return {each.address: tuple(users[each.address]) for each in changes if each.address in users and _leads(each)}


def is_proved(users: Iterable[str], results: Mapping[str, Result]) -> bool:
    """Whether a test alert arrived for one of these destinations."""
    deliveries = (results[each].delivery for each in users if each in results)
    return any(each is not None and each.delivered for each in deliveries)


def _leads(trigger: Change) -> bool:
    """Whether a trigger is to lead elsewhere, or with another key."""
    if trigger.action is Action.CREATE:
        return True
    differs = any(each.name in ("url", "authentication") for each in trigger.differences)
    return trigger.action is Action.UPDATE and (differs or any(each.status != "same" for each in trigger.secrets))


def left_unproved(trigger: Change, cause: Result) -> Diagnostic:
    """Return why a trigger is not recorded with its new URL or key: `cause` is the first that was refused with it."""
    left = "was not recorded" if trigger.action is Action.CREATE else "was left as it is recorded"
    note = f"no test alert arrived with its URL and key: that of {cause.address} did not"
    return Diagnostic("waits", f"{trigger.address} {left}", position=trigger.position, notes=(("note", note), _AGAIN))


def stumbled(problem: Failure) -> Diagnostic:
    """Return why a run was cut short although its record could be stored in the end."""
    notes = (("note", problem.diagnostics[0].summary), ("help", "run `blinkdecl apply` again for the rest"))
    return Diagnostic(
        "interrupted", "the record could not be stored for a while, so nothing new was started", notes=notes
    )


def _left(change: Change, notes: list[tuple[str, str]]) -> Diagnostic:
    left = _LEFT.get(change.action, "was left as it is")
    told = (*notes, _AGAIN)
    return Diagnostic("waits", f"{change.address} {left}", position=change.position, notes=told)


def _role(change: Change, cause: Change) -> str:
    """Return what one change has to do with the one that waits for it."""
    if severities := handed_over(change, cause):
        return f"which is to receive {', '.join(severities)} in its place"
    if cause.kind == "trigger":
        return "which it uses"
    held, wanted = (side.get("display_name") if side is not None else None for side in (cause.before, change.after))
    if held is not None and held == wanted:
        return "which holds the display name that it is to have"
    return "without which a coverage rule would be broken in between"


def _deed(cause: Change) -> str:
    return _DEEDS.get(cause.action, "changed")


def _other(results: Mapping[str, Result], cause: Change) -> bool:
    """Whether a change was made, and something else was stored than was asked."""
    result = results.get(cause.address)
    return result is not None and result.diagnostic is not None and result.diagnostic.code == "not-kept"


def _reason(results: Mapping[str, Result], cause: Change) -> str:
    result = results.get(cause.address)
    if result is None:
        return ""
    if result.delivery is not None and not result.delivery.delivered:
        met = _MET.get(result.delivery.failure or "", "its test alert did not arrive")
        return f": {met}, {result.delivery.detail}"
    return f": {result.diagnostic.summary}" if result.diagnostic is not None else ""

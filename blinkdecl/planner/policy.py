"""What a plan may not do, and what its author may have meant. Pure.

`check` returns the diagnostics of a whole plan: protected resources, limits, and renames that look like a deletion
and a creation. `check_missing` says when the provider's list is not to be believed.
"""

from collections.abc import Container, Iterable, Iterator, Mapping

from blinkdecl.diagnostics import Diagnostic, closest, counted, error
from blinkdecl.model.configuration import Configuration, Move
from blinkdecl.model.live import LiveObject
from blinkdecl.model.lookalikes import difference, forms
from blinkdecl.model.plan import Action, Change, Options
from blinkdecl.model.resource import Attributes, SecretReference, kind_of
from blinkdecl.model.state import Intent, Recorded, State
from blinkdecl.planner.names import origin_of

# The bound where none is declared: octoDNS's, used for years on zones of every size.
_DEFAULT_DELETES = 3
_DEFAULT_PERCENT = 30
# A list is not believed if it lacks at least this many recorded objects, and more than this share of them.
_MISSING = 3
_MISSING_PERCENT = 30
_NAMED = 3
_MOST_ENTRIES = 10


NO_ORDER = Diagnostic(
    "no-order",
    "no order of these changes keeps every coverage rule in between",
    notes=(
        ("note", "destinations take over each other's webhooks, workspaces or hosts, so that too few are independent"),
        ("note", "alerts that somebody receives before and after are received in between all the same"),
        ("help", "declare one more destination until this is applied, or accept it for the length of the run"),
    ),
    severity="warning",
)


def check(
    changes: tuple[Change, ...],
    recorded: Mapping[str, Recorded],
    live: Iterable[LiveObject],
    desired: Configuration,
    options: Options,
) -> tuple[Diagnostic, ...]:
    """Return what forbids the plan (errors) and what its author should look at (warnings)."""
    problems: list[Diagnostic] = []
    if any(each.action is Action.DELETE for each in changes):
        from blinkdecl.planner.protection import protected  # where something is destroyed

        problems += protected(changes, recorded, desired, options)
    if not options.destroy:
        problems += _limits(changes, recorded, desired, options)
        problems += _renamed(changes, recorded)
        problems += _look_alikes(changes, recorded, live)
        problems += _missed_removals(changes, recorded, desired)
    return tuple(problems)


def _missed_removals(
    changes: Iterable[Change], recorded: Mapping[str, Recorded], desired: Configuration
) -> Iterator[Diagnostic]:
    """Warn where `removed` names nothing that is recorded, and something of a similar name is destroyed.

    It is no error: the entry may be done, or be there for another environment.
    """
    missed = [each for address, each in desired.released.items() if address not in recorded]
    going = [each.address for each in changes if each.action is Action.DELETE] if missed else []
    for each in missed:
        if (meant := closest(each.address, going)) is not None:
            summary = f"{each.address} is not recorded, so that `removed` lets go of nothing: {meant} is destroyed"
            notes = (("help", f"did you mean {meant}? An entry that is done can be removed"),)
            yield Diagnostic("missed-removal", summary, "warning", each.position, notes=notes)


def check_missing(
    recorded: Mapping[str, Recorded],
    live: Iterable[LiveObject],
    accepted: int | None,
    pending: Mapping[str, Intent],
) -> None:
    """Raise a `Failure` (``many-missing``) where a list lacks so many recorded objects that it may be wrong.

    If it were believed, all of them would be created again, next to those that still exist. What an earlier run was
    about to delete may be gone: `pending` says so, and is believed.
    """
    there = {each.id for each in live}
    ours = {address for address, each in pending.items() if each.operation == "delete"}
    managed = [each for each in recorded.values() if each.id is not None and each.address not in ours]
    gone = sorted(each.address for each in managed if each.id not in there)
    if len(gone) < _MISSING or len(gone) * 100 <= _MISSING_PERCENT * len(managed) or len(gone) <= (accepted or 0):
        return
    named = ", ".join(gone[:_NAMED]) + (f" and {len(gone) - _NAMED} more" if len(gone) > _NAMED else "")
    raise error(
        "many-missing",
        f"{len(gone)} of {len(managed)} managed destinations are not in the list",
        note=f"{named}; nothing was changed",
        remedy=f"look in Panther's console; if they were deleted there: `blinkdecl plan --accept-missing {len(gone)}`",
    )


def empty(state: State, released: Container[str]) -> Exception:
    """Return the error for a configuration without a resource beside a state that has some; `released` are let go."""
    if let_go := [each for each in state.resources if each in released]:
        kept = [each for each in state.resources if each not in released]
        entries = "\n".join(f"  - {{from: {each}}}" for each in kept[:_MOST_ENTRIES])
        return error(
            "empty-configuration",
            f"nothing is declared, and `removed` has {len(let_go)} of {counted(len(state.resources), 'resource')}",
            remedy=f"to let go of the rest as well, add below `removed`:\n{entries}",
        )
    return error(
        "empty-configuration",
        f"nothing is declared, but the state records {counted(len(state.resources), 'resource')}",
        note="a wrong folder, or an include that matches nothing, looks like this",
        remedy="check the folder and `include`; to remove everything on purpose: `blinkdecl destroy`",
    )


def left_over(
    changes: Iterable[Change], records: Mapping[str, Recorded], live: Iterable[LiveObject]
) -> Iterator[Diagnostic]:
    """Yield a warning for each destination that is destroyed although the stored state does not record it.

    `planner.leftovers` took it for ours by its name alone, so a person is told which one it is.
    """
    objects, known = {each.id: each for each in live}, {each.id for each in records.values()}
    for each in changes:
        if each.action is not Action.DELETE or each.id in known or each.id not in objects:
            continue
        found = objects[each.id]
        remedy = "if somebody else made it since, give it another name first, in Panther's console"
        yield Diagnostic(
            "leftover",
            f'"{found.display_name}" is destroyed: a run that was killed was to create it, and nothing declares it',
            "warning",
            notes=(("at", each.address), ("note", origin_of(found)), ("help", remedy)),
        )


def move_collides(move: Move) -> Diagnostic:
    """Return the error for a move whose two addresses are both recorded."""
    return Diagnostic(
        "invalid-move",
        f"{move.origin} cannot move to {move.target}: both are recorded",
        position=move.position,
        notes=(("help", f"remove the entry, or free the target: `blinkdecl state rm {move.target}`"),),
    )


def _limits(
    changes: tuple[Change, ...], recorded: Mapping[str, Recorded], desired: Configuration, options: Options
) -> Iterable[Diagnostic]:
    ours = [each for each in changes if each.kind == "destination"]
    managed = sum(kind_of(address) == "destination" for address in recorded)
    deletes = sum(each.action is Action.DELETE for each in ours)
    touched = deletes + sum(each.action is Action.UPDATE and not each.recorded_only for each in ours)
    limits = desired.settings.limits
    undeclared = limits.max_deletes is None and limits.max_change_percent is None
    if deletes > (options.allow_deletes or 0):
        if limits.max_deletes is not None and deletes > limits.max_deletes:
            yield _limit("destroys", deletes, managed, f"limits.max_deletes is {limits.max_deletes}", "--allow-deletes")
        elif undeclared and deletes >= _DEFAULT_DELETES and deletes * 100 > _DEFAULT_PERCENT * managed:
            reason = f"without `limits`, at most {_DEFAULT_PERCENT} % (or {_DEFAULT_DELETES - 1}) may go at once"
            yield _limit("destroys", deletes, managed, reason, "--allow-deletes")
    percent = limits.max_change_percent
    if percent is not None and touched > (options.allow_changes or 0) and touched * 100 > percent * managed:
        yield _limit("changes", touched, managed, f"limits.max_change_percent is {percent}", "--allow-changes")


def _limit(verb: str, count: int, managed: int, reason: str, flag: str) -> Diagnostic:
    return Diagnostic(
        "limits",
        f"the plan {verb} {count} of {managed} managed destinations",
        notes=(("note", reason), ("help", f"if that is what you want: `{flag} {count}`")),
    )


def _renamed(changes: Iterable[Change], recorded: Mapping[str, Recorded]) -> Iterable[Diagnostic]:
    """Offer a ``moved`` entry where a deleted and a created resource look like one resource with two addresses."""
    gone = {}
    for change in changes:
        if change.action is Action.DELETE:
            held = recorded[change.address].secrets
            url = held["url"].reference if "url" in held else None
            gone[_identity(change.address, change.before, url)] = change
    gone.pop(("trigger", None), None)  # without a webhook there is nothing to recognise it by
    for change in changes if gone else ():
        if change.action is not Action.CREATE:
            continue
        url = next((each.reference for each in change.secrets if each.name == "url"), None)
        if (old := gone.get(_identity(change.address, change.after, url))) is not None:
            entry = f"moved:\n  - {{from: {old.address}, to: {change.address}}}"
            kept, lost = "the object", "one is destroyed and the other created"
            if change.kind == "trigger":  # nothing but the record changes
                kept, lost = "the record", "one is forgotten and the other recorded; in Blink nothing changes"
            yield Diagnostic(
                "renamed",
                f"{old.address} seems to have become {change.address}",
                severity="warning",
                position=change.position,
                notes=(
                    ("note", f"without a move, {lost}"),
                    ("help", f"to keep {kept}, add to blinkdecl.yaml:\n{entry}"),
                ),
            )


def _look_alikes(
    changes: tuple[Change, ...], recorded: Mapping[str, Recorded], live: Iterable[LiveObject]
) -> Iterable[Diagnostic]:
    """Say where a display name that is given looks like that of an unmanaged object: people will mistake them."""
    managed = {*(each.id for each in recorded.values()), *(each.id for each in changes)}
    others = {form: each for each in live if each.id not in managed for form in forms(each.display_name)}
    for change in changes if others else ():
        if change.after is None or change.kind != "destination":
            continue
        name = str(change.after["display_name"])
        if change.before is not None and change.before.get("display_name") == name:
            continue
        other = next((others[each] for each in forms(name) if each in others), None)
        if other is not None and (how := difference(name, other.display_name)) is not None:
            yield Diagnostic(
                "look-alike",
                f'"{name}" looks like "{other.display_name}", which is not managed here: {how}',
                severity="warning",
                position=change.position,
                notes=(("note", f"{origin_of(other)}; it stays as it is"), ("help", "give one of them another name")),
            )


def _identity(address: str, attributes: Attributes | None, url: SecretReference | None) -> tuple[str, object]:
    """Return what stays the same when only the address changes: the display name, or a trigger's webhook."""
    kind = kind_of(address)
    if kind == "destination":
        return kind, (attributes or {})["display_name"]
    return kind, url or (attributes or {})["url"]

"""Changes that a person makes in Panther's console: in which order, and what may be confirmed now. Pure.

A change that the plan splits is two to a person: the first half adds, the second takes away. Once the first is
confirmed it is recorded, and the next plan has the second alone.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from blinkdecl.diagnostics import Diagnostic, error
from blinkdecl.model.plan import Action, Change
from blinkdecl.model.resource import Resource
from blinkdecl.model.state import Recorded, State
from blinkdecl.planner.diff import differences


def in_sequence(changes: Iterable[Change]) -> tuple[Change, ...]:
    """Return the changes, those that are split as two, in an order in which each comes after what it waits for."""
    changes = tuple(changes)
    todo = [_first_half(each) for each in changes if each.first is not None]
    todo += [_second_half(each) for each in changes]
    begun: set[str] = set()  # addresses that others may go on after: whole ones, and those whose first half is done
    done: list[Change] = []
    here = {each.address: each for each in changes}
    while todo:
        turn = next((each for each in todo if begun.issuperset(_destinations(each.depends_on, here))), todo[0])
        todo.remove(turn)
        begun.add(turn.address)
        done.append(turn)
    return tuple(done)


def confirmable(changes: Mapping[str, Change], address: str) -> Change:
    """Return what a person may confirm at an address: the whole change, or the half whose turn it is.

    Raises a `Failure` (``waits``) where what it waits for is not confirmed yet.
    """
    change = changes[address]
    waits = _destinations(change.depends_on, changes)
    if not waits:
        return replace(change, first=None)
    if change.first is not None and not _destinations(change.first.depends_on, changes):
        return _first_half(change)
    raise error(
        "waits",
        f"{address} is not to be changed yet",
        note=f"{waits[0]} comes before it, so that no alert is left without a destination",
        remedy=f"make and confirm {waits[0]} first: `blinkdecl confirm {waits[0]}`",
    )


def unconfirmed(
    state: State, recorded: Mapping[str, Recorded], wanted: Mapping[str, Resource]
) -> Iterator[tuple[str, Diagnostic]]:
    """Yield a warning, by address, for what a person was asked to create and may have, and what is not `wanted` now.

    Nothing records it, so no plan deletes it. Under another address with the same display name it is still wanted.
    """
    names = {each.attributes.get("display_name") for each in wanted.values()}
    for address, intent in state.pending.items():
        if intent.operation == "create" and address not in recorded and intent.display_name not in names:
            summary = f"{address} awaited confirmation, so that somebody may have created it in Panther's console"
            notes = (
                ("note", "it was never confirmed: nothing records it, and nothing here deletes it"),
                ("help", f'look for "{intent.display_name}" in the console; if it is there, delete it there'),
            )
            yield address, Diagnostic("unconfirmed", summary, "warning", notes=notes)


def is_rename(change: Change) -> bool:
    """Whether this is the first half of a deletion, which only frees a display name: no key is in question."""
    return change.action is Action.UPDATE and not change.secrets


def _first_half(change: Change) -> Change:
    if change.first is None:
        return change
    attributes = change.first.attributes
    return replace(
        change,
        action=Action.UPDATE,
        after=attributes,
        differences=differences(change.before or {}, attributes),
        depends_on=change.first.depends_on,
        first=None,
    )


def _second_half(change: Change) -> Change:
    if change.first is None or change.after is None:  # a deletion is a deletion, whatever the name is by then
        return replace(change, first=None)
    before = change.first.attributes
    return replace(change, before=before, differences=differences(before, change.after), secrets=(), first=None)


def _destinations(addresses: Iterable[str], changes: Mapping[str, Change]) -> list[str]:
    return [each for each in addresses if each in changes and changes[each].kind == "destination"]

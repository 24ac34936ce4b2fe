"""What a killed run created and recorded nowhere, where the YAML has changed since. Pure.

A planned create that has the name which the run intended is adopted (`blinkdecl.planner.actions`). Under any other
address or name nothing asks for the object, although it is ours by the same proof: so it counts as recorded at the
address that it was created for, and is changed, moved or deleted like whatever is recorded there.
"""

from collections.abc import Collection, Container, Iterable, Mapping
from dataclasses import replace

from blinkdecl.model.live import LiveObject, observed
from blinkdecl.model.plan import Action, Change
from blinkdecl.model.resource import Resource, canonical
from blinkdecl.model.state import Intent, Recorded, State

_KEPT = (Action.UPDATE, Action.DELETE, Action.NO_OP)


def ours(intent: Intent | None, live: Iterable[LiveObject], elsewhere: Container[str] = ()) -> list[LiveObject]:
    """Return the objects that a killed run may have made: they have the name it intended, and did not before it.

    `elsewhere` are the ids that other environments of the project record: what they made since is theirs.
    """
    if intent is None or intent.operation != "create":
        return []
    candidates = [each for each in live if each.id not in intent.before_ids and each.id not in elsewhere]
    return [each for each in candidates if each.display_name == intent.display_name and not each.foreign]


def with_leftovers(
    state: State, wanted: Mapping[str, Resource], live: Collection[LiveObject], elsewhere: Container[str] = ()
) -> State:
    """Return the state, in which what was created for other than what is `wanted` now is recorded."""
    known, there = {each.id for each in state.resources.values()}, {each.id for each in live}
    unknown: dict[str, list[LiveObject]] = {}
    for each in live:
        if each.id not in known:
            unknown.setdefault(each.display_name, []).append(each)
    records = dict(state.resources)
    for address, intent in state.pending.items():
        resource, found = wanted.get(address), ours(intent, unknown.get(intent.display_name, ()), elsewhere)
        if len(found) != 1 or (address in records and records[address].id in there):
            continue
        if resource is None or resource.attributes["display_name"] != intent.display_name:
            attributes = resource.attributes if resource is not None else canonical("destination", {"trigger": ""})
            records[address] = Recorded(address, found[0].id, observed(attributes, found[0]))
    return replace(state, resources=records)


def made_for(
    state: State, declared: Mapping[str, Resource], live: Collection[LiveObject], elsewhere: Container[str] = ()
) -> dict[str, LiveObject]:
    """Return what a killed run created for what is declared, by address, whatever its name is to be now."""
    objects, found = {each.id: each for each in live}, with_leftovers(state, {}, live, elsewhere).resources
    return {
        address: objects[record.id]
        for address, record in found.items()
        if address in declared and record.id in objects and record != state.resources.get(address)
    }


def missing_records(changes: Iterable[Change], records: Mapping[str, Recorded]) -> dict[str, Recorded]:
    """Return the records of what a plan changes and the stored state does not record: `with_leftovers` added them."""
    return {
        each.address: Recorded(each.address, each.id, each.before)
        for each in changes
        if each.action in _KEPT and each.id is not None and each.before is not None
        if each.address not in records or records[each.address].id != each.id
    }

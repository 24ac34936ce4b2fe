"""The destinations of one side as routing sees them."""

from collections.abc import Iterable

from blinkdecl.model.resource import Resource, name_of
from blinkdecl.model.state import Recorded, State
from blinkdecl.project.project import Project
from blinkdecl.project.records import read_state, recorded_state
from blinkdecl.project.snapshot import take_snapshot
from blinkdecl.routing.impact import live_receivers
from blinkdecl.routing.receiver import Receiver, TriggerPath, path_of_trigger, receivers_of, values_of


def receivers_at(project: Project, side: str, *, named: bool = False) -> list[Receiver]:
    """Return the destinations of one side, by address; those that nothing here manages come last.

    `named` = alerts name destinations, perhaps by the ids that only the state knows.
    """
    return paths_at(project, side, named=named)[0]


def paths_at(project: Project, side: str, *, named: bool = False) -> tuple[list[Receiver], dict[str, TriggerPath]]:
    """Return the destinations of one side as `receivers_at` does, and where each trigger leads, by its name."""
    if side == "desired":
        state = read_state(project) if named else None
        resources = tuple(project.configuration.resources.values())
        return receivers_of(resources, recorded_ids(project, state) if state else {}), _triggers(resources)
    if side == "recorded":
        state = recorded_state(project)
        records = tuple(state.resources.values())
        return receivers_of(records, recorded_ids(project, state)), _triggers(records)
    with take_snapshot(project) as snapshot:
        recorded = snapshot.state.resources
        live = live_receivers(recorded, snapshot.live)
    ordered = sorted(live, key=lambda each: (each.address is None, each.address or each.display_name))
    return ordered, _triggers(recorded.values())


def _triggers(resources: Iterable[Resource | Recorded]) -> dict[str, TriggerPath]:
    resources = tuple(resources)
    values = values_of(each.secrets for each in resources)
    triggers = (each for each in resources if each.kind == "trigger")
    return {name_of(each.address): path_of_trigger(each.attributes, each.secrets, values) for each in triggers}


def receivers_before(project: Project) -> list[Receiver]:
    """Return the recorded destinations, which the desired ones are to replace; none where nothing was ever recorded."""
    state = read_state(project)
    if state is None:
        return []
    return receivers_of(state.resources.values(), {address: each.id for address, each in state.resources.items()})


def recorded_ids(project: Project, state: State) -> dict[str, str | None]:
    """Return the ids by address; what moves is found under its new address too."""
    ids = {address: each.id for address, each in state.resources.items()}
    moved = {each.target: ids[each.origin] for each in project.configuration.moved if each.origin in ids}
    return {**moved, **ids}

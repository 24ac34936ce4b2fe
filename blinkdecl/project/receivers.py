"""The destinations of one side as routing sees them."""

from blinkdecl.model.state import State
from blinkdecl.project.project import Project
from blinkdecl.project.records import read_state, recorded_state
from blinkdecl.project.snapshot import take_snapshot
from blinkdecl.routing.route import Receiver, receiver_of, receivers_of


def receivers_at(project: Project, side: str, *, named: bool = False) -> list[Receiver]:
    """Return the destinations of one side, by address; those that nothing here manages come last.

    `named` = alerts name destinations, perhaps by the ids that only the state knows.
    """
    if side == "desired":
        state = read_state(project) if named else None
        return receivers_of(project.configuration.resources.values(), _ids(project, state) if state else {})
    if side == "recorded":
        state = recorded_state(project)
        return receivers_of(state.resources.values(), _ids(project, state))
    with take_snapshot(project) as snapshot:
        addresses = {each.id: each.address for each in snapshot.state.resources.values()}
        live = [receiver_of(addresses.get(each.id), each.id, each.attributes) for each in snapshot.live]
    return sorted(live, key=lambda each: (each.address is None, each.address or each.display_name))


def receivers_before(project: Project) -> list[Receiver]:
    """Return the recorded destinations, which the desired ones are to replace; none where nothing was ever recorded."""
    state = read_state(project)
    if state is None:
        return []
    return receivers_of(state.resources.values(), {address: each.id for address, each in state.resources.items()})


def _ids(project: Project, state: State) -> dict[str, str | None]:
    """Return the ids by address; what moves is found under its new address too."""
    ids = {address: each.id for address, each in state.resources.items()}
    moved = {each.target: ids[each.origin] for each in project.configuration.moved if each.origin in ids}
    return {**moved, **ids}

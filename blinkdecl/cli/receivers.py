"""The destinations of one side as routing sees them: shared by route and coverage."""

import click

from blinkdecl.cli.wiring import Project, read_state, recorded_state, take_snapshot
from blinkdecl.model import State
from blinkdecl.routing.order import Receiver, receiver_of, receivers_of


def against() -> click.Option:
    """Return the option that chooses the side."""
    return click.Option(
        ["--against"],
        type=click.Choice(["desired", "recorded", "live"]),
        default="desired",
        show_default=True,
        help="Which destinations.",
    )


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


def _ids(project: Project, state: State) -> dict[str, str | None]:
    """Return the ids by address; what moves is found under its new address too."""
    ids = {address: each.id for address, each in state.resources.items()}
    moved = {each.target: ids[each.origin] for each in project.configuration.moved if each.origin in ids}
    return {**moved, **ids}

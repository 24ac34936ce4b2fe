"""Where a run that was not complete leaves things: who receives what now, and the coverage rules that this breaks."""

from collections.abc import Iterable
from dataclasses import dataclass

from blinkdecl.diagnostics import Diagnostic, Failure
from blinkdecl.model.live import LiveObject
from blinkdecl.model.plan import Action, Plan, RoutingRow
from blinkdecl.model.results import Results
from blinkdecl.model.state import State
from blinkdecl.project.snapshot import Snapshot
from blinkdecl.provider.local import LocalProvider
from blinkdecl.routing.coverage import check
from blinkdecl.routing.impact import end_sides, shortfall


@dataclass(frozen=True, slots=True)
class Ending:
    """Who receives which alerts after a run, where that is not as declared, and the rules that are broken now.

    `recorded` = the provider could not be asked, so this is what is recorded.
    """

    routing: tuple[RoutingRow, ...] = ()
    uncovered: tuple[Diagnostic, ...] = ()
    recorded: bool = False


NOTHING_LEFT = Ending()


def ending(plan: Plan, snapshot: Snapshot, state: State, results: Results) -> Ending:
    """Return where a run leaves things; `state` is its record.

    The provider is asked by one list. After a signal nobody waits for that: then the record has to do, as it does where
    the list fails. `destroy` takes the rules with it, so that they are not checked.
    """
    live = None if results.interrupted is not None else _listed(snapshot)
    recorded = live is None and snapshot.provider.location is not None
    objects = LocalProvider.from_state(state).list() if live is None else live
    others = [each for each in snapshot.live if live is None and each.id not in _ids(plan, snapshot.state, state)]
    moved = {each.previous_address: each.address for each in plan.changes}
    was = (snapshot.live, {moved.get(address, address): each for address, each in snapshot.recorded.resources.items()})
    # What was to be let go and was not is still managed here.
    changes = [each for each in plan.changes if each.action is not Action.FORGET or each.address not in state.resources]
    now, declared = end_sides(changes, was, ((*objects, *others), state.resources), _unrecorded(objects, state))
    settings = snapshot.project.configuration.settings
    rules = () if plan.options.destroy else settings.coverage
    uncovered = tuple(check(rules, now, declared).values())
    return Ending(shortfall(now, declared, settings.silences), uncovered, recorded)


def _listed(snapshot: Snapshot) -> tuple[LiveObject, ...] | None:
    """Return what is live now, None where that cannot be read."""
    if snapshot.provider.location is None:
        return None
    try:
        return snapshot.provider.list()
    except Failure:
        return None


def _ids(plan: Plan, *states: State) -> set[str | None]:
    """Return the ids of all that is or was managed here."""
    recorded = {each.id for state in states for each in state.resources.values()}
    return recorded | {each.id for each in plan.changes}


def _unrecorded(objects: Iterable[LiveObject], state: State) -> dict[str | None, str]:
    """Return the addresses of objects that calls with a lost answer have made, by id."""
    made = {each.display_name: (address, each) for address, each in state.pending.items() if each.operation == "create"}
    known = {each.id for each in state.resources.values()}
    return {
        each.id: made[each.display_name][0]
        for each in objects
        if each.display_name in made and each.id not in known and each.id not in made[each.display_name][1].before_ids
    }

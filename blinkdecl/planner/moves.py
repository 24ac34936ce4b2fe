"""Records whose address has changed (``moved`` in YAML): where a plan finds them, and where apply puts them. Pure."""

from dataclasses import replace

from blinkdecl.diagnostics import Diagnostic
from blinkdecl.model.configuration import Configuration
from blinkdecl.model.plan import Plan
from blinkdecl.model.state import Recorded, State
from blinkdecl.planner import policy
from blinkdecl.planner.leftovers import missing_records


def moved(
    desired: Configuration, state: State
) -> tuple[dict[str, Recorded], dict[str, str], list[tuple[str, Diagnostic]]]:
    """Return the records under their new addresses, the old address of each new one, and moves that collide."""
    recorded = dict(state.resources)
    moved_from: dict[str, str] = {}
    problems = []
    for move in desired.moved:
        if move.origin not in recorded:
            continue  # moved by an earlier apply: the entry may stay in the file
        if move.target in recorded:
            problems.append((move.target, policy.move_collides(move)))
            continue
        recorded[move.target] = replace(recorded.pop(move.origin), address=move.target)
        moved_from[move.target] = move.origin
    return dict(sorted(recorded.items())), moved_from, problems


def moved_records(plan: Plan, state: State) -> dict[str, Recorded]:
    """Return the records; those that the plan moves are already under their new address."""
    records = dict(state.resources)
    for change in plan.changes:
        if change.previous_address is not None and (record := records.pop(change.previous_address, None)) is not None:
            records[change.address] = replace(record, address=change.address)
    return records | missing_records(plan.changes, records)

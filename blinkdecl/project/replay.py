"""The alerts of a time over a plan: its two sides, with the names that destinations have after it."""

from collections.abc import Iterable

from blinkdecl.model.observed import ObservedAlert, Period
from blinkdecl.model.plan import Plan
from blinkdecl.project.snapshot import Snapshot
from blinkdecl.routing.impact import plan_sides
from blinkdecl.routing.replay import Replay, replay


def replay_plan(snapshot: Snapshot, plan: Plan, period: Period, alerts: Iterable[ObservedAlert]) -> Replay:
    """Return what a plan means for the alerts of a period; what they raise while they are read comes through."""
    moved = {each.previous_address: each.address for each in plan.changes if each.previous_address is not None}
    recorded = {moved.get(address, address): each for address, each in snapshot.state.resources.items()}
    made = [each for each in plan.changes if each.calls_provider]
    silences = snapshot.project.configuration.settings.silences
    # Without an answer of Panther's, what nobody recorded is unseen: a destination of Slack, for example.
    known = None if snapshot.provider.location else {each.id for each in recorded.values() if each.id is not None}
    return replay(alerts, period, plan_sides(made, snapshot.live, recorded), silences, known)

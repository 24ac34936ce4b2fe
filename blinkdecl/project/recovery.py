"""What a killed run left open: waited for until it shows, or until nothing more can come of it.

The state's pending list names every operation of a run before its first call. After a kill some of them may have been
made, some never sent, and some still be under way inside Panther: a create that is not listed yet would be made a
second time, a late update or delete would undo what the next run did. So every command that plans lists until each
intent shows in what is live, or until the provider's quiet time has passed (monotonic, from here on; the run that
sent it is dead, so nothing more is sent):

    create   shows when something has the name that did not have it before that run: the planner adopts it if it is the
             only one, otherwise refuses
    update   shows when the object is as declared, or gone
    delete   shows when the object is gone

What does not show by then was never made; the plan starts from what is live. Nobody waits where nothing is open.
"""

import time
from collections.abc import Callable, Mapping

from blinkdecl.model.live import LiveObject, observed
from blinkdecl.model.resource import Resource
from blinkdecl.model.state import Intent, State
from blinkdecl.provider.interface import Provider

# Seconds between two lists; shorter where the quiet time is.
_PAUSE = 3.0
_SHARE = 10


def list_when_settled(
    provider: Provider,
    state: State,
    resources: Mapping[str, Resource],
    waiting: Callable[[int, float], None],
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> tuple[LiveObject, ...]:
    """Return the live list once every intent of a killed run shows in it, or the quiet time has passed.

    `waiting` is called once, with how many intents are open and how many seconds that can take.
    """
    begun, told = clock(), False
    live = provider.list()
    while (count := len(unsettled(state, resources, live))) and (left := begun + provider.quiet_time - clock()) > 0:
        if not told:
            waiting(count, left)
            told = True
        sleep(min(left, _PAUSE, provider.quiet_time / _SHARE))
        live = provider.list()
    return live


def unsettled(state: State, resources: Mapping[str, Resource], live: tuple[LiveObject, ...]) -> tuple[str, ...]:
    """Return the addresses whose intents do not show in what is live."""
    by_id = {each.id: each for each in live}
    names = {each.display_name: each for each in live}
    ours = {record.id for record in state.resources.values()}
    found = []
    for address, intent in state.pending.items():
        record = state.resources.get(address)
        mine = by_id.get(str(record.id)) if record else None
        match intent.operation:
            case "create":
                shows = mine is not None or _is_new(names.get(intent.display_name), intent, ours)
            case "update":
                shows = mine is None or _as_declared(resources.get(address), mine)
            case _:
                shows = mine is None
        if not shows:
            found.append(address)
    return tuple(found)


def _is_new(found: LiveObject | None, intent: Intent, ours: set[str | None]) -> bool:
    return found is not None and found.id not in intent.before_ids and found.id not in ours


def _as_declared(resource: Resource | None, found: LiveObject) -> bool:
    """Whether an object is as the YAML says, as far as it can be read."""
    if resource is None:
        return False
    seen = observed(resource.attributes, found)
    return all(
        seen[name] == value for name, value in resource.attributes.items() if name not in resource.ignore_changes
    )

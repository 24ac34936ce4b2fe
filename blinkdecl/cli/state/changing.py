"""What the commands that mend the state share."""

from collections.abc import Callable, Mapping

from blinkdecl.cli.wiring import Project, recorded_state
from blinkdecl.diagnostics import Failure, closest, error
from blinkdecl.model import Recorded, State


def change_state(project: Project, timeout: float, change: Callable[[State], State]) -> State:
    """Read the state under the lock, store what `change` makes of it, and return that."""
    with project.lock(timeout):
        state = recorded_state(project)
        return project.backend.write(change(state), state)


def require(resources: Mapping[str, Recorded], address: str) -> Recorded:
    """Return the record at `address`; raises a `Failure` (``not-found``) with what was probably meant."""
    if (found := resources.get(address)) is not None:
        return found
    raise not_recorded(resources, address)


def not_recorded(resources: Mapping[str, Recorded], address: str) -> Failure:
    """Return the failure for an address that is not recorded."""
    meant = closest(address, resources)
    hint = f"did you mean {meant}?" if meant else "`blinkdecl state list` names what is recorded"
    return error("not-found", f'"{address}" is not recorded', way_out=hint)

"""The recorded state: read, required, changed under the lock."""

from collections.abc import Callable, Mapping

from blinkdecl.diagnostics import closest, did_you_mean, error
from blinkdecl.model.state import Recorded, State
from blinkdecl.project.backend import check_migrated
from blinkdecl.project.project import Project


def recorded_state(project: Project) -> State:
    """Return the recorded state; raises a `Failure` (``not-found``) where nothing was ever recorded."""
    state = read_state(project)
    if state is None:
        remedy = "`blinkdecl apply` records what it makes"
        raise error("not-found", f"nothing is recorded yet in {project.backend.location}", remedy=remedy)
    return state


def read_state(project: Project) -> State | None:
    """Read the state; raises a `Failure` (``other-environment``) for one that was copied from another environment."""
    state, environment = project.backend.read(), project.configuration.environment
    if state is None:
        check_migrated(project.invocation, project.configuration.settings.state)
    if state is None or state.environment == environment:
        return state
    theirs = f'the environment "{state.environment}"' if state.environment else "no environment"
    ours = f'the environment "{environment}"' if environment else "no environment"
    summary = f"{project.backend.location} is the state of {theirs}, not of {ours}"
    raise error("other-environment", summary, remedy="put the file back where it belongs, or pass its --env")


def change_state(project: Project, timeout: float, change: Callable[[State], State]) -> State:
    """Read the state under the lock, store what `change` makes of it, and return that."""
    with project.lock(timeout):
        state = recorded_state(project)
        return project.backend.write(change(state), state)


def require(resources: Mapping[str, Recorded], address: str) -> Recorded:
    """Return the record at `address`; raises a `Failure` (``not-found``) with what was probably meant."""
    if (found := resources.get(address)) is not None:
        return found
    otherwise = "`blinkdecl state list` names what is recorded"
    hint = did_you_mean(closest(address, resources), otherwise, quoted=False)
    raise error("not-found", f'"{address}" is not recorded', remedy=hint)

"""The recorded state: read, required, changed under the lock; one that was left where it was kept earlier."""

from collections.abc import Callable, Mapping
from pathlib import Path
from posixpath import normpath

from blinkdecl.config import default_state
from blinkdecl.config.include import ROOT_FILE
from blinkdecl.diagnostics import Failure, closest, did_you_mean, error
from blinkdecl.model.configuration import StateSettings
from blinkdecl.model.invocation import Invocation
from blinkdecl.model.state import Recorded, State
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
        _check_migrated(project)
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


def _check_migrated(project: Project) -> None:
    """Raise a `Failure` (``not-migrated``) where an earlier file holds a state, and the place that is named now none.

    Earlier is where the project file has it, if the environment's file names another place, or the default file.
    """
    called, settings = project.invocation, project.configuration.settings.state
    now = _file_of(settings)
    earlier = {
        _file_of(project.loaded.usual_state): ("--from", ROOT_FILE),
        _file_of(default_state(called.environment)): (),
    }
    for path, words in earlier.items():
        if path and path != now and _holds(called, path):
            copies = called.command_line("init", "--migrate-state", *words)
            remedy = f"`{copies}` copies it; or delete that file to start anew"
            summary = f"there is a state in {path}, and none in {project.backend.location}"
            raise error("not-migrated", summary, remedy=remedy)


def _file_of(settings: StateSettings) -> str:
    """Return the file of a state, "" for one that is kept elsewhere."""
    return normpath(settings.options["path"]) if settings.backend == "local" else ""


def _holds(called: Invocation, path: str) -> bool:
    """Whether a file has the state of this environment with anything in it, or one that cannot be read."""
    from blinkdecl.state.local import LocalBackend

    file = Path(called.root) / path
    if not file.exists():
        return False
    try:
        state = LocalBackend(file, path, called).read()
    except Failure:
        return True
    return state is not None and state.environment == called.environment and bool(state.resources or state.pending)

"""The work of ``blinkdecl state mv``."""

from dataclasses import replace

from blinkdecl.cli.session import Session
from blinkdecl.diagnostics import error
from blinkdecl.model.resource import is_address, kind_of
from blinkdecl.model.state import State
from blinkdecl.project.project import open_project
from blinkdecl.project.records import change_state, require


def run(session: Session, origin: str, target: str, lock_timeout: float) -> int:
    """Run the command; returns its exit code, raises a `Failure`."""

    def move(state: State) -> State:
        record = require(state.resources, origin)
        if not is_address(target) or kind_of(target) != kind_of(origin):
            raise error("invalid-move", f'"{target}" is not an address of a {kind_of(origin)}')
        if target in state.resources:
            remedy = f"free it first: `blinkdecl state rm {target}`"
            raise error("invalid-move", f"{target} is recorded already", remedy=remedy)
        moved = {(target if address == origin else address): each for address, each in state.resources.items()}
        moved[target] = replace(record, address=target)
        return replace(state, resources=moved)

    change_state(open_project(session.invocation, session.say, warn=session.warn), lock_timeout, move)
    session.result(f"Moved {origin} to {target}.")
    return 0

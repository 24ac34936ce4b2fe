"""The work of ``blinkdecl state rm``."""

from dataclasses import replace

from blinkdecl.cli.session import Session
from blinkdecl.model.state import State
from blinkdecl.project.project import open_project
from blinkdecl.project.records import change_state, require


def run(session: Session, addresses: tuple[str, ...], lock_timeout: float) -> int:
    """Run the command; returns its exit code, raises a `Failure`."""

    def forget(state: State) -> State:
        for address in addresses:
            require(state.resources, address)
        kept = {address: each for address, each in state.resources.items() if address not in addresses}
        # What it was recorded for is settled: an intent left behind would claim it anew.
        pending = {address: each for address, each in state.pending.items() if address not in addresses}
        return replace(state, resources=kept, pending=pending)

    change_state(open_project(session.invocation, session.say, warn=session.warn), lock_timeout, forget)
    session.result("\n".join(f"Forgot {address}." for address in dict.fromkeys(addresses)))
    return 0

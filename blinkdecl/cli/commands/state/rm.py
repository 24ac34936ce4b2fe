"""``blinkdecl state rm``."""

from dataclasses import replace

from blinkdecl.cli.command import session_command
from blinkdecl.cli.options import address_argument, lock_timeout
from blinkdecl.cli.session import Session
from blinkdecl.model.state import State
from blinkdecl.project.project import open_project
from blinkdecl.project.records import change_state, require


@session_command(
    "rm",
    address_argument(many=True, required=True, recorded=True),
    lock_timeout(),
    examples=("blinkdecl state rm destination.blink-soc trigger.soc",),
)
def command(session: Session, addresses: tuple[str, ...], lock_timeout: float) -> int:
    """Forget resources: the live destinations stay as they are and are no longer managed here.

    A `removed` entry in YAML does the same, reviewed.
    """

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

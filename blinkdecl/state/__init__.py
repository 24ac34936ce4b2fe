"""The recorded side: the format of the state, its lock, and the backends that keep it, behind `interface.StateBackend`.

Here belongs what every backend owes: nothing half-written, nothing lost, nobody overtaken. What is recorded is decided
by `applier`; which backend a project has, by `project`.
"""

from blinkdecl.model.state import State


def new_state(environment: str | None, provider_host: str | None) -> State:
    """Return the empty state that a first run starts from, with a lineage and a salt of its own."""
    import secrets  # only a first run needs them
    import uuid

    return State(str(uuid.uuid4()), secrets.token_hex(32), 0, environment, provider_host)

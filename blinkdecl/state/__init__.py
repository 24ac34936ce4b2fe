"""Where the record is kept: one file per backend, all behind `interface.StateBackend`; `codec` is its format."""

from blinkdecl.model import State


def new_state(environment: str | None, provider_host: str | None) -> State:
    """Return the empty state that a first run starts from, with a lineage and a salt of its own."""
    import secrets  # only a first run needs them
    import uuid

    return State(str(uuid.uuid4()), secrets.token_hex(32), 0, environment, provider_host)

"""Connection strings of PostgreSQL, as they are written in the project file or come from a secret reference."""

from blinkdecl.secret.value import Secret
from blinkdecl.state.stores.conninfo import hosts_of
from blinkdecl.state.stores.postgres import PostgresStore


def run(data: bytes) -> None:
    """Look for the hosts, and make the store; nothing connects."""
    text = data.decode("utf-8", "surrogateescape")
    hosts_of(text)
    for password in (None, Secret(text)):
        assert PostgresStore(text, password, "blink").location

"""PostgreSQL's connection strings: which hosts they name, and that no password goes to anybody else."""

import socket
import traceback
from threading import Thread

import pytest
from psycopg.conninfo import conninfo_to_dict

from blinkdecl.diagnostics import Failure
from blinkdecl.secret.value import Secret
from blinkdecl.state.stores.conninfo import hosts_of, secured
from blinkdecl.state.stores.postgres import PostgresStore

PASSWORD = Secret("canary-password")


@pytest.mark.parametrize(
    "dsn",
    [
        "postgresql://user:Sup3r@tTail-CANARY@db.example.com/x",
        "postgresql://user:canary/tail@db.example.com/x",
        "host=h port=canary",
        "canary",
    ],
)
def test_what_is_no_connection_string_names_no_host(dsn: str) -> None:
    """A part of a password could look like one, and would be shown."""
    with pytest.raises(Failure) as refused:
        hosts_of(dsn)
    assert "canary" not in "".join(traceback.format_exception(refused.value)).lower()


@pytest.mark.parametrize(
    ("dsn", "environ", "mode"),
    [
        ("host=db.example.com", {}, "verify-full"),
        ("host=127.0.0.1,db.example.com", {}, "verify-full"),
        ("host=db.example.com hostaddr=127.0.0.1", {}, "verify-full"),
        ("host=10.0.0.5", {}, "verify-full"),
        ("dbname=x", {"PGHOST": "db.example.com"}, "verify-full"),
        ("dbname=x", {"PGHOSTADDR": "10.0.0.5"}, "verify-full"),
        ("host=db.example.com sslmode=verify-full", {}, "verify-full"),
        ("host=db.example.com", {"PGSSLMODE": "require"}, None),
        ("host=127.0.0.1 sslmode=disable", {}, "disable"),
        ("host=/run/postgresql", {}, None),
        ("dbname=x", {}, None),
        ("host=localhost", {}, None),
    ],
)
def test_tls_is_verified(dsn: str, environ: dict[str, str], mode: str | None) -> None:
    """Wherever the database is not on this machine, unless who runs blinkdecl wants it otherwise."""
    found = conninfo_to_dict(secured(dsn, environ, written=True))
    assert found.get("sslmode") == mode
    assert ("sslrootcert" in found) == (mode == "verify-full")


@pytest.mark.parametrize("mode", ["disable", "allow", "prefer", "require", "verify-ca", "nonsense"])
def test_the_yaml_cannot_weaken_it(mode: str) -> None:
    """A connection string behind a reference is the operator's own."""
    dsn = f"host=db.example.com sslmode={mode}"
    with pytest.raises(Failure, match="may not weaken TLS"):
        secured(dsn, {"PGSSLMODE": "require"}, written=True)
    assert conninfo_to_dict(secured(dsn, {}, written=False))["sslmode"] == mode


def test_authorities_are_those_of_the_environment() -> None:
    """As everywhere else; one that is named is kept."""
    found = conninfo_to_dict(secured("host=h.example", {"SSL_CERT_FILE": "/ca.pem"}, written=True))
    assert found["sslrootcert"] == "/ca.pem"
    found = conninfo_to_dict(secured("host=h.example sslrootcert=/own.pem", {"SSL_CERT_FILE": "/x"}, written=True))
    assert found["sslrootcert"] == "/own.pem"
    assert "sslrootcert" not in secured("host=h.example", {"PGSSLROOTCERT": "/x.pem"}, written=True)


def test_a_server_without_tls_gets_no_password() -> None:
    """It says that it speaks none, and would ask for the password in the clear."""
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            connected, _ = listening.accept()
            with connected:
                heard.append(connected.recv(4096))
                connected.sendall(b"N")
                heard.append(connected.recv(4096))

        server = Thread(target=serve, daemon=True)
        server.start()
        dsn = f"host=db.example.com hostaddr=127.0.0.1 port={listening.getsockname()[1]} user=u dbname=d"
        store = PostgresStore(secured(dsn, {}, written=True), PASSWORD, "default")
        with pytest.raises(Failure, match="unreachable"):
            store.get()
        server.join(10)
    assert len(heard[0]) == 8
    assert heard[1:] == [b""]

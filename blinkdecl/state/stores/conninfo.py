"""PostgreSQL's connection strings, as libpq reads them: what they may say, and which hosts they name."""

import contextlib
import re
from collections.abc import Mapping

from blinkdecl.diagnostics import error
from blinkdecl.model.urls import is_loopback
from blinkdecl.system.tls import authorities_file

# What a connection string may set. Others write files of this machine, or take hosts and logins from such.
_KEYWORDS = frozenset(
    (
        *("host", "hostaddr", "port", "dbname", "user", "password", "options", "client_encoding", "application_name"),
        *("sslmode", "sslrootcert", "sslcert", "sslkey", "sslpassword", "sslnegotiation", "ssl_min_protocol_version"),
        *("connect_timeout", "target_session_attrs", "load_balance_hosts", "channel_binding", "require_auth"),
        *("gssencmode", "keepalives", "keepalives_idle", "keepalives_interval", "keepalives_count", "tcp_user_timeout"),
    )
)
_VERIFIED = "verify-full"
_PORTS = re.compile(r"[\d,]*")


def parts_of(dsn: str) -> dict[str, str]:
    """Return what a connection string says; raises a `Failure` (``invalid-value``) where it says nothing."""
    parts = _understood(dsn)
    if odd := sorted(parts.keys() - _KEYWORDS):
        remedy = "leave it out: it names files or services of this machine"
        raise error("invalid-value", f"`state.dsn` may not set {odd[0]}", remedy=remedy)
    # A password with an unescaped @ or / ends up in the host or the port.
    if parts and "@" not in parts.get("host", "") and _PORTS.fullmatch(parts.get("port", "")):
        return parts
    remedy = "write e.g. `postgresql://user@host/database`; in a URL, @ : / % and ? in a password are percent-encoded"
    raise error("invalid-value", "`state.dsn` is not a PostgreSQL connection string", remedy=remedy)


def joined(parts: Mapping[str, str]) -> str:
    """Return the connection string of these parts; raises a `Failure` for what libpq cannot be given."""
    from psycopg import Error
    from psycopg.conninfo import make_conninfo

    text = ""
    with contextlib.suppress(Error, UnicodeError):
        text = "" if "\0" in "".join(parts.values()) else make_conninfo("", **parts)
    if text:
        return text
    remedy = "a password is UTF-8 without a NUL; look at where `state.password` comes from"
    raise error("invalid-value", "the password of the state's database cannot be used", remedy=remedy)


def secured(dsn: str, environ: Mapping[str, str], *, written: bool) -> str:
    """Return the connection string with which a password goes to nobody but the host that it names: TLS, verified.

    Only the operator can want less (PGSSLMODE, or a connection string that a secret reference leads to); `written` =
    it stands in the YAML. A database on this machine is left to libpq. Raises a `Failure` (``invalid-value``).
    """
    parts = parts_of(dsn)
    named = _hosts(parts) or _hosts({"host": environ.get("PGHOST", ""), "hostaddr": environ.get("PGHOSTADDR", "")})
    if all(map(is_loopback, named)):
        return dsn
    mode = parts.get("sslmode")
    if mode not in (None, _VERIFIED) and written:
        remedy = "leave it out; who runs blinkdecl can set PGSSLMODE, and PGSSLROOTCERT for an authority of his own"
        raise error("invalid-value", f"`state.dsn` may not weaken TLS (sslmode={mode})", remedy=remedy)
    if mode is None and not environ.get("PGSSLMODE"):
        parts["sslmode"] = mode = _VERIFIED
    if mode == _VERIFIED and "sslrootcert" not in parts and not environ.get("PGSSLROOTCERT"):
        parts["sslrootcert"] = authorities_file(environ)
    return joined(parts)


def hosts_of(dsn: str) -> set[str]:
    """Return the hosts that a connection string names, in lower case; none for a socket of this machine.

    Raises a `Failure` like `parts_of`: of what is no connection string, a part of a password could look like a host.
    """
    return _hosts(parts_of(dsn))


def _hosts(parts: Mapping[str, str]) -> set[str]:
    named = ",".join(parts.get(each, "") for each in ("host", "hostaddr"))
    return {each.lower() for each in named.split(",") if each and not each.startswith(("/", "@"))}


def _understood(dsn: str) -> dict[str, str]:
    """Return what libpq makes of a connection string; nothing where it, or its Python side, cannot read it.

    To libpq, in C, it would end at a NUL.
    """
    from psycopg import Error
    from psycopg.conninfo import conninfo_to_dict

    with contextlib.suppress(Error, UnicodeError):
        return {} if "\0" in dsn else {name: str(value) for name, value in conninfo_to_dict(dsn).items()}
    return {}

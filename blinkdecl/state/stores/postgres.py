"""The state in PostgreSQL: one row per state, swapped by its serial, under an advisory lock of the session.

The server frees an advisory lock when its holder's connection ends, so a killed run leaves nothing behind; a runner
that vanished from the network is noticed by keepalives, within about half a minute. ``state unlock`` ends the holder's
session. The row says who holds the lock, for people.

The lock needs a connection to the server itself, or a pooler in session mode.
"""

import contextlib
import hashlib
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, TypeVar

from blinkdecl.diagnostics import OutcomeUnknown, error
from blinkdecl.model.state import State
from blinkdecl.secret.value import Mask, Secret, scrubbed
from blinkdecl.state.interface import LockInfo, Sidecar
from blinkdecl.state.lock_info import UNKNOWN, decode_info, encode_info
from blinkdecl.state.sidecar import StoreSidecar
from blinkdecl.state.store import Conflict, Held, Version, unread
from blinkdecl.state.stores.conninfo import joined, parts_of

if TYPE_CHECKING:
    import psycopg

_T = TypeVar("_T")
_TABLE = """
create table if not exists blinkdecl_state (
  name text primary key,
  lineage text,
  serial bigint,
  data bytea,
  holder bytea,
  holder_pid integer,
  updated timestamptz not null default now()
)
"""
# What is kept beside the states, and is part of none.
_BESIDE = """
create table if not exists blinkdecl_deliveries (
  name text primary key,
  data bytea not null,
  updated timestamptz not null default now()
)
"""
_KEPT = "select data from blinkdecl_deliveries where name = %s"
_KEEP = (
    "insert into blinkdecl_deliveries (name, data) values (%s, %s)"
    " on conflict (name) do update set data = excluded.data, updated = now()"
)
_UPDATE = "update blinkdecl_state set lineage = %s, serial = %s, data = %s, updated = now() where name = %s"
_FIRST = " and data is null"
_NEXT = " and serial = %s and data = %s"
_ROW = "insert into blinkdecl_state (name) values (%s) on conflict do nothing"
_HOLDER = (
    "insert into blinkdecl_state (name, holder, holder_pid) values (%s, %s, pg_backend_pid())"
    " on conflict (name) do update set holder = excluded.holder, holder_pid = excluded.holder_pid"
)
_LOOK = (
    "select l.pid, s.holder, s.holder_pid from pg_locks l left join blinkdecl_state s on s.name = %s"
    " where l.locktype = 'advisory' and l.granted and l.objsubid = 1 and l.database ="
    " (select oid from pg_database where datname = current_database())"
    " and ((l.classid::bigint << 32) | l.objid::bigint) = %s"
)
# Either side notices within about 25 s that the other vanished from the network.
_OPTIONS = (
    "-c statement_timeout=15s -c lock_timeout=10s"
    " -c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3"
)
_USUAL = {"connect_timeout": "5", "keepalives_idle": "10", "keepalives_interval": "5", "keepalives_count": "3"}


class PostgresStore:
    """One row of a database."""

    def __init__(self, dsn: str, password: Secret | None, name: str, mask: Mask = str) -> None:
        """`dsn` is libpq's; a password comes from `password`, or libpq's own places (PGPASSWORD, ...). `mask` takes the
        secrets of this run out of what the server says.

        Raises a `Failure` (``invalid-value``) which quotes nothing: a DSN from a reference can hold a password.
        """
        given = parts_of(dsn)
        given |= {"password": password.reveal()} if password is not None else {}
        options = f"{_OPTIONS} {given.pop('options', '')}"
        self._conninfo = Secret(joined({**_USUAL, **given, "options": options}))
        held = (given.get(each, "") for each in ("password", "sslpassword"))
        self._passwords, self._name, self._mask = tuple(map(Secret, held)), name, mask
        self._at = f"postgres://{given.get('host', 'localhost')}/{given.get('dbname', '')} ({name})"
        digest = hashlib.sha256(f"blinkdecl_state {name}".encode()).digest()
        self._key = int.from_bytes(digest[:8], "big", signed=True)
        self._connection: psycopg.Connection[Any] | None = None
        self._holds: LockInfo | None = None

    @property
    def location(self) -> str:
        """Host, database and row; holds no credential."""
        return self._at

    @property
    def sidecar(self) -> Sidecar:
        """A row of the same name in a table of its own."""

        def read(connection: "psycopg.Connection[Any]") -> bytes | None:
            row = connection.execute(_KEPT, (self._name,)).fetchone()
            return bytes(row[0]) if row is not None else None

        def write(connection: "psycopg.Connection[Any]", data: bytes) -> None:
            _make_table(connection, "blinkdecl_deliveries", _BESIDE)
            connection.execute(_KEEP, (self._name, data))

        location = f"{self._at}, table blinkdecl_deliveries"
        return StoreSidecar(location, lambda: self._read(read), lambda data: self._run(lambda at: write(at, data)))

    def get(self) -> Version | None:
        """Return what is stored, None where there is nothing; raises a `Failure`."""

        def read(connection: "psycopg.Connection[Any]") -> Version | None:
            query = "select data, serial from blinkdecl_state where name = %s and data is not null"
            row = connection.execute(query, (self._name,)).fetchone()
            return Version(bytes(row[0]), str(row[1])) if row is not None else None

        return self._read(read)

    def put(self, data: bytes, state: State, expected: Version | None) -> str:
        """Store `data` where `expected` still is; raises `Conflict`, `OutcomeUnknown` or a `Failure`."""

        def write(connection: "psycopg.Connection[Any]") -> str:
            given = (state.lineage, state.serial, data, self._name)
            if expected is None:
                _make_table(connection)
            with connection.transaction():
                connection.execute(_ROW, (self._name,))
                if expected is None:
                    done = connection.execute(_UPDATE + _FIRST, given)
                else:
                    done = connection.execute(_UPDATE + _NEXT, (*given, expected.tag, expected.data))
            if done.rowcount != 1:
                raise Conflict
            return str(state.serial)

        return self._run(write)

    def lock_holder(self) -> Held | None:
        """Return who holds the lock, None where nobody does."""

        def read(connection: "psycopg.Connection[Any]") -> Held | None:
            row = connection.execute(_LOOK, (self._name, self._key)).fetchone()
            if row is None:
                return None
            known = decode_info(bytes(row[1])) if row[1] is not None and row[0] == row[2] else None
            return Held(known or UNKNOWN, str(row[0]))

        return self._read(read)

    def acquire(self, info: LockInfo, take_over_from: Held | None) -> Held:
        """Try for the lock and return who holds it then. A dead session has ended: nobody to take over from."""
        del take_over_from
        if self._run(lambda connection: self._locks(connection, info), keep=True):
            self._holds = info
            return Held(info, "")
        return self.lock_holder() or Held(UNKNOWN, "")

    def renew(self, info: LockInfo, tag: str) -> str | None:
        """Nothing is renewed: the session is the lease."""

    def release(self, info: LockInfo, tag: str) -> None:
        """Free our own lock, or end the session of the holder, whose server process is `tag`."""
        if self._holds is not None and info.id == self._holds.id:
            self._holds = None
            self._unlock()
            self._close()
            return

        def end(connection: "psycopg.Connection[Any]") -> bool:
            from psycopg.errors import InsufficientPrivilege

            try:
                row = connection.execute("select pg_terminate_backend(%s, 5000)", (int(tag),)).fetchone()
            except InsufficientPrivilege:
                may = "the holder's own user, one with pg_signal_backend, or a superuser may end its session"
                raise OutcomeUnknown(f"only {may}, process {tag}") from None
            return row is not None and row[0] is True

        if not self._run(end):
            raise OutcomeUnknown(f"the holder's session, process {tag}, has not ended within 5s")

    def _unlock(self) -> None:
        """Free the lock at once; where that fails, the session's end frees it, a little later."""
        import psycopg

        if self._connection is not None:
            with contextlib.suppress(psycopg.Error):
                self._connection.execute("select pg_advisory_unlock(%s)", (self._key,))

    def _locks(self, connection: "psycopg.Connection[Any]", info: LockInfo) -> bool:
        row = connection.execute("select pg_try_advisory_lock(%s)", (self._key,)).fetchone()
        if row is None or row[0] is not True:
            return False
        _make_table(connection)
        connection.execute(_HOLDER, (self._name, encode_info(info)))
        return True

    def _read(self, work: Callable[["psycopg.Connection[Any]"], _T | None]) -> _T | None:
        """Read something; there is nothing where there is no table yet."""
        from psycopg.errors import UndefinedTable

        def read(connection: "psycopg.Connection[Any]") -> _T | None:
            try:
                return work(connection)
            except UndefinedTable:
                return None

        try:
            return self._run(read)
        except OutcomeUnknown as problem:
            raise unread(self.location, problem) from None

    def _run(self, work: Callable[["psycopg.Connection[Any]"], _T], *, keep: bool = False) -> _T:
        """Do something on a connection, which stays open while the lock is held, or to `keep`.

        Raises `Conflict`, `OutcomeUnknown` or a `Failure`.
        """
        import psycopg

        problem: Exception
        keep = keep or self._holds is not None
        try:
            return work(self._connected())
        except psycopg.OperationalError as failure:
            problem = OutcomeUnknown(self._said(failure))
        except psycopg.Error as failure:
            note = f"{self._said(failure)}; nothing was changed"
            remedy = "the user needs to create, or to read and write, blinkdecl_state and blinkdecl_deliveries"
            problem = error("unreachable", f"the state {self.location} cannot be used", note=note, remedy=remedy)
        finally:
            if not keep or self._broken():
                self._close()
        raise problem

    def _broken(self) -> bool:
        return self._connection is not None and (self._connection.broken or self._connection.closed)

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _connected(self) -> "psycopg.Connection[Any]":
        """Return the connection. One that is reopened while the lock was held takes the lock again, or it is lost."""
        if self._connection is not None:
            return self._connection
        import psycopg

        self._connection = connection = psycopg.connect(self._conninfo.reveal(), autocommit=True)
        held = False
        try:
            held = self._holds is None or self._locks(connection, self._holds)
        finally:
            if not held:
                self._close()
        if not held:
            note = "its connection was ended, and another run holds the lock now"
            raise error("lock-lost", "this run lost the state's lock", note=note, remedy="run the command again")
        return connection

    def _used(self, problem: Exception) -> Iterator[Secret]:
        """Yield the passwords that libpq may have sent, wherever it found them: ~/.pgpass is its own to read."""
        yield from self._passwords
        connected = [getattr(problem, "pgconn", None)]  # that of a connection which failed
        if self._connection is not None and not self._broken():
            connected.append(self._connection.pgconn)
        yield from (Secret(each.password.decode(errors="replace")) for each in connected if each and each.password)

    def _said(self, problem: Exception) -> str:
        """Return the first line of what the server or the library says."""
        return scrubbed(str(problem).partition("\n")[0], self._used(problem), self._mask) or type(problem).__name__


def _make_table(connection: "psycopg.Connection[Any]", name: str = "blinkdecl_state", made: str = _TABLE) -> None:
    """Create a table where there is none; two first runs may do so at once."""
    from psycopg.errors import DuplicateObject, DuplicateTable, UniqueViolation

    if connection.execute("select to_regclass(%s)", (name,)).fetchone() == (None,):
        with contextlib.suppress(DuplicateObject, DuplicateTable, UniqueViolation):
            connection.execute(made)

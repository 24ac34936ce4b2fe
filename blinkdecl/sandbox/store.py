"""What the sandbox received, in SQLite: in memory, or in a file that outlives it. Never keys or query strings."""

import os
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from blinkdecl.diagnostics import error

_TABLE = """
create table if not exists received (
  number integer primary key,
  at text not null,
  path text not null,
  status integer not null,
  alert_id text,
  title text,
  authentication text not null,
  size integer not null
)
"""


@dataclass(frozen=True, slots=True)
class Received:
    """One request to a webhook and its answer: `authentication` is how it tried, `size` the bytes of its body."""

    at: str
    path: str
    status: int
    alert_id: str | None
    title: str | None
    authentication: str
    size: int


@dataclass(frozen=True, slots=True)
class Asked:
    """A request, without anything secret: `operations` are those of GraphQL, such as ``query alerts``."""

    method: str
    path: str
    operations: tuple[str, ...] = ()


class Store:
    """A record that only grows; safe to use from several threads."""

    def __init__(self, database: Path | None = None) -> None:
        """Open `database`, or keep everything in memory; raises a `Failure` where the file cannot be used."""
        self._lock = Lock()
        try:
            if database is not None:
                os.close(os.open(database, os.O_CREAT | os.O_RDWR, 0o600))
            self._connection = sqlite3.connect(database or ":memory:", check_same_thread=False, isolation_level=None)
            # Nothing here is worth an fsync: losing the last records in a power cut is fine for a sandbox.
            self._connection.execute("pragma synchronous = off")
            self._connection.execute("pragma journal_mode = wal")
            self._connection.execute(_TABLE)
        except (OSError, sqlite3.Error) as problem:
            reason = (problem.strerror if isinstance(problem, OSError) else None) or "it is not a database"
            summary = f"the sandbox cannot record to {database}"
            raise error("unwritable", summary, note=reason, remedy="name another file") from None

    def add(self, received: Received) -> None:
        """Record one request."""
        row = (
            received.at, received.path, received.status, received.alert_id, received.title,
            received.authentication, received.size,
        )  # fmt: skip
        with self._lock:
            self._connection.execute(
                "insert into received (at, path, status, alert_id, title, authentication, size) "
                "values (?, ?, ?, ?, ?, ?, ?)",
                row,
            )

    def all(self) -> tuple[Received, ...]:
        """Return everything received, oldest first."""
        with self._lock:
            rows = self._connection.execute(
                "select at, path, status, alert_id, title, authentication, size from received order by number"
            ).fetchall()
        return tuple(Received(*row) for row in rows)

    def close(self) -> None:
        """Close the database."""
        with self._lock:
            self._connection.close()

"""The destinations of the sandbox's Panther, with the semantics of the open-source one, kept in SQLite.

Display names are unique across all kinds, at every step. Secrets go in and come out as "". On update the old and the
new configuration are merged key by key, and an empty value keeps the stored one. Deleting what does not exist is an
error.
"""

import json
import re
import sqlite3
import time
import uuid
from collections import deque
from dataclasses import asdict, replace
from datetime import UTC, datetime
from threading import Lock

from blinkdecl.sandbox.panther.destination import Destination
from blinkdecl.sandbox.panther.timeline import Event, Operation, Timeline

API_USER = "api-token@sandbox"

_TABLE = "create table if not exists destinations (id text primary key, name text unique not null, body text not null)"
_FORBIDDEN = re.compile("['<>&\"]")
_REMEMBERED = 1000


class Refused(Exception):
    """The operation was not carried out: `type` is the error's name, the text is for people."""

    def __init__(self, type_: str, message: str) -> None:
        super().__init__(message)
        self.type = type_


class Tenant:
    """The destinations; safe to use from several threads. What was there stays readable for stale reads."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Share a connection that all threads may use; every use of it is under the tenant's lock."""
        self._connection = connection
        self._lock = Lock()
        self._connection.execute(_TABLE)
        self._past: deque[tuple[float, tuple[Destination, ...]]] = deque(maxlen=_REMEMBERED)
        self.remembers = False
        self._timeline = Timeline(self._rows())

    def all(self, age: float = 0.0) -> tuple[Destination, ...]:
        """Return every destination as it was `age` seconds ago, as far back as that is remembered."""
        with self._lock:
            if age:
                limit = time.monotonic() - age
                for until, rows in self._past:
                    if until > limit:
                        return rows
            return self._rows()

    def get(self, object_id: str) -> Destination:
        """Return one destination; raises `Refused`."""
        with self._lock:
            return self._get(object_id)

    def timeline(self) -> Timeline:
        """Return what there was after each change so far; later changes do not alter it."""
        with self._lock:
            return self._timeline.copy()

    def add(self, given: Destination, by: str = API_USER) -> Destination:
        """Store a new destination and return it; raises `Refused` where its name is in use, or not allowed."""
        now = _now()
        made = replace(
            given, id=str(uuid.uuid4()), created_by=by, created_at=now, modified_by=by, modified_at=now
        )  # fmt: skip
        with self._lock:
            self._put(made, "create")
        return made

    def update(self, object_id: str, given: Destination, by: str = API_USER) -> Destination:
        """Replace what is stored, secrets that are not given excepted; raises `Refused`."""
        with self._lock:
            old = self._get(object_id)
            if given.kind != old.kind:
                raise Refused("InvalidInputError", "the type of a destination cannot be changed")
            fields = {
                **old.config[old.kind],
                **{name: value for name, value in given.config[old.kind].items() if value},
            }
            made = replace(
                given,
                id=old.id,
                output_type=old.output_type,
                config={old.kind: fields},
                created_by=old.created_by,
                created_at=old.created_at,
                modified_by=by,
                modified_at=_now(),
            )
            self._put(made, "update")
        return made

    def delete(self, object_id: str, by: str = API_USER) -> None:
        """Remove a destination; raises `Refused` where there is none."""
        with self._lock:
            self._get(object_id)
            self._remember()
            self._connection.execute("delete from destinations where id = ?", (object_id,))
            self._timeline.add(Event(_now(), "delete", by, object_id))

    def _put(self, made: Destination, operation: Operation) -> None:
        if not made.display_name.strip() or _FORBIDDEN.search(made.display_name):
            raise Refused("InvalidInputError", "the display name is empty or holds one of ' < > & \"")
        self._remember()
        body = json.dumps(asdict(made))
        try:
            self._connection.execute(
                "insert into destinations (id, name, body) values (?, ?, ?)"
                " on conflict (id) do update set name = excluded.name, body = excluded.body",
                (made.id, made.display_name, body),
            )
        except sqlite3.IntegrityError:
            message = f"a destination with the name {made.display_name} already exists"
            raise Refused("AlreadyExistsError", message) from None
        self._timeline.add(Event(made.modified_at, operation, made.modified_by, made.id, made))

    def _get(self, object_id: str) -> Destination:
        found = self._connection.execute("select body from destinations where id = ?", (object_id,)).fetchone()
        if found is None:
            raise Refused("DoesNotExistError", f"there is no destination with the id {object_id}")
        return _read(found[0])

    def _rows(self) -> tuple[Destination, ...]:
        rows = self._connection.execute("select body from destinations order by rowid").fetchall()
        return tuple(_read(body) for (body,) in rows)

    def _remember(self) -> None:
        if self.remembers:
            self._past.append((time.monotonic(), self._rows()))


def _read(body: str) -> Destination:
    given = json.loads(body)
    sets = {name: tuple(given[name]) for name in ("severities", "alert_types", "log_types")}
    return Destination(**{**given, **sets})


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")

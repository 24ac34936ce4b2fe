"""Automations of Blink and their runs, as far as they were told. Frozen data, no I/O; what was not told is None."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Automation:
    """One automation of a workspace. `kind` is Blink's word: ``event``, ``scheduled`` or ``on_demand``."""

    id: str
    name: str
    pack: str = ""
    kind: str = ""
    active: bool | None = None
    published: bool | None = None
    unpublished_changes: bool | None = None

    @property
    def idle(self) -> bool:
        """Whether no trigger starts it: it is known to be inactive, or never published."""
        return self.active is False or self.published is False


@dataclass(frozen=True, slots=True)
class Run:
    """One run of an automation. `state` is Blink's word, ``""`` where there is none; `error` is fit to be shown.

    `drafted` = somebody started it in the editor, which proves nothing of what is published.
    """

    id: str
    state: str
    created_at: datetime | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None
    error: str = ""
    drafted: bool = False


@dataclass(frozen=True, slots=True)
class Event:
    """What started a run, as far as it is kept: the alert's id, title and tags, and nothing else of it."""

    alert_id: str | None
    title: str | None
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class History:
    """The runs of one automation that Blink keeps; `ended` = the list was read to its end.

    Blink keeps so many, and drops the oldest first. So a run that is not listed is one that there is not only where one
    that was listed before it could begin is listed still. No clock is asked: Blink's may be another.
    """

    runs: tuple[Run, ...]
    ended: bool

    def after(self, known: frozenset[str]) -> tuple[Run, ...]:
        """Return the runs that are not among those known before."""
        return tuple(each for each in self.runs if each.id not in known)

    def reaches(self, known: frozenset[str]) -> bool:
        """Whether every run since those that were known before is listed."""
        return self.ended and any(each.id in known for each in self.runs)

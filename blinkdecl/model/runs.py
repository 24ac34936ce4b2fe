"""Automations of Blink and their runs, as far as they were told. Frozen data, no I/O; what was not told is None."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from blinkdecl.model.resource import Attributes


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
class WebhookEvent:
    """An event that triggers an automation. `kind` is Blink's word: ``custom_webhook``, or ``VENDOR.NAME``."""

    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class Place:
    """The automation that an alert is to start, by the names that its trigger declares; "" = not declared."""

    workspace: str
    pack: str
    automation: str

    @classmethod
    def of(cls, trigger: Attributes) -> "Place":
        """Return the place that the attributes of a trigger name."""
        return cls(*(str(trigger.get(each) or "") for each in ("workspace", "pack", "automation")))

    def __str__(self) -> str:
        return f'"{self.automation}" in the workspace "{self.workspace}"'

    def namesakes(self, automations: Iterable[Automation]) -> tuple[Automation, ...]:
        """Return those of the workspace's automations that have the name, in whatever pack."""
        return tuple(each for each in automations if each.name == self.automation)

    def among(self, automations: Iterable[Automation]) -> tuple[Automation, ...]:
        """Return those that it can mean: one is found, more are ambiguous."""
        return tuple(each for each in self.namesakes(automations) if not self.pack or each.pack == self.pack)


@dataclass(frozen=True, slots=True)
class Looked:
    """What Blink shows of the automation of a trigger: all that have its name, in whatever pack.

    `event_names` are those that trigger it; None where that was not asked, or not told.
    """

    namesakes: tuple[Automation, ...]
    event_names: tuple[str, ...] | None = None


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

    @property
    def timed(self) -> bool:
        """Whether Blink says when it came to be."""
        return (self.created_at or self.started_at) is not None


@dataclass(frozen=True, slots=True)
class Event:
    """What started a run, as far as it is kept: which of the tags that were looked for it has, and nothing else."""

    marks: frozenset[str]


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

"""Automations of the sandbox's Blink and their runs: one run for each alert that a webhook took.

Every webhook triggers one automation, "Triage alerts" in the workspace "SOC", unless another was declared for its path.
Each automation has run before, so that its history reaches back. Forty run at a time in a workspace; the others wait.
"""

import heapq
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Literal
from uuid import NAMESPACE_URL, uuid4, uuid5

QUEUE = 40
_KEPT = 1000
_EARLIER = (86_400, 7_200, 3_600)


@dataclass(frozen=True, slots=True)
class BlinkFaults:
    """What is wrong in Blink. First what alerts meet, then what its API answers.

    inactive, unpublished   no alert starts a run; `changed` = there are unpublished changes, which do not matter
    condition_false         webhooks accept alerts, and the trigger's condition lets none through
    fails, stuck            a run fails at a step; a run stays in the queue
    run_seconds             how long a run takes

    refuse       the HTTP status of every answer, such as 401 or 403; 0 = none is refused
    latency      seconds until an answer
    history      how many runs of an automation are kept
    states       which of `state` and `state_ui` there are, or words that nobody knows
    page         rows of a page at most, whatever was asked for; 0 = as asked
    no_total     lists do not tell how long they are
    no_event     runs do not tell what started them
    """

    inactive: bool = False
    unpublished: bool = False
    changed: bool = False
    condition_false: bool = False
    fails: bool = False
    stuck: bool = False
    run_seconds: float = 0.0
    refuse: int = 0
    latency: float = 0.0
    history: int = 100
    states: str = "both"
    page: int = 0
    no_total: bool = False
    no_event: bool = False


@dataclass(frozen=True, slots=True)
class Declared:
    """An automation by its names, and the event that triggers it."""

    workspace: str = "SOC"
    pack: str = "Alerts"
    automation: str = "Triage alerts"
    event_name: str = "Alert from Panther"

    @property
    def workspace_id(self) -> str:
        """The same for each automation of a workspace, in every sandbox."""
        return str(uuid5(NAMESPACE_URL, self.workspace))

    @property
    def id(self) -> str:
        """The same in every sandbox."""
        return str(uuid5(NAMESPACE_URL, f"{self.workspace}/{self.pack}/{self.automation}"))


@dataclass(frozen=True, slots=True)
class Execution:
    """One run; times in seconds since 1970, `started` None while it stays in the queue. `event` may hold a key."""

    id: str
    automation: Declared
    number: int
    created: float
    started: float | None
    finished: float
    fails: bool
    event: Mapping[str, object]

    def state(self, now: float) -> Literal["Pending", "In progress", "Failed", "Completed"]:
        """Return how far it is."""
        if self.started is None or now < self.started:
            return "Pending"
        if now < self.finished:
            return "In progress"
        return "Failed" if self.fails else "Completed"


@dataclass(slots=True)
class _Runs:
    kept: deque[Execution] = field(default_factory=lambda: deque(maxlen=_KEPT))
    count: int = 0


class Runs:
    """What Blink holds of automations and their runs; safe to use from several threads."""

    def __init__(self, began: float) -> None:
        """`began` = when the sandbox did; every automation has run before."""
        self._lock = Lock()
        self._began = began
        self._by_path: dict[str, Declared] = {}
        self._runs: dict[Declared, _Runs] = {}
        self._ends: dict[str, list[float]] = {}
        self.faults = BlinkFaults()
        self._add(Declared())

    def declare(self, path: str, declared: Declared) -> None:
        """Have the webhook at ``soc`` or ``/webhooks/soc`` trigger an automation of its own."""
        with self._lock:
            self._by_path["/webhooks/" + path.removeprefix("/webhooks/").strip("/")] = declared
            if declared not in self._runs:
                self._add(declared)

    def automations(self) -> tuple[Declared, ...]:
        """Return every automation."""
        with self._lock:
            return tuple(self._runs)

    def of(self, automation: Declared, history: int) -> list[Execution]:
        """Return the last runs of an automation, the newest first."""
        with self._lock:
            return list(reversed(self._runs[automation].kept))[:history]

    def accepted(self, path: str, event: Mapping[str, object], now: float) -> None:
        """Start a run for an alert that a webhook took, unless something is wrong."""
        faults = self.faults
        if faults.inactive or faults.unpublished or faults.condition_false:
            return
        with self._lock:
            automation = self._by_path.get(path, Declared())
            ends = self._ends.setdefault(automation.workspace, [])
            started = now if len(ends) < QUEUE else max(now, heapq.heappop(ends))
            if not faults.stuck:
                heapq.heappush(ends, started + faults.run_seconds)
            finished = started + faults.run_seconds
            self._started(automation, now, None if faults.stuck else started, finished, event, fails=faults.fails)

    def _add(self, automation: Declared) -> None:
        self._runs[automation] = _Runs()
        for ago in _EARLIER:
            then = self._began - ago
            event = {"payload": {"alertId": f"earlier-{ago}", "title": "An earlier alert", "tags": []}}
            self._started(automation, then, then, then + 1, event, fails=False)

    def _started(
        self,
        automation: Declared,
        created: float,
        started: float | None,
        finished: float,
        event: Mapping[str, object],
        *,
        fails: bool,
    ) -> None:
        runs = self._runs[automation]
        runs.count += 1
        runs.kept.append(Execution(str(uuid4()), automation, runs.count, created, started, finished, fails, event))

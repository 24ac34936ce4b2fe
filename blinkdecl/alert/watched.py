"""One automation whose runs are looked at: what was there before, what came since, and what started that.

What was seen once is kept: a run that Blink no longer lists, or a question that fails, takes nothing back.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from blinkdecl.alert.judge import begun, judged, unknown, without_runs
from blinkdecl.blink.interface import Blink
from blinkdecl.diagnostics import Failure
from blinkdecl.model.results import AlertRun
from blinkdecl.model.runs import Automation, Event, History, Place, Run

_SETTLED = ("ran", "failed")
# What asking again does not change.
_LASTING = ("unauthorised", "not-found", "ambiguous-name")
# How often a run is asked what started it in each of its states: one that does not tell will hardly tell later, unless
# it waited in the queue, or ran.
_MOST_ASKED = 3


@dataclass(slots=True)
class Watched:
    """One automation, by the ids of its workspace and its own, and the runs that were known before the alerts.

    `idle` = why no trigger started it then, ``""`` where one does. `failed` = why it cannot be looked at.
    """

    workspace: str = ""
    automation: str = ""
    idle: str = ""
    known: frozenset[str] = frozenset()
    failed: AlertRun | None = None
    _runs: dict[str, Run] = field(default_factory=dict)
    _events: dict[str, Event] = field(default_factory=dict)
    _asked: Counter[tuple[str, str]] = field(default_factory=Counter)

    def look(self, blink: Blink, marks: frozenset[str], idle: str) -> dict[str, tuple[AlertRun, bool]]:
        """Return what is known now of the alerts with these tags, and whether that is all there will be.

        `idle` = why no trigger starts the automation now.
        """
        if self.failed is not None:
            return dict.fromkeys(marks, (self.failed, True))
        try:
            history = blink.history(self.workspace, self.automation)
        except Failure as failure:
            return {each: self._without_answer(each, failure) for each in marks}
        for run in history.after(self.known):
            earlier = self._runs.get(run.id)
            self._runs[run.id] = replace(run, drafted=run.drafted or (earlier is not None and earlier.drafted))
        if self.idle and idle and not self._runs:
            return dict.fromkeys(marks, (without_runs(idle), True))
        self._ask(blink, marks)
        before = (run for run in history.runs if run.id in self.known)
        whole = History((*self._runs.values(), *before), history.ended)
        found = {each: judged(whole, self.known, self._events, each) for each in marks}
        return {mark: (run, run.outcome in _SETTLED) for mark, run in found.items()}

    def _ask(self, blink: Blink, marks: frozenset[str]) -> None:
        """Ask the runs what started them, the first one first, until each of these tags was found.

        Those without a time are asked in any case: they may be the first.
        """
        found = self._marks()
        for run in sorted(self._runs.values(), key=begun):
            enough = marks <= found and run.timed
            if enough or run.id in self._events or self._asked[run.id, run.state] >= _MOST_ASKED:
                continue
            self._asked[run.id, run.state] += 1
            try:
                told, event = blink.run(self.workspace, run.id, marks)
            except Failure:
                continue  # of this run alone nothing is told
            if event is not None:
                self._events[run.id] = event
                drafted = run.drafted or told.drafted
                self._runs[run.id] = replace(run, drafted=drafted)
                found |= frozenset() if drafted else event.marks

    def _marks(self) -> frozenset[str]:
        """Return the tags that runs of what is published have."""
        return frozenset().union(*(event.marks for key, event in self._events.items() if not self._runs[key].drafted))

    def _without_answer(self, mark: str, failure: Failure) -> tuple[AlertRun, bool]:
        """Return what was known of an alert before Blink did not answer, or that it did not."""
        last = judged(History(tuple(self._runs.values()), ended=False), self.known, self._events, mark)
        return last if last.execution_id is not None else because(failure), failure.code in _LASTING


def named(automations: Iterable[Automation], place: Place) -> Automation | AlertRun:
    """Return the automation of a place, or why there is not one."""
    found = place.among(automations)
    if len(found) == 1:
        return found[0]
    if found:
        return unknown(f"Blink has {len(found)} automations {place}", "declare the `pack` of the trigger")
    return unknown(f"Blink shows no automation {place}", "compare `workspace`, `pack` and `automation` with Blink")


def idleness(automations: Sequence[Automation], identifier: str) -> str:
    """Return why no trigger starts an automation; "" where one does, or Blink does not say."""
    found = next((each for each in automations if each.id == identifier and each.idle), None)
    return "" if found is None else "not published" if found.published is False else "inactive"


def because(failure: Failure) -> AlertRun:
    """Return that nothing is proved because Blink did not answer."""
    problem = failure.diagnostics[0]
    return unknown(problem.summary, dict(problem.notes).get("help", ""))

"""Looks in Blink for the runs of test alerts that it accepted, until each has ended or the time is up.

Before the first alert is sent, the runs that there are are noted (`Follower`): what comes after them is new, whatever
the clocks say. Nothing is asked that `blinkdecl.alert.judge` does not need.
"""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from blinkdecl.alert.judge import judged, unknown, without_runs
from blinkdecl.blink.interface import Blink
from blinkdecl.diagnostics import Failure
from blinkdecl.model.results import AlertRun
from blinkdecl.model.runs import Automation, Event, Place

_FIRST, _LONGEST, _GROWTH, _STEP = 0.25, 5.0, 1.5, 0.1
_SETTLED = ("ran", "failed")
# What asking again does not change.
_LASTING = ("unauthorised", "not-found", "ambiguous-name")


@dataclass(frozen=True, slots=True)
class Sent:
    """An alert that Blink accepted: for which address, where it is to run, and the tag that no other alert has."""

    address: str
    place: Place
    mark: str


@dataclass(slots=True)
class _Watched:
    """One automation: what was there before, and what started each run since."""

    workspace: str = ""
    automation: str = ""
    idle: str = ""
    known: frozenset[str] = frozenset()
    events: dict[str, Event | None] = field(default_factory=dict)
    failed: AlertRun | None = None


class Follower:
    """What Blink held before the alerts were sent, and how it is asked after that."""

    def __init__(self, blink: Blink, places: Iterable[Place], parallelism: int) -> None:
        """Note the runs of each place; why one cannot be looked at is what its alerts' outcome is to be."""
        self._blink, self._parallelism = blink, parallelism
        distinct = list(dict.fromkeys(places))
        with ThreadPoolExecutor(parallelism, thread_name_prefix="runs") as pool:
            self._watched = dict(zip(distinct, pool.map(self._watch, distinct), strict=True))

    def follow(
        self,
        alerts: Sequence[Sent],
        timeout: float,
        on_run: Callable[[str, AlertRun], None],
        cancelled: Callable[[], bool] = lambda: False,
    ) -> None:
        """Call `on_run` once for each alert: when its run has ended, or after `timeout` seconds with what is known.

        That there is none yet says nothing where the wait was `cancelled`.
        """
        deadline, pause, waiting = time.monotonic() + timeout, _FIRST, list(alerts)
        with ThreadPoolExecutor(self._parallelism, thread_name_prefix="runs") as pool:
            while waiting:
                ended, stopped = time.monotonic() >= deadline, cancelled()
                found = self._look(pool, waiting)
                for each in [each for each in waiting if ended or stopped or found[each.address][1]]:
                    run, settled = found[each.address]
                    early = run.outcome == "not_seen" and not (ended or settled)
                    on_run(each.address, unknown("the wait for its run was interrupted") if early else run)
                    waiting.remove(each)
                until = min(deadline, time.monotonic() + pause)
                while waiting and not cancelled() and (left := until - time.monotonic()) > 0:
                    time.sleep(min(left, _STEP))
                pause = min(_LONGEST, pause * _GROWTH)

    def _watch(self, place: Place) -> _Watched:
        if not (place.workspace and place.automation):
            missing = "automation" if place.workspace else "workspace"
            remedy = "write `workspace` and `automation` as Blink shows them"
            return _Watched(failed=unknown(f"the trigger does not declare its {missing}", remedy))
        try:
            workspace = self._blink.workspace(place.workspace)
            one = self._named(workspace, place)
            if isinstance(one, AlertRun):
                return _Watched(failed=one)
            history = self._blink.history(workspace, one.id)
        except Failure as failure:
            return _Watched(failed=_because(failure))
        return _Watched(workspace, one.id, _idle(one), frozenset(each.id for each in history.runs))

    def _named(self, workspace: str, place: Place) -> Automation | AlertRun:
        """Return the automation of a place, or why there is not one."""
        found = place.among(self._blink.automations(workspace))
        if len(found) == 1:
            return found[0]
        if found:
            return unknown(f"Blink has {len(found)} automations {place}", "declare the `pack` of the trigger")
        return unknown(f"Blink shows no automation {place}", "compare `workspace`, `pack` and `automation` with Blink")

    def _look(self, pool: ThreadPoolExecutor, alerts: Sequence[Sent]) -> Mapping[str, tuple[AlertRun, bool]]:
        """Return what is known of each alert now, and whether that is all there will be."""
        of_place: dict[Place, list[Sent]] = {}
        for each in alerts:
            of_place.setdefault(each.place, []).append(each)
        return {name: seen for some in pool.map(self._seen, of_place.values()) for name, seen in some.items()}

    def _seen(self, alerts: Sequence[Sent]) -> dict[str, tuple[AlertRun, bool]]:
        """Return what is known of alerts to one automation."""
        watched = self._watched[alerts[0].place]
        if watched.failed is not None:
            return {each.address: (watched.failed, True) for each in alerts}
        try:
            idle = watched.idle and self._still_idle(watched)
            history = self._blink.history(watched.workspace, watched.automation)
            for run in history.after(watched.known):
                if watched.events.get(run.id) is None:
                    watched.events[run.id] = self._blink.run(watched.workspace, run.id)[1]
        except Failure as failure:
            return {each.address: (_because(failure), failure.code in _LASTING) for each in alerts}
        seen = {}
        for each in alerts:
            if idle and not history.after(watched.known):
                seen[each.address] = without_runs(idle), True
            else:
                judgement = judged(history, watched.known, watched.events, each.mark)
                seen[each.address] = judgement, judgement.outcome in _SETTLED
        return seen

    def _still_idle(self, watched: _Watched) -> str:
        now = self._blink.automations(watched.workspace)
        return next((_idle(each) for each in now if each.id == watched.automation), "")


def _idle(automation: Automation) -> str:
    """Return why no trigger starts an automation; "" where one does, or Blink does not say."""
    if not automation.idle:
        return ""
    return "not published" if automation.published is False else "inactive"


def _because(failure: Failure) -> AlertRun:
    """Return that nothing is proved because Blink did not answer."""
    problem = failure.diagnostics[0]
    return unknown(problem.summary, dict(problem.notes).get("help", ""))

"""Looks in Blink for the runs of test alerts that it accepted, until each has ended or the time is up.

Before the first alert is sent, the runs that there are are noted (`Follower`): what comes after them is new, whatever
the clocks say. Nothing is asked that `blinkdecl.alert.judge` does not need, and of a workspace only once a look.
"""

import time
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

from blinkdecl.alert.judge import unknown
from blinkdecl.alert.watched import Watched, because, idleness, named
from blinkdecl.blink.interface import Blink
from blinkdecl.diagnostics import Failure
from blinkdecl.model.results import AlertRun
from blinkdecl.model.runs import Automation, Place
from blinkdecl.system.workers import performed

_FIRST, _LONGEST, _GROWTH, _STEP = 0.25, 5.0, 1.5, 0.1
# Seconds that a look which is under way when the time is up, or somebody ends the wait, may still take.
_GRACE = 5.0

_NO_ANSWER, _INTERRUPTED = "Blink did not answer in time", "the wait for its run was interrupted"


@dataclass(frozen=True, slots=True)
class Sent:
    """An alert that Blink accepted: for which address, where it is to run, and the tag that no other alert has.

    One alert may be expected at several places: each is a `Sent` of its own, with the same tag.
    """

    address: str
    place: Place
    mark: str


def _never() -> bool:
    return False


class Follower:
    """What Blink held before the alerts were sent, and how it is asked after that."""

    def __init__(self, blink: Blink, places: Iterable[Place], parallelism: int, grace: float = _GRACE) -> None:
        """Note the runs of each place; why one cannot be looked at is what its alerts' outcome is to be.

        `grace` = the seconds that a look may take beyond the time.
        """
        self._blink, self._parallelism, self._grace = blink, parallelism, grace
        distinct = list(dict.fromkeys(places))
        names = dict.fromkeys(each.workspace for each in distinct if each.workspace and each.automation)
        workspaces = performed(parallelism, names, self._workspace)
        self._watched = performed(parallelism, distinct, lambda each: self._watch(each, workspaces.get(each.workspace)))

    def follow(
        self,
        alerts: Collection[Sent],
        timeout: float,
        on_run: Callable[[str, AlertRun], None],
        cancelled: Callable[[], bool] = _never,
        hurried: Callable[[], bool] = _never,
    ) -> None:
        """Call `on_run` once for each alert: when its run has ended, or after `timeout` seconds with what is known.

        That there is none yet says nothing where the wait was `cancelled`: a look that is under way may end, and none
        follows. Where it is `hurried`, nothing is waited for.
        """
        waiting = {each.address: each for each in alerts}
        last: dict[str, AlertRun] = {}
        patience, pause = _Patience(time.monotonic() + timeout, self._grace, cancelled, hurried), _FIRST
        while waiting:
            # Who ends the wait between two looks is told what the last one showed.
            found = {} if last and cancelled() else self._look([*waiting.values()], patience.over)
            ended, stopped = patience.ended, cancelled()
            for address in [*waiting]:
                run, settled = found.get(address, (last.get(address, unknown(_NO_ANSWER)), False))
                last[address] = run
                if run.outcome == "not_seen" and not settled and (stopped or address not in found):
                    run = unknown(_INTERRUPTED if stopped else _NO_ANSWER)
                if ended or stopped or settled:
                    on_run(address, run)
                    del waiting[address]
            until = min(patience.deadline, time.monotonic() + pause)
            while waiting and not cancelled() and (left := until - time.monotonic()) > 0:
                time.sleep(min(left, _STEP))
            pause = min(_LONGEST, pause * _GROWTH)

    def _workspace(self, name: str) -> tuple[str, tuple[Automation, ...]] | AlertRun:
        """Return a workspace's id and its automations, or why they are not known."""
        try:
            identifier = self._blink.workspace(name)
            return identifier, self._blink.automations(identifier)
        except Failure as failure:
            return because(failure)

    def _watch(self, place: Place, workspace: tuple[str, tuple[Automation, ...]] | AlertRun | None) -> Watched:
        """Return the automation of a place with the runs that there are; `workspace` = None where none is declared."""
        if workspace is None or not place.automation:
            missing = "automation" if place.workspace else "workspace"
            remedy = "write `workspace` and `automation` as Blink shows them"
            return Watched(failed=unknown(f"the trigger does not declare its {missing}", remedy))
        if isinstance(workspace, AlertRun):
            return Watched(failed=workspace)
        identifier, automations = workspace
        one = named(automations, place)
        if isinstance(one, AlertRun):
            return Watched(failed=one)
        try:
            history = self._blink.history(identifier, one.id)
        except Failure as failure:
            return Watched(failed=because(failure))
        known = frozenset(each.id for each in history.runs)
        return Watched(identifier, one.id, idleness(automations, one.id), known)

    def _look(self, alerts: Sequence[Sent], over: Callable[[], bool]) -> dict[str, tuple[AlertRun, bool]]:
        """Return what is known of each alert now, and whether that is all there will be.

        What Blink has not answered when it is `over` is left out.
        """
        marks: dict[Place, set[str]] = {}
        for each in alerts:
            marks.setdefault(each.place, set()).add(each.mark)
        watched = {place: self._watched[place] for place in marks}
        asked = {each.workspace for each in watched.values() if each.idle}
        idle = performed(self._parallelism, asked, self._automations, over)

        def seen(place: Place) -> dict[str, tuple[AlertRun, bool]]:
            one = watched[place]
            now = idleness(idle.get(one.workspace, ()), one.automation) if one.idle else ""
            return one.look(self._blink, frozenset(marks[place]), now)

        found = performed(self._parallelism, marks, seen, over)
        return {each.address: found[each.place][each.mark] for each in alerts if each.place in found}

    def _automations(self, workspace: str) -> tuple[Automation, ...]:
        """Return the automations of a workspace, as far as Blink tells them."""
        try:
            return self._blink.automations(workspace)
        except Failure:
            return ()


@dataclass(slots=True)
class _Patience:
    """How long is waited: until the deadline, and for a look that is under way a while longer."""

    deadline: float
    grace: float
    cancelled: Callable[[], bool]
    hurried: Callable[[], bool]

    @property
    def ended(self) -> bool:
        """Whether the time is up."""
        return time.monotonic() >= self.deadline

    def over(self) -> bool:
        """Whether a look that is under way is given up."""
        if self.cancelled():
            self.deadline = min(self.deadline, time.monotonic())
        return self.hurried() or time.monotonic() >= self.deadline + self.grace

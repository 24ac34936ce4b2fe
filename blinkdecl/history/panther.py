"""Alerts of a period from Panther's API: several pages at once, each alert once, with what is known of its detection.

Each listing begins as one window. A page is followed by the next one, or, while there are free workers, by the rest of
its window in parts, so that no worker is left alone with a long one; what lies in two parts counts once. No window goes
on when the reading has begun: alerts that are raised meanwhile move no page. The lists of detections are read beside,
and alerts wait until these are complete. A secret of
the run in what is read is masked before anything is made of it, so that no file of alerts has it either.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from math import ceil

from blinkdecl.diagnostics import error
from blinkdecl.history.alerts import EDGE, LISTINGS, AlertAnswer, AlertPage, read_alert_page
from blinkdecl.history.detections import FIRST_PAGES, DetectionFacts, ListAnswer, ListPage, read_list_page, with_facts
from blinkdecl.model.observed import ObservedAlert, Period
from blinkdecl.provider.panther.endpoint import NO_ANSWER_HELP, Endpoint
from blinkdecl.secret.value import Mask, Secret
from blinkdecl.system.retry import RetryLimits
from blinkdecl.system.workers import Workers

READERS = 8
RIGHTS = "AlertRead, RuleRead and PolicyRead"
# Pages that lie ready for the next free worker, while what was read is being used.
_AHEAD = 2
# Alerts that wait for the lists of detections at most: what comes later is asked for when these are complete.
_MOST_WAITING = 20_000
_LIMITS = RetryLimits()

_Task = ListPage | AlertPage
_Answer = ListAnswer | AlertAnswer


def reading_endpoint(
    url: str, headers: Mapping[str, Secret], environ: Mapping[str, str], mask: Mask, limits: RetryLimits = _LIMITS
) -> Endpoint:
    """Return Panther's API at a URL, for `READERS` questions at once; `headers` hold the token."""
    no_answer = f"{NO_ANSWER_HELP}; the file that `blinkdecl observe --save FILE` wrote needs no connection"
    return Endpoint(url, headers, READERS, limits, environ=environ, mask=mask, rights=RIGHTS, no_answer=no_answer)


def read_history(
    endpoint: Endpoint, period: Period, parallelism: int = READERS, *, titles: bool = False
) -> Iterator[ObservedAlert]:
    """Yield every alert of a period once, in no order; raises a `Failure` as `Endpoint.read` and `Endpoint.get` do.

    `titles` = they are asked for as well.
    """

    def read(task: _Task) -> _Answer:
        if isinstance(task, ListPage):
            return read_list_page(endpoint, task)
        return read_alert_page(endpoint, task, titles=titles)

    seen: set[str] = set()
    with Workers(parallelism, read) as workers:
        reading = _Reading(workers, parallelism + _AHEAD, period)
        while workers.busy:
            if (answer := workers.next()) is None:
                continue
            for each in reading.take(answer):
                if each.id not in seen and period.begin <= each.created_at < period.end:
                    seen.add(each.id)
                    yield with_facts(each, reading.facts)


class _Reading:
    """What is known of detections so far, and what waits for the rest of it; used by one thread."""

    def __init__(self, workers: Workers[_Task, _Answer], tasks: int, period: Period) -> None:
        """Begin: `tasks` = how many may be under way at once, beyond those that cannot be had later."""
        self.facts: dict[str, DetectionFacts] = {}
        self._workers, self._tasks = workers, tasks
        self._unfinished = len(FIRST_PAGES)
        self._waiting: list[ObservedAlert] = []
        self._later: list[AlertPage] = []
        self._asked: set[_Task] = set()
        self._ask([*FIRST_PAGES, *(AlertPage(listing, period) for listing in LISTINGS)])

    def take(self, answer: _Answer) -> Iterable[ObservedAlert]:
        """Ask for what follows an answer; return the alerts whose detections are known as far as they will be."""
        if isinstance(answer, ListAnswer):
            return self._list(answer)
        pages = following_pages(answer, self._tasks - self._workers.outstanding)
        if not self._unfinished:
            self._ask(pages)
            return answer.alerts
        self._waiting.extend(answer.alerts)
        if len(self._waiting) < _MOST_WAITING:
            self._ask(pages)
        else:
            self._later.extend(pages)
        return ()

    def _list(self, answer: ListAnswer) -> Iterable[ObservedAlert]:
        self.facts.update(answer.facts)
        if answer.following is not None:
            self._ask([answer.following])
            return ()
        self._unfinished -= 1
        if self._unfinished:
            return ()
        self._ask(self._later)
        ready, self._waiting, self._later = self._waiting, [], []
        return ready

    def _ask(self, pages: Sequence[_Task]) -> None:
        """Ask for pages; raises a `Failure` for one that was asked for before: its list goes in a circle."""
        if not self._asked.isdisjoint(pages):
            note = "a partial answer is never used"
            raise error("invalid-answer", "Panther's answer cannot be used: its pages go in a circle", note=note)
        self._asked.update(pages)
        self._workers.submit_all(pages)


def following_pages(answer: AlertAnswer, free: int) -> list[AlertPage]:
    """Return what is to be asked for after a page: nothing, the next page, or the rest of its window in parts.

    `free` = how many tasks there is room for. The parts are at most as many, and no more than there seem to be pages.
    A page whose alerts do not get younger, which no rest can be told from, is followed by its cursor.
    """
    if answer.cursor is None:
        return []
    page, times = answer.page, [each.created_at for each in answer.alerts]
    if times and times == sorted(times) and times[0] < times[-1] and page.window.begin + EDGE < times[-1]:
        rest = Period(times[-1], page.window.end)
        parts = min(free, ceil((rest.end - rest.begin) / (times[-1] - times[0])))
        if parts > 1:
            return [AlertPage(page.listing, each) for each in _parts(rest, parts)]
    return [replace(page, cursor=answer.cursor)]


def _parts(period: Period, count: int) -> list[Period]:
    """Return a period in parts of one length, of whole milliseconds."""
    part = max((period.end - period.begin) // count // EDGE * EDGE, EDGE)
    begins = [period.begin + number * part for number in range(count) if period.begin + number * part < period.end]
    return [Period(begin, end) for begin, end in zip(begins, [*begins[1:], period.end], strict=True)]

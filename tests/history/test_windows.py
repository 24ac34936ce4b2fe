"""What is asked for after a page: no worker is left alone with a long window, and no alert falls between two."""

import random
from bisect import bisect_left
from collections import deque
from datetime import datetime, timedelta

import pytest

from blinkdecl.history.alerts import EDGE, PAGE, AlertAnswer, AlertPage
from blinkdecl.history.panther import READERS, following_pages
from blinkdecl.model.observed import ObservedAlert, Period
from tests.support.observed import month


def made(chance: random.Random, shape: str, count: int = 20_000) -> list[ObservedAlert]:
    """Return alerts of a month, oldest first: spread evenly, most of them in one hour, or all in few moments."""
    day = 86_400
    ranges = {
        "even": [range(30 * day)],
        "burst": [range(30 * day), range(20 * day, 20 * day + 3600)],
        "moments": [range(0, 5 * day, day)],
    }
    seconds = (chance.choice(chance.choice(ranges[shape])) for _ in range(count))
    times = sorted(month().begin + timedelta(seconds=each) for each in seconds)
    return [ObservedAlert(str(number), at, "LOW", "RULE", None, "known", None) for number, at in enumerate(times)]


def answered(alerts: list[ObservedAlert], page: AlertPage) -> AlertAnswer:
    """Return a page as Panther would."""

    def place(moment: datetime) -> int:
        return bisect_left(alerts, moment, key=lambda each: each.created_at)

    start = place(page.window.begin - EDGE) + int(page.cursor or 0)
    end = place(page.window.end + EDGE)
    cursor = str(int(page.cursor or 0) + PAGE) if start + PAGE < end else None
    return AlertAnswer(page, tuple(alerts[start : min(start + PAGE, end)]), cursor)


def read_in_steps(alerts: list[ObservedAlert]) -> tuple[set[str], int, int]:
    """Return the ids that were read, how many requests it took, and in how many steps of `READERS` at once."""
    seen, requests, steps = set[str](), 0, 0
    tasks = deque([AlertPage("ALERT", month())])
    while tasks:
        steps += 1
        under_way = [tasks.popleft() for _ in range(min(READERS, len(tasks)))]
        for left, page in zip(range(len(under_way) - 1, -1, -1), under_way, strict=True):
            answer = answered(alerts, page)
            seen |= {each.id for each in answer.alerts}
            tasks.extend(following_pages(answer, READERS - left - len(tasks)))
            requests += 1
    return seen, requests, steps


@pytest.mark.parametrize("shape", ["even", "burst", "moments"])
def test_every_alert_once_and_few_idle_workers(shape: str) -> None:
    """At least 85 of 100 places are taken, unless many alerts have one time, and hardly a page is asked for twice."""
    alerts = made(random.Random(5), shape)
    seen, requests, steps = read_in_steps(alerts)
    assert len(seen) == len(alerts)
    if shape != "moments":
        assert requests / (steps * READERS) > 0.85
        assert requests < 1.1 * len(alerts) / PAGE


def test_what_is_followed_by_its_cursor() -> None:
    """No rest is told from alerts of one time, from such as do not get younger, or where nobody is free."""
    even = answered(made(random.Random(5), "even"), AlertPage("ALERT", month()))
    one_time = AlertAnswer(even.page, even.alerts[:1] * 3, "3")
    backwards = AlertAnswer(even.page, even.alerts[::-1], "50")
    for answer, free in ((one_time, 8), (backwards, 8), (AlertAnswer(even.page, (), "0"), 8), (even, 1), (even, -1)):
        assert following_pages(answer, free) == [AlertPage("ALERT", month(), answer.cursor)]
    assert following_pages(AlertAnswer(even.page, even.alerts, None), 8) == []


def test_parts_touch_each_other() -> None:
    """They begin at the last alert of the page, and end where the window does."""
    answer = answered(made(random.Random(5), "even"), AlertPage("ALERT", month()))
    parts = [each.window for each in following_pages(answer, 3)]
    assert parts[0].begin == answer.alerts[-1].created_at
    assert [each.end for each in parts] == [parts[1].begin, parts[2].begin, month().end]
    short = Period(month().begin, answer.alerts[-1].created_at + timedelta(seconds=1))
    assert len(following_pages(AlertAnswer(AlertPage("ALERT", short), answer.alerts, "50"), 8)) == 1

"""Dispatches an alert by hand, retrying until Blink takes it, since a real alert must arrive.

Panther also tries up to ten times. What a retry cannot change ends it at once: a refused key, a wrong URL, a redirect,
a body that is not accepted. A lost answer may hide a delivery, so an alert can arrive twice, as Panther's own can. The
loop is ours, not the one of the library in `blinkdecl.system.retry`: a person watches each attempt, and a signal ends
the pause before the next.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from secrets import SystemRandom

from blinkdecl.alert.delivery import Outgoing, Target, deliver
from blinkdecl.model.results import Delivery
from blinkdecl.model.urls import HostRules
from blinkdecl.system.http import Client

_AGAIN_STATUS = frozenset((408, 425, 429))
_AGAIN_FAILURE = frozenset(("timeout", "reset", "dns", "unreachable", "proxy"))
# Seconds between two looks for a signal during a pause.
_POLL = 0.1


@dataclass(frozen=True, slots=True)
class DispatchLimits:
    """How often and how long: attempts, and in seconds the first pause, the longest pause, and the whole."""

    attempts: int = 10
    first: float = 1.0
    longest: float = 60.0
    limit: float = 600.0


def dispatch(
    client: Client,
    target: Target,
    outgoing: Outgoing,
    hosts: HostRules,
    limits: DispatchLimits,
    on_attempt: Callable[[Delivery, float], None],
    cancelled: Callable[[], bool] = lambda: False,
) -> Delivery:
    """Send an alert to one target until it is taken, and return the outcome of the last attempt.

    `on_attempt` is called with each failed attempt that will be repeated and the seconds until then, in the thread that
    sends. A receiver that asks to wait (Retry-After) is obeyed within the limit.
    """
    end = time.monotonic() + limits.limit
    for attempt in range(1, limits.attempts + 1):
        timeout = min(target.timeout, max(0.1, end - time.monotonic()))
        outcome = deliver(client, replace(target, timeout=timeout), outgoing, hosts, attempt=attempt)
        pause = _pause(outcome, limits)
        late = time.monotonic() + pause >= end
        if attempt == limits.attempts or late or not _worth_it(outcome) or cancelled():
            break
        on_attempt(outcome, pause)
        if _cut_short(pause, cancelled):
            break
    return outcome


def _worth_it(outcome: Delivery) -> bool:
    """Whether a retry may succeed."""
    if outcome.status is None:
        return outcome.failure in _AGAIN_FAILURE
    return outcome.status >= 500 or outcome.status in _AGAIN_STATUS


def _pause(outcome: Delivery, limits: DispatchLimits) -> float:
    """Return the seconds until the next attempt: doubled each time, less a random part of up to half."""
    if outcome.retry_after is not None:
        return outcome.retry_after
    pause = min(limits.longest, limits.first * 2.0 ** (outcome.attempt - 1))
    return pause * SystemRandom().uniform(0.5, 1.0)


def _cut_short(pause: float, cancelled: Callable[[], bool]) -> bool:
    """Pause, and return whether a signal ended it."""
    end = time.monotonic() + pause
    while not cancelled():
        left = end - time.monotonic()
        if left <= 0:
            return False
        time.sleep(min(left, _POLL))
    return True

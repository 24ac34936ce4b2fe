"""Trying again: how often, how long, and what a peer asks for. The one door to stamina, which waits and jitters."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TypeVar

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class RetryLimits:
    """How often and how long a call is tried, in seconds: the first pause, the longest one, all of it, one request."""

    attempts: int = 4
    first: float = 0.5
    most: float = 8.0
    budget: float = 30.0
    timeout: float = 30.0


def repeated(call: Callable[[], _T], limits: RetryLimits, again: Callable[[Exception, float], bool | float]) -> _T:
    """Return what `call` returns, after as many attempts as the limits allow; raises what it raised last.

    `again` is called with an exception and the seconds left; it returns whether to try again, or after how many
    seconds.
    """
    begun, raised = time.monotonic(), list[Exception]()
    try:
        return call()
    except Exception as problem:  # noqa: BLE001 - raised again below, unless it is tried again
        raised.append(problem)
    return _repeated(call, limits, again, begun, raised)


def _repeated(
    call: Callable[[], _T],
    limits: RetryLimits,
    again: Callable[[Exception, float], bool | float],
    begun: float,
    raised: list[Exception],
) -> _T:
    """Return what `call` returns after its first attempt, whose exception is taken out of `raised`.

    So no frame holds an exception that holds the frame, and both are freed as soon as nobody needs them. To the library
    it looks like an attempt of its own. It is imported and asked only here: of a call that succeeds at once, as nearly
    all do, it took a tenth of the processor time.
    """
    import stamina
    from stamina.instrumentation import set_on_retry_hooks

    set_on_retry_hooks(())  # it would log each retry to stderr

    def left() -> float:
        return limits.budget - (time.monotonic() - begun)

    def pause(problem: Exception) -> bool | float:
        rest = left()
        return rest > 0 and again(problem, rest)

    for attempt in stamina.retry_context(
        on=pause,
        attempts=limits.attempts,
        timeout=max(left(), 0.0),
        wait_initial=limits.first,
        wait_max=limits.most,
        wait_jitter=limits.first,
    ):
        with attempt:
            if raised:
                raise raised.pop()
            return call()
    raise AssertionError("the last attempt returns, or raises")


def seconds_asked(retry_after: str | None) -> float | None:
    """Return how long a Retry-After asks to wait, in seconds; None for none and for nonsense."""
    if retry_after is None:
        return None
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        date = parsedate_to_datetime(text)
        date = date if date.tzinfo else date.replace(tzinfo=UTC)
        return max(0.0, (date - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError, IndexError, OverflowError):  # whatever the parser makes of nonsense
        return None

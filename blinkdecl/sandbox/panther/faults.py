"""What goes wrong on purpose, and how often: the same dice in every run with the same seed."""

import random
from dataclasses import dataclass
from threading import Lock


@dataclass(frozen=True, slots=True)
class Faults:
    """Faults of the GraphQL API. Shares are of all calls, from 0 to 1; `latency`, `stale` and `delay` are seconds.

    throttle  answered 429, with Retry-After: `retry_after` seconds
    fail      answered 503, and not carried out
    lose      mutations that are carried out, and whose answer is lost with the connection
    stale     how old the list is that reads return
    delay     how long a mutation may take until it is carried out, even if its client has gone by then
    """

    latency: float = 0.0
    throttle: float = 0.0
    retry_after: float = 1.0
    fail: float = 0.0
    lose: float = 0.0
    stale: float = 0.0
    delay: float = 0.0


class Dice:
    """Decides by chance; safe to use from several threads."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 - the same faults in every run are the point
        self._lock = Lock()

    def falls(self, share: float) -> bool:
        """Return whether something that happens at this share happens now."""
        if not share:
            return False
        with self._lock:
            return self._random.random() < share

    def share(self) -> float:
        """Return a number from 0 to 1."""
        with self._lock:
            return self._random.random()

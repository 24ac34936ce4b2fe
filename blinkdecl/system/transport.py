"""What every part of the way to a server shares: the one error that leaves it, and the one deadline that bounds it."""

import time
from typing import Literal

Way = Literal["url", "dns", "forbidden-address", "proxy", "unreachable", "authorities", "tls"]
Kind = Way | Literal["timeout", "reset", "protocol", "too-large"]
# What trying again does not change.
LASTING: frozenset[Kind] = frozenset(("tls", "authorities", "url", "protocol", "proxy", "forbidden-address"))


class TransportError(Exception):
    """No HTTP answer came. `detail` is a fact for a person; neither holds a URL, a header's value or server text.

    `sent` tells whether a part of the request may have left: never where there was no connection.
    """

    def __init__(self, kind: Kind, detail: str, *, sent: bool = False) -> None:
        super().__init__(f"{kind}: {detail}")
        self.kind: Kind = kind
        self.detail = detail
        self.sent = sent


class Clock:
    """The time that a request has left; started anew for each request on a connection."""

    def __init__(self) -> None:
        self._limit = 0.0
        self._end = 0.0

    def start(self, started: float, seconds: float) -> None:
        """Give the request that began at `started` (monotonic) this long in all."""
        self._limit = seconds
        self._end = started + seconds

    def shorten(self, seconds: float) -> None:
        """Leave the request this long from now at most."""
        self._end = min(self._end, time.monotonic() + seconds)

    def left(self, *, sent: bool = False) -> float:
        """Return the seconds left; raises a `TransportError` where there are none."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise self.expired(sent=sent)
        return left

    def expired(self, *, sent: bool = False) -> TransportError:
        """Return the error that says that the time is up."""
        return TransportError("timeout", f"no answer within {self._limit:g}s", sent=sent)

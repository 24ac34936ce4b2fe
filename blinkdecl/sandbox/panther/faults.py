"""What goes wrong on purpose, and how often: the same dice in every run with the same seed."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from threading import Lock

from blinkdecl.model.resource import SEVERITIES
from blinkdecl.sandbox.switches import switched


@dataclass(frozen=True, slots=True)
class Faults:
    """Faults of Panther's API, but for `web_page`. Shares are of all calls, from 0 to 1; other numbers are seconds.

    throttle  answered 429, with Retry-After: `retry_after` seconds
    fail      answered 503, and not carried out
    lose      mutations that are carried out, and whose answer is lost with the connection
    stale     how old the list is that reads return
    delay     how long a mutation may take until it is carried out, even if its client has gone by then

    drop_severity  what mutations store is what was asked less this severity; they answer what is stored
    web_page       every webhook answers 200 with a login page, whatever comes, as a wrong address of Blink may

    refuse           the HTTP status of answers, such as 401, 403 or 429; 502 is a page of HTML; 0 = none is refused
    refuse_times     how many are, from now on; 0 = all
    reason_key       where a refusal has its reason: ``message``, or ``error``
    lacks            a field of GraphQL that this version does not know: whoever asks for it gets no data
    partial          answers of GraphQL have errors beside their data
    null_deliveries  the last delivery of each alert is null
    next             what the last page of a REST list says of the next: ``absent``, ``empty`` or ``null``
    page             entries of a page at most, whatever was asked for; 0 = as asked
    exclusive        the ends of a time do not belong to it
    """

    latency: float = 0.0
    throttle: float = 0.0
    retry_after: float = 1.0
    fail: float = 0.0
    lose: float = 0.0
    stale: float = 0.0
    delay: float = 0.0
    drop_severity: str = ""
    web_page: bool = False
    refuse: int = 0
    refuse_times: int = 0
    reason_key: str = "message"
    lacks: str = ""
    partial: bool = False
    null_deliveries: bool = False
    next: str = "absent"
    page: int = 0
    exclusive: bool = False


NO_FAULTS = Faults()
_WORDS = {
    "drop_severity": ("", *SEVERITIES),
    "reason_key": ("message", "error"),
    "next": ("absent", "empty", "null"),
    "refuse": (0, *(each.value for each in HTTPStatus if each.value >= 400)),
}


def read_faults(wanted: Mapping[str, object]) -> Faults:
    """Return the faults of a request; raises a ValueError, with a sentence, for what is none or has the wrong type."""
    faults = switched(Faults, wanted)
    for name, words in _WORDS.items():
        if getattr(faults, name) not in words:
            raise ValueError(f"{name} is one of {', '.join(str(each) for each in words if each)}")
    return faults


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

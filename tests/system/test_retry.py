"""How often a call is tried; what a Retry-After asks for, and what it does not."""

import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from blinkdecl.system.retry import RetryLimits, repeated, seconds_asked

QUICK = RetryLimits(attempts=4, first=0.001, most=0.002, budget=5.0)


class Peer:
    """Fails so many times, then answers; the problems that it was asked about are in `seen`."""

    def __init__(self, failures: int, *, seconds: float = 0.0) -> None:
        self.failures, self.seconds = failures, seconds
        self.calls = 0
        self.seen: list[str] = []

    def answer(self) -> str:
        """Fail, or answer."""
        self.calls += 1
        time.sleep(self.seconds)
        if self.calls <= self.failures:
            raise ConnectionError(f"failure {self.calls}")
        return f"answer {self.calls}"

    def again(self, problem: Exception, left: float) -> bool:
        """Try everything again, and note it."""
        assert left > 0
        self.seen.append(str(problem))
        return True


@pytest.mark.parametrize("failures", [0, 1, 2, 3])
def test_as_many_attempts_as_it_needs(failures: int) -> None:
    """Each failure is judged once, the first as any other, and each call is made once."""
    peer = Peer(failures)
    assert repeated(peer.answer, QUICK, peer.again) == f"answer {failures + 1}"
    assert peer.seen == [f"failure {each + 1}" for each in range(failures)]


def test_no_more_attempts_than_allowed() -> None:
    """The last failure is raised as it is, without another one beside it."""
    peer = Peer(9)
    with pytest.raises(ConnectionError, match="failure 4") as raised:
        repeated(peer.answer, QUICK, peer.again)
    assert peer.calls == 4
    assert (raised.value.__cause__, raised.value.__context__) == (None, None)


def test_what_is_not_tried_again() -> None:
    """It is raised after one call."""
    peer = Peer(9)
    with pytest.raises(ConnectionError, match="failure 1"):
        repeated(peer.answer, QUICK, lambda problem, left: False)
    assert peer.calls == 1


def test_the_budget_is_for_all_attempts() -> None:
    """The first one's time counts as well: nothing is begun after the budget is spent."""
    peer = Peer(9, seconds=0.2)
    with pytest.raises(ConnectionError):
        repeated(peer.answer, RetryLimits(attempts=9, first=0.001, most=0.002, budget=0.3), peer.again)
    assert peer.calls <= 2  # one where the machine is busy


def test_success_needs_no_library() -> None:
    """A call that succeeds at once, as nearly all do, imports nothing."""
    program = (
        "import sys; from blinkdecl.system.retry import RetryLimits, repeated; "
        "print(repeated(lambda: 7, RetryLimits(), lambda problem, left: True), 'stamina' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "7 False\n"


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0", 0.0),
        (" 7 ", 7.0),
        ("99999999999999999999", 999999999.0),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 0.0),
        *(
            (text, None)
            for text in (
                "", "-1", "1.5", "1e400", "soon", "٣", "0x10", "Wed, 21 Oct 99999999999 07:28:00 GMT",
                "Mon, 0 Jan 0 0:0:0 +99999999999999", "Wed, 21 Oct 2026 07:28:00 -9999", ", , ,", "x" * 100_000,
                "1 Jan 9999999999999999999999999999 1:1:1", "Wed, 21 Oct 2026 99:99:99 GMT", "(" * 10_000, "\x00",
            )
        ),
    ],
)  # fmt: skip
def test_what_is_asked(text: str, seconds: float | None) -> None:
    """Seconds or a date; nonsense of any size asks for nothing."""
    assert seconds_asked(text) == seconds


def test_a_date_to_come() -> None:
    """It is so many seconds from now."""
    in_an_hour = format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)
    assert 3590 < (seconds_asked(in_an_hour) or 0) <= 3600

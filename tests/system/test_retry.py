"""What a Retry-After asks for, and what it does not."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from blinkdecl.system.retry import seconds_asked


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

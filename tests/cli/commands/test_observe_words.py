"""What `observe` says in words: what nothing is known of, one alert and many, and what to do."""

import pytest

from tests.support.confirmed import ID, alert, confirmed, keep, observed
from tests.support.repository import Repository


@pytest.fixture
def console(repository: Repository) -> Repository:
    """A repository for hosted Panther, whose destination is confirmed with the id that it has there."""
    return confirmed(repository)


def test_nothing_came(console: Repository) -> None:
    """That nothing differs is no proof then: neither of a quiet week, nor of an id that gets nothing."""
    keep(console, alert("LOW"))
    code, out = observed(console)
    assert (code, "they tell nothing of the recorded destinations." in " ".join(out.split())) == (0, True)
    assert "destination.blink-soc: not known\n      0 delivered\n" in out
    keep(console, alert("HIGH", ID, days=1, success=False))
    assert "destination.blink-soc: as declared" in observed(console)[1]


def test_what_arrived_today_was_observed(console: Repository) -> None:
    """That Panther may still deliver others takes nothing from an alert that is there."""
    keep(console, alert("HIGH", ID, days=1), alert("CRITICAL", days=1))
    code, out = observed(console)
    assert (code, "not observed, since no such alert tells: CRITICAL" in out) == (0, True)
    assert "  2 so new that Panther may still deliver (it tries for 3 days)" in out


def test_an_id_that_got_nothing(console: Repository) -> None:
    """It may be a mistake of whoever recorded it, which is said beside what else would explain it."""
    keep(console, alert("HIGH"), alert("HIGH", "other", days=4))
    code, out = observed(console)
    told = f"nothing at all was sent to the recorded id {ID}: is it the right one?"
    assert (code, told in " ".join(out.split())) == (2, True)
    document = console("observe", "--alerts", "alerts.jsonl", "--format", "json").document
    assert {"label": "note", "text": told} in document["diagnostics"][0]["notes"]
    keep(console, alert("HIGH"), alert("CRITICAL", ID))
    assert "nothing at all was sent" not in observed(console)[1]


def test_the_ways_out(console: Repository) -> None:
    """What to do follows what was seen, once for each kind of trouble, with the code that `help` explains."""
    keep(console, alert("HIGH"), alert("CRITICAL", ID, success=False))
    text = " ".join(observed(console)[1].split())
    lost = "says that it works. `blinkdecl help delivery-failed` says more."
    differs = "then change one of the two. `blinkdecl help not-as-declared` says more."
    assert (text.count(lost), text.endswith(differs)) == (1, True)


def test_one_alert_is_one(console: Repository) -> None:
    """Its kind is in the singular, and its time is told once; a time is spelt alike everywhere."""
    keep(console, alert("HIGH"), alert("CRITICAL", ID, success=False))
    out = " ".join(observed(console)[1].split())
    assert "missing: 1 HIGH RULE alert from Custom.App; 2026-11-03 00:00:00 UTC (HIGH-5)" in out
    told = " ".join(observed(console, "--format", "github")[1].split())
    assert "1 HIGH RULE alert from Custom.App did not come, such as HIGH-5" in told
    assert "the last attempt that failed: HTTP 503, 2026-11-03 00:00:00 UTC" in told

"""What `observe` says in words: what nothing is known of, one alert and many, and what to do."""

from dataclasses import replace

import pytest

from tests.support.confirmed import ID, alert, confirmed, keep, observed
from tests.support.panther import declare
from tests.support.repository import Repository

# An id that no record has.
OTHER = "0b7b1c1e-4a53-4d0e-9f0c-2f5f1c0e6a11"


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


def test_made_anew_in_the_console(console: Repository) -> None:
    """The id that took the place of the recorded one is found, and the command that is named records it."""
    keep(console, alert("HIGH", OTHER), alert("CRITICAL", OTHER))
    [unknown] = console("observe", "--alerts", "alerts.jsonl", "--format", "json").document["unknown"]
    assert (unknown["certain"], unknown["replaces"]) == (True, ID)
    told = (
        f"{OTHER} got 2 alerts, which fits destination.blink-soc alone, whose recorded id {ID} got nothing: if it was "
        f"made anew in Panther's console, `{unknown['command']}` records the new one"
    )
    code, out = observed(console)
    assert (code, told in " ".join(out.split())) == (2, True)
    assert unknown["command"].endswith(f" confirm destination.blink-soc --id {OTHER}")
    assert console("confirm", "destination.blink-soc", "--id", OTHER).code == 0
    code, out = observed(console)
    assert (code, "destination.blink-soc: as declared" in out) == (0, True)


def test_made_anew_where_panther_has_an_api(panther: Repository) -> None:
    """There the old id is forgotten before the new one is taken over, and both commands are named."""
    declare(panther, soc="SOC")
    assert panther("apply", "--auto-approve").code == 0
    panther.sandbox.edit("SOC", delete=True)
    url = f"{panther.sandbox.url}/webhooks/soc"
    made = panther.sandbox.edit("SOC", create=True, webhook_url=url, severities="HIGH")
    keep(panther, alert("HIGH", made))
    [unknown] = panther("observe", "--alerts", "alerts.jsonl", "--format", "json").document["unknown"]
    program = f"blinkdecl -C {panther.folder}"
    forget, take = f"{program} state rm destination.soc", f"{program} import destination.soc {made}"
    assert unknown["command"] == f"{forget} && {take}"
    for command in (forget, take):
        ran = panther(*command.removeprefix(program).split())
        assert ran.code == 0, ran.err
    [soc] = panther("observe", "--alerts", "alerts.jsonl", "--format", "json").document["destinations"]
    assert (soc["output_id"], soc["missing"]) == (made, 0)


@pytest.mark.parametrize(
    ("days", "success", "told"),
    [
        (5, False, "was tried with 1 alert, and got none, which fits destination.blink-soc alone: `blinkdecl"),
        (1, False, "was tried, and is not known to have got an alert, which fits destination.blink-soc; these alerts"),
        (1, True, "got 1 alert, which fits destination.blink-soc; these alerts are so new that others may still"),
    ],
)
def test_an_id_that_was_tried(repository: Repository, *, days: int, success: bool, told: str) -> None:
    """What did not arrive is not called got; why a single fit is not certain is told."""
    repository.edit("version: 1\n", "version: 1\nprovider: {type: console}\n")
    keep(repository, alert("HIGH", OTHER, days=days, success=success))
    assert f"{OTHER} {told}" in " ".join(observed(repository)[1].split())


def test_one_that_got_some(repository: Repository) -> None:
    """What it did not get is told beside what it got; what it need not have got makes nothing certain."""
    repository.edit("version: 1\n", "version: 1\nprovider: {type: console}\n")
    keep(repository, alert("HIGH", OTHER), alert("CRITICAL", OTHER, success=False))
    assert f"{OTHER} got 1 alert, and 1 not, which fits" in " ".join(observed(repository)[1].split())
    repository.edit("severities: [HIGH, CRITICAL]", "severities: [HIGH, CRITICAL]\n    log_types: [Custom.App]")
    keep(repository, replace(alert("HIGH", OTHER), log_types=None))
    told = "which fits destination.blink-soc; whether it had to get these alerts, nobody knows without their log types"
    assert told in " ".join(observed(repository)[1].split())


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

"""`plan --replay`, on the real command line, from files of alerts and from Panther's API."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from blinkdecl.history.alerts import ALERTS
from blinkdecl.history.codec import write_alerts
from blinkdecl.model.observed import Attempt, ObservedAlert, Period
from tests.support.recording import Recording
from tests.support.repository import Ran, Repository

END = datetime(2026, 11, 8, tzinfo=UTC)
WEEK = Period(END - timedelta(days=7), END)
NARROWER = ("severities: [HIGH, CRITICAL]", "severities: [CRITICAL]")


def alert(severity: str, detection: str = "AWS.Root.Login") -> ObservedAlert:
    """Return an alert."""
    at = END - timedelta(days=5)
    return ObservedAlert(f"{severity}-{detection}", at, severity, "RULE", detection, "known", ("Custom.App",))


def sent(*outputs: str, success: bool = True) -> ObservedAlert:
    """Return an alert that was delivered to these ids, or could not be."""
    at = END - timedelta(days=5)
    return replace(alert("HIGH"), deliveries=tuple(Attempt(each, at, success, 200) for each in outputs))


@pytest.fixture
def narrowed(repository: Repository) -> Repository:
    """A repository whose only destination is to take less, and a file of a week's alerts."""
    assert repository("apply", "--auto-approve").code == 0
    repository.edit(*NARROWER)
    alerts = [alert("CRITICAL"), *[alert("HIGH")] * 14, alert("HIGH", "Okta.Admin"), alert("LOW")]
    dynamic = replace(alert("HIGH"), knowledge="dynamic")
    repository.write("alerts.jsonl", "".join(write_alerts(WEEK, [*alerts, dynamic])))
    return repository


def replayed(repository: Repository, *words: str) -> Ran:
    """Return what `plan --replay` of the file did."""
    ran = repository("plan", "--replay", "alerts.jsonl", *words)
    assert ran.code == 0, ran.err
    return ran


def test_text(narrowed: Repository) -> None:
    """What nobody would have got is said before anything else, with the detections; then each destination."""
    out = replayed(narrowed).out
    text = " ".join(out.split())
    lost = "After this plan nobody known here would have received 15 alerts: AWS.Root.Login 14, Okta.Admin 1"
    assert text.index(lost) < text.index("blinkdecl will perform the following actions")
    assert "Replayed: 18 alerts, 2026-11-01 00:00:00 UTC to 2026-11-08 00:00:00 UTC: 1 destination would" in text
    assert "destination.blink-soc: 2.29 -> 0.14 alerts a day" in text
    assert "no longer gets 15 alerts: AWS.Root.Login 14, Okta.Admin 1" in text
    assert "In none of these numbers: 1 of detections with destinations()" in text


def test_json(narrowed: Repository) -> None:
    """The numbers are those of the text; without the option there are none."""
    found = replayed(narrowed, "--format", "json").document["replay"]
    [soc] = found["destinations"]
    lost = [{"id": "AWS.Root.Login", "alerts": 14}, {"id": "Okta.Admin", "alerts": 1}]
    assert (found["alerts"], found["from"], found["to"]) == (18, "2026-11-01T00:00:00Z", "2026-11-08T00:00:00Z")
    assert found["unheard"] == {"alerts": 15, "possible": 0, "detections": lost, "other_detections": 0}
    assert soc["before"] == {"alerts": 16, "possible": 0, "per_day": 2.29}
    assert (soc["name"], soc["after"]["alerts"], soc["leaving"]["alerts"]) == ("destination.blink-soc", 1, 15)
    assert found["not_known"]["dynamic"] == 1
    assert "replay" not in narrowed("plan", "--format", "json").document


def test_who_else_got_them(narrowed: Repository) -> None:
    """Only what is recorded is known here, which is said; alerts that went to other ids are counted."""
    [ours] = [each["id"] for each in narrowed("show", "--format", "json").document["resources"] if each["id"]]
    both, only, vain = sent(ours, "x", "y"), sent(ours), sent("x", success=False)
    narrowed.write("alerts.jsonl", "".join(write_alerts(WEEK, [both, only, vain, both])))
    text = " ".join(replayed(narrowed).out.split())
    told = "What is not recorded, such as a destination of Slack, is not seen here"
    counted = f"{told}: 2 of the alerts that would have reached nobody known went to ids that no record has."
    assert "After this plan nobody known here would have received 4 alerts" in text
    assert counted in text
    assert counted in replayed(narrowed, "--format", "markdown").out
    assert replayed(narrowed, "--format", "json").document["replay"]["unheard_elsewhere"] == 2
    narrowed.write("alerts.jsonl", "".join(write_alerts(WEEK, [only])))
    assert f"{told}." in " ".join(replayed(narrowed).out.split())
    narrowed.edit(*reversed(NARROWER))
    assert told not in " ".join(replayed(narrowed).out.split())


def test_nothing_changes(narrowed: Repository) -> None:
    """Then that is what it says."""
    narrowed.edit(*reversed(NARROWER))
    out = " ".join(replayed(narrowed).out.split())
    assert "this plan changes none of them" in out
    assert "nobody known here would have" not in out


def test_a_renamed_destination_stays_the_same(narrowed: Repository) -> None:
    """Where only its address moves, nothing leaves or reaches it."""
    narrowed.edit(*reversed(NARROWER))
    narrowed.edit("  blink-soc:", "  soc-team:")
    narrowed.edit(
        "destinations:", "moved:\n  - {from: destination.blink-soc, to: destination.soc-team}\n\ndestinations:"
    )
    found = replayed(narrowed, "--format", "json").document["replay"]
    [soc] = found["destinations"]
    assert (soc["name"], soc["before"]["alerts"], soc["leaving"]["alerts"]) == ("destination.soc-team", 16, 0)


def test_destroy(narrowed: Repository) -> None:
    """Nobody would have got anything."""
    found = replayed(narrowed, "--destroy", "--format", "json").document["replay"]
    assert found["unheard"]["alerts"] == 16


def test_it_is_no_part_of_the_plan(narrowed: Repository) -> None:
    """A saved plan holds none of it, the digests are the same, and it applies."""
    narrowed.write("both.json", replayed(narrowed, "--out", "plan.json", "--format", "json").out)
    saved, shown = (json.loads((narrowed.folder / name).read_text()) for name in ("plan.json", "both.json"))
    plain = narrowed("plan", "--format", "json").document
    assert "replay" not in saved
    assert saved["review_digest"] == shown["review_digest"] == plain["review_digest"]
    assert narrowed("show", "both.json").code == 0
    assert narrowed("apply", "plan.json").code == 0


def test_a_file_that_is_wrong(narrowed: Repository) -> None:
    """Its line is named, and no plan is shown as if all were read."""
    with (narrowed.folder / "alerts.jsonl").open("a") as file:
        file.write('{"id": "cut off')
    ran = narrowed("plan", "--replay", "alerts.jsonl")
    assert (ran.code, "line 20 of alerts.jsonl cannot be used" in " ".join(ran.err.split())) == (1, True)
    ran = narrowed("plan", "--replay", "3x")  # neither a time nor a file
    assert (ran.code, "there is no file 3x [unreadable]" in ran.err) == (1, True)
    assert "--replay takes a time as well, such as 30d" in " ".join(ran.err.split())


def test_usage(narrowed: Repository) -> None:
    """A time needs a connection and a Panther, and must not be empty."""
    assert narrowed("plan", "--replay", "30d", "--offline").code == 64
    assert narrowed("plan", "--replay", "0d").code == 64
    ran = narrowed("plan", "--replay", "30")
    assert (ran.code, '"30" has no unit' in ran.err) == (64, True)
    assert "[unsupported]" in narrowed("plan", "--replay", "30d").err
    assert narrowed("plan", "--replay", "alerts.jsonl", "--offline").code == 0


def test_from_panther(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """A duration reads the alerts of that time from hosted Panther, and only asks."""
    with Recording() as panther:
        panther.traffic(alerts=200, days=10)
        settings = f"{{type: console, url: {panther.url}/public/graphql, token: {{env: PANTHER_API_TOKEN}}}}"
        repository.edit("version: 1\n", f"version: 1\nprovider: {settings}\n")
        monkeypatch.setenv("PANTHER_API_TOKEN", "sandbox-token")
        repository.secrets.append("sandbox-token")
        found = repository("plan", "--replay", "30d", "--format", "json").document["replay"]
        assert found["alerts"] == 200
        assert 0 < found["destinations"][0]["reaching"]["alerts"] < 100  # HIGH and CRITICAL, a sixth of them
        assert 0 < repository("plan", "--replay", "4d", "--format", "json").document["replay"]["alerts"] < 200
        assert {each.path for each in panther.requests() if each.method != "GET"} == {"/public/graphql"}
        assert set(panther.queries) == {ALERTS}


@pytest.mark.parametrize("format_", ["markdown", "html", "github", "junit", "gitlab", "sarif"])
def test_every_format_has_what_nobody_would_have_got(narrowed: Repository, format_: str) -> None:
    """With the detections, but in GitLab's list, whose entries are one sentence."""
    out = " ".join(replayed(narrowed, "--format", format_).out.split())
    assert "ter this plan nobody known here would have received 15 alerts" in out
    detections = "AWS.Root.Login 14, Okta.Admin 1"
    assert format_ == "gitlab" or detections in out.replace('<span class="name">', "").replace("</span>", "")


def test_pages_have_the_rates(narrowed: Repository) -> None:
    """A table in Markdown, bars in HTML."""
    row = "| `destination.blink-soc` | 2.29 | 0.14 | 15 alerts: AWS.Root.Login 14, Okta.Admin 1 |  |"
    assert row in replayed(narrowed, "--format", "markdown").out
    page = replayed(narrowed, "--format", "html").out
    assert '<meter min="0" max="16" value="16" aria-hidden="true"></meter>2.29' in page
    assert '<meter min="0" max="16" value="1" aria-hidden="true"></meter>0.14' in page


@pytest.mark.parametrize("format_", ["github", "sarif"])
def test_what_is_only_possible_is_no_finding(narrowed: Repository, format_: str) -> None:
    """Nobody is warned of what may not be so; the text says it as what may be."""
    unsure = replace(alert("HIGH"), log_types=None, override=("somebody", "else"))
    narrowed.write("alerts.jsonl", "".join(write_alerts(WEEK, [unsure])))
    assert "would have received" not in replayed(narrowed, "--format", format_).out
    assert "Perhaps nobody known here would have received 1 alert: AWS.Root.Login 1" in " ".join(
        replayed(narrowed).out.split()
    )

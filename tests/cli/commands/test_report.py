"""`report`: one page of everything, which can be filed."""

import pytest

from blinkdecl.history.codec import write_alerts
from tests.cli.commands.test_plan_replay import WEEK, alert
from tests.support.repository import Repository

OTHER = "  low: {display_name: Low, trigger: soc, severities: [LOW]}\n"
RULE = "coverage: [{severities: [CRITICAL], min_destinations: 1}]\n"


def test_a_report_before_and_after(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is new, what would be lost, which rule breaks, and when each destination was proved."""
    monkeypatch.setenv("GITHUB_SHA", "0f1e2d3c4b5a69788796a5b4c3d2e1f001122334")
    repository.edit("version: 1\n", f"version: 1\n{RULE}")
    ran = repository("report", "--output", "r.html")
    page = (repository.folder / "r.html").read_text()
    assert (ran.code, ran.out) == (0, "")
    told = (
        '<span class="del">now: </span>nobody',
        "not recorded yet",
        "0f1e2d3c4b5a",
        'data-head="Now" class="broken"',
    )
    assert [each in page for each in told] == [True] * 4
    assert repository("apply", "--auto-approve").code == 0
    page = repository("report").out
    assert ("delivered" in page, "changes</a>" in page, "not recorded yet" in page) == (True, False, False)
    repository.edit("severities: [HIGH, CRITICAL]", "severities: [HIGH]")
    ran = repository("report")
    assert ran.code == 3
    assert '<td class="broken changed" data-head="CRITICAL">' in ran.out
    assert "After this plan nobody receives: CRITICAL" in " ".join(ran.out.split())


def test_each_rule_has_its_own_states(repository: Repository) -> None:
    """What is broken now and kept after the plan is not what is broken then."""
    repository.edit("version: 1\n", "version: 1\ncoverage: [{severities: [LOW]}, {severities: [HIGH]}]\n")
    page = repository("report").out
    rows = [row for row in page.split("<tr>") if 'data-head="After"' in row]
    assert [('"Now" class="broken"' in each, '"After" class="broken"' in each) for each in rows] == [
        (True, True), (True, False),
    ]  # fmt: skip


def test_past_alerts_over_the_plan(repository: Repository) -> None:
    """A section of its own: what nobody would have got is said first, each rate is a number beside its bar."""
    repository.edit("destinations:\n", f"destinations:\n{OTHER}")
    assert repository("apply", "--auto-approve").code == 0
    repository.edit("severities: [HIGH, CRITICAL]", "severities: [CRITICAL]")
    assert 'id="replay"' not in repository("report").out
    repository.write("alerts.jsonl", "".join(write_alerts(WEEK, [alert("HIGH")] * 14 + [alert("LOW")] * 7)))
    ran = repository("report", "--replay", "alerts.jsonl")
    assert ran.code == 0, ran.err
    assert ran.out.index("nobody known here would have received 14 alerts") < ran.out.index('<section id="replay">')
    section = ran.out.partition('<section id="replay">')[2].partition("</section>")[0]
    bar = '<meter min="0" max="14" value="{}" aria-hidden="true"></meter>{}</div>'
    now, after = (f'<td data-head="{side}, a day"><div>{bar}' for side in ("Now", "After"))
    assert now.format(14, 2) + "</td>" + after.format(0, 0) in section
    assert "1 destination with the same alerts before and after" in section
    assert f'<td data-head="Alerts a day"><div>{bar.format(7, 1)}' in section


def test_alerts_that_change_nothing_are_shown_nevertheless(repository: Repository) -> None:
    """What each destination gets is all there is to see then, and not folded."""
    assert repository("apply", "--auto-approve").code == 0
    repository.write("alerts.jsonl", "".join(write_alerts(WEEK, [alert("HIGH")])))
    page = repository("report", "--replay", "alerts.jsonl").out
    assert "this plan changes none of them" in page
    assert "<details open><summary>1 destination with the same alerts before and after" in page


def test_a_replay_of_nothing(repository: Repository) -> None:
    """No time, no such file, no Panther to ask; and of many stacks each has its own."""
    assert repository("report", "--replay", "0d").code == 64
    assert repository("report", "--replay", "nowhere.jsonl").code == 1
    assert "[unsupported]" in repository("report", "--replay", "30d").err
    assert repository("report", "--merge", ".", "--replay", "30d").code == 64


def test_why_there_is_none(repository: Repository) -> None:
    """A configuration that is wrong is told as ever, and no file is written."""
    repository.edit("severities", "severites")
    ran = repository("report", "--output", "r.html")
    assert (ran.code, "[unknown-property]" in ran.err, (repository.folder / "r.html").exists()) == (1, True, False)

"""`report`: one page of everything, which can be filed."""

import pytest

from tests.support.repository import Repository

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


def test_why_there_is_none(repository: Repository) -> None:
    """A configuration that is wrong is told as ever, and no file is written."""
    repository.edit("severities", "severites")
    ran = repository("report", "--output", "r.html")
    assert (ran.code, "[unknown-property]" in ran.err, (repository.folder / "r.html").exists()) == (1, True, False)

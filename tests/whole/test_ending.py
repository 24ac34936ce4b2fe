"""Where a run leaves things that was not complete: through the real command, beside a Panther that stores less."""

import json

import pytest

from blinkdecl.system.http import Client
from tests.support.panther import declare
from tests.support.repository import KEY, Repository

RULE = "coverage: [{severities: [CRITICAL], alert_types: [RULE]}]\ntriggers:\n"


class Dropping:
    """A Panther's switch: which severity it quietly does not store."""

    def __init__(self, url: str) -> None:
        self._url = f"{url}/_sandbox/faults"

    def add(self, severity: str) -> None:
        """Drop a severity from now on."""
        self._post({"drop_severity": severity})

    def clear(self) -> None:
        """Store what is asked for again."""
        self._post({})

    def _post(self, faults: dict[str, str]) -> None:
        with Client(1) as client:
            headers = {"Content-Type": "application/json"}
            assert client.post(self._url, json.dumps(faults).encode(), headers, timeout=5).status == 200


@pytest.fixture
def dropping(panther: Repository) -> Dropping:
    """The switch of the sandbox's Panther."""
    return Dropping(panther.sandbox.url)


@pytest.mark.parametrize("rule", [True, False], ids=["with a rule", "without"])
def test_a_severity_is_dropped(panther: Repository, dropping: Dropping, *, rule: bool) -> None:
    """Exit 3 where a rule asks for it, otherwise 4; never "Apply complete!", and the next plan shows the difference."""
    declare(panther, a="A")
    panther.edit("severities: [HIGH]", "severities: [HIGH, CRITICAL]")
    if rule:
        panther.edit("triggers:\n", RULE)
    dropping.add("CRITICAL")
    ran = panther("apply", "--auto-approve")
    assert ran.code == (3 if rule else 4)
    assert "Apply incomplete: 0 added, 0 changed, 0 destroyed; 1 failed, 0 skipped." in ran.out
    assert "Apply complete!" not in ran.out + ran.err
    assert "Declared, but received by nobody now: CRITICAL (" in ran.out
    assert "severities: asked for [HIGH, CRITICAL], kept [HIGH]" in ran.out
    assert ("Error: CRITICAL RULE alerts reach nobody [coverage]" in ran.out) is rule
    assert "~ severities" in panther("plan").out
    again = panther("apply", "--auto-approve", "--format", "json")
    assert again.code == ran.code
    document = again.document
    assert [each["code"] for each in document["diagnostics"]] == (["coverage"] if rule else []) + ["not-kept"]
    [row] = document["routing"]
    assert (row["severities"], row["before"], row["after"]) == (["CRITICAL"], [], ["destination.a"])
    assert not document["routing_recorded"]
    dropping.clear()
    assert panther("apply", "--auto-approve").code == 0
    assert panther("plan", "--detailed-exitcode").code == 0


def test_what_was_to_be_replaced_stays(panther: Repository, dropping: Dropping) -> None:
    """CRITICAL goes from a to b, which does not keep it: a stays, nobody is left out, and Markdown says it."""
    declare(panther, a="A")
    panther.edit("severities: [HIGH]", "severities: [CRITICAL]")
    panther.edit("triggers:\n", RULE)
    assert panther("apply", "--auto-approve").code == 0
    panther.edit("  a:\n    display_name: A\n", "  b:\n    display_name: B\n")
    dropping.add("CRITICAL")
    ran = panther("apply", "--auto-approve", "--format", "markdown")
    assert ran.code == 4
    lines = ran.out.split("\n")
    assert lines[1] == "## Apply incomplete: 0 added, 0 changed, 0 destroyed; 1 failed, 1 skipped."
    assert "received by nobody now" not in ran.out
    assert "| Severity | Alerts | Now | As declared |" in lines
    assert "| **failed** (not-kept) | create | `destination.b` |" in lines
    assert "| **skipped** (waits) | delete | `destination.a` |" in lines
    assert sorted(each.display_name for each in panther.sandbox.destinations()) == ["A", "B"]


def test_a_wrong_key(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the local provider, what is recorded is what is there: nobody, which a rule makes exit 3."""
    monkeypatch.setenv("BLINK_SOC_API_KEY", "canary-other")
    ran = repository("apply", "--auto-approve")
    assert ran.code == 4
    told = "Declared, but received by nobody now: CRITICAL, HIGH (every alert type, every log)."
    assert told in " ".join(ran.out.split())
    assert "Who receives alerts:" in ran.out
    repository.edit("triggers:\n", "coverage: [{severities: [HIGH]}]\ntriggers:\n")
    assert repository("apply", "--auto-approve").code == 3
    monkeypatch.setenv("BLINK_SOC_API_KEY", KEY)
    done = repository("apply", "--auto-approve", "--format", "markdown")
    assert (done.code, "\n## Apply complete" in done.out) == (0, True)
    assert "### Who receives alerts" not in done.out


def test_a_plan_that_is_refused_as_markdown(repository: Repository) -> None:
    """What is in the way, instead of a sum."""
    repository.edit("triggers:\n", "coverage: [{severities: [LOW]}]\ntriggers:\n")
    ran = repository("apply", "--auto-approve", "--format", "markdown")
    assert ran.code == 3
    assert "[coverage]" in ran.out
    assert "complete" not in ran.out

"""`test --prove`: what Blink made of the test alert that it accepted, from the sandbox's Blink to every format."""

import json
import re
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from blinkdecl.sandbox import BlinkFaults, Declared
from tests.support.repository import USER, Repository

BRIEF = ("--prove", "--prove-timeout", "400ms")


@pytest.mark.parametrize(
    ("faults", "outcome", "code", "told"),
    [
        (BlinkFaults(), "ran", 0, ""),
        (BlinkFaults(changed=True, page=1, no_total=True, states="state"), "ran", 0, ""),
        (BlinkFaults(run_seconds=0.2), "ran", 0, ""),
        (BlinkFaults(fails=True), "failed", 4, "STEP_FAILED: the step create_ticket failed"),
        (BlinkFaults(stuck=True), "queued", 4, "queue"),
        (BlinkFaults(run_seconds=60), "running", 0, "In progress"),
        (BlinkFaults(inactive=True), "not_seen", 4, "inactive"),
        (BlinkFaults(unpublished=True), "not_seen", 4, "not published"),
        (BlinkFaults(condition_false=True), "not_seen", 4, "no run for the alert"),
        (BlinkFaults(states="unknown"), "unknown", 0, '"Landed"'),
        (BlinkFaults(no_event=True), "unknown", 0, "does not tell what started 1 run"),
        (BlinkFaults(refuse=403), "unknown", 0, "HTTP 403"),
        (BlinkFaults(refuse=401), "unknown", 0, "HTTP 401"),
    ],
)
def test_what_is_told_of_a_run(asking: Repository, faults: BlinkFaults, outcome: str, code: int, told: str) -> None:
    """The outcome, its reason and the exit code; what is not proved is a warning, and an error where that is wanted."""
    asking.sandbox.runs.faults = faults
    ran = asking("test", *BRIEF, "--format", "json")
    [test] = ran.document["tests"]
    assert (test["run"]["outcome"], ran.code) == (outcome, code)
    assert told in test["run"]["reason"]
    assert bool(test["run"]["way_out"]) == (outcome != "ran")
    assert test["run"]["duration"] is not None or outcome not in ("ran", "failed")
    if outcome in ("running", "unknown"):
        found = [(each["code"], each["severity"]) for each in ran.document["diagnostics"]]
        assert found == [("run-unknown", "warning"), ("not-recorded", "warning")]
        assert asking("test", *BRIEF, "--strict", "--format", "json").code == 4


def test_it_is_told_in_every_format(asking: Repository) -> None:
    """A line of its own, and in the sum; a failure of JUnit; beside the answer in Markdown and HTML."""
    asking.sandbox.runs.faults = BlinkFaults(fails=True)
    text = asking("test", *BRIEF)
    assert "destination.blink-soc: failed in Blink\n" in text.out
    assert "= note: STEP_FAILED: the step create_ticket failed" in text.out + text.err
    assert (text.out + text.err).count("STEP_FAILED") == 1
    assert "1 delivered, 0 failed. In Blink: 1 failed." in text.out
    assert "[run-failed]" in text.out + text.err
    junit = ET.fromstring(asking("test", *BRIEF, "--format", "junit").out)
    assert [each.get("type") for each in junit.iter("failure")] == ["failed"]
    for form in ("markdown", "html"):
        assert "failed in Blink: STEP_FAILED" in asking("test", *BRIEF, "--format", form).out.replace("\\", "")


def test_every_format_knows_what_the_command_fails_for(asking: Repository) -> None:
    """What is not proved is a failure with `--strict`, in JUnit and HTML as in the exit code, and comes first."""
    asking.edit("destinations:\n", "destinations:\n  a: {display_name: A, trigger: fine, severities: [LOW]}\n")
    fine = "  fine:\n    workspace: SOC\n    automation: Fine\n    webhook:\n      url: URL/webhooks/fine\n"
    fine += "      api_key: {env: BLINK_SOC_API_KEY}\n"
    asking.edit("\ndestinations:\n", fine.replace("URL", asking.sandbox.url) + "\ndestinations:\n")
    asking.sandbox.runs.declare("fine", Declared(automation="Fine"))
    asking.edit("automation: Triage alerts", "automation: Triage alert")
    for words, kind, code in (((), "skipped", 0), (("--strict",), "failure", 4)):
        ran = asking("test", *BRIEF, *words, "--format", "junit")
        junit = ET.fromstring(ran.out)
        assert (ran.code, [each.get("type") for each in junit.iter(kind)][:1]) == (code, ["unknown"])
        assert ('class="broken"' in asking("test", *BRIEF, *words, "--format", "html").out) == bool(code)
    page = asking("test", *BRIEF, "--strict", "--format", "html").out
    section = page[page.index('id="tests"') :]
    assert section.index("destination.blink-soc") < section.index("destination.a")


def test_each_alert_is_told_apart_where_one_automation_has_them_all(asking: Repository) -> None:
    """Two webhooks start one automation, which has many runs: each alert finds its own, by a tag of its own."""
    night = (
        "  night:\n    workspace: SOC\n    automation: Triage alerts\n    webhook:\n      url: {url}/webhooks/night\n"
    )
    night += "      api_key: {{env: BLINK_SOC_API_KEY}}\n"
    url = asking.sandbox.url
    asking.edit("\ndestinations:\n", night.format(url=url) + "\ndestinations:\n")
    more = "  blink-night: {display_name: Night, trigger: night, severities: [LOW]}\n"
    asking.edit("destinations:\n", f"destinations:\n{more}")
    tests = asking("test", *BRIEF, "--format", "json").document["tests"]
    assert [each["run"]["outcome"] for each in tests] == ["ran", "ran"]
    assert len({each["run"]["execution_id"] for each in tests}) == 2
    assert len({each["tag"] for each in tests}) == 1


def test_one_webhook_and_two_automations(asking: Repository) -> None:
    """One alert is sent, and each automation that is declared behind the webhook is judged by its own runs."""
    other = "  other:\n    workspace: SOC\n    automation: Totally other\n    webhook:\n      url: {url}/webhooks/soc\n"
    other += "      api_key: {{env: BLINK_SOC_API_KEY}}\n"
    asking.edit("\ndestinations:\n", other.format(url=asking.sandbox.url) + "\ndestinations:\n")
    asking.edit("destinations:\n", "destinations:\n  o: {display_name: O, trigger: other, severities: [LOW]}\n")
    asking.edit("destinations:\n", "destinations:\n  p: {display_name: P, trigger: other, severities: [LOW]}\n")

    def told(form: str = "json") -> dict[str, str]:
        tests = asking("test", *BRIEF, "--format", form).document["tests"]
        return {each["address"].removeprefix("destination."): each["run"]["outcome"] for each in tests}

    assert told() == {"blink-soc": "ran", "o": "unknown", "p": "unknown"}
    asking.sandbox.runs.declare("elsewhere", Declared(automation="Totally other"))
    assert told() == {"blink-soc": "ran", "o": "not_seen", "p": "not_seen"}
    assert len(asking.sandbox.received()) == 2


def test_a_secret_that_is_a_part_of_the_tag(asking: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """The alert's run is found by its tag as it came, whatever is masked where it is shown."""
    monkeypatch.setenv("BLINK_OTHER_API_KEY", "blinkdecl")
    other = "  other: {webhook: {url: URL/webhooks/other, api_key: {env: BLINK_OTHER_API_KEY}}}\n"
    asking.edit("\ndestinations:\n", other.replace("URL", asking.sandbox.url) + "\ndestinations:\n")
    asking.edit("destinations:\n", "destinations:\n  o: {display_name: O, trigger: other, severities: [LOW]}\n")
    tests = asking("test", *BRIEF, "--format", "json").document["tests"]
    assert [each["run"] and each["run"]["outcome"] for each in tests if each["delivered"]] == ["ran"]


def test_an_automation_that_is_not_found_or_not_declared(asking: Repository) -> None:
    """Nothing is proved of it, and the alert is sent all the same."""
    asking.edit("automation: Triage alerts", "automation: Triage alert")
    ran = asking("test", *BRIEF)
    assert (ran.code, len(asking.sandbox.received())) == (0, 1)
    assert 'Blink shows no automation "Triage alert" in the workspace "SOC"' in ran.out + ran.err
    asking.edit("    automation: Triage alert\n", "")
    assert "does not declare its automation" in asking("test", *BRIEF).out
    asking.sandbox.runs.declare("other", replace(Declared(), pack="Other"))
    asking.edit("    workspace: SOC\n", "    workspace: SOC\n    automation: Triage alerts\n")
    assert "2 automations" in asking("test", *BRIEF).out
    asking.edit("    workspace: SOC\n", "    workspace: SOC\n    pack: Alerts\n")
    assert "ran in Blink, completed in " in asking("test", *BRIEF).out


def test_a_destination_may_want_it_always(asking: Repository) -> None:
    """`test_alert: {prove: true}` is `--prove` for that one; without either Blink is not asked."""
    assert json.loads(asking("test", "--format", "json").out)["tests"][0]["run"] is None
    assert asking.sandbox.asked() == ()
    asking.edit("severities: [HIGH, CRITICAL]", "severities: [HIGH, CRITICAL]\n    test_alert: {prove: true}")
    assert "ran in Blink" in asking("test").out


def test_what_keeps_it_from_being_asked(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """No place, no key, a host that the operator has not named, or Panther's own alerts: before anything is sent."""
    assert "[missing-property]" in repository("test", "--prove").err
    assert repository("test", "--prove", "--via", "panther").code == 64
    repository.edit("version: 1\n", "version: 1\nblink: {url: {env: BLINK_URL}, api_key: {env: BLINK_API_KEY}}\n")
    assert "[secret-missing]" in repository("test", "--prove").err
    monkeypatch.setenv("BLINK_API_KEY", USER)
    monkeypatch.setenv("BLINK_URL", "https://acme.app.blinkops.com/workspaces")
    assert "the address of Blink has a path [invalid-value]" in repository("test", "--prove").err
    monkeypatch.setenv("BLINK_URL", repository.sandbox.url)
    monkeypatch.setenv("PANTHER_TOKEN", USER)
    provider = f'{{type: panther, url: "{repository.sandbox.url}/public/graphql", token: {{env: PANTHER_TOKEN}}}}'
    repository.edit("version: 1\n", f"version: 1\nprovider: {provider}\n")
    assert "the value of blink.api_key is that of provider.token" in repository("test", "--prove").err
    monkeypatch.setenv("PANTHER_TOKEN", "another")
    monkeypatch.setenv("BLINK_URL", "https://evil.example")
    monkeypatch.setenv("BLINKDECL_TRUSTED_HOSTS", "127.0.0.1")
    assert "the API key of Blink would go to evil.example" in repository("test", "--prove").err
    assert repository.sandbox.received() == ()


def test_nothing_but_reading_is_asked(asking: Repository) -> None:
    """Each question is a GET, and no step, input or output of a run is among them."""
    asking("test", *BRIEF)
    asked = asking.sandbox.asked()
    assert {method for method, _ in asked} == {"GET"}
    last = {re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "ID", path) for _, path in asked}
    workspace = "/api/v1/workspace/ID"
    assert last == {
        "/api/v1/user-workspaces",
        f"{workspace}/automations",
        f"{workspace}/executions",
        f"{workspace}/executions/ID",
    }

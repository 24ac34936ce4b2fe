"""`test`: who sends, what is stale, and the format that CI systems read."""

import json
from xml.etree import ElementTree as ET

import pytest

from blinkdecl.sandbox import Sandbox
from tests.support.receiver import answers, receiver
from tests.support.repository import KEY, Repository


def test_the_tag_finds_it_in_blink(repository: Repository) -> None:
    """One tag for the whole run, in the alert and in what is printed, and another for the next run."""
    with receiver(answers(200)) as peer:
        repository.edit(f"{repository.sandbox.url}/webhooks/soc", peer.url)
        repository.edit("destinations:", "destinations:\n  other: {display_name: O, trigger: soc, severities: [LOW]}")
        [tag] = {each["tag"] for each in repository("test", "--each", "--format", "json").document["tests"]}
        out = repository("test").out
    told = [json.loads(each.partition(b"\r\n\r\n")[2])["tags"] for each in peer.requests]
    assert tag.startswith("blinkdecl-")
    assert told[:2] == [["test", tag]] * 2
    assert told[2] != told[0]
    assert f"The automations' runs in Blink have the tag {told[2][1]}." in out


def test_nothing_to_test_says_where_it_was_looked_for(repository: Repository) -> None:
    """In both formats; nothing is announced that is not sent."""
    repository.write("blinkdecl.yaml", "version: 1\n")
    ran = repository("test")
    assert (ran.code, "Sending" in ran.out) == (0, False)
    assert "Warning: nothing is declared: no destinations or triggers in blinkdecl.yaml, triggers/" in ran.out
    [told] = repository("test", "--format", "json").document["diagnostics"]
    assert told["code"] == "nothing-declared"


def test_stale(repository: Repository) -> None:
    """Only where no test alert arrived for so long, or none ever did."""
    assert repository("test", "--stale", "7d", "--format", "json").document["summary"]["tests_delivered"] == 1
    assert repository("apply", "--auto-approve").code == 0
    count = len(repository.sandbox.received())
    ran = repository("test", "--stale", "7d")
    assert (ran.code, ran.out) == (0, "Nothing is stale: a test alert reached destination.blink-soc within 7d.\n")
    assert len(repository.sandbox.received()) == count
    assert repository("test", "--stale", "0s", "--format", "json").document["summary"]["tests_delivered"] == 1
    repository.sandbox.rotate("soc", "another")
    assert repository("test").code == 4
    repository.sandbox.rotate("soc", KEY)
    assert repository("test", "--stale", "7d", "--format", "json").document["summary"]["tests_delivered"] == 1


def test_junit(repository: Repository) -> None:
    """A case for each alert; a failure says what to do; an error before the first is a case too."""
    repository.edit("destinations:", "destinations:\n  other: {display_name: O, trigger: soc, severities: [LOW]}")
    assert repository("apply", "--auto-approve").code == 0
    ran = repository("test", "--format", "junit")
    [suite] = ET.fromstring(ran.out)
    assert (ran.code, dict(suite.attrib)) == (
        0, {"name": "blinkdecl test", "tests": "2", "failures": "0", "errors": "0", "skipped": "0"},
    )  # fmt: skip
    repository.sandbox.rotate("soc", "another")
    ran = repository("test", "destination.other", "--format", "junit")
    [[case]] = ET.fromstring(ran.out)
    assert (ran.code, case.get("name"), case[0].tag, case[0].get("message")) == (
        4, "destination.other", "failure", "HTTP 401",
    )  # fmt: skip
    assert "copy it again" in (case[0].text or "")
    ran = repository("test", "destination.gone", "--format", "junit")
    [[case]] = ET.fromstring(ran.out)
    assert (ran.code, case.get("name"), case[0].tag) == (
        1, 'not-found: there is no destination "destination.gone" to test', "error",
    )  # fmt: skip


def test_a_provider_that_sends_none(repository: Repository) -> None:
    """The local one has no Panther; a trigger is no destination."""
    assert "[not-found]" in repository("test", "--via", "panther").err
    assert repository("apply", "--auto-approve").code == 0
    ran = repository("test", "--via", "panther")
    assert (ran.code, "[unsupported]" in ran.err, "leave `--via panther` out" in ran.err) == (1, True, True)
    assert repository("test", "trigger.soc", "--via", "panther").code == 64


def test_through_panther(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """One destination a call; those that cannot be asked for are told, and do not fail the run."""
    monkeypatch.setenv("PANTHER_TOKEN", "canary-token")
    rest = "trigger: soc, severities: [LOW], test_alert: {preflight: false, after_apply: false}"
    with Sandbox(api_key=KEY, token="canary-token") as sandbox:
        repository.secrets.append("canary-token")
        repository.edit(repository.sandbox.url, sandbox.url)
        provider = f'{{type: panther, url: "{sandbox.url}/public/graphql", token: {{env: PANTHER_TOKEN}}}}'
        repository.edit("version: 1", f"version: 1\nprovider: {provider}")
        repository.edit(
            "destinations:", f"destinations:\n  policies: {{display_name: P, alert_types: [POLICY], {rest}}}"
        )
        assert repository("apply", "--auto-approve").code == 0
        repository.edit("destinations:", f"destinations:\n  new: {{display_name: N, {rest}}}")
        count = len(sandbox.received())
        ran = repository("test", "--via", "panther", "--format", "json")
        assert ran.code == 0
        [test] = ran.document["tests"]
        assert (test["address"], test["via"], test["delivered"], test["tag"]) == (
            "destination.blink-soc", "panther", True, None,
        )  # fmt: skip
        assert [each["code"] for each in ran.document["diagnostics"]] == ["not-tested", "not-tested"]
        assert len(sandbox.received()) == count + 1
        recorded = json.loads(repository.state.read_text())["resources"]
        assert next(each for each in recorded if each["address"] == test["address"])["last_test"]["at"] == test["at"]


def test_one_wrong_key_is_one_error(repository: Repository) -> None:
    """Whatever number of triggers and destinations has it; all are counted, a few are named."""
    with receiver(answers(401)) as peer:
        repository.edit(f"{repository.sandbox.url}/webhooks/soc", f"{peer.url}/1")
        webhook = f"{{url: {peer.url}/2, api_key: {{env: BLINK_SOC_API_KEY}}}}"
        repository.edit("triggers:\n", f"triggers:\n  other: {{workspace: SOC, automation: B, webhook: {webhook}}}\n")
        body = "trigger: other, severities: [LOW]"
        more = "".join(f"  d{each}: {{display_name: D{each}, {body}}}\n" for each in "1234")
        repository.edit("destinations:\n", f"destinations:\n{more}")
        ran = repository("test", "-q")
    assert ran.code == 4
    assert ran.out.count("[not-delivered]") == 1
    assert "= at: trigger.other and trigger.soc, api_key from env BLINK_SOC_API_KEY" in ran.out
    assert "each webhook of destination.d1, destination.d2 and 3 more" in " ".join(ran.out.split())


def test_what_is_not_recorded_is_said_once(repository: Repository) -> None:
    """Before apply and after destroy: only the webhook was proved; the exit code is what the alerts say."""
    assert "Warning: destination.blink-soc is not recorded: only its webhook was tested [not-recorded]" in (
        repository("test").out
    )
    assert repository("apply", "--auto-approve").code == 0
    assert "recorded" not in repository("test").out
    repository.edit("destinations:", "destinations:\n  other: {display_name: O, trigger: soc, severities: [LOW]}")
    [told] = repository("test", "--format", "json").document["diagnostics"]
    assert told["summary"] == "1 of 2 destinations is not recorded: only its webhook was tested"
    assert repository("test", "destination.blink-soc", "--format", "json").document["diagnostics"] == []
    assert repository("test", "trigger.soc", "--format", "json").document["diagnostics"] == []
    assert repository("destroy", "--auto-approve").code == 0
    ran = repository("test", "--format", "json")
    [told] = ran.document["diagnostics"]
    assert (ran.code, told["code"], told["severity"]) == (0, "not-recorded", "warning")
    assert told["summary"] == "2 of 2 destinations are not recorded: only their webhooks were tested"


def test_what_a_panther_has_is_not_proved_directly(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """Such as a destination that was deleted outside: how it is proved is said, and that finds it."""
    monkeypatch.setenv("PANTHER_TOKEN", "canary-token")
    with Sandbox(api_key=KEY, token="canary-token") as sandbox:
        repository.edit(repository.sandbox.url, sandbox.url)
        provider = f'{{type: panther, url: "{sandbox.url}/public/graphql", token: {{env: PANTHER_TOKEN}}}}'
        repository.edit("version: 1", f"version: 1\nprovider: {provider}")
        assert "then `blinkdecl" in " ".join(repository("test").out.split())
        assert repository("apply", "--auto-approve").code == 0
        sandbox.edit("Blink SOC", delete=True)
        ran = repository("test")
        assert (ran.code, "This proves webhooks and keys." in ran.out) == (0, True)
        assert f"`blinkdecl -C {repository.folder} test --via panther`" in " ".join(ran.out.split())
        assert "This proves" not in repository("test", "trigger.soc").out + repository("test", "-q").out
        ran = repository("test", "--via", "panther")
        assert (ran.code, "This proves" in ran.out) == (4, False)
        assert "test --via panther destination.blink-soc`" in " ".join(ran.out.split())


def test_what_a_console_has_is_not_proved_directly(repository: Repository) -> None:
    """Only a person can, there."""
    repository.edit("version: 1\n", "version: 1\nprovider: {type: console}\n")
    told = " ".join(repository("test").out.split())
    assert "writes the steps that create it" in told
    assert repository("apply", "--auto-approve").code == 0
    assert repository("confirm", "destination.blink-soc").code == 0
    text = " ".join(repository("test").out.split())
    assert "Only Send Test Alert in Panther's console proves what was typed there." in text

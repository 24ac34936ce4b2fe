"""What is proved is a webhook: one alert to each, one error for each, whatever number of destinations is behind it."""

import pytest

from blinkdecl.sandbox import Sandbox
from tests.support.receiver import answers, receiver
from tests.support.repository import KEY, Repository

BLOCK = "  d{0}: {{display_name: D {0}, trigger: soc, severities: [LOW], test_alert: {{timeout: {1}s}}}}\n"
PAGE = b"<!doctype html><title>Sign in</title>"


def add(repository: Repository, count: int) -> None:
    """Declare more destinations behind the same webhook."""
    blocks = "".join(BLOCK.format(n, 5 + n % 3) for n in range(count))
    repository.edit("destinations:\n", f"destinations:\n{blocks}")


def test_twenty_destinations_one_preflight(repository: Repository) -> None:
    """The plan says so, one alert goes out, and each destination's outcome is recorded."""
    add(repository, 19)
    assert repository("plan", "--format", "json").document["summary"]["tests_before"] == 1
    ran = repository("apply", "--auto-approve")
    assert ran.code == 0
    assert " Test alerts: 1 webhook before.\n" in ran.out
    assert len(repository.sandbox.received()) == 1
    assert ran.out.count("accepted by Blink") == 20
    assert repository.state.read_text().count('"last_test": {') == 20


def test_no_test_is_not_announced(repository: Repository) -> None:
    """What is not sent is not counted."""
    assert "Test alerts:" not in repository("apply", "--auto-approve", "--no-test").out


def test_the_same_webhook_by_another_trigger(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """The values count, not where they come from; another key is another webhook."""
    monkeypatch.setenv("OTHER_KEY", KEY)
    url = f"{repository.sandbox.url}/webhooks/soc"
    other = f"{{webhook: {{url: {url}, api_key: {{env: OTHER_KEY}}}}}}"
    repository.edit("triggers:\n", f"triggers:\n  other: {other}\n")
    repository.edit("destinations:\n", "destinations:\n  o: {display_name: O, trigger: other, severities: [LOW]}\n")
    assert repository("plan", "--format", "json").document["summary"]["tests_before"] == 1
    monkeypatch.setenv("OTHER_KEY", "canary-other")
    repository.secrets.append("canary-other")
    assert repository("plan", "--format", "json").document["summary"]["tests_before"] == 2
    ran = repository("apply", "--auto-approve", "--format", "json")
    assert (ran.code, [each.status for each in repository.sandbox.received()].count(401)) == (4, 1)
    assert len(repository.sandbox.received()) == 2
    assert {each["address"]: each["outcome"] for each in ran.document["results"]}["destination.blink-soc"] == "done"


def test_two_hundred_destinations_one_error(repository: Repository) -> None:
    """A wrong key is one error that names its destinations, in apply and in test."""
    add(repository, 199)
    repository.sandbox.rotate("soc", "another")
    ran = repository("apply", "--auto-approve", "--format", "json")
    assert ran.code == 4
    [problem] = [each for each in ran.document["diagnostics"] if each["code"] == "not-delivered"]
    told = {each["label"]: each["text"] for each in problem["notes"]}
    assert told["at"] == "trigger.soc, api_key from env BLINK_SOC_API_KEY"
    assert told["note"] == "sent once; destination.blink-soc, destination.d0 and 198 more were not created"
    assert len(ran.document["tests"]) == 200
    assert len(repository.sandbox.received()) == 1
    for words, received, note in (
        ((), 1, "sent once, for destination.d0, destination.d1 and 198 more"),
        (("--each",), 200, "sent once to each of destination.d0, destination.d1 and 198 more"),
    ):
        before = len(repository.sandbox.received())
        ran = repository("test", *words, "--format", "json")
        assert (ran.code, ran.document["summary"]["tests_failed"]) == (4, 200)
        problem, unrecorded = ran.document["diagnostics"]
        assert unrecorded["code"] == "not-recorded"
        assert note in [each["text"] for each in problem["notes"]]
        assert len(repository.sandbox.received()) == before + received


def test_test_says_what_it_sends(repository: Repository) -> None:
    """Before the first alert: how many, to how many webhooks; afterwards a line for each destination."""
    add(repository, 2)
    out = repository("test").out
    assert out.startswith("Sending 1 test alert to 1 webhook, for 3 destinations.\n")
    assert out.count("delivered, HTTP 200") == 3
    assert out.count("(sent for destination.d0)") == 2
    assert "Tested 3 destinations: 3 delivered, 0 failed." in out
    assert repository("test", "--each").out.startswith("Sending 3 test alerts to 1 webhook.\n")
    assert "Sending 1 test alert to 1 webhook" in repository("test", "--format", "json").err
    assert repository("test", "--each", "--via", "panther").code == 64


def test_a_slow_webhook_gets_the_longest_time(repository: Repository) -> None:
    """An impatient destination does not fail what a patient one would have seen."""
    with Sandbox(api_key=KEY, latency=0.5) as slow:
        repository.edit(repository.sandbox.url, slow.url)
        blocks = "".join(
            f"  {name}: {{display_name: {name}, trigger: soc, severities: [LOW], test_alert: {{timeout: {timeout}}}}}\n"
            for name, timeout in (("hasty", "100ms"), ("patient", "10s"))
        )
        repository.edit("destinations:\n", f"destinations:\n{blocks}")
        repository.edit("    severities: [HIGH, CRITICAL]", "    severities: [HIGH]\n    test_alert: {timeout: 100ms}")
        assert repository("apply", "--auto-approve", "--parallelism", "1").code == 0
        assert repository("test").code == 0
        assert len(slow.received()) == 2


@pytest.mark.parametrize("command", [("apply", "--auto-approve"), ("test",)])
def test_a_web_page_is_no_webhook(repository: Repository, command: tuple[str, ...]) -> None:
    """Nothing is created, and the error says what answered and what to check."""
    with receiver(answers(200, "Content-Type: text/html; charset=utf-8", body=PAGE)) as peer:
        repository.edit(f"{repository.sandbox.url}/webhooks/soc", peer.url)
        ran = repository(*command)
        assert ran.code == 4
        words = " ".join((ran.out + ran.err).split())
        assert "Error: the test alert was answered by a web page, not by a webhook: HTTP 200 [not-delivered]" in words
        assert "a web page with HTTP 200" in words
        assert "a login page, a proxy" in words
        [test] = repository("test", "--format", "json").document["tests"]
        assert (test["failure"], test["status"], test["delivered"]) == ("web-page", 200, False)


def test_dispatch_and_confirm_know_a_web_page(repository: Repository) -> None:
    """A real alert is tried once there, and a person's change is not recorded."""
    repository.write("alert.json", '{"title": "x"}')
    repository.edit("version: 1", "version: 1\nprovider: {type: console}")
    with receiver(answers(200, body=PAGE)) as peer:
        repository.edit(f"{repository.sandbox.url}/webhooks/soc", peer.url)
        alert = str(repository.folder / "alert.json")
        ran = repository("dispatch", alert, "--to", "trigger.soc", "--format", "json")
        assert (ran.code, ran.document["tests"][0]["failure"], len(peer.requests)) == (4, "web-page", 1)
        assert repository("apply", "--auto-approve").code == 0
        assert len(peer.requests) == 1
        ran = repository("confirm", "destination.blink-soc", "--format", "json")
        assert (ran.code, ran.document["tests"][0]["failure"]) == (4, "web-page")


def test_through_panther_nothing_is_shared(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """One preflight, and Panther's own test alert to each destination, as the plan says."""
    monkeypatch.setenv("PANTHER_TOKEN", "canary-token")
    with Sandbox(api_key=KEY, token="canary-token") as sandbox:
        repository.secrets.append("canary-token")
        repository.edit(repository.sandbox.url, sandbox.url)
        provider = f'{{type: panther, url: "{sandbox.url}/public/graphql", token: {{env: PANTHER_TOKEN}}}}'
        repository.edit("version: 1", f"version: 1\nprovider: {provider}")
        add(repository, 4)
        ran = repository("apply", "--auto-approve")
        assert " Test alerts: 1 webhook before, 5 destinations after.\n" in ran.out
        assert (ran.code, len(sandbox.received())) == (0, 6)
        assert repository("test", "--via", "panther").code == 0
        assert len(sandbox.received()) == 11

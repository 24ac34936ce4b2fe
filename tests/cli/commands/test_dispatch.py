"""`dispatch`: a real alert, by hand, from a file or standard input."""

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.receiver import answers, receiver
from tests.support.repository import KEY, Repository

ALERT: dict[str, Any] = {
    "id": "AWS.Root.Login",
    "alertId": "b90c19e6",
    "severity": "CRITICAL",
    "type": "RULE",
    "title": "Root login in production",
    "tags": ["aws"],
    "alertContext": {"user": "root"},
}


@pytest.fixture
def dispatching(repository: Repository) -> Repository:
    """A repository whose destination takes alerts by hand, and an alert."""
    repository.edit("severities: [HIGH, CRITICAL]", "severities: [HIGH, CRITICAL]\n    allow_manual_dispatch: true")
    repository.write("alert.json", json.dumps(ALERT))
    return repository


TO = ("--to", "destination.blink-soc")


def test_it_arrives_once_as_a_resent_alert(dispatching: Repository) -> None:
    """Every key is there, and the title says that it was sent before."""
    ran = dispatching("dispatch", "alert.json", *TO)
    assert ran.code == 0, ran
    assert "destination.blink-soc: delivered, HTTP 200 in " in ran.out
    assert "Dispatched to 1 target: 1 delivered, 0 failed." in ran.out
    [received] = dispatching.sandbox.received()
    assert (received.alert_id, received.title, received.authentication) == (
        "b90c19e6", "[Re-sent]: Root login in production", "header",
    )  # fmt: skip
    assert not dispatching.state.exists()


def test_from_standard_input_as_json(dispatching: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """`-` is standard input; the outcome is one document."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(json.dumps(ALERT).encode())))
    ran = dispatching("dispatch", "-", *TO, "--format", "json")
    assert ran.code == 0
    [test] = ran.document["tests"]
    assert (test["delivered"], test["attempt"], test["tag"]) == (True, 1, None)


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        (("allow_manual_dispatch: true", "allow_manual_dispatch: false"), "does not allow manual dispatch"),
        (
            ("allow_manual_dispatch: true", "allow_manual_dispatch: true\n    alert_types: [POLICY]"),
            "the alert type RULE",
        ),
    ],
)
def test_what_a_destination_does_not_take(dispatching: Repository, edit: tuple[str, str], told: str) -> None:
    """It is said before anything is sent, also to those that would take it."""
    dispatching.edit(*edit)
    ran = dispatching("dispatch", "alert.json", *TO, "--to", "trigger.soc")
    assert (ran.code, "[not-dispatchable]" in ran.out + ran.err, told in ran.out + ran.err) == (1, True, True)
    assert dispatching.sandbox.received() == ()


def test_each_attempt_is_shown(dispatching: Repository) -> None:
    """A target that fails leaves the other alone; what was met and what to do is told, and exit code 4."""
    with receiver(answers(503, "Retry-After: 0")) as peer:
        webhook = f"{{url: '{peer.url}', api_key: {{env: BLINK_SOC_API_KEY}}}}"
        dispatching.edit("triggers:", f"triggers:\n  other: {{webhook: {webhook}}}")
        dispatching.write("an alert.json", json.dumps(ALERT))
        ran = dispatching("dispatch", "an alert.json", "--to", "trigger.other", *TO)
    assert ran.code == 4
    for attempt in range(1, 10):
        assert f"trigger.other: attempt {attempt} of 10 failed, HTTP 503 in " in ran.out
    assert "destination.blink-soc: delivered" in ran.out
    assert "Dispatched to 2 targets: 1 delivered, 1 failed." in ran.out
    assert "note: tried 10 times" in ran.out
    again = f"`blinkdecl -C {dispatching.folder} dispatch 'an alert.json' --to trigger.other`"
    assert again in ran.out.replace("\n           ", " ")
    assert len(peer.requests) == 10


def test_a_dry_run_shows_the_request_and_needs_no_secret(
    dispatching: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The secret is named by where it is; the body is what would be sent."""
    monkeypatch.delenv("BLINK_SOC_API_KEY")
    ran = dispatching("dispatch", "alert.json", *TO, "--dry-run")
    head, _, sent = ran.out.partition("\n\n")
    assert head.split("\n") == [
        f"POST {dispatching.sandbox.url}/webhooks/soc",
        "Content-Type: application/json",
        "Accept: application/json",
        "BLINK-API-KEY: (sensitive, from env BLINK_SOC_API_KEY)",
        f"Content-Length: {len(sent.strip().encode())}",
    ]
    assert json.loads(sent)["title"] == "[Re-sent]: Root login in production"
    assert dispatching.sandbox.received() == ()
    assert dispatching("dispatch", "alert.json", *TO, "--dry-run", "--format", "json").code == 64


def test_a_signature_proves_a_trigger(dispatching: Repository) -> None:
    """Where the trigger wants one the key is never sent."""
    dispatching.write(
        "signed.yaml",
        "version: 1\ntriggers:\n  signed:\n    webhook:\n      authentication: signature\n"
        f"      url: {dispatching.sandbox.url}/webhooks/signed\n      api_key: {{env: BLINK_SOC_API_KEY}}\n",
    )
    dispatching.edit("version: 1", "version: 1\ninclude: [signed.yaml]")
    assert dispatching("dispatch", "alert.json", "--to", "trigger.signed").code == 0
    assert dispatching("test", "trigger.signed").code == 0
    assert [each.authentication for each in dispatching.sandbox.received()] == ["signature", "signature"]
    dry = dispatching("dispatch", "alert.json", "--to", "trigger.signed", "--dry-run").out
    assert "X-BLINK-SIGNATURE: (sensitive, from env BLINK_SOC_API_KEY)" in dry


INVALID = {
    "not JSON": "{",
    "a list": "[1]",
    "NaN": '{"alertContext": {"x": NaN}}',
    "a number as title": '{"title": 5}',
    "no such severity": '{"severity": "GRAVE"}',
    "too deep": '{"alertContext": ' + '{"a":' * 5000 + "1" + "}" * 5001,
}


@pytest.mark.parametrize("text", INVALID.values(), ids=INVALID)
def test_what_is_no_alert(dispatching: Repository, text: str) -> None:
    """A clear error, and nothing is sent."""
    dispatching.write("alert.json", text)
    ran = dispatching("dispatch", "alert.json", *TO)
    assert (ran.code, "[invalid-alert]" in ran.out + ran.err) == (1, True)
    assert dispatching.sandbox.received() == ()


def test_an_alert_of_six_megabytes(dispatching: Repository) -> None:
    """Its context is shortened, which is said; without one it cannot be sent."""
    dispatching.write("alert.json", json.dumps({**ALERT, "alertContext": {"raw": "x" * 6_000_000, "user": "root"}}))
    ran = dispatching("dispatch", "alert.json", *TO)
    assert ran.code == 0
    assert "its context was shortened" in ran.err
    assert 4_990_000 < dispatching.sandbox.received()[0].size <= 5_000_000
    dispatching.write("alert.json", json.dumps({**ALERT, "description": "x" * 6_000_000}))
    ran = dispatching("dispatch", "alert.json", *TO)
    assert (ran.code, "[alert-too-large]" in ran.out + ran.err) == (1, True)


def test_words_that_are_wrong(dispatching: Repository, tmp_path: Path) -> None:
    """A typo gets a suggestion; a file that is not there is named; added keys are passed on, and told."""
    ran = dispatching("dispatch", "alert.json", "--to", "destination.blink-sok")
    assert (ran.code, "did you mean destination.blink-soc?" in ran.out + ran.err) == (1, True)
    assert dispatching("dispatch", "gone.json", *TO).code == 1
    assert dispatching("dispatch", "alert.json").code == 64
    dispatching.write("alert.json", json.dumps({**ALERT, "severty": "HIGH"}))
    ran = dispatching("dispatch", "alert.json", *TO)
    assert (ran.code, "severty" in ran.err) == (0, True)
    assert KEY not in "".join(each.read_text() for each in tmp_path.rglob("*.json"))


@pytest.mark.parametrize(
    ("document", "told"),
    [
        ({}, "nothing in it has a value for id, alertId, title, severity"),
        ({"name": "Root login", "type": "RULE"}, "nothing in it has a value for id, alertId, title, severity"),
        ({"TopicArn": "arn", "Message": json.dumps(ALERT)}, "jq '.Message | fromjson' alert.json | blinkdecl -C "),
        ([ALERT], "it is a list of 1"),
    ],
)
def test_what_is_not_one_alert_is_not_sent(dispatching: Repository, document: object, told: str) -> None:
    """It says what it is, and how the alert is taken out of it."""
    dispatching.write("alert.json", json.dumps(document))
    ran = dispatching("dispatch", "alert.json", *TO)
    assert (ran.code, told in " ".join(ran.err.split())) == (1, True), ran.err
    assert not dispatching.sandbox.received()


def test_the_printed_command_takes_the_alert_out(
    dispatching: Repository, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """What the first half of it prints is dispatched by the second half."""
    enclosed = tmp_path / "an answer.json"
    enclosed.write_text(json.dumps({"data": {"alert": ALERT}}))
    told = " ".join(dispatching("dispatch", str(enclosed), *TO).err.split())
    assert f"`jq .data.alert '{enclosed}' | blinkdecl -C {dispatching.folder} dispatch - --to {TO[1]}`" in told
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(json.dumps(ALERT).encode())))
    assert dispatching("dispatch", "-", *TO).code == 0

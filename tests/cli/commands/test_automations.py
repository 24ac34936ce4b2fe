"""Blink's side in `drift` and `plan`: what of a trigger's automation is not as it needs it, in every format."""

import json
import signal
import socket
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from blinkdecl.sandbox import BlinkFaults, Declared
from tests.support.receiver import answers, hangs, receiver
from tests.support.repository import Repository

TRIAGE = {"id": "a", "name": "Triage alerts", "active": True, "is_published": True}
FORMATS = ("json", "markdown", "html", "junit", "github", "gitlab", "sarif")


@pytest.fixture
def looked(asking: Repository) -> Repository:
    """The repository, applied, which says where Blink is."""
    assert asking("apply", "--auto-approve", "--no-test").code == 0
    return asking


def differences(repository: Repository) -> dict[str, tuple[object, object]]:
    """Return what has drifted in Blink of the one trigger; exit code and counts go with it."""
    ran = repository("drift", "--format", "json")
    found = ran.document["resource_drift"]
    assert (ran.code, ran.document["summary"]["drift_changed"]) == (2 if found else 0, len(found))
    assert ran.document["diagnostics"] == []
    assert [each["address"] for each in found] == ["trigger.soc"] * len(found)
    return {each["name"]: (each["before"], each["after"]) for one in found for each in one["differences"]}


def test_what_is_drift_of_a_trigger(looked: Repository) -> None:
    """Each fault of its automation alone; of one that is not published, nothing more is said."""
    assert differences(looked) == {}
    runs = looked.sandbox.runs
    runs.faults = BlinkFaults(inactive=True, changed=True)
    assert differences(looked) == {"active": (True, False), "unpublished_changes": (False, True)}
    runs.faults = BlinkFaults(unpublished=True, changed=True)
    assert differences(looked) == {"published": (True, False)}
    runs.faults = BlinkFaults()
    looked.edit("event_name: Alert from Panther", "event_name: Panther alert")
    assert differences(looked) == {"event_name": ("Panther alert", "Alert from Panther")}
    assert "Put trigger.soc right in Blink, or keep it by editing blinkdecl.yaml:" in looked("drift").out
    looked.edit("    automation: Triage alerts", "    pack: Night\n    automation: Triage alerts")
    assert differences(looked) == {"pack": ("Night", "Alerts")}
    looked.edit("automation: Triage alerts", "automation: Triage")
    assert differences(looked) == {"automation": ("Triage", None)}
    assert {method for method, _ in looked.sandbox.asked()} == {"GET"}


def test_every_format_shows_it(looked: Repository) -> None:
    """As drift of any other resource, with the way out that there is."""
    looked.sandbox.runs.faults = BlinkFaults(inactive=True)
    text = looked("drift")
    assert text.code == 2
    assert "~ trigger.soc" in text.out
    assert "~ active = true -> false" in text.out
    assert "Drift: 1 changed, 0 deleted" in text.out
    assert "Put trigger.soc right in Blink.\n" in text.out
    assert "apply" not in text.out
    for form in FORMATS:
        ran = looked("drift", "--format", form)
        assert (ran.code, "trigger.soc" in ran.out) == (2, True), form
        assert "active" in ran.out or form == "gitlab"  # which has one sentence for each finding
    metrics = looked.folder / "drift.prom"
    looked("drift", "--metrics-file", str(metrics))
    assert 'blinkdecl_drift_resources{environment="",kind="changed"} 1' in metrics.read_text()


def test_a_waiver_covers_it_until_its_day(looked: Repository) -> None:
    """Whole, or by what differs; after that day it is drift again."""
    looked.sandbox.runs.faults = BlinkFaults(inactive=True, changed=True)
    today = datetime.now(UTC).date()
    looked.edit("\ntriggers:\n", f"\ndrift: {{waive: [{{address: trigger.soc, until: {today}}}]}}\n\ntriggers:\n")
    ran = looked("drift")
    assert (ran.code, "No drift, apart from what is waived." in ran.out) == (0, True)
    looked.edit(f"until: {today}", f"until: {today}, attributes: [active]")
    assert "unpublished_changes" in looked("drift").out.partition("Waived:")[0]
    looked.edit(str(today), str(today - timedelta(days=1)))
    assert "has expired" in looked("drift").out


def unknown(repository: Repository) -> str:
    """Return why nothing is known: a warning, neither drift nor its absence."""
    ran = repository("drift", "--format", "json")
    assert (ran.code, ran.document["resource_drift"]) == (0, [])
    [told] = ran.document["diagnostics"]
    assert (told["code"], told["severity"]) == ("automation-unknown", "warning")
    notes = {each["label"]: each["text"] for each in told["notes"]}
    assert notes["at"] == "trigger.soc"
    text = " ".join(repository("drift").out.split())
    assert "No drift in Panther." in text
    assert "Not all of Blink could be looked at" in text
    return str(notes["note"])


def test_what_cannot_be_known_is_never_drift(looked: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """A key that may not look, a workspace that it is not shown, two of one name, no key at all."""
    runs = looked.sandbox.runs
    runs.faults = BlinkFaults(refuse=403)
    assert "HTTP 403" in unknown(looked)
    runs.faults = BlinkFaults()
    runs.declare("other", replace(Declared(), pack="Other"))
    assert "2 automations" in unknown(looked)
    looked.edit("workspace: SOC", "workspace: Night")
    assert 'no workspace "Night"' in unknown(looked)
    monkeypatch.delenv("BLINK_API_KEY")
    assert "BLINK_API_KEY" in unknown(looked)


@pytest.mark.parametrize(
    ("packs", "told"),
    [
        (None, "no list of automations"),
        ([{"automations": [TRIAGE]}], "changed since"),
        ([{"automations": [{**TRIAGE, "id": "../a", "has_unpublished_changes": False}]}], "an id in it is none"),
    ],
    ids=["no packs", "nothing said of changes", "an odd id"],
)
def test_what_blink_leaves_out(looked: Repository, packs: object, told: str) -> None:
    """A field that is missing is not false, and an answer without a list is not an empty one."""
    document = {  # one answer for every question
        "a": {"id": "1", "display_name": "SOC"},
        "packs": packs,
        "playbook": "triggers: {webhooks: [{name: Alert from Panther}]}",
    }
    with receiver(answers(200, body=json.dumps(document).encode())) as server:
        looked.edit(f"blink: {{url: {looked.sandbox.url}", f"blink: {{url: http://127.0.0.1:{server.port}")
        found = looked("drift", "--format", "json").document
    reasons = [each["text"] for one in found["diagnostics"] for each in one["notes"] if each["label"] == "note"]
    assert len(reasons) == 1
    assert told in reasons[0]


@pytest.mark.parametrize("playbook", ["steps: []", "triggers: soon", "triggers: {webhooks: {}}"])
def test_yaml_that_says_nothing_of_triggers(looked: Repository, playbook: str) -> None:
    """It is not known then which events there are; that there are none is said where Blink says it."""
    one = {**TRIAGE, "has_unpublished_changes": False}
    document = {"a": {"id": "1", "display_name": "SOC"}, "packs": [{"automations": [one]}], "playbook": playbook}
    with receiver(answers(200, body=json.dumps(document).encode())) as server:
        looked.edit(f"blink: {{url: {looked.sandbox.url}", f"blink: {{url: http://127.0.0.1:{server.port}")
        ran = looked("drift", "--format", "json")
    [told] = ran.document["diagnostics"]
    assert (ran.code, told["code"]) == (0, "automation-unknown")
    assert any("does not say which events trigger it" in each["text"] for each in told["notes"])


@pytest.mark.parametrize("words", [("drift",), ("import", "--blink", "--dry-run")])
def test_ctrl_c_waits_for_no_answer(looked: Repository, words: tuple[str, ...]) -> None:
    """Blink tells which automations there are, and is asked for the YAML of one when the signal comes."""
    other = {**TRIAGE, "id": "b", "name": "Another", "automation_type": "event"}
    document = {"a": {"id": "1", "display_name": "SOC"}, "packs": [{"automations": [TRIAGE, other]}]}
    told = answers(200, body=json.dumps(document).encode())

    def behave(peer: socket.socket) -> None:
        (told if len(server.requests) < 3 else hangs)(peer)

    with receiver(behave) as server:
        looked.edit(f"blink: {{url: {looked.sandbox.url}", f"blink: {{url: http://127.0.0.1:{server.port}")
        called = [sys.executable, "-m", "blinkdecl", "-C", str(looked.folder), *words]
        with subprocess.Popen(called, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            until = time.monotonic() + 15
            while len(server.requests) < 3:
                assert time.monotonic() < until
                time.sleep(0.01)
            process.send_signal(signal.SIGINT)
            assert process.wait(3) == 130


def test_a_trigger_that_names_no_automation_is_not_asked_for(looked: Repository) -> None:
    """Nor is Blink where no trigger does."""
    looked.edit("    automation: Triage alerts\n", "")
    ran = looked("drift", "--format", "json")
    assert (ran.code, ran.document["diagnostics"], looked.sandbox.asked()) == (0, [], ())


def test_a_plan_warns_of_the_automations_that_it_leads_to(looked: Repository) -> None:
    """Not where nothing changes, and not offline; neither its changes nor its review digest depend on it."""
    looked.sandbox.runs.faults = BlinkFaults(inactive=True)
    assert looked("plan", "--format", "json").document["diagnostics"] == []
    assert looked.sandbox.asked() == ()
    looked.edit("severities: [HIGH, CRITICAL]", "severities: [CRITICAL]")
    assert looked("plan", "--offline", "--format", "json").document["diagnostics"] == []
    assert looked.sandbox.asked() == ()
    ran = looked("plan", "--out", str(looked.folder / "plan.json"), "--format", "json")
    [told] = ran.document["diagnostics"]
    assert (told["code"], told["severity"]) == ("automation-differs", "warning")
    assert told["notes"][0]["text"] == "it is inactive, so that no alert starts it"
    assert (ran.code, ran.document["resource_drift"], ran.document["errored"]) == (0, [], False)
    looked.sandbox.runs.faults = BlinkFaults(refuse=403)
    again = looked("plan", "--format", "json").document
    assert [each["code"] for each in again["diagnostics"]] == ["automation-unknown"]
    assert again["review_digest"] == ran.document["review_digest"]
    assert looked("apply", str(looked.folder / "plan.json"), "--no-test").code == 0


def test_a_plan_says_each_difference_in_words(looked: Repository) -> None:
    """Of all that can differ; what is waived is not told."""
    looked.edit("severities: [HIGH, CRITICAL]", "severities: [CRITICAL]")
    looked.sandbox.runs.faults = BlinkFaults(changed=True)
    looked.edit("event_name: Alert from Panther", "event_name: Panther alert")
    told = looked("plan").out
    assert "it has changes that are not published" in told
    assert 'its event is not "Panther alert", but "Alert from Panther"' in " ".join(told.split())
    looked.sandbox.runs.faults = BlinkFaults(unpublished=True)
    assert "it is not published" in looked("plan").out
    looked.edit("    automation: Triage alerts", "    pack: Night\n    automation: Triage alerts")
    assert 'it is not in the pack "Night", but in "Alerts"' in looked("plan").out
    looked.edit("automation: Triage alerts", "automation: Triage")
    assert 'Blink has no automation "Triage" there' in looked("plan").out
    looked.edit("\ntriggers:\n", "\ndrift: {waive: [{address: trigger.soc, until: 2999-12-31}]}\n\ntriggers:\n")
    assert looked("plan", "--format", "json").document["diagnostics"] == []

"""`import --blink`: the triggers of automations that Panther's webhooks start, as YAML that the project takes."""

import json

import pytest

from blinkdecl.sandbox import BlinkFaults, Declared
from tests.support.receiver import answers, receiver
from tests.support.repository import Repository

NIGHT = Declared("Night shift", "Night", "Wake somebody", "Panther alert")
YAML = """\
triggers:
  wake-somebody:
    workspace: "Night shift"
    pack: "Night"
    automation: "Wake somebody"
    webhook:
      event_name: "Panther alert"
      url: {env: BLINK_WAKE_SOMEBODY_URL}
      api_key: {env: BLINK_WAKE_SOMEBODY_API_KEY}
"""


@pytest.fixture
def beside(asking: Repository) -> Repository:
    """The repository, which declares one of the three automations of its Blink; a third has nothing of Panther's."""
    asking.sandbox.runs.declare("night", NIGHT)
    asking.sandbox.runs.declare("mail", Declared(automation="Sort mail", event_name="New mail"))
    return asking


def test_it_writes_what_no_trigger_declares(beside: Repository) -> None:
    """The dry run shows the file that is written then; once declared, nothing is left to import."""
    dry = beside("import", "--blink", "--dry-run")
    assert YAML in dry.out
    assert "Dry run: nothing was recorded, and no file was written." in dry.out
    assert not (beside.folder / "triggers").exists()
    ran = beside("import", "--blink")
    assert ran.code == 0
    assert "Wrote triggers/imported.yaml: 1 trigger." in ran.out
    assert "BLINK_WAKE_SOMEBODY_API_KEY" in ran.out
    written = (beside.folder / "triggers/imported.yaml").read_text()
    assert written.endswith(YAML)
    assert not beside.state.exists()
    assert beside("validate").code == 0
    assert "+ trigger.wake-somebody" in beside("plan").out
    assert "Nothing to import: a trigger declares every automation" in beside("import", "--blink").out
    assert {method for method, _ in beside.sandbox.asked()} == {"GET"}


def test_its_document(beside: Repository) -> None:
    """The file, what it declares, and the variables that are to be set, with what they are for."""
    dry = ("import", "--blink", "--dry-run", "--to", "triggers/night.yaml")
    ran = beside(*dry)
    assert "import --blink --to triggers/night.yaml" in ran.out + ran.err
    found = beside(*dry, "--format", "json").document
    assert found["written"]["file"] == "triggers/night.yaml"
    assert found["written"]["addresses"] == ["trigger.wake-somebody"]
    assert found["variables"] == [
        {"name": f"BLINK_WAKE_SOMEBODY_{each}", "display_names": ["Wake somebody"]} for each in ("URL", "API_KEY")
    ]
    assert found["resources"] == []


def test_whose_event_it_is(beside: Repository) -> None:
    """Panther's by the vendor, by its name, or as that of a declared trigger; a draft is nobody's."""
    playbook = """\
triggers:
  webhooks:
    - {trigger_type: panther.Alert, name: Critical}
    - {trigger_type: custom_webhook, name: From PANTHER}
    - {trigger_type: custom_webhook, name: Alert from Panther}
    - {trigger_type: custom_webhook, name: Another}
    - {trigger_type: jira.Issue, name: Panther issue}
"""
    usual = {"automation_type": "event", "active": True, "is_published": True}
    automations = [
        {**usual, "id": "a", "name": "On call"},
        {**usual, "id": "b", "name": "Draft", "is_published": False},
        {**usual, "id": "c", "name": "Nightly", "automation_type": "scheduled"},
    ]
    document = {
        "a": {"id": "1", "display_name": "Ops"},
        "packs": [{"pack_name": "P", "automations": automations}],
        "playbook": playbook,
    }
    with receiver(answers(200, body=json.dumps(document).encode())) as server:
        beside.edit(f"blink: {{url: {beside.sandbox.url}", f"blink: {{url: http://127.0.0.1:{server.port}")
        text = beside("import", "--blink", "--dry-run", "--format", "json").document["written"]["text"]
    events = [line.split(": ")[1] for line in text.splitlines() if "event_name" in line]
    assert events == ['"Alert from Panther"', '"Critical"', '"From PANTHER"']
    assert text.count('automation: "On call"') == 3
    assert len({line for line in text.splitlines() if "api_key" in line}) == 3


@pytest.mark.parametrize(
    "name", ["${var.x} Panther", "a: b # Panther", 'say "Panther"\\', "yes Panther", "Panther 東京"]
)
def test_whatever_the_names_are(beside: Repository, name: str) -> None:
    """The file says the name that Blink has."""
    beside.sandbox.runs.declare("odd", Declared("SOC", name, name, name))
    assert beside("import", "--blink").code == 0
    asked = beside("import", "--blink", "--format", "json").document
    assert asked["written"] is None


def test_what_keeps_it_from_writing(beside: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that no file may hold is left alone; it is refused where Blink cannot be asked, or the file may not be."""
    runs = beside.sandbox.runs
    runs.declare("long", Declared("SOC", "Alerts", "x" * 5000, "Panther alert"))
    [told] = beside("import", "--blink", "--dry-run", "--format", "json").document["diagnostics"]
    assert (told["code"], told["notes"][0]["text"]) == ("not-importable", "YAML may not hold its names")
    runs.faults = BlinkFaults(refuse=403)
    assert "[unauthorised]" in beside("import", "--blink").err
    runs.faults = BlinkFaults()
    assert "[include]" in beside("import", "--blink", "--to", "elsewhere.yaml").err
    assert beside("import", "--blink", "--all").code == 64
    assert beside("import", "--blink", "--name-glob", "x").code == 64
    monkeypatch.delenv("BLINK_API_KEY")
    assert "[secret-missing]" in beside("import", "--blink").err
    beside.edit("blink: {", "#blink: {")
    assert "[missing-property]" in beside("import", "--blink").err
    assert not (beside.folder / "triggers").exists()

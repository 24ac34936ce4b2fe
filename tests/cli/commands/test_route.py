"""`route`: who gets this alert, and why, against each side."""

import json

import pytest

from blinkdecl.sandbox import Sandbox
from tests.support.repository import KEY, Repository


def test_who_gets_it(repository: Repository) -> None:
    """The destinations by address; nobody is said in as many words; nothing is sent."""
    other = "zoo: {display_name: Zoo, trigger: soc, severities: [INFO, HIGH]}"
    repository.edit("destinations:", f"destinations:\n  {other}")
    ran = repository("route", "--severity", "high", "--log-type", "AWS.CloudTrail")
    assert ran.code == 0
    assert ran.out.splitlines() == [
        "HIGH RULE alerts from AWS.CloudTrail reach 2 destinations:",
        "  destination.blink-soc  Blink SOC",
        "  destination.zoo        Zoo",
    ]
    ran = repository("route", "--severity", "LOW", "--alert-type", "policy")
    assert (ran.code, ran.out) == (0, "LOW POLICY alerts reach nobody.\n")
    assert repository.sandbox.received() == ()


def test_explain(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every destination with its reason; no secret is needed."""
    monkeypatch.delenv("BLINK_SOC_API_KEY")
    out = repository("route", "--severity", "LOW", "--explain").out
    assert "  - destination.blink-soc  severity LOW is not among HIGH, CRITICAL" in out
    out = repository("route", "--severity", "HIGH", "--explain").out
    assert "  + destination.blink-soc  severity HIGH and alert type RULE are accepted, from\n" in out


def test_lists_that_decide(repository: Repository) -> None:
    """destinations() goes before OutputIds; a list with an entry that names nothing is discarded, and that is told."""
    named = ("--severity", "INFO", "--override", "Blink SOC")
    assert "reach 1 destination" in repository("route", *named).out
    assert "reach nobody" in repository("route", *named, "--returned", "").out
    assert "reach nobody" in repository("route", *named, "--returned", "SKIP").out
    ran = repository("route", *named, "--returned", "Gone")
    assert "reach 1 destination" in ran.out
    assert 'Note: what destinations() returned is discarded, since no destination is called\n"Gone"' in ran.out
    ran = repository("route", "--severity", "INFO", "--override", "Gone")
    assert "reach nobody" in ran.out
    assert 'No destination has this name or id: "Gone".' in ran.out
    ran = repository("route", "--severity", "HIGH", "--override", "Gone", "--reading", "2021")
    assert "reach 1 destination" in ran.out
    assert "OutputIds is passed over" in ran.out


def test_declared_silence(repository: Repository) -> None:
    """Nobody is as intended where the configuration says so."""
    repository.edit("version: 1", "version: 1\ncoverage: [{nobody: true, severities: [LOW], reason: noise}]")
    ran = repository("route", "--severity", "LOW", "--explain")
    assert ran.out.startswith("LOW RULE alerts reach nobody, as declared.\n")
    assert repository("route", "--severity", "LOW", "--format", "json").document["routes"][0]["silent"]
    assert repository("route", "--severity", "INFO").out == "INFO RULE alerts reach nobody.\n"


def test_an_id_from_the_state(repository: Repository) -> None:
    """What detections name by id is found by the record, also against what is desired."""
    assert repository("apply", "--auto-approve").code == 0
    recorded = json.loads(repository.state.read_text())["resources"]
    [object_id] = [each["id"] for each in recorded if each["id"]]
    for side in ("desired", "recorded", "live"):
        ran = repository("route", "--severity", "INFO", "--override", object_id, "--against", side)
        assert "reach 1 destination" in ran.out


def test_an_alert_from_a_file_as_json(repository: Repository) -> None:
    """Its severity and type; the document says everything."""
    repository.write("alert.json", json.dumps({"severity": "CRITICAL", "type": "POLICY"}))
    ran = repository("route", "--alert", "alert.json", "--format", "json")
    [found] = ran.document["routes"]
    assert (found["alert"]["severity"], found["alert"]["type"], found["reached"], found["decided_by"]) == (
        "CRITICAL", "POLICY", ["destination.blink-soc"], "settings",
    )  # fmt: skip


def test_each_side_has_its_own_answer(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """Desired, recorded and live differ, and a live destination that nothing manages gets its alerts as well."""
    monkeypatch.setenv("PANTHER_TOKEN", "canary-token")
    with Sandbox(api_key=KEY, token="canary-token") as sandbox:
        repository.secrets.append("canary-token")
        repository.edit(repository.sandbox.url, sandbox.url)
        provider = f'{{type: panther, url: "{sandbox.url}/public/graphql", token: {{env: PANTHER_TOKEN}}}}'
        repository.edit("version: 1", f"version: 1\nprovider: {provider}")
        assert repository("apply", "--auto-approve").code == 0
        repository.edit("severities: [HIGH, CRITICAL]", "severities: [LOW]")
        asked = ("route", "--severity", "HIGH", "--against")
        assert "reach nobody" in repository(*asked, "desired").out
        assert "destination.blink-soc" in repository(*asked, "recorded").out
        assert "destination.blink-soc" in repository(*asked, "live").out
        assert repository("state", "rm", "destination.blink-soc").code == 0
        assert "reach nobody" in repository(*asked, "recorded").out
        assert "(not managed) " in repository(*asked, "live").out


def test_what_is_missing(repository: Repository) -> None:
    """Without an alert there is no answer."""
    assert repository("route").code == 64
    assert repository("route", "--severity", "GRAVE").code == 64
    assert "[not-found]" in repository("route", "--severity", "HIGH", "--against", "recorded").err


def test_system_errors_ask_for_no_severity(repository: Repository) -> None:
    """They are CRITICAL, and reach whoever takes their type; the severities are no reason."""
    repository.edit("severities: [HIGH, CRITICAL]", "severities: [LOW]")
    asked = ("route", "--severity", "CRITICAL", "--alert-type", "SYSTEM_ERROR", "--explain")
    reason = "alert type SYSTEM_ERROR is accepted, whatever the severities, from every log"
    assert reason in " ".join(repository(*asked).out.split())
    repository.edit("severities: [LOW]", "severities: [LOW, CRITICAL]\n    alert_types: [RULE]")
    assert "alert type SYSTEM_ERROR is not among RULE" in " ".join(repository(*asked).out.split())


def test_a_plan_that_removes_the_last_path_says_so_first(repository: Repository) -> None:
    """Within its first five lines."""
    assert repository("apply", "--auto-approve").code == 0
    repository.edit("severities: [HIGH, CRITICAL]", "severities: [HIGH]")
    ran = repository("plan")
    assert ran.code == 0
    told = "After this plan nobody receives: CRITICAL (every alert type but system errors, every log)."
    assert told in " ".join(ran.out.splitlines()[:5])
    assert "  CRITICAL           every alert type but system      blink-soc nobody" in ran.out
    ran = repository("drift")
    assert "Who receives" not in ran.out

"""The first five minutes, word for word, as a new user meets them."""

from pathlib import Path

import pytest

from blinkdecl.cli import run

MISTAKES = """\

  blink-triage:
    display_name: Blink Triage
    trigger: sco
    severites: [MEDIUM, LOW]
    alert_types: [RULE, POLICYY]
"""
THREE_MISTAKES = """\
Error: there is no trigger "sco" [unknown-reference]
  --> blinkdecl.yaml:24:14
   |
23 |     display_name: Blink Triage
24 |     trigger: sco
   |              ^^^ did you mean "soc"?
25 |     severites: [MEDIUM, LOW]
   |
   = at: destination.blink-triage
   = help: declared triggers: soc

Error: unknown property "severites" [unknown-property]
  --> blinkdecl.yaml:25:5
   |
24 |     trigger: sco
25 |     severites: [MEDIUM, LOW]
   |     ^^^^^^^^^ did you mean "severities"?
26 |     alert_types: [RULE, POLICYY]
   |
   = at: destination.blink-triage

Error: "POLICYY" is not an alert type [invalid-value]
  --> blinkdecl.yaml:26:25
   |
25 |     severites: [MEDIUM, LOW]
26 |     alert_types: [RULE, POLICYY]
   |                         ^^^^^^^ did you mean "POLICY"?
   |
   = at: destination.blink-triage
   = help: one of RULE, RULE_ERROR, SCHEDULED_RULE, SCHEDULED_RULE_ERROR,
           CORRELATION_RULE, CORRELATION_RULE_ERROR, POLICY, POLICY_ERROR,
           SYSTEM_ERROR

3 errors, 0 warnings.
"""
INIT = """\
Created blinkdecl.yaml                     one trigger and one destination, edit them
Created .blinkdecl/config.schema.json      editors complete and check with it
Created .gitignore                         plans, locks and .env stay out of git
Created .gitattributes                     git neither rewrites nor merges the state

Provider local: nothing in Panther is changed; `init --provider` has two others.

Next: `blinkdecl validate`
"""
TWICE = """\
Error: "blink-soc" is defined twice [duplicate-key]
 --> destinations/b.yaml:3:3
  |
3 |   blink-soc:
  |   ^^^^^^^^^ defined again here
  = note: first defined at blinkdecl.yaml:17:3
"""
PLAN = """\
blinkdecl will perform the following actions:

  # trigger.soc will be recorded (made by hand in Blink: `blinkdecl help trigger`)
  + trigger.soc                                            (blinkdecl.yaml:8)
      + automation   = "Triage alerts"
      + url          = https://acme.app.blinkops.com/webhooks/soc
      + api_key      = (sensitive, from env BLINK_SOC_API_KEY)

  # destination.blink-soc will be created
  + destination.blink-soc                                  (blinkdecl.yaml:17)
      + display_name = "Blink SOC"
      + trigger      = "soc"
      + severities   = [HIGH, CRITICAL]
      + alert_types  = all
      + log_types    = all

Who receives alerts:                                  now       after
  CRITICAL, HIGH     every alert type, every log      nobody    blink-soc
  MEDIUM, LOW, INFO  every alert type, every log      nobody    nobody

Plan: 1 to add, 0 to change, 0 to destroy.
1 trigger to record. Test alerts: 1 webhook before.

The local provider only records: nothing in Panther is changed.

Saved to plan.json. It holds no secret. To apply exactly this plan:
  blinkdecl apply plan.json
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    """A folder in which `blinkdecl init` was run."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setenv("BLINK_SOC_API_KEY", "canary")
    assert run(["init"]) == 0
    assert capsys.readouterr().out == INIT
    return tmp_path


def test_three_mistakes_together(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each with its place, its excerpt, what was meant, and in the order of the file."""
    with (folder / "blinkdecl.yaml").open("a") as file:
        file.write(MISTAKES)
    assert run(["validate"]) == 1
    assert capsys.readouterr().err == THREE_MISTAKES


def test_the_first_plan(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The plan says what will be created, whence, and how to apply exactly that."""
    assert run(["plan", "--out", "plan.json"]) == 0
    assert capsys.readouterr().out == PLAN
    assert run(["show", "plan.json"]) == 0
    shown, _, digest = capsys.readouterr().out.partition("\nReview digest: ")
    assert (shown, bool(digest)) == (PLAN[: PLAN.index("\nSaved")], True)
    assert (folder / "plan.json").exists()


def test_defined_twice(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The second place is shown, the first is named."""
    (folder / "destinations").mkdir()
    block = "  blink-soc:\n    display_name: B\n    trigger: soc\n"
    (folder / "destinations/b.yaml").write_text(f"version: 1\ndestinations:\n{block}")
    assert run(["plan"]) == 1
    assert capsys.readouterr().err == TWICE

"""The example policy, by a Rego engine, over plans that the command line saved."""

import json
from typing import Any

import pytest

from tests.support.recipes import EXAMPLES
from tests.support.rego import denials
from tests.support.repository import Repository

POLICY = EXAMPLES / "policy/alerting.rego"
DATA = json.loads((POLICY.parent / "data.json").read_text())
APPROVED = {**DATA, "labels": ["bug", DATA["alerting"]["approval"]]}
SECOND = """\
  pager-night:
    display_name: Pager
    trigger: soc
    severities: [HIGH, CRITICAL]
"""


@pytest.fixture
def applied(repository: Repository) -> Repository:
    """A repository with two destinations that receive the same, one of them protected."""
    text = (repository.folder / "blinkdecl.yaml").read_text()
    repository.write("blinkdecl.yaml", text + SECOND)
    assert repository("apply", "--auto-approve").code == 0
    return repository


def planned(repository: Repository) -> Any:  # noqa: ANN401 - JSON
    """Return what a policy reads of the plan that is saved now."""
    assert repository("plan", "--out", "plan.json").code == 0
    return repository("show", "plan.json", "--format", "json").document


def test_a_plan_that_takes_nothing_away_passes(applied: Repository) -> None:
    """So does one that changes nothing."""
    assert denials(POLICY, planned(applied), DATA) == []
    applied.edit("display_name: Pager", "display_name: Pager at night")
    assert denials(POLICY, planned(applied), DATA) == []


def test_a_protected_destination_is_not_deleted(applied: Repository) -> None:
    """The pattern is named; no label helps. A destination that is not protected may go."""
    text = (applied.folder / "blinkdecl.yaml").read_text()
    applied.write("blinkdecl.yaml", text.removesuffix(SECOND))
    message = "destination.pager-night is protected (pager-*) and would be deleted"
    assert denials(POLICY, planned(applied), DATA) == denials(POLICY, planned(applied), APPROVED) == [message]
    applied.write("blinkdecl.yaml", text.partition("  blink-soc:")[0] + SECOND)
    assert denials(POLICY, planned(applied), DATA) == []


def test_alerts_that_nobody_receives_need_the_owners_label(applied: Repository) -> None:
    """Each kind is named; with the label they may be lost, with another one not."""
    path = applied.folder / "blinkdecl.yaml"
    path.write_text(path.read_text().replace("[HIGH, CRITICAL]", "[HIGH]"))
    plan = planned(applied)
    assert plan["lost_alerts"]
    refused = denials(POLICY, plan, {**DATA, "labels": ["bug"]})
    assert refused == denials(POLICY, plan, DATA)
    assert len(refused) == len(plan["lost_alerts"])
    assert all(each.startswith("nobody would receive CRITICAL") for each in refused)
    assert denials(POLICY, plan, APPROVED) == []


def test_a_plan_with_errors_is_refused(applied: Repository) -> None:
    """It shows less than apply would do."""
    applied.write("blinkdecl.yaml", "version: 1\nnonsense: 1\n")
    assert denials(POLICY, applied("plan", "--format", "json").document, APPROVED) == ["the plan has errors"]

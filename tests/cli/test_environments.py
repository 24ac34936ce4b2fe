"""Environments as people have them: settings of their own, resources of one, plans and states that are another's."""

import json
from shutil import rmtree

import pytest

from tests.support.repository import Repository

NIGHT = """\
  blink-night:
    display_name: Blink night
    trigger: soc
    severities: [LOW]
    environments: [prod]
"""


@pytest.fixture
def two(repository: Repository) -> Repository:
    """A repository with two environments, of which one has a destination more."""
    repository.write("environments/prod.yaml", "version: 1\n")
    repository.write("environments/qa.yaml", "version: 1\n")
    repository.edit("destinations:\n", f"destinations:\n{NIGHT}")
    return repository


def test_a_resource_of_one_environment(two: Repository) -> None:
    """It is made there and nowhere else, and destroyed there when it leaves."""
    for name, count in (("prod", 2), ("qa", 1)):
        assert f"{count} added" in two("--env", name, "apply", "--auto-approve").out
        assert "No changes." in two("--env", name, "plan").out
    assert "destination.blink-night" not in two("plan").out
    two.edit("environments: [prod]", "environments: [qa]")
    changes = {
        name: two("plan", "--env", name, "--format", "json").document["resource_changes"] for name in ("prod", "qa")
    }
    told = {
        name: [each["change"]["actions"] for each in of if each["name"] == "blink-night"]
        for name, of in changes.items()
    }
    assert told == {"prod": [["delete"]], "qa": [["create"]]}


def test_a_detection_that_names_what_another_environment_has(two: Repository) -> None:
    """It is declared, but not here: the environment is named, in both commands; there, nothing is wrong."""
    two.write(
        "detections/a.yml",
        "AnalysisType: rule\nRuleID: A\nSeverity: High\nLogTypes: [AWS.CloudTrail]\nOutputIds: [Blink night]\n",
    )
    for command in ("route", "plan"):
        ran = two("--env", "qa", command, "--detections", "detections")
        told = ran.out + ran.err
        assert (ran.code, "does not exist" in told) == (3, False)
        assert 'names "Blink night", which is only declared in environment prod [unknown-destination]' in told
        assert "pass --env prod, or let the destination exist here too" in told
        assert two("--env", "prod", command, "--detections", "detections").code == 0


@pytest.mark.parametrize(
    "words",
    [
        ("plan", "--target", "destination.blink-night"),
        ("apply", "--exclude", "destination.blink-night"),
        ("test", "destination.blink-night"),
    ],
)
def test_who_names_it_elsewhere_is_told_where_it_is(two: Repository, words: tuple[str, ...]) -> None:
    """It is declared, but not here: the environment is named, not a similar name."""
    ran = two("--env", "qa", *words)
    assert (ran.code, "destination.blink-night is only declared in environment prod [not-found]" in ran.err) == (
        1,
        True,
    )
    assert "pass --env prod, or add qa to its `environments`" in ran.err


def test_a_routing_test_names_what_is_elsewhere(two: Repository) -> None:
    """It does not hold, and says why; with the other environment it does."""
    alert = "{severity: LOW, log_types: [AWS.CloudTrail]}"
    expect = "[destination.blink-night]"
    two.write("night.routes.test.yaml", f"version: 1\nroutes:\n  - {{name: night, alert: {alert}, expect: {expect}}}\n")
    ran = two("route", "--tests", "night.routes.test.yaml")
    assert (ran.code, "destination.blink-night is only declared in environment prod" in ran.err) == (3, True)
    assert two("--env", "prod", "route", "--tests", "night.routes.test.yaml").code == 0


def test_a_drill_names_a_trigger_that_is_elsewhere(two: Repository) -> None:
    """`coverage --without` says so too."""
    two.edit("  soc:\n", "  soc:\n    environments: [prod]\n")
    two.edit("    severities: [HIGH, CRITICAL]\n", "    severities: [HIGH, CRITICAL]\n    environments: [prod]\n")
    ran = two("coverage", "--without", "trigger.soc")
    assert (ran.code, "trigger.soc is only declared in environment prod" in ran.err) == (1, True)


@pytest.mark.parametrize(
    ("made", "used", "right", "again"),
    [
        (("--env", "prod"), ("--env", "qa"), "--env prod apply p.json", "--env qa plan --out p.json"),
        (("--env", "prod"), (), "--env prod apply p.json", "plan --out p.json"),
        ((), ("--env", "qa"), "apply p.json", "--env qa plan --out p.json"),
    ],
)
def test_a_plan_of_another_environment(
    two: Repository, made: tuple[str, ...], used: tuple[str, ...], right: str, again: str
) -> None:
    """That is said first, before the configuration is even read, with the command that is right."""
    assert two(*made, "plan", "--out", "p.json").code == 0
    (two.folder / "blinkdecl.yaml").rename(two.folder / "away.yaml")
    ran = two(*used, "apply", "p.json", "--auto-approve")
    shown = " ".join(ran.err.split())
    names = tuple(" ".join(("with", *each)) if each else "without --env" for each in (made, used))
    assert (ran.code, f"the saved plan was made {names[0]}, this is {names[1]} [other-environment]" in shown) == (
        1,
        True,
    )
    here = f"blinkdecl -C {two.folder}"
    assert f"`{here} {right}` applies it" in shown
    assert f"`{here} {again}` makes a plan" in shown


def test_the_plan_of_the_same_environment_is_applied(two: Repository) -> None:
    """As before."""
    assert two("--env", "prod", "plan", "--out", "p.json").code == 0
    assert two("--env", "prod", "apply", "p.json").code == 0


@pytest.mark.parametrize("environment", [(), ("--env", "prod")])
def test_a_new_local_path_does_not_begin_anew(two: Repository, environment: tuple[str, ...]) -> None:
    """What the default file holds is copied by the printed command, after which nothing is to be added."""
    assert two(*environment, "apply", "--auto-approve").code == 0
    two.edit("version: 1\n", "version: 1\nstate: {path: st/new.json}\n")
    refused = two(*environment, "plan")
    assert (refused.code, "[not-migrated]" in refused.err, "init --migrate-state`" in refused.err) == (1, True, True)
    assert two(*environment, "init", "--migrate-state").code == 0
    assert "No changes." in two(*environment, "plan").out  # although the earlier file is still there
    assert two(*environment, "state", "list").code == 0


def test_a_path_that_an_environment_names(two: Repository) -> None:
    """Its earlier place is the project's, with its own key; the way back leads from the place as it was written."""
    two.edit("version: 1\n", "version: 1\nstate: {path: st/state.json}\n")
    assert two("--env", "prod", "apply", "--auto-approve").code == 0
    two.write("environments/prod.yaml", "version: 1\nstate: {path: mine/prod.json}\n")
    refused = two("--env", "prod", "plan")
    assert "there is a state in st/prod/state.json, and none in mine/prod.json [not-migrated]" in " ".join(
        refused.err.split()
    )
    assert "--env prod init --migrate-state --from blinkdecl.yaml" in " ".join(refused.err.split())
    moved = two("--env", "prod", "init", "--migrate-state", "--from", "blinkdecl.yaml")
    assert (moved.code, f"remove it once `blinkdecl -C {two.folder} --env prod plan` is" in moved.out) == (0, True)
    assert "No changes." in two("--env", "prod", "plan").out
    rmtree(two.folder / "st/prod")
    (two.folder / "environments/prod.yaml").rename(two.folder / "was.yaml")
    two.write("environments/prod.yaml", "version: 1\n")
    assert two("--env", "prod", "init", "--migrate-state", "--from", "was.yaml").code == 0
    assert "No changes." in two("--env", "prod", "plan").out


@pytest.mark.parametrize("emptied", ["destroyed", "another's"])
def test_an_earlier_file_without_anything_is_no_alarm(two: Repository, emptied: str) -> None:
    """Nothing would be created twice: it holds nothing, or what is another environment's."""
    if emptied == "destroyed":
        two("apply", "--auto-approve")
        two("destroy", "--auto-approve")
    else:
        two("--env", "prod", "apply", "--auto-approve")
        (two.folder / ".blinkdecl/prod/state.json").rename(two.state)
    two.edit("version: 1\n", "version: 1\nstate: {path: st/new.json}\n")
    assert two("plan").code == 0


def test_the_plan_tells_what_an_environment_exposes(two: Repository) -> None:
    """Its own hosts count, and are new when they were not recorded; the digest is another."""
    assert two("--env", "prod", "apply", "--auto-approve").code == 0
    before = two("plan", "--env", "prod", "--format", "json").document
    two.write(
        "environments/prod.yaml", "version: 1\nwebhook_hosts: [127.0.0.1, evil.example]\nlimits: {max_deletes: 0}\n"
    )
    after = two("plan", "--env", "prod", "--format", "json").document
    assert after["exposure"] == ["alerts may go to evil.example, which webhook_hosts did not list"]
    assert after["config_digest"] != before["config_digest"]
    two.edit("environments: [prod]", "environments: [qa]")
    assert two("--env", "prod", "plan").code == 3  # its limits hold, too


def test_validate_looks_at_every_environment(two: Repository) -> None:
    """A typo is found without --env, and with another one; commands that use one do not stumble over the others."""
    two.write("environments/qa.yaml", "version: 1\nlimts: {}\n")
    for words in ((), ("--env", "prod")):
        ran = two("validate", *words, "--format", "json")
        [problem] = json.loads(ran.out)["diagnostics"]
        assert (ran.code, problem["position"]["file"]) == (1, "environments/qa.yaml")
        assert two(*words, "plan").code == 0


def test_the_first_environment_is_offered(repository: Repository) -> None:
    """Where there is none yet, its file can be written by hand or by `init`, which does so."""
    ran = repository("--env", "prod", "plan")
    told = f"write environments/prod.yaml, or let `blinkdecl -C {repository.folder} --env prod init` write it"
    assert (ran.code, told in " ".join(ran.err.split())) == (1, True)
    assert repository("--env", "prod", "init").code == 0
    assert repository("--env", "prod", "plan").code == 0


def test_an_apply_without_changes_records_where_secrets_go(repository: Repository) -> None:
    """It does not send anybody to the apply that it is, unless it was of a part alone."""
    repository("apply", "--auto-approve")
    repository.edit('["127.0.0.1"]', '["127.0.0.1", new.example]')
    advice, done = " apply` records it", "This run has recorded it, and changed nothing else."
    assert repository("plan", "--out", "plan.json").code == 0
    part = repository("apply", "--auto-approve", "--target", "destination.blink-soc").out
    whole = repository("apply", "plan.json").out
    told = [" ".join(each.split()) for each in (part, whole)]
    assert [(advice in each, done in each) for each in told] == [(True, False), (False, True)]
    assert "Where secrets go" not in repository("plan").out

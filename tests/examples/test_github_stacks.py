"""The workflow for many stacks: those that a branch touches are planned, and one comment tells of all of them."""

import shutil
from pathlib import Path

import pytest

from tests.examples.conftest import Checkout
from tests.support.clone import commit, git

MARK = "<!-- blinkdecl:report -->\n"
ELSEWHERE = "https://acme.app.blinkops.com"


@pytest.fixture
def fleet(checkout: Checkout) -> Checkout:
    """The example three times, each in a folder of its own, as it is on main; the second has no environments."""
    one = checkout.runner.temporary / "one"
    shutil.move(checkout.folder, one)
    for team in "abc":
        shutil.copytree(one, checkout.folder / "teams" / team)
    shutil.rmtree(checkout.folder / "teams/b/environments")
    edit(checkout.folder, "b", ELSEWHERE, checkout.sandbox.url)
    edit(checkout.folder, "b", "version: 1\n", 'version: 1\nwebhook_hosts: ["127.0.0.1"]\n')
    commit(checkout.folder)
    git(checkout.folder, "update-ref", "refs/remotes/origin/main", "HEAD")
    return checkout


def edit(folder: Path, team: str, old: str, new: str) -> None:
    """Replace text of a team's configuration that must be there."""
    path = folder / "teams" / team / "blinkdecl.yaml"
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))


def test_what_a_branch_touches_is_one_comment(fleet: Checkout) -> None:
    """Two of three stacks: one is planned, the other is broken, and is told first; the next push replaces it."""
    edit(fleet.folder, "a", "HIGH,", "HIHG,")
    edit(fleet.folder, "b", "[HIGH, CRITICAL]", "[CRITICAL]")
    commit(fleet.folder, "branch")
    jobs = fleet.run("stacks.yml")
    assert [(name, each.result) for name, each in jobs.items()] == [
        ("find", "success"),
        ("plan", "failure"),
        ("report", "success"),
    ]
    assert jobs["find"].summary.endswith("## 2 stacks\n")
    (comment,) = fleet.api.comments
    assert comment["body"].startswith(f"{MARK}## 2 stacks\n")
    broken, planned = comment["body"].index("teams/a/production"), comment["body"].index("teams/b/plan")
    assert broken < planned
    assert '"HIHG" is not a severity' in comment["body"]
    assert "create trigger.soc, destination.blink-soc" in comment["body"]
    assert comment["body"] in jobs["report"].summary
    edit(fleet.folder, "a", "HIHG,", "HIGH,")
    for each in ("artifacts", "results"):
        shutil.rmtree(fleet.runner.temporary / each)
    assert fleet.run("stacks.yml")["plan"].result == "success"
    (comment,) = fleet.api.comments
    assert comment["body"].startswith(f"{MARK}## 1 stack\n")


def test_what_a_branch_has_committed_is_no_result(fleet: Checkout) -> None:
    """A document in the checkout, or a link there, takes no other stack's place; one that left none is told."""
    edit(fleet.folder, "b", "[HIGH, CRITICAL]", "[CRITICAL]")
    (fleet.folder / "results/teams").mkdir(parents=True)
    (fleet.folder / "results/teams/b").symlink_to(fleet.runner.temporary)
    (fleet.folder / "results/c.json").write_text("{}")
    commit(fleet.folder, "branch")
    jobs = fleet.run("stacks.yml")
    assert jobs["report"].result == "success"
    (comment,) = fleet.api.comments
    assert comment["body"].startswith(f"{MARK}## 1 stack\n")
    assert not (fleet.runner.temporary / "plan.json").exists()


def test_a_branch_that_touches_none(fleet: Checkout) -> None:
    """Nothing is planned, nothing said; nor for a fork."""
    (fleet.folder / "README.md").write_text("Nothing that is included.\n")
    commit(fleet.folder, "branch")
    results = {name: each.result for name, each in fleet.run("stacks.yml").items()}
    assert results == {"find": "success", "plan": "skipped", "report": "skipped"}
    fleet.from_fork()
    assert {each.result for each in fleet.run("stacks.yml").values()} == {"skipped"}
    assert (fleet.api.requests, fleet.sandbox.received()) == ([], ())


def test_stacks_that_cannot_be_found(fleet: Checkout) -> None:
    """That fails, and is not taken for a branch that touches none."""
    git(fleet.folder, "update-ref", "-d", "refs/remotes/origin/main")
    jobs = fleet.run("stacks.yml")
    assert [each.result for each in jobs.values()] == ["failure", "skipped", "skipped"]
    assert jobs["find"].outputs["matrix"] == ""
    assert "unknown-revision" in jobs["find"].log

"""The commands that inspect and repair the recorded state."""

import json
import shlex
from dataclasses import replace

import pytest

from blinkdecl.model.state import Intent
from blinkdecl.state.codec import decode, encode
from blinkdecl.state.interface import LockInfo
from blinkdecl.state.lock_info import encode_info
from tests.support.repository import Repository


@pytest.fixture
def applied(repository: Repository) -> Repository:
    """A repository whose destinations are recorded."""
    assert repository("apply", "--auto-approve").code == 0
    return repository


def test_list_and_show(applied: Repository) -> None:
    """What is recorded is listed, and shown with secrets by their names."""
    assert applied("state", "list").out == "destination.blink-soc\ntrigger.soc\n"
    shown = applied("state", "show", "destination.blink-soc").out
    assert 'display_name          = "Blink SOC"' in shown
    assert "(sensitive, from env BLINK_SOC_API_KEY)" in shown
    assert applied("show").out.count("# ") == 2


def test_show_guesses_the_address(applied: Repository) -> None:
    """A typo is answered with the address that was probably meant."""
    ran = applied("state", "show", "destination.blink-sox")
    assert (ran.code, "did you mean destination.blink-soc?" in ran.err) == (1, True)


def test_moved_record_follows_the_yaml(applied: Repository) -> None:
    """After `state mv` and the same rename in YAML there is nothing to do."""
    assert applied("state", "mv", "destination.blink-soc", "destination.blink-new").code == 0
    applied.edit("  blink-soc:", "  blink-new:")
    assert "No changes." in applied("plan").out


@pytest.mark.parametrize("target", ["trigger.x", "destination.Bad", "nonsense", "destination.blink-soc"])
def test_mv_refuses_what_is_no_free_address(applied: Repository, target: str) -> None:
    """Another kind, a bad name and a taken address are refused, and nothing is written."""
    before = applied.state.read_bytes()
    ran = applied("state", "mv", "destination.blink-soc", target)
    assert (ran.code, "[invalid-move]" in ran.err) == (1, True)
    assert applied.state.read_bytes() == before


def test_rm_forgets(applied: Repository) -> None:
    """A forgotten resource would be created anew."""
    assert applied("state", "rm", "destination.blink-soc").out == "Forgot destination.blink-soc.\n"
    assert "# destination.blink-soc will be created" in applied("plan").out


def test_removed_does_the_same_reviewed(applied: Repository) -> None:
    """An entry of `removed` in a saved plan forgets the resource, and says so on the way."""
    head = (applied.folder / "blinkdecl.yaml").read_text().split("destinations:")[0]
    other = "destinations:\n  other: {display_name: Other, trigger: soc, severities: [LOW]}\n"
    applied.write("blinkdecl.yaml", f"{head}{other}removed: [{{from: destination.blink-soc}}]\n")
    planned = applied("plan", "--out", "plan.json").out
    assert "will be forgotten (it stays as it is, unmanaged)" in planned
    assert "Plan: 1 to add, 0 to change, 0 to destroy, 1 to forget." in planned
    assert "1 forgotten." in applied("apply", "plan.json").out
    assert applied("state", "list").out == "destination.other\ntrigger.soc\n"
    assert "No changes." in applied("plan").out


def test_removed_beside_nothing_else(applied: Repository) -> None:
    """What has no entry is named with the entry to write; nobody is told to destroy anything."""
    applied.write("blinkdecl.yaml", "version: 1\nremoved:\n  - {from: destination.blink-soc}\n")
    ran = applied("plan")
    assert (ran.code, "[empty-configuration]" in ran.err, "destroy`" in ran.err) == (1, True, False)
    assert "nothing is declared, and `removed` has 1 of 2 resources" in ran.err
    (entry,) = [line for line in ran.err.splitlines() if "from:" in line]
    assert entry.strip() == "- {from: trigger.soc}"
    applied.edit("removed:\n", "removed:\n  - {from: trigger.soc}\n")
    assert applied("apply", "--auto-approve").code == 0
    assert applied("state", "list").out == ""


def test_routes_know_what_is_let_go(applied: Repository) -> None:
    """A detection that names it is still received: it stays, as `plan --detections` says as well."""
    other = "destinations:\n  other: {display_name: Other, trigger: soc, severities: [LOW]}\n"
    head = (applied.folder / "blinkdecl.yaml").read_text().split("destinations:")[0]
    applied.write("blinkdecl.yaml", f"{head}{other}removed: [{{from: destination.blink-soc}}]\n")
    rule = "AnalysisType: rule\nRuleID: A\nEnabled: true\nSeverity: High\nLogTypes: [AWS.CloudTrail]\nFilename: a.py\n"
    applied.write("detections/a.yml", f"{rule}OutputIds: [Blink SOC]\n")
    applied.write("detections/a.py", "def rule(event):\n    return True\n")
    for command in ("route", "plan"):
        ran = applied(command, "--detections", "detections")
        assert (ran.code, "which the configuration removes" in ran.out + ran.err) == (0, False), ran


def test_rm_forgets_what_was_intended(applied: Repository) -> None:
    """Otherwise an intent that a killed run left would prove that the forgotten destination is ours."""
    state = decode(applied.state.read_bytes(), "state")
    left = {
        "destination.blink-soc": Intent("create", "Blink SOC", "killed"),
        "destination.b": Intent("create", "B", "k"),
    }
    applied.state.write_bytes(encode(replace(state, pending=left)))
    assert applied("state", "rm", "destination.blink-soc").code == 0
    assert list(decode(applied.state.read_bytes(), "state").pending) == ["destination.b"]


def test_one_resource_is_counted_as_one(applied: Repository) -> None:
    """What was stored is counted in words that fit the number."""
    assert applied("state", "rm", "destination.blink-soc").code == 0
    applied.write("pulled.json", applied("state", "pull").out)
    assert applied("state", "push", "pulled.json", "--force").out.endswith(": 1 resource.\n")


def test_pull_and_push_round_trip(applied: Repository) -> None:
    """What pull prints, push takes, as the next serial."""
    pulled = applied("state", "pull").out
    applied.write("pulled.json", pulled)
    assert applied("state", "push", "pulled.json").code == 0
    assert json.loads(applied("state", "pull").out)["serial"] == json.loads(pulled)["serial"] + 1


def test_push_refuses_an_older_state_and_another_lineage(applied: Repository) -> None:
    """Neither an old version nor a stranger replaces the stored state, unless it is forced."""
    applied.write("old.json", applied("state", "pull").out)
    applied("test")
    assert "[other-lineage]" in applied("state", "push", "old.json").err
    assert applied("state", "push", "--force", "old.json").code == 0
    stranger = applied.state.read_bytes()
    applied.state.unlink()
    (applied.folder / ".blinkdecl/state.json.backup").unlink()
    applied("apply", "--auto-approve")
    (applied.folder / "stranger.json").write_bytes(stranger)
    ran = applied("state", "push", "stranger.json")
    assert (ran.code, "they are unrelated" in ran.err) == (1, True)


def test_push_refuses_another_version_of_the_same_serial(applied: Repository) -> None:
    """Of two versions that diverged, neither replaces the other in silence."""
    before = applied.state.read_bytes()
    applied("state", "rm", "destination.blink-soc")
    applied.write("other.json", applied("state", "pull").out)
    applied.state.write_bytes(before)
    applied("test")
    ran = applied("state", "push", "other.json")
    assert (ran.code, "they have diverged" in ran.err) == (1, True)


@pytest.mark.parametrize("damage", [b"", b"{", None])
def test_force_repairs_a_damaged_state(applied: Repository, damage: bytes | None) -> None:
    """`state push --force` stores a whole version over a damaged or a missing one, and keeps the damaged one."""
    applied.write("whole.json", applied("state", "pull").out)
    applied.state.unlink() if damage is None else applied.state.write_bytes(damage)
    ran = applied("state", "push", "whole.json")
    assert (ran.code, "[invalid-state]" in ran.err) == (1, True)
    assert applied("state", "push", "--force", "whole.json").code == 0
    assert "No changes." in applied("plan").out
    if damage is not None:
        assert applied.state.with_name("state.json.backup").read_bytes() == damage


def test_printed_command_stores_the_rescue_file(applied: Repository) -> None:
    """The command that a rescue file's finder is given can be typed as it is, and lets the next run go on."""
    before, rescued = applied.state.read_bytes(), applied.state.with_name("state.rescue.json")
    applied("state", "rm", "destination.blink-soc")
    rescued.write_bytes(before)
    ran = applied("plan")
    assert (ran.code, "[rescue-pending]" in ran.err) == (1, True)
    assert "not an earlier version" in ran.err
    words = shlex.split(ran.err.split("`")[1])
    assert words == ["blinkdecl", "-C", str(applied.folder), "state", "push", "--force", ".blinkdecl/state.rescue.json"]
    assert applied(*words[3:]).code == 0
    assert "No changes." in applied("plan").out
    assert not rescued.exists()


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"format_version": 1}'])
def test_a_damaged_state_is_refused_and_left(applied: Repository, damage: bytes) -> None:
    """A damaged state is an error for every command that reads it, and stays as it is."""
    applied.state.write_bytes(damage)
    for words in (["plan"], ["apply", "--auto-approve"], ["drift"], ["state", "list"]):
        ran = applied(*words)
        assert (ran.code, "[invalid-state]" in ran.err) == (1, True)
    assert applied.state.read_bytes() == damage


def test_unlock_of_a_dead_run(applied: Repository) -> None:
    """The lock that the hint names is freed, and the message says whose it was."""
    info = LockInfo("0c8d6e1f-93a1-4b0c-8a35-5d3a1f0e7b42", "ci@runner-7", "blinkdecl apply", "", 4)
    applied.state.with_name("state.json.lock.info").write_bytes(encode_info(info))
    ran = applied("state", "unlock", "0c8d6e1f")
    assert (ran.code, ran.out) == (0, f"Freed the lock {info.id} of ci@runner-7.\n")


def test_unlock_without_a_lock(applied: Repository) -> None:
    """There is nothing to free."""
    ran = applied("state", "unlock", "0c8d6e1f")
    assert (ran.code, "[not-locked]" in ran.err) == (1, True)

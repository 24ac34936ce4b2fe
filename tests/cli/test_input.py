"""Files that the caller names: a saved plan and an alert are read alike."""

import io
import json
import re
import sys
import time
from pathlib import Path

import pytest

from tests.support.repository import Repository


@pytest.mark.parametrize(("words", "told"), [(("show",), "will be created"), (("apply",), "Apply complete!")])
def test_a_plan_from_standard_input(
    repository: Repository, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], told: str
) -> None:
    """`-` is standard input for plans too."""
    assert repository("plan", "--out", "plan.json").code == 0
    saved = Path(repository.folder, "plan.json").read_bytes()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(saved)))
    ran = repository(*words, "-")
    assert (ran.code, told in ran.out) == (0, True)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("show", "big.json"), "invalid-plan"),
        (("dispatch", "big.json", "--to", "destination.blink-soc"), "invalid-alert"),
    ],
)
def test_a_file_that_is_too_large(
    repository: Repository, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], code: str
) -> None:
    """It is not read to its end, and is said to be too large rather than not to be JSON."""
    monkeypatch.setattr("blinkdecl.cli.input._LONGEST", 10)
    repository.write("big.json", json.dumps({"title": "longer than ten bytes"}))
    ran = repository(*words)
    assert (ran.code, f"[{code}]" in ran.err, "it is larger than 256 MiB" in ran.err) == (1, True, True)


def test_a_plan_that_is_missing(repository: Repository) -> None:
    """It is named as the caller named it; the command that makes one is for the same project."""
    ran = repository("show", "plan.json")
    assert "there is no plan file plan.json" in ran.err
    assert f"`blinkdecl -C {repository.folder} plan --out plan.json` makes one" in " ".join(ran.err.split())


def test_an_address_is_no_plan(repository: Repository) -> None:
    """Who names one to `show` is told of the command that prints what is recorded of it."""
    ran = repository("show", "destination.blink-soc")
    command = f"`blinkdecl -C {repository.folder} state show destination.blink-soc`"
    assert f"{command} prints what is recorded of it" in " ".join(ran.err.split())


@pytest.mark.parametrize(
    ("text", "what", "remedy"),
    [
        ("version https://git-lfs.github.com/spec/v1\noid sha256:4d\n", "a pointer of Git LFS", "`git lfs pull`"),
        ("<!doctype html><title>Sign in</title>", "a web page", "plan --out plan.json` makes a plan"),
        ("Plan: 1 to add", "a plan as text", "plan --out plan.json` makes a plan"),
        ("", "it is empty", "plan --out plan.json` makes a plan"),
    ],
)
def test_a_plan_that_is_something_else(repository: Repository, text: str, what: str, remedy: str) -> None:
    """What it is is said, and how to get the plan."""
    repository.write("plan.json", text)
    said = " ".join(repository("apply", "plan.json").err.split())
    assert what in said
    assert remedy in said


KEY = "a-key-of-the-operator"


def edited(repository: Repository, old: str, new: str) -> None:
    """Replace a part of the saved plan."""
    file = repository.folder / "plan.json"
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"allow_deletes": null', '"allow_deletes": 100'),
        ('"allow_changes": null', '"allow_changes": 100'),
        ('"destroy": false', '"destroy": true'),
        ('"lost_alerts": []', '"lost_alerts": ["CRITICAL"]'),
        ('"severities": ["CRITICAL"', '"severities": ["LOW"'),
        ('"tests_before": 1', '"tests_before": 0'),
        ('"environment": null', '"environment": "prod"'),
        ('"display_name": "Blink SOC"', '"display_name": "Blink Soc"'),
        ('"config_digest": "', '"config_digest": "0'),
    ],
)
def test_a_plan_that_was_edited(repository: Repository, monkeypatch: pytest.MonkeyPatch, old: str, new: str) -> None:
    """It is refused with a key for plans; without one, where what it does or tells was edited."""
    repository("plan", "--out", "plan.json")
    edited(repository, old, new)
    if "lost_alerts" not in old:  # written for people; `show` derives it from the routing
        assert "was altered" in repository("apply", "plan.json").err
    monkeypatch.setenv("BLINKDECL_PLAN_KEY", KEY)
    ran = repository("apply", "plan.json")
    assert (ran.code, "[invalid-plan]" in ran.err) == (1, True)
    assert not repository.state.exists()


def test_a_sealed_plan(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the operator's key only plans of that key are applied; a wrong seal is not even shown."""
    repository("plan", "--out", "plain.json")
    monkeypatch.setenv("BLINKDECL_PLAN_KEY", KEY)
    repository("plan", "--out", "plan.json")
    assert KEY not in (repository.folder / "plan.json").read_text()
    assert "it has no seal" in repository("apply", "plain.json").err
    assert repository("show", "plain.json").code == 0
    monkeypatch.setenv("BLINKDECL_PLAN_KEY", "another-key-of-somebody")
    assert "its seal is not that of" in " ".join(repository("apply", "plan.json").err.split())
    assert repository("show", "plan.json").code == 1
    monkeypatch.setenv("BLINKDECL_PLAN_KEY", "weak")
    assert repository("apply", "plan.json").code == 64
    monkeypatch.setenv("BLINKDECL_PLAN_KEY", KEY)
    assert repository("apply", "plan.json").code == 0


def test_a_sealed_plan_of_which_any_byte_was_changed(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """No letter, digit or bracket can be another one."""
    monkeypatch.setenv("BLINKDECL_PLAN_KEY", KEY)
    repository("plan", "--out", "plan.json")
    file = repository.folder / "plan.json"
    whole = file.read_bytes()
    for place in range(0, len(whole), 97):
        if not whole[place : place + 1].isspace():
            file.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
            assert repository("apply", "plan.json").code == 1, place
    assert not repository.state.exists()


def test_a_plan_that_is_too_old(repository: Repository) -> None:
    """`--max-age` refuses it, and is for saved plans alone."""
    repository("plan", "--out", "plan.json")
    time.sleep(1.1)
    for allowed in ("0s", "1s"):
        ran = repository("apply", "plan.json", "--max-age", allowed)
        assert (ran.code, "[stale-plan]" in ran.err) == (6, True)
        assert re.search(rf"made [2-9]s ago, and --max-age allows {allowed}\b", " ".join(ran.err.split()))
    assert repository("apply", "--max-age", "1h").code == 64
    assert repository("apply", "plan.json", "--max-age", "1h").code == 0

"""Files that the caller names: a saved plan and an alert are read alike."""

import io
import json
import sys
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

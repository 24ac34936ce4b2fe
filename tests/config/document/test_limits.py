"""Configurations made to take for ever, or all the memory: each is answered, and soon."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from blinkdecl.config import load
from blinkdecl.diagnostics import Diagnostic, Failure

SOC = "version: 1\ntriggers:\n  soc: {webhook: {url: 'https://acme.blinkops.com/webhooks/soc', api_key: {env: KEY}}}\n"
# Each took many times as long, and more with every line.
SECONDS = 8.0


def _problems(root: Path, text: str) -> tuple[Diagnostic, ...]:
    (root / "blinkdecl.yaml").write_text(text)
    with pytest.raises(Failure) as caught:
        load(root, environ={})
    return caught.value.diagnostics


def _renamed_triggers() -> str:
    trigger = "webhook: {url: 'https://acme.app.blinkops.com/webhooks/soc', api_key: {env: KEY}}"
    triggers = "".join(f"  soc-{n}-triage: {{{trigger}}}\n" for n in range(500))
    destinations = "".join(f"  d{n}: {{display_name: D{n}, trigger: soc_{n}_triage}}\n" for n in range(1500))
    return f"version: 1\ntriggers:\n{triggers}destinations:\n{destinations}"


def _unknown_keys() -> str:
    return SOC + "limits:\n" + "".join(f"  max_delete{n}: 1\n" for n in range(8000))


def _unknown_log_types() -> str:
    destinations = "".join(f"  a{n}: {{trigger: soc, log_types: [AWS.CloudTrial{n}]}}\n" for n in range(4000))
    return f"{SOC}destinations:\n{destinations}"


def _unknown_variables() -> str:
    patterns = "".join(f"  - ${{var.region-of-{n}}}\n" for n in range(6000))
    declared = "".join(f"  region-{n}: {{default: eu}}\n" for n in range(300))
    return f"{SOC}include:\n{patterns}variables:\n{declared}"


def _unknown_moves() -> str:
    return SOC + "moved:\n" + "".join(f"  - {{from: trigger.old{n}, to: trigger.new{n}}}\n" for n in range(5000))


@pytest.mark.parametrize(
    "text", [_renamed_triggers, _unknown_keys, _unknown_log_types, _unknown_variables, _unknown_moves]
)
def test_thousands_of_mistakes_are_told_soon(tmp_path: Path, text: Callable[[], str]) -> None:
    """The first of them, what was meant by these, and how many more there are."""
    begin = time.monotonic()
    found = _problems(tmp_path, text())
    assert found[-1].notes[-1][1].startswith("and ")
    assert time.monotonic() - begin < SECONDS


def test_a_word_is_offered_wherever_it_was_meant(tmp_path: Path) -> None:
    """The same slip in a hundred destinations is one question."""
    destinations = "".join(f"  d{n}: {{display_name: D{n}, trigger: sco}}\n" for n in range(100))
    labels = {
        each.excerpt and each.excerpt.label for each in _problems(tmp_path, f"{SOC}destinations:\n{destinations}")
    }
    assert labels == {'did you mean "soc"?'}


@pytest.mark.parametrize(
    "scalars",
    [
        ", ".join('"${var.s}"' for _ in range(50)),
        ", ".join(f'"{n} ${{var.s}}"' for n in range(50)),
        '&a "${var.s}", ' + ", ".join("*a" for _ in range(2000)),
        '"' + "${var.s}" * 1000 + '"',
    ],
    ids=["equal", "distinct", "aliased", "in-one"],
)
def test_variables_cannot_fill_the_memory(tmp_path: Path, scalars: str) -> None:
    """A small file asks for much: one finding, where the limit was passed."""
    (tmp_path / "destinations").mkdir()
    text = f"version: 1\ndestinations:\n  a: {{display_name: A, trigger: soc, log_types: [{scalars}]}}\n"
    (tmp_path / "destinations/a.yaml").write_text(text)
    found = _problems(tmp_path, f"{SOC}variables: {{s: {{default: {'x' * 400_000}}}}}\n")
    errors = [each.summary for each in found if each.code == "too-large"]
    assert errors == ["the file is larger than 4 MiB with the variables put in"]

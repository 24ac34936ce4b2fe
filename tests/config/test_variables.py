"""Where variables stand and where they cannot; the many small cases are in ``tests/cases``."""

from pathlib import Path

import pytest

from blinkdecl.config import load
from blinkdecl.diagnostics import Failure
from blinkdecl.model.configuration import Configuration

HEAD = "version: 1\nvariables: {s: {default: eu}}\ntriggers:\n"


def _loaded(root: Path, text: str) -> Configuration:
    (root / "blinkdecl.yaml").write_text(text)
    return load(root, environ={}).configuration


@pytest.mark.parametrize("name", ["url", "api_key"])
def test_a_trigger_may_bear_the_name_of_a_secret_property(tmp_path: Path, name: str) -> None:
    """What is a secret reference is known by its place."""
    webhook = "{url: 'https://acme.app.blinkops.com/webhooks/${var.s}', api_key: {env: KEY}}"
    loaded = _loaded(tmp_path, f"{HEAD}  {name}: {{workspace: '${{var.s}}', webhook: {webhook}}}\n")
    assert loaded.resources[f"trigger.{name}"].attributes["workspace"] == "eu"
    assert loaded.resources[f"trigger.{name}"].attributes["url"] == "https://acme.app.blinkops.com/webhooks/eu"


@pytest.mark.parametrize("text", [r"\x24{var.s}", r"$\x7bvar.s}", "$\\\n      {var.s}", "${var.s}"])
@pytest.mark.parametrize("comment", ["", "# ${\n"])
def test_a_variable_is_one_however_it_is_spelled(tmp_path: Path, text: str, comment: str) -> None:
    """What a value means depends on nothing else in its file."""
    webhook = "{url: 'https://acme.app.blinkops.com/webhooks/soc', api_key: {env: KEY}}"
    loaded = _loaded(tmp_path, f'{comment}{HEAD}  soc: {{workspace: "{text}", webhook: {webhook}}}\n')
    assert loaded.resources["trigger.soc"].attributes["workspace"] == "eu"


def test_two_variables_cannot_share_an_environment_variable(tmp_path: Path) -> None:
    """Whoever sets it would set both."""
    with pytest.raises(Failure) as caught:
        _loaded(tmp_path, "version: 1\nvariables:\n  a-b: {default: x}\n  c: {default: x}\n  a_b: {default: x}\n")
    (problem,) = caught.value.diagnostics
    assert str(problem.position) == "blinkdecl.yaml:5:3"
    assert problem.summary == '"a_b" and "a-b" would both be read from BLINKDECL_VAR_A_B'

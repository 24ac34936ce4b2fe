"""The places of settings are kept, so that nothing is composed twice where nothing is wrong."""

from pathlib import Path

import pytest

from blinkdecl.config import load
from blinkdecl.config.document import report
from blinkdecl.config.document.parse import Document, PureLoader, Source
from blinkdecl.config.document.report import Locator
from blinkdecl.diagnostics import Failure

SPELLINGS = [
    "provider: {type: panther, token: {env: A}}",
    "provider:\n  type: panther\n  token: {env: A}",
    "provider:\n  token:\n    env: A",
    'provider:\n  "token": "text"',
    "provider:\n  token:\n  type: panther",
    "provider:\n  token: {env: A}\n  token: {env: B}",
]


@pytest.mark.parametrize("text", SPELLINGS)
def test_a_kept_place_is_the_one_that_would_be_found(text: str) -> None:
    """A value in its line is shown itself, a block or nothing by its key; with either loader."""
    for source in (Source(Path()), Source(Path(), PureLoader)):
        document = source.parse("blinkdecl.yaml", f"version: 1\n{text}\n")
        assert document.position("provider", "token") == Locator(document).locate(("provider", "token"))[0]


def test_a_sound_configuration_is_composed_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the token and the backend stand is known without another look at the text."""

    def composed(document: Document) -> None:
        raise AssertionError(document.file)

    monkeypatch.setattr(report, "compose", lambda file, text: composed(Document(file, text)))
    (tmp_path / "blinkdecl.yaml").write_text(
        "version: 1\n"
        "provider: {type: panther, url: 'https://api.example.com/public/graphql', token: {env: TOKEN}}\n"
        "state:\n  backend: local\n"
    )
    settings = load(tmp_path, environ={}).configuration.settings
    assert str(settings.provider.position) == "blinkdecl.yaml:2:81"
    assert str(settings.state.position) == "blinkdecl.yaml:4:12"


def test_settings_are_no_resources(tmp_path: Path) -> None:
    """What is meant by a misspelt address is looked for among resources alone, and a file's settings have no owner."""
    (tmp_path / "destinations").mkdir()
    (tmp_path / "destinations" / "a.yaml").write_text("version: 1\nstate: {path: b}\n")
    (tmp_path / "blinkdecl.yaml").write_text(
        "version: 1\nstate: {path: a}\nmoved: [{from: trigger.a, to: stat.path}]\n"
    )
    with pytest.raises(Failure) as caught:
        load(tmp_path, environ={})
    assert not [each for each in caught.value.diagnostics if each.code == "duplicate-key"]
    assert "did you mean" not in repr(caught.value.diagnostics)

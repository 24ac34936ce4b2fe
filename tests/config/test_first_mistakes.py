"""What people write on their first day, and the way out that they are told."""

from pathlib import Path

import pytest

from blinkdecl.config import load
from blinkdecl.diagnostics import Diagnostic, Failure

TEXT = """\
version: 1
triggers:
  soc: {webhook: {url: https://acme.app.blinkops.com/webhooks/soc, api_key: {env: KEY}}}
destinations:
  soc:
    display_name: Blink SOC
    trigger: soc
    severities: [HIGH]
"""
CONSOLE = "provider: {type: panther, url: https://acme.runpanther.net/, token: {env: TOKEN}}"


def told(folder: Path, written: str, instead: str, **options: str) -> Diagnostic:
    """Return the first problem of the configuration with `instead` in the place of what is `written`."""
    assert TEXT.count(written) == 1
    (folder / "blinkdecl.yaml").write_text(TEXT.replace(written, instead), encoding="utf-8")
    try:
        return load(folder, environ={}, environment=options.get("environment")).warnings[0]
    except Failure as failure:
        return failure.diagnostics[0]


@pytest.mark.parametrize(
    ("written", "instead", "code", "remedy"),
    [
        ("[HIGH]", '"HIGH, CRITICAL"', "wrong-type", "write [HIGH, CRITICAL]"),
        ("version: 1", "version: 1\ninclude: a/*.yaml", "wrong-type", 'write ["a/*.yaml"]'),
        ("{env: KEY}", "{command: get it}", "wrong-type", "put it in brackets: [...]"),
        ("version: 1", "version: 1\nunmanaged: {ignore: '* dev'}", "wrong-type", 'write ["* dev"]'),
        ("version: 1", "version: 1\nunmanaged: {ignore: 'a, b'}", "wrong-type", 'write ["a, b"]'),
        ("version: 1", "version: 1\nunmanaged: [Dev]", "wrong-type", "for example {ignore: ["),
        ("version: 1", "version: 1\nremoved: {from: destination.a}", "wrong-type", "for example [{from: "),
        ("Blink SOC", "${var.hst}", "unknown-variable", "`variables: {hst: VALUE}`"),
        ("version: 1", "version: 1\nstate: {path: /etc/x.json}", "invalid-value", "relative to that folder"),
        ("version: 1", "version: 1\ninclude: true", "wrong-type", ""),
        ("version: 1", "version: 1\nwebhook_hosts: 5", "wrong-type", ""),
        ("version: 1", 'version: "1"', "invalid-value", "write 1, without quotes"),
        ("version: 1", "version: 1\nprovider: panther", "wrong-type", "for example {type: local}"),
        ("  soc:\n    display", "  - name: soc\n    display", "wrong-type", "`NAME:` in place of `- `"),
        ("version: 1", "version: 1\ninclude: [folder/]", "include", "a folder's files are folder/**/*.yaml"),
        ("version: 1", "version: 1\ninclude: [other/]", "include", "paths start at the folder of blinkdecl.yaml"),
        ("version: 1", f"version: 1\n{CONSOLE}", "api-path", "https://api.acme.runpanther.net/public/graphql"),
        ("trigger: soc", "trigger:\u00a0soc", "invalid-yaml", "U+00A0 NO-BREAK SPACE"),
        ("trigger: soc", "trigger\uff1asoc", "invalid-yaml", "U+FF1A FULLWIDTH COLON"),
        ("Blink SOC", "\u201cBlink SOC\u201d", "look-alike", "this name would have them in Panther"),
        ("Blink SOC", "\u00abBlink SOC\u00bb", "look-alike", "this name would have them in Panther"),
    ],
)  # fmt: skip
def test_the_way_out(tmp_path: Path, written: str, instead: str, code: str, remedy: str) -> None:
    """The help is what to write, or what is not what it seems."""
    (tmp_path / "folder").mkdir()
    found = told(tmp_path, written, instead)
    told_ = dict(found.notes).get("help", "")
    assert (found.code, remedy in told_, bool(remedy) == bool(told_)) == (code, True, True), found


@pytest.mark.parametrize("name", ["environments/dev.yaml", "dev.yaml", "./environments/dev.yml", "dev/", "DEV"])
def test_a_file_in_place_of_an_environment(tmp_path: Path, name: str) -> None:
    """Whoever names the file means the environment."""
    (tmp_path / "environments").mkdir()
    (tmp_path / "environments/dev.yaml").write_text("version: 1\n")
    found = told(tmp_path, "[HIGH]", "[LOW]", environment=name)
    assert (found.code, dict(found.notes)["help"]) == ("invalid-name", 'did you mean "dev"?')

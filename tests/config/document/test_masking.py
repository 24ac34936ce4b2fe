"""A secret that somebody wrote into a file is in no part of any diagnostic, wherever it stands."""

import json
from pathlib import Path

import pytest

from blinkdecl.config import load
from blinkdecl.config.document.excerpt import Excerpts
from blinkdecl.config.document.masking import SETTINGS, is_secret_key, masked
from blinkdecl.config.document.parse import compose
from blinkdecl.diagnostics import Diagnostic, Failure
from tests.support.paths import ROOT

URL = "https://acme.app.blinkops.com/soc"
TRIGGER = f"""\
version: 1
triggers:
  soc:
    webhook:
      event_name: Alert
      url: {URL}
      api_key: {{env: KEY}}
"""
REFERENCE = "      api_key: {env: KEY}\n"


def _problems(folder: Path, text: str) -> tuple[Diagnostic, ...]:
    (folder / "blinkdecl.yaml").write_text(text)
    with pytest.raises(Failure) as caught:
        load(folder, environ={})
    return caught.value.diagnostics


@pytest.mark.parametrize(
    "key",
    [
        "api_key: CANARY",
        "api_key: 'CANARY'",
        "api_key: 'CANARY",
        'api_key: "CANARY\n  and more CANARY',
        "api_key: |\n        CANARY\n        CANARY",
        "api_key: >-\n        CANARY\n\n        CANARY",
        "api_key: [CANARY, x]",
        "api_key: {value: CANARY}",
        "api_key: {CANARY: CANARY}",
        "api_key: {CANARY}",
        "api_key: {env: A, CANARY: 1, CANARY: 2}",
        "api_key: {env: $CANARY}",
        "api_key: {env: CANARY=}",
        "api_key: {value: {deep: [CANARY]}}",
        "api_key: {env: KEY, value: CANARY",
        "api_key: !vault CANARY",
        "api_key: !vault |\n        CANARY",
        "api_key: CANARY: x",
        "api_key: CANARY\n      api_key: CANARY",
        "api_key: &a CANARY\n      pack: *a",
        "pack: &a CANARY\n      api_key: *a",
        "apikey: CANARY",
        "apiKey: CANARY",
        "token: CANARY",
        "secret: CANARY\n      tokn: 1",
        "password:\n        - CANARY",
        "api_key: {env: KEY}\n      # the old api_key: CANARY\n      colour: blue",
        "api_key: {env: KEY} # token CANARY, token: CANARY\n      colour: blue",
        "api_key: {env: KEY, token: CANARY, colour: blue}",
        "colour: blue\n      api_key: CANARY\n      shape: round",
    ],
)
def test_a_literal_secret_is_never_shown(tmp_path: Path, key: str) -> None:
    """In its place, beside another problem, in a file that does not parse: masked before it leaves the package."""
    problems = _problems(tmp_path, TRIGGER.replace(REFERENCE, f"      {key}\n") + "nonsense: true\n")
    assert "CANARY" not in repr(problems).replace("token CANARY, ", "")


@pytest.mark.parametrize(
    "url",
    [
        f"{URL}?apikey=CANARY",
        f"{URL}?a=b&APIKEY=CANARY",
        f"'{URL}?apikey=CANARY'",
        f'"{URL}?\\x61pikey=CANARY"',
        f'"{URL}\\x3fapikey=CANARY"',
        f"{URL}?%61pikey=CANARY",
        f"{URL}?api\n          key=CANARY",
        "https://user:CANARY@acme.app.blinkops.com/soc",
        "https://CANARY@acme.app.blinkops.com/soc",
        "{value: CANARY}",
        "{env: KEY, token: CANARY}",
    ],
)
def test_a_key_in_a_url_is_never_shown(tmp_path: Path, url: str) -> None:
    """The query and the user-info of a URL are masked, however they are spelled."""
    problems = _problems(tmp_path, TRIGGER.replace(f"url: {URL}", f"url: {url}") + "nonsense: true\n")
    assert len(problems) >= 2
    assert "CANARY" not in repr(problems)


def test_what_is_no_secret_stays_readable() -> None:
    """Names of resources and of variables are no secrets, even if they sound like one."""
    text = "triggers:\n  secret-scanning:\n    pack: Panther\n    api_key: {env: TOKEN_OF_SOC}\n"
    excerpts = Excerpts(text, compose("f.yaml", text))
    excerpt = excerpts.at(3, 5)
    assert excerpt is not None
    assert [line for _, line in excerpt.lines] == text.splitlines()[2:]


def test_masks_do_not_move_the_caret() -> None:
    """What stands before the caret keeps its width, so that the caret still stands under its place."""
    line = "{api_key: abcdefgh, colour: blue}"
    assert masked(line, [(10, 18)], 20) == "{api_key: ***     , colour: blue}"
    assert masked(line, [(10, 18)]) == "{api_key: ***, colour: blue}"
    assert masked(line, [(10, 15), (12, 18)]) == "{api_key: ***, colour: blue}"


@pytest.mark.parametrize(
    ("name", "expected"),
    [("api_key", True), ("X-API-Key", True), ("client_secret", True), ("pack", False)]
    + [(name, True) for name in ("auth", "X-Auth", "signature_key", "credential", "passwd", "pwd", "bearer", "session")]
    + [(name, True) for name in ("private_key", "cookie", "passphrase", "OAuth", "sessionId", "creds", "jwt", "sshKey")]
    + [(name, False) for name in ("authentication", "event_name", "author", "automation", "workspace", "severities")],
)
def test_keys_of_secrets_are_recognised(name: str, expected: bool) -> None:  # noqa: FBT001 - a table's column
    """By their words, in any spelling."""
    assert is_secret_key(name) is expected


@pytest.mark.parametrize(
    "value",
    [
        "host=db user=blink password=CANARY",
        "\"host=db password = 'CAN CANARY' user=x\"",
        "'host=db sslpassword=CANARY'",
        "host=db\n    password=CANARY\n    user=x",
        '"host=db pass\\x77ord=CANARY"',
        "PGPASSWORD=CANARY",
        "Authorization Bearer CANARY-and-more",
        "Basic Q0FOQVJZCANARY==",
        "|\n    -----BEGIN PRIVATE KEY-----\n    CANARY\n    -----END PRIVATE KEY-----",
        "eyJhbGciOiJIUzI1NiJ9.CANARY",
        "client_secret='CANARY'",
    ],
)
@pytest.mark.parametrize("key", ["dsn", "name", "colour"])
def test_a_secret_within_a_text_is_never_shown(tmp_path: Path, key: str, value: str) -> None:
    """What follows `password=` and the like is masked by the very error that refuses it, and by any other."""
    problems = _problems(tmp_path, f"version: 1\nstate:\n  backend: postgres\n  {key}: {value}\n  nonsense: 1\n")
    assert problems
    assert "CANARY" not in repr(problems)


@pytest.mark.parametrize(
    "value",
    [
        '"X-API-Key: CANARY"',
        '"token: CANARY"',
        '"password:CANARY"',
        '"sig=CANARY"',
        '"host=h pass=CANARY"',
        '"u:CANARY@h"',
        '"curl -u me:CANARY https://x.example"',
        "ghp_CANARYCANARYCANARY",
        "AKIACANARYCANARY",
        "xoxb-CANARYCANARYCANARY",
        "glpat-CANARYCANARYCANARY",
    ],
)
def test_a_value_that_shows_what_it_is(tmp_path: Path, value: str) -> None:
    """A header, a login, a token of a known kind: in a destination as well, beside a name that says nothing."""
    assert "CANARY" not in repr(_problems(tmp_path, TRIGGER + f"      colour: {value}\n"))
    assert "CANARY" not in repr(_problems(tmp_path, f"version: 1\nstate:\n  name: {value}\n  nonsense: 1\n"))


@pytest.mark.parametrize("section", ["provider", "state"])
@pytest.mark.parametrize("key", ["x-api", "hash", "access", "login", "code", "url_", "type_", "id"])
@pytest.mark.parametrize("value", ["CANARY", "https://a.b/webhooks/CANARY", "{a: {b: CANARY}}", "[1, CANARY]"])
def test_what_no_setting_is_called(tmp_path: Path, section: str, key: str, value: str) -> None:
    """It is wrong anyway, and may be a secret that somebody tried out."""
    assert "CANARY" not in repr(_problems(tmp_path, f"version: 1\n{section}:\n  {key}: {value}\n  nonsense: 1\n"))


def test_the_settings_are_those_of_the_schema() -> None:
    """Otherwise one would be masked that is right."""
    definitions = json.loads((ROOT / "schemas/config.schema.json").read_text())["$defs"]
    assert {name: set(definitions[name]["properties"]) for name in SETTINGS} == {
        name: set(known) for name, known in SETTINGS.items()
    }


@pytest.mark.parametrize("key", ["auth", "signature_key", "credential", "passwd", "pwd", "bearer", "session", "cookie"])
@pytest.mark.parametrize("value", ["CANARY", "{value: CANARY}", "[CANARY]", "CANARY: ["])
def test_an_unknown_property_that_sounds_like_a_secret(tmp_path: Path, key: str, value: str) -> None:
    """Its value is masked, in a file that parses and in one that does not."""
    problems = _problems(tmp_path, TRIGGER + f"      {key}: {value}\n")
    assert "CANARY" not in repr(problems)

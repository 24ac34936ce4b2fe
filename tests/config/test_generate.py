"""The YAML that `import --all` writes, and what is recorded."""

from typing import Any

import pytest
import yaml

from blinkdecl.config import generate
from blinkdecl.config.generate import yaml_of
from blinkdecl.config.importable import choose
from blinkdecl.model.live import LiveObject
from blinkdecl.model.urls import HostRules
from tests.support.builders import destination, trigger
from tests.support.builders import found_live as live

HOSTS = HostRules(("*.blinkops.com",))
URL = "https://acme.app.blinkops.com/webhooks/9f3c0d"


def text_of(*objects: LiveObject, explicit: bool = False) -> str:
    """Return the YAML."""
    chosen = choose(objects, {}, HOSTS, ("*",), addresses=(), webhooks={}, variables=())
    return yaml_of(chosen, HOSTS, explicit=explicit)


def written(*objects: LiveObject, explicit: bool = False) -> dict[str, Any]:
    """Return the YAML, parsed."""
    document: dict[str, Any] = yaml.safe_load(text_of(*objects, explicit=explicit))
    return document


def test_the_yaml_says_what_is_live() -> None:
    """What is as by default is left out, unless the project's defaults say otherwise; severities always stand."""
    document = written(live("Blink SOC", severities=(), alert_types=["RULE"], log_types=[], allow_manual_dispatch=True))
    assert document["destinations"]["blink-soc"] == {
        "display_name": "Blink SOC",
        "trigger": "blink-soc",
        "severities": [],
        "alert_types": ["RULE"],
        "allow_manual_dispatch": True,
    }
    explicit = written(live("a", log_types=[], allow_manual_dispatch=False), explicit=True)
    assert (explicit["destinations"]["a"]["log_types"], explicit["destinations"]["a"]["allow_manual_dispatch"]) == (
        [], False,
    )  # fmt: skip


def test_secrets_are_placeholders_and_a_url_that_shows_is_written() -> None:
    """No API returns a key; a URL that is redacted, or not allowed here, is a placeholder too."""
    plain = written(live("a", webhook_url=URL))["triggers"]["a"]["webhook"]
    assert plain == {"url": URL, "api_key": {"env": "BLINK_A_API_KEY"}}
    for url in ("https://evil.example.com/x", f"{URL}/${{var.x}}"):
        hidden = written(live("a b", webhook_url=url))["triggers"]["a-b"]["webhook"]
        assert hidden == {"url": {"env": "BLINK_A_B_URL"}, "api_key": {"env": "BLINK_A_B_API_KEY"}}


def test_values_of_a_newer_panther_are_left_as_they_are() -> None:
    """They cannot be declared, so the attribute is ignored; what is known of it stands."""
    found = written(live("a", alert_types=("RULE", "DREAM"), severities=("HIGH", "EPIC")))["destinations"]["a"]
    assert (found["alert_types"], found["severities"]) == (["RULE"], ["HIGH"])
    assert sorted(found["lifecycle"]["ignore_changes"]) == ["alert_types", "severities"]


@pytest.mark.parametrize("name", ["A \\ name", "${var.x} costs", "yes", "# no comment", "é: ü"])
def test_display_names_are_quoted(name: str) -> None:
    """They come back as they were, once `$${` is read as `${`."""
    text = text_of(live(name))
    [shown] = yaml.safe_load(text)["destinations"].values()
    assert shown["display_name"].replace("$${", "${") == name
    assert ("$${" in text) == ("${" in name)


def test_records_know_no_fingerprint() -> None:
    """Nobody knows the values in place: later plans call them unverified, not changed."""
    made = destination("a")
    done = list(generate.records(made, live("a", severities=["LOW"]), trigger()))
    assert [each.address for each in done] == ["destination.a", "trigger.soc"]
    assert done[0].id == "id-a"
    assert done[0].attributes["severities"] == ("LOW",)
    assert {held.fingerprint for each in done for held in each.secrets.values()} == {""}
    assert generate.variables_of([made, destination("b"), trigger()]) == {"BLINK_SOC_API_KEY": ["a", "b"]}


def test_whose_variable_it_is_stands_beside_it() -> None:
    """By display name, as a comment, which a long name does not make longer."""
    lines = text_of(live("Größe"), live("a", webhook_url=URL), live("b" * 99, webhook_url=URL)).splitlines()
    assert '      url: {env: BLINK_GROSSE_URL}  # "Größe"' in lines
    assert '      api_key: {env: BLINK_GROSSE_API_KEY}  # "Größe"' in lines
    assert f'      api_key: {{env: BLINK_A_API_KEY}}  # "a" and "{"b" * 59}…"' in lines


def test_urls_that_nobody_knows_may_be_the_same() -> None:
    """Said once where there are several."""
    assert "does not show the URLs of" not in text_of(live("a"), live("b", webhook_url=URL))
    assert text_of(live("a"), live("b")).count("does not show the URLs of") == 1

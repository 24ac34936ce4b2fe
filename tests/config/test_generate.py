"""What `import --all` takes over, under which names, and the YAML that it writes."""

from typing import Any

import pytest
import yaml

from blinkdecl.config import generate
from blinkdecl.config.generate import Found, choose, yaml_of
from blinkdecl.model.live import LiveObject
from blinkdecl.model.resource import Resource, canonical
from blinkdecl.model.urls import HostRules
from tests.support.builders import destination, trigger

HOSTS = HostRules(("*.blinkops.com",))
URL = "https://acme.app.blinkops.com/webhooks/9f3c0d"


def live(name: str, kind: str = "blinkOps", host: str | None = None, **given: object) -> LiveObject:
    """Return a live destination with this display name."""
    attributes = canonical("destination", {"severities": ["HIGH"], **given, "display_name": name})
    shown = {each: attributes[each] for each in ("display_name", "severities", *given)}
    return LiveObject(f"id-{name}", shown, kind=kind, webhook_host=host)


def names(*objects: LiveObject, taken: tuple[Resource, ...] = (), globs: tuple[str, ...] = ()) -> list[str]:
    """Return the names that the objects get, and the reasons of those that are left alone."""
    found, skipped = choose(objects, {each.address: each for each in taken}, HOSTS, globs)
    return [each.name for each in found] + [each.reason for each in skipped]


def written(*objects: LiveObject, explicit: bool = False) -> dict[str, Any]:
    """Return the YAML, parsed."""
    found, _ = choose(objects, {}, HOSTS, ("*",))
    document: dict[str, Any] = yaml.safe_load(yaml_of(found, HOSTS, explicit=explicit))
    return document


@pytest.mark.parametrize(
    ("display_name", "name"),
    [
        ("Blink SOC", "blink-soc"),
        ("24/7 on-call", "d-24-7-on-call"),
        ("Ünïcode", "n-code"),
        ("!!!", "d"),
        ("x" * 80, "x" * 50),
        ("true", "d-true"),
        ("NULL", "d-null"),
        ("False!", "d-false"),
        ("yes", "yes"),
        ("1e5", "d-1e5"),
    ],
)
def test_names_are_made_of_display_names(display_name: str, name: str) -> None:
    """Lower case, digits and dashes; a letter first; never too long."""
    assert names(live(display_name)) == [name]


def test_names_that_are_taken_get_a_number() -> None:
    """By a destination, by a trigger, or by each other; always the same order."""
    objects = (live("SOC!"), live("SOC?"), live("soc 2"))
    assert names(*objects, taken=(trigger("soc"),)) == ["soc-2", "soc-3", "soc-2-2"]
    assert names(*reversed(objects), taken=(trigger("soc"),)) == ["soc-2", "soc-3", "soc-2-2"]


@pytest.mark.parametrize(
    ("given", "globs", "told"),
    [
        (live("a", "customWebhook", "acme.app.blinkops.com"), (), "a"),
        (live("a", "customWebhook", "hooks.example.com"), ("*",), "its URL's host is hooks.example.com"),
        (live("a", "customWebhook"), (), "a custom webhook whose URL cannot be read"),
        (live("a", "CUSTOMWEBHOOK"), ("b*",), "a custom webhook whose URL cannot be read"),
        (live("a", "customWebhook"), ("b*", "a"), "a"),
        (live("a", "blinkOps"), (), "a"),
        (live("a<b"), (), "display name"),
    ],
)
def test_which_ones_are_blinks(given: LiveObject, globs: tuple[str, ...], told: str) -> None:
    """Native ones; custom webhooks by their host, or by their name where the host is hidden."""
    [answer] = names(given, globs=globs)
    assert told in answer


def test_display_names_that_look_alike_are_left_alone() -> None:
    """Two of them, or one that is declared: validate would refuse both."""
    assert names(live("SOC"), live("soc "))[0] == "soc"
    [reason] = names(live("soc"), taken=(destination("other", display_name="SOC"),))
    assert "same display name" in reason


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


@pytest.mark.parametrize("name", ['A "quoted" \\ name', "${var.x} costs", "yes", "# no comment", "é: ü"])
def test_display_names_are_quoted(name: str) -> None:
    """They come back as they were, once `$${` is read as `${`."""
    text = yaml_of((Found("a", live(name)),), HOSTS, explicit=False)
    shown = yaml.safe_load(text)["destinations"]["a"]["display_name"]
    assert shown.replace("$${", "${") == name
    assert ("$${" in text) == ("${" in name)


def test_records_know_no_fingerprint() -> None:
    """Nobody knows the values in place: later plans call them unverified, not changed."""
    made = destination("a")
    done = list(generate.records(made, live("a", severities=["LOW"]), trigger()))
    assert [each.address for each in done] == ["destination.a", "trigger.soc"]
    assert done[0].id == "id-a"
    assert done[0].attributes["severities"] == ("LOW",)
    assert {held.fingerprint for each in done for held in each.secrets.values()} == {""}
    assert generate.placeholders([made, trigger()]) == ["BLINK_SOC_API_KEY"]


def test_a_look_alike_is_left_alone() -> None:
    """What would be a second name of the same look is not declared, and the character is named."""
    [reason] = names(live("Bl\u0456nk"), taken=(destination(display_name="blink"),))
    assert reason == 'it looks like "blink": it has U+0456 CYRILLIC SMALL LETTER BYELORUSSIAN-UKRAINIAN I'
    assert names(live("Bl\u0456nk")) != [reason]

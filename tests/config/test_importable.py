"""Which live destinations an import takes over, and which of them share a trigger."""

import pytest

from blinkdecl.config.importable import Chosen, choose
from blinkdecl.model.live import LiveObject
from blinkdecl.model.resource import Resource, name_of
from blinkdecl.model.urls import HostRules
from tests.support.builders import destination, found_live, trigger

HOSTS = HostRules(("*.blinkops.com",))
URL = "https://acme.app.blinkops.com/webhooks/9f3c0d"


def chosen(*objects: LiveObject, taken: tuple[Resource, ...] = (), globs: tuple[str, ...] = ()) -> Chosen:
    """Return what an import takes over."""
    resources = {each.address: each for each in taken}
    webhooks = {str(each.attributes["url"]): name_of(each.address) for each in taken if each.kind == "trigger"}
    variables = [str(secret.argument) for each in taken for secret in each.secrets.values()]
    return choose(objects, resources, HOSTS, globs, addresses=resources, webhooks=webhooks, variables=variables)


def names(*objects: LiveObject, taken: tuple[Resource, ...] = (), globs: tuple[str, ...] = ()) -> list[str]:
    """Return the names that the objects get, and the reasons of those that are left alone."""
    done = chosen(*objects, taken=taken, globs=globs)
    return [each.name for each in done.found] + [each.reason for each in done.skipped]


def test_what_another_repository_looks_after_is_left_alone() -> None:
    """`unmanaged.ignore` names it; a name on the command line takes it over nevertheless."""
    objects = [found_live("dev a"), found_live("soc")]
    done = choose(objects, {}, HOSTS, (), addresses=(), webhooks={}, variables=(), ignore=("dev *",))
    assert ([each.name for each in done.found], done.skipped, done.ignored) == (["soc"], (), 1)
    done = choose(objects, {}, HOSTS, ("dev a",), addresses=(), webhooks={}, variables=(), ignore=("dev *",))
    assert ([each.name for each in done.found], done.ignored) == (["dev-a", "soc"], 0)


def test_names_that_are_taken_get_the_id() -> None:
    """By a destination, by a trigger, or by each other; always the same order."""
    ids = {"SOC!": "1f" * 8, "SOC?": "2f" * 8, "soc 2": "3f" * 8}
    objects = [found_live(name, object_id=object_id) for name, object_id in ids.items()]
    assert names(*objects, taken=(trigger("soc"),)) == ["soc-1f1f1f1f", "soc-2f2f2f2f", "soc-2"]
    assert names(*reversed(objects), taken=(trigger("soc"),)) == ["soc-1f1f1f1f", "soc-2f2f2f2f", "soc-2"]


@pytest.mark.parametrize(
    ("given", "globs", "told"),
    [
        (found_live("a", "customWebhook", "acme.app.blinkops.com"), (), "a"),
        (found_live("a", "customWebhook", "hooks.example.com"), ("*",), "its URL's host is hooks.example.com"),
        (found_live("a", "customWebhook"), (), "a custom webhook whose URL cannot be read"),
        (found_live("a", "CUSTOMWEBHOOK"), ("b*",), "a custom webhook whose URL cannot be read"),
        (found_live("a", "customWebhook"), ("b*", "a"), "a"),
        (found_live("a", "blinkOps"), (), "a"),
        (found_live("a<b"), (), "display name"),
        (found_live("soc "), (), "begin or end with a space"),
        (found_live("a" * 1001), (), "its display name is too long"),
        (found_live("soc", alert_types=["DREAM"]), (), "this version knows none of its alert_types"),
        (found_live("soc", log_types=["two words"]), (), "this version knows none of its log_types"),
    ],
)
def test_which_ones_are_blinks(given: LiveObject, globs: tuple[str, ...], told: str) -> None:
    """Native ones; custom webhooks by their host, or by their name where the host is hidden; what YAML can say."""
    [answer] = names(given, globs=globs)
    assert told in answer


def test_display_names_that_look_alike_are_left_alone() -> None:
    """Two of them, or one that is declared: validate would refuse both."""
    assert "same display name" in names(found_live("SOC"), found_live("soc"))[1]
    [reason] = names(found_live("soc"), taken=(destination("other", display_name="SOC"),))
    assert "same display name" in reason


def test_a_look_alike_is_left_alone() -> None:
    """What would be a second name of the same look is not declared, and the character is named."""
    [reason] = names(found_live("Bl\u0456nk"), taken=(destination(display_name="blink"),))
    assert reason == 'it looks like "blink": it has U+0456 CYRILLIC SMALL LETTER BYELORUSSIAN-UKRAINIAN I'
    assert names(found_live("Bl\u0456nk")) != [reason]


def test_destinations_with_one_url_share_a_trigger() -> None:
    """Where Panther shows no URL, nobody knows whether it is the same: each has a trigger of its own."""
    objects = [found_live(name, webhook_url=url) for name, url in {"a": URL, "b": URL, "c": f"{URL}/2"}.items()]
    done = chosen(*objects, found_live("d"), found_live("e"))
    assert [each.trigger for each in done.found] == ["a", "a", "c", "d", "e"]
    assert [each.name for each in done.triggers] == ["a", "c", "d", "e"]


def test_a_trigger_that_is_declared_is_not_declared_again() -> None:
    """Its URL is that of the destination; another one gets a variable that the declared one does not use."""
    done = chosen(found_live("Night", webhook_url=URL), found_live("Blink SOC"), taken=(trigger("soc", url=URL),))
    assert [(each.name, each.trigger) for each in done.found] == [("blink-soc", "blink-soc"), ("night", "soc")]
    [made] = done.triggers
    assert made.key_variable.startswith("BLINK_SOC_")
    assert made.key_variable != "BLINK_SOC_API_KEY"

"""The review digest: the same for the same on any machine, and another for whatever was edited, with the right side."""

import random
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from blinkdecl.diagnostics import Failure
from blinkdecl.model.configuration import (
    Configuration,
    CoverageRule,
    Limits,
    Move,
    ProviderSettings,
    Settings,
    Silence,
    StateSettings,
    Waiver,
)
from blinkdecl.model.live import Capabilities, LiveObject
from blinkdecl.model.plan import Options, Plan
from blinkdecl.model.resource import ProbeSettings, Resource, SecretReference
from blinkdecl.model.state import Intent, LastTest, Recorded, RecordedSecret, State
from blinkdecl.planner.review import Answer, check_reviewed, read_digest, review_digest
from blinkdecl.secret.fingerprints import Fingerprints
from tests.planner.test_properties import ALLOWED, shuffled, worlds
from tests.support.builders import (
    KEY,
    OTHER_KEY,
    configuration,
    destination,
    fingerprints,
    found_live,
    live,
    plan_of,
    recorded,
    trigger,
)

World = tuple[Configuration, State, tuple[LiveObject, ...]]
HOST = "api.acme.runpanther.net"
AGAIN = "blinkdecl plan"
BLINK = destination()


def reviewed(world: World, known: Fingerprints | None = None, options: Options = ALLOWED) -> Plan:
    """Return the plan of a world, with its review digest."""
    desired, state, objects = world
    plan = plan_of(desired, state, objects, known or fingerprints(), options)
    return replace(plan, review_digest=review_digest(plan, desired, state, Answer(HOST, Capabilities(), objects)))


def differences(before: Plan, after: Plan) -> list[str]:
    """Return what is told of two plans, the first of which was reviewed."""
    try:
        check_reviewed(read_digest(before.review_digest), after, AGAIN)
    except Failure as failure:
        found = failure.diagnostics
    else:
        return []
    assert [each.code for each in found] == ["stale-plan"]
    return [text for label, text in found[0].notes if label == "note"]


def of_resource(edit: Callable[[Resource], Resource]) -> Callable[[World, random.Random], World]:
    """Return an edit of one declared resource."""

    def edited(world: World, chance: random.Random) -> World:
        desired, state, objects = world
        address = chance.choice(sorted(desired.resources))
        other = {**desired.resources, address: edit(desired.resources[address])}
        return replace(desired, resources=other), state, objects

    return edited


def of_settings(edit: Callable[[Settings], Settings]) -> Callable[[World, random.Random], World]:
    """Return an edit of the project file."""
    return lambda world, _: (replace(world[0], settings=edit(world[0].settings)), *world[1:])


def of_record(edit: Callable[[Recorded], Recorded]) -> Callable[[World, random.Random], World]:
    """Return an edit of one record."""

    def edited(world: World, chance: random.Random) -> World:
        desired, state, objects = world
        assume(state.resources)
        address = chance.choice(sorted(state.resources))
        return desired, replace(state, resources={**state.resources, address: edit(state.resources[address])}), objects

    return edited


def of_live(edit: Callable[[LiveObject], LiveObject | None]) -> Callable[[World, random.Random], World]:
    """Return an edit, or the loss, of one live destination."""

    def edited(world: World, chance: random.Random) -> World:
        desired, state, objects = world
        assume(objects)
        number = chance.randrange(len(objects))
        other = edit(objects[number])
        return desired, state, (*objects[:number], *([other] if other else []), *objects[number + 1 :])

    return edited


def _added(world: World, _: random.Random) -> World:
    desired, state, objects = world
    return replace(desired, resources={**desired.resources, "destination.z": destination("z")}), state, objects


def _removed(world: World, chance: random.Random) -> World:
    desired, state, objects = world
    assume(len(desired.resources) > 1)
    gone = chance.choice(sorted(desired.resources))
    kept = {name: each for name, each in desired.resources.items() if name != gone}
    return replace(desired, resources=kept), state, objects


def _forgotten(world: World, chance: random.Random) -> World:
    desired, state, objects = world
    assume(state.resources)
    gone = chance.choice(sorted(state.resources))
    kept = {name: each for name, each in state.resources.items() if name != gone}
    return desired, replace(state, resources=kept), objects


VAULT = SecretReference("file", "secrets/vault")
BY_COMMAND = SecretReference("command", ("vault", "read"))
YAML = [
    of_resource(lambda each: replace(each, attributes={**each.attributes, "severities": ("INFO", "CRITICAL")})),
    of_resource(lambda each: replace(each, attributes={**each.attributes, "log_types": ("Okta.SystemLog", "Z")})),
    of_resource(lambda each: replace(each, attributes={**each.attributes, "workspace": "other"})),
    of_resource(lambda each: replace(each, secrets={"api_key": VAULT})),
    of_resource(lambda each: replace(each, secrets={"api_key": BY_COMMAND})),
    of_resource(lambda each: replace(each, prevent_destroy=not each.prevent_destroy)),
    of_resource(lambda each: replace(each, ignore_changes=("display_name",))),
    of_resource(lambda each: replace(each, probe=ProbeSettings(preflight=False))),
    of_resource(lambda each: replace(each, probe=ProbeSettings(timeout=3.0))),
    of_settings(lambda each: replace(each, limits=Limits(max_deletes=7))),
    of_settings(lambda each: replace(each, coverage=(CoverageRule(),))),
    of_settings(lambda each: replace(each, silences=(Silence(severities=("INFO",)),))),
    of_settings(lambda each: replace(each, webhook_hosts=("*.blinkops.com", "*.evil.example"))),
    of_settings(lambda each: replace(each, allow_commands=True)),
    of_settings(lambda each: replace(each, waivers=(Waiver("destination.a", "2099-01-01", reason="later"),))),
    of_settings(lambda each: replace(each, provider=ProviderSettings(on_unsupported="ignore"))),
    of_settings(
        lambda each: replace(each, provider=ProviderSettings("panther", url="https://api.evil.example/public/graphql"))
    ),
    of_settings(lambda each: replace(each, state=StateSettings("s3", {}, {"session_token": KEY}))),
    of_settings(lambda each: replace(each, unmanaged_ignore=("x-*",))),
    lambda world, _: (replace(world[0], moved=(Move("destination.x", "destination.y"),)), *world[1:]),
    _added,
    _removed,
]
RECORD = [
    of_record(lambda each: replace(each, attributes={**each.attributes, "severities": ("INFO", "CRITICAL")})),
    of_record(lambda each: replace(each, attributes={**each.attributes, "event_name": "other"})),
    of_record(lambda each: replace(each, secrets={"api_key": RecordedSecret(KEY, "f" * 16)})),
    of_record(lambda each: replace(each, secrets={"api_key": RecordedSecret(VAULT, "")})),
    of_record(lambda each: replace(each, secrets={})),
    of_record(lambda each: replace(each, prevent_destroy=True)),
    of_record(lambda each: replace(each, id=f"{each.id}-other")),
    lambda world, _: (world[0], replace(world[1], pending={"destination.q": Intent("create", "q", "run")}), world[2]),
    _forgotten,
]
LIVE = [
    of_live(lambda each: replace(each, attributes={**each.attributes, "severities": ("INFO", "MEDIUM")})),
    of_live(lambda each: replace(each, attributes={**each.attributes, "display_name": "renamed by hand"})),
    of_live(lambda each: replace(each, hidden=("api_key",))),
    of_live(lambda each: replace(each, kind="customWebhook")),
    of_live(lambda each: replace(each, webhook_host="evil.example")),
    of_live(lambda each: replace(each, id=f"{each.id}-again")),
    of_live(lambda _: None),
    lambda world, _: (*world[:2], (*world[2], found_live("somebody's own"))),
]
TOLD = {"YAML": YAML, "recorded": RECORD, "live": LIVE}


@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(worlds(), st.sampled_from([(side, edit) for side, found in TOLD.items() for edit in found]), st.randoms())
def test_any_edit_is_refused_with_its_side(
    world: World, edit: tuple[str, Callable[[World, random.Random], World]], chance: random.Random
) -> None:
    """Whatever is edited after the review, in the YAML, in the record or in Panther: that side is named, no other."""
    side, change = edit
    before, edited = reviewed(world), change(world, chance)
    assume(edited != world)
    try:
        after = reviewed(edited)
    except Failure:  # no plan can be made of it, so that nothing is applied
        return
    told = differences(before, after)
    sides = {
        each.partition(":")[0]
        for each in told
        if each != "nothing is left to do, so perhaps it was applied already"
        and not each.startswith("the plan of now is refused")
    }
    assert sides == {side}


@settings(max_examples=200, deadline=None)
@given(worlds(), st.sampled_from(({}, {KEY: "rotated"}, {OTHER_KEY: "r"}, {KEY: "key-one"})), st.randoms())
def test_the_same_is_accepted(world: World, known: dict[SecretReference, str], chance: random.Random) -> None:
    """In another order, with other secrets at hand, after alerts were tested and objects were saved unchanged."""
    desired, state, objects = shuffled(world, chance)
    tested = LastTest("2026-11-25T10:00:00Z", delivered=True, status=200, latency=0.1)
    records = {address: replace(each, last_test=tested) for address, each in state.resources.items()}
    touched = tuple(replace(each, modified_by="jo", modified_at="2026-11-25T10:00:00Z") for each in objects)
    other = LiveObject("slack", {"display_name": "Slack"}, kind="slack", foreign=True)
    later = (desired, replace(state, serial=99, resources=records), (*touched, other))
    assert differences(reviewed(world), reviewed(later, fingerprints(known))) == []


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (Options(), "a plan to destroy everything was reviewed: `blinkdecl destroy"),
        (Options(destroy=True, targets=("destination.blink",)), "a plan to destroy everything"),
    ],
)
def test_options_are_a_side(options: Options, told: str) -> None:
    """A plan of destruction is not one of changes, nor is one of a part that of the whole."""
    world = configuration(trigger(), BLINK), recorded(trigger(), BLINK), live(BLINK)
    destroy = reviewed(world, options=Options(destroy=True))
    [fact] = differences(destroy, reviewed(world, options=options))
    assert fact.startswith(f"options: {told}")


def test_options_in_another_order_are_the_same() -> None:
    """Of --target and --exclude."""
    world = configuration(trigger(), BLINK), recorded(trigger(), BLINK), live(BLINK)
    one, other = (
        Options(each) for each in (("destination.blink", "trigger.soc"), ("trigger.soc", "destination.blink"))
    )
    assert differences(reviewed(world, options=one), reviewed(world, options=other)) == []


def test_another_panther_is_another_answer() -> None:
    """With nothing in either, and an address that is a reference."""
    desired = configuration(trigger(), BLINK)
    plan = plan_of(desired)
    digests = [review_digest(plan, desired, None, Answer(host, Capabilities(), ())) for host in (HOST, "evil.example")]
    parts = [read_digest(each) for each in digests]
    assert parts[0].live != parts[1].live
    assert {replace(each, digest="", live="") for each in parts} == {replace(parts[0], digest="", live="")}


def test_another_version_that_plans_otherwise() -> None:
    """All sides are the same, and what is done is not."""
    world = configuration(trigger(), BLINK), recorded(trigger()), ()
    before = reviewed(world)
    other = replace(before, changes=before.changes[:-1])
    digest = review_digest(other, world[0], world[1], Answer(HOST, Capabilities(), ()))
    assert differences(before, replace(other, review_digest=digest)) == [
        (
            "YAML, recorded and live are the same: another version of blinkdecl, or what another environment of the "
            "project has recorded by now, makes another plan of them"
        )
    ]


def test_what_is_made_otherwise_than_declared() -> None:
    """An object that is to be another than its declaration, for whatever reason, makes another digest."""
    world = configuration(trigger(), BLINK), recorded(trigger()), ()
    before = reviewed(world)
    digests = {before.review_digest}
    for severities in (("LOW",), ("CRITICAL",)):
        made = [each and {**each, "severities": severities} for each in (change.after for change in before.changes)]
        changes = tuple(replace(each, after=after) for each, after in zip(before.changes, made, strict=True))
        answer = Answer(HOST, Capabilities(), ())
        digests.add(review_digest(replace(before, changes=changes), world[0], world[1], answer))
    assert len(digests) == 3


DIGEST = reviewed((replace(configuration(BLINK), environment="prod"), recorded(BLINK), live(BLINK))).review_digest


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "empty"),
        ("  ", "empty"),
        (DIGEST[:-1], "cut: its end is missing"),
        (DIGEST[:30], "cut: its end is missing"),
        (DIGEST[:12] + "…", "cut: its end is missing"),
        (DIGEST[:12] + "...", "cut: its end is missing"),
        (DIGEST[7:], "cut: its beginning is missing"),
        (DIGEST[1:], "mistyped: its parts do not fit together"),
        (DIGEST[:-1] + ("0" if DIGEST[-1] != "0" else "1"), "mistyped: its parts do not fit together"),
        (DIGEST.replace("prod-", "dev-"), "mistyped: its parts do not fit together"),
        (DIGEST + "0", "none that a plan prints"),
        ("null", "missing"),
        ("a" * 64, "the digest of a saved plan's file, which `apply FILE` checks by itself"),
        ("plan.json", "none that a plan prints"),
    ],
)
def test_what_is_wrong_with_a_copy(text: str, told: str) -> None:
    """Cut, mistyped, empty, another digest: each is told for what it is."""
    with pytest.raises(ValueError, match=r".") as caught:
        read_digest(text)
    assert caught.value.args[0] == told


@given(st.integers(0, len(DIGEST) - 1), st.sampled_from("0123456789abcdef"))
def test_one_wrong_character_is_found(place: int, character: str) -> None:
    """Wherever it is."""
    assume(DIGEST[place] != character)
    with pytest.raises(ValueError, match=r"."):
        read_digest(DIGEST[:place] + character + DIGEST[place + 1 :])


@given(st.text() | st.text("0123456789abcdef-_…. ", max_size=90))
def test_no_text_breaks_the_reading(text: str) -> None:
    """It is a digest, or it is refused in words."""
    try:
        assert read_digest(text).digest == text.strip().lower()
    except ValueError as problem:
        told, remedy = problem.args
        assert told
        assert remedy


def test_a_copy_with_blanks_and_capitals_is_the_same() -> None:
    """As terminals and chats make them."""
    assert read_digest(f" {DIGEST.upper()}\n") == read_digest(DIGEST)
    assert read_digest(DIGEST).environment == "prod"

"""Plans as text: Terraform's words, and the whole story."""

from dataclasses import replace

import pytest

from blinkdecl.diagnostics import Diagnostic, Position
from blinkdecl.model.configuration import Waiver
from blinkdecl.model.live import LiveObject
from blinkdecl.model.plan import Action, Change, Difference, FirstStep, Options, Plan, SecretChange
from blinkdecl.model.resource import SecretReference
from blinkdecl.render.text.plan import saved_text
from blinkdecl.render.view.plan import failed_plan_view, plan_view
from tests.support.made import (
    CREATE_DESTINATION,
    CREATE_TRIGGER,
    DESTINATION,
    DRIFTED,
    KEY,
    NEW_KEY,
    TRIGGER,
    plan,
    recorded,
)
from tests.support.rendered import plan_text

FIRST_PLAN = """\
blinkdecl will perform the following actions:

  # trigger.soc will be recorded (made by hand in Blink: `blinkdecl help trigger`)
  + trigger.soc                                            (blinkdecl.yaml:5)
      + automation   = "Triage alerts"
      + url          = https://acme.app.blinkops.com/webhooks/soc
      + api_key      = (sensitive, from env BLINK_SOC_API_KEY)

  # destination.blink-soc will be created
  + destination.blink-soc                                  (blinkdecl.yaml:14)
      + display_name = "Blink SOC"
      + trigger      = "soc"
      + severities   = [HIGH, CRITICAL]
      + alert_types  = all
      + log_types    = all

Plan: 1 to add, 0 to change, 0 to destroy.
1 trigger to record."""


def text_of(made: Plan, *, verbose: bool = False) -> str:
    """Return the text of a plan."""
    return plan_text(plan_view(made), verbose=verbose)


def block(change: Change, *, verbose: bool = False) -> list[str]:
    """Return the lines of the one block of a plan of this change."""
    return text_of(plan(change), verbose=verbose).split("\n\n")[1].splitlines()


def test_the_first_plan() -> None:
    """The plan of the first five minutes, word for word."""
    assert text_of(plan(CREATE_TRIGGER, CREATE_DESTINATION)) == FIRST_PLAN


def test_a_saved_plan_names_the_next_command() -> None:
    """With what to paste, where there is something to apply."""
    offer = "Saved to plan.json. It holds no secret."
    assert saved_text("plan.json", None) == offer
    command = "blinkdecl --env prod apply plan.json"
    assert saved_text("plan.json", command) == f"{offer} To apply exactly this plan:\n  {command}"


def test_verbose_shows_every_attribute() -> None:
    """With -v nothing that will be created is left out."""
    lines = block(CREATE_DESTINATION, verbose=True)
    assert "      + allow_manual_dispatch = false" in lines
    assert "      + webhook_url           = https://acme.app.blinkops.com/webhooks/soc" in lines
    assert "      + api_key               = (sensitive, from env BLINK_SOC_API_KEY)" in lines


def test_what_is_set_on_purpose_is_shown() -> None:
    """Manual dispatch, protection and an empty severity list are no details."""
    after = {**DESTINATION, "severities": (), "allow_manual_dispatch": True}
    change = replace(
        CREATE_DESTINATION, after=after, differences=(Difference("prevent_destroy", before=False, after=True),)
    )
    lines = block(change)
    assert "      + severities            = none (overrides, manual dispatch, system errors)" in lines
    assert lines[-2:] == ["      + allow_manual_dispatch = true", "      + prevent_destroy       = true"]


def test_a_url_by_reference_is_named_by_its_source() -> None:
    """A URL that is a secret is shown as one."""
    url = SecretChange("url", SecretReference("file", "secrets/url"), "new")
    change = replace(CREATE_TRIGGER, after={**TRIGGER, "url": None}, secrets=(NEW_KEY, url))
    assert "      + url          = (sensitive, from file secrets/url)" in block(change)


def test_an_update_shows_old_and_new() -> None:
    """Attributes by value, secrets by what is known of them."""
    change = Change(
        "destination.blink-soc",
        Action.UPDATE,
        "6f1c2d",
        DESTINATION,
        DESTINATION,
        (
            Difference("severities", ("HIGH", "CRITICAL"), ("CRITICAL",)),
            Difference("log_types", (), ("AWS.CloudTrail",)),
        ),
        (SecretChange("api_key", KEY, "rotated", recorded()),),
        position=Position("blinkdecl.yaml", 14, 3),
    )
    assert block(change) == [
        "  # destination.blink-soc will be updated in-place",
        "  ~ destination.blink-soc                                  (blinkdecl.yaml:14)",
        "      ~ severities   = [HIGH, CRITICAL] -> [CRITICAL]",
        "      ~ log_types    = all -> [AWS.CloudTrail]",
        "      ~ api_key      = (sensitive, the value behind env BLINK_SOC_API_KEY is new)",
    ]


@pytest.mark.parametrize(
    ("status", "name", "shown"),
    [
        ("same", "BLINK_SOC_API_KEY", None),
        ("unverified", "BLINK_SOC_API_KEY", None),
        ("rotated", "BLINK_SOC_API_KEY", "~ api_key      = (sensitive, the value behind env BLINK_SOC_API_KEY is new)"),
        ("same", "OLD", "~ api_key      = (sensitive, from env OLD -> env BLINK_SOC_API_KEY)"),
        ("rotated", "OLD", "~ api_key      = (sensitive, from env OLD -> env BLINK_SOC_API_KEY, with another value)"),
        (
            "unverified",
            "OLD",
            "~ api_key      = (sensitive, from env OLD -> env BLINK_SOC_API_KEY, may change: unverified)",
        ),
    ],
)
def test_a_secret_of_a_resource_that_stays(status: str, name: str, shown: str | None) -> None:
    """Only what is known to change is shown as a change."""
    secret = SecretChange("api_key", KEY, status, recorded(name))  # type: ignore[arg-type]  # one of the literals
    lines = block(Change("destination.x", Action.UPDATE, "1", DESTINATION, DESTINATION, secrets=(secret,)))
    assert lines[2:] == ([f"      {shown}"] if shown else [])


def test_a_literal_url_that_becomes_a_reference() -> None:
    """The new side is named by its source, once."""
    secret = SecretChange("url", KEY, "new")
    difference = Difference("url", "https://acme.app.blinkops.com/a", None)
    change = Change("trigger.soc", Action.UPDATE, None, TRIGGER, TRIGGER, (difference,), (secret,))
    expected = "~ url          = https://acme.app.blinkops.com/a -> (sensitive, from env BLINK_SOC_API_KEY)"
    assert block(change)[2:] == [f"      {expected}"]


def test_a_delete_shows_what_goes() -> None:
    """The same attributes, with a minus, and no place in a file."""
    lines = block(Change("destination.blink-soc", Action.DELETE, "6f1c", DESTINATION))
    assert lines[:3] == [
        "  # destination.blink-soc will be destroyed",
        "  - destination.blink-soc",
        '      - display_name = "Blink SOC"',
    ]


@pytest.mark.parametrize(
    ("change", "comments"),
    [
        (
            Change("destination.b", Action.NO_OP, "1", previous_address="destination.a"),
            ["  # destination.a has moved to destination.b"],
        ),
        (
            Change("destination.b", Action.UPDATE, "1", previous_address="destination.a", recorded_only=True),
            [
                "  # destination.b will be updated in-place",
                "  # (moved from destination.a)",
                "  # (only the record changes; the destination itself stays as it is)",
            ],
        ),
        (
            Change(
                "destination.b",
                Action.UPDATE,
                "1",
                before={"display_name": "b"},
                after={"display_name": "b"},
                first=FirstStep({"display_name": "A~1"}),
            ),
            [
                "  # destination.b will be updated in-place",
                '  # (temporarily named "A~1" while its display name changes hands)',
            ],
        ),
        (
            Change(
                "destination.b",
                Action.UPDATE,
                "1",
                before={"display_name": "b", "severities": ("LOW",)},
                after={"display_name": "b", "severities": ("HIGH",)},
                depends_on=("destination.c", "trigger.t"),
                first=FirstStep({"display_name": "b", "severities": ("LOW", "HIGH")}),
            ),
            [
                "  # destination.b will be updated in-place",
                "  # (first receives what it is to receive as well, and gives up the rest after",
                "  #  destination.c)",
            ],
        ),
        (
            Change("destination.b", Action.DELETE, "1", depends_on=("destination.c",)),
            ["  # destination.b will be destroyed", "  # (destroyed after destination.c)"],
        ),
        (
            Change("destination.b", Action.ADOPT, "1"),
            ["  # destination.b will be adopted (a run that was killed had created it)"],
        ),
        (Change("destination.b", Action.FORGET), ["  # destination.b will be forgotten (it is gone already)"]),
        (
            Change("destination.b", Action.FORGET, "1", before={"display_name": "b"}, recorded_only=True),
            ["  # destination.b will be forgotten (it stays as it is, unmanaged)"],
        ),
        (
            Change("trigger.b", Action.FORGET, before={"url": "https://x.example"}, recorded_only=True),
            ["  # trigger.b will be forgotten (its automation in Blink stays)"],
        ),
    ],
    ids=[
        "moved",
        "moved and updated",
        "temporary name",
        "split",
        "after another",
        "adopt",
        "forget",
        "let go",
        "trigger let go",
    ],
)
def test_what_is_special_is_said_in_comments(change: Change, comments: list[str]) -> None:
    """Above the block stand the sentences, Terraform's where it has one."""
    assert [line for line in block(change) if line.startswith("  #")] == comments


def test_adopting_and_forgetting_are_part_of_the_sum() -> None:
    """They stand where OpenTofu has imports and forgets."""
    text = text_of(plan(Change("destination.a", Action.ADOPT, "1"), Change("destination.b", Action.FORGET, "2")))
    assert text.endswith("Plan: 1 to adopt, 0 to add, 0 to change, 0 to destroy, 1 to forget.")


def test_no_changes() -> None:
    """Nothing to do is said so, and not more surely than it is known."""
    assert text_of(plan()) == "No changes. Your infrastructure matches the configuration."
    text = text_of(plan(unverified=(("destination.a", ("api_key",)), ("destination.b", ("api_key",)))))
    assert text.startswith("Unverified: api_key of 2 resources (destination.a, destination.b). These were")
    assert " ".join(text.split()).endswith(
        "No changes. Your infrastructure matches the configuration. This is known only as far as it could be verified."
    )


def test_the_local_provider_claims_nothing_of_panther() -> None:
    """Once that nothing is changed there, and of what was not read it is not said that it is so."""
    made = replace(plan(CREATE_TRIGGER, CREATE_DESTINATION), provider="local", compared="recorded")
    only = "The local provider only records: nothing in Panther is changed."
    assert text_of(made).count(only) == 1
    assert only not in plan_text(plan_view(made), applying=True)
    assert " ".join(text_of(replace(made, changes=())).split()) == (
        "No changes. Your infrastructure matches the configuration. "
        "It was compared with the record; nothing in Panther was read."
    )


def test_triggers_are_counted_apart() -> None:
    """Those that are recorded, and those that are forgotten; how they are made is said once."""
    other = replace(CREATE_TRIGGER, address="trigger.other")
    gone = replace(CREATE_TRIGGER, address="trigger.old", action=Action.DELETE, before=CREATE_TRIGGER.after, after=None)
    text = text_of(plan(CREATE_TRIGGER, other, gone))
    assert text.endswith("Plan: 0 to add, 0 to change, 0 to destroy.\n2 triggers to record, 1 to forget.")
    assert text.count("`blinkdecl help trigger`") == 1
    assert "# trigger.old will be forgotten (its automation in Blink stays)" in text
    assert text_of(plan(gone)).endswith("\n1 trigger to forget.")
    assert text_of(plan(options=Options(destroy=True))) == "No changes. No objects need to be destroyed."


def test_drift_and_unmanaged_objects_stand_in_the_plan() -> None:
    """What happened outside is told between the changes and the sum."""
    live = LiveObject("1b2c", {"display_name": 'Other "hook"'})
    parts = text_of(plan(CREATE_TRIGGER, drift=(DRIFTED,), unmanaged=(live,))).split("\n\n")
    assert parts[2] == "Note: objects have changed outside of blinkdecl:"
    assert parts[3].startswith("  # destination.blink-soc has changed\n")
    assert parts[4] == (
        'Unmanaged, and left alone: 1 live destination is not declared here.\n  "Other \\"hook\\"" [id=1b2c]\n'
        "  `blinkdecl import ADDRESS ID` takes one over, `blinkdecl import --all` writes\n  YAML for all."
    )


def test_a_plan_that_only_moves() -> None:
    """It has something to do, and the sum says what."""
    moved = replace(CREATE_DESTINATION, action=Action.NO_OP, previous_address="destination.old", secrets=())
    assert "Plan: 0 to add, 0 to change, 0 to destroy, 1 to move." in text_of(plan(moved))


def test_why_something_is_destroyed_is_read_first() -> None:
    """A file that no pattern includes is named before what it declared is destroyed, other problems after it."""
    told = (Diagnostic("left-out", "a.yml has destinations", "warning"), Diagnostic("renamed", "moved?", "warning"))
    gone = replace(CREATE_DESTINATION, action=Action.DELETE, before=CREATE_DESTINATION.after, after=None, secrets=())
    text = text_of(replace(plan(gone), diagnostics=told))
    order = [text.index(each) for each in ("[left-out]", "blinkdecl will perform", "Plan: 0 to add", "[renamed]")]
    assert (order, text.count("[left-out]")) == (sorted(order), 1)
    for other in (plan(CREATE_DESTINATION), replace(plan(gone), options=Options(destroy=True))):
        text = text_of(replace(other, diagnostics=told))
        assert text.index("[left-out]") > text.index("Plan: ")


def test_what_is_undone_although_it_is_waived_is_said() -> None:
    """At the change, and beside the sum; not of drift that the plan leaves."""
    waived = replace(DRIFTED, waiver=Waiver(DRIFTED.address, "2026-12-24", reason="INC-1"), waived=True)
    undoing = replace(CREATE_DESTINATION, action=Action.UPDATE, differences=DRIFTED.differences)
    text = " ".join(text_of(plan(undoing, drift=(waived,))).split())
    assert "# (undoes drift that is waived until 2026-12-24 (INC-1))" in text
    assert text.endswith(f"this plan undoes drift although it is waived: {DRIFTED.address}, until 2026-12-24 (INC-1).")
    for drift in (DRIFTED, replace(waived, address="destination.other")):
        assert "undoes" not in text_of(plan(undoing, drift=(drift,)))


def test_a_partial_plan_says_so() -> None:
    """Who restricts a plan reads it in the plan."""
    text = text_of(plan(CREATE_TRIGGER, options=Options(targets=("trigger.soc",), excludes=("destination.x",))))
    assert text.endswith(
        "Note: this plan is partial (--target trigger.soc, --exclude destination.x);\nother resources were left out."
    )


def test_what_is_in_the_way_comes_last() -> None:
    """A refused plan is shown, then refused; it never says "No changes"."""
    limits = Diagnostic("limits", "this plan deletes 4 destinations")
    assert text_of(plan(CREATE_TRIGGER, diagnostics=(limits,))).endswith(
        "Plan: 0 to add, 0 to change, 0 to destroy.\n1 trigger to record.\n\n"
        "Error: this plan deletes 4 destinations [limits]"
    )
    assert text_of(plan(diagnostics=(limits,))) == "Error: this plan deletes 4 destinations [limits]"
    assert plan_text(failed_plan_view([limits])) == "Error: this plan deletes 4 destinations [limits]"


def test_a_long_list_and_a_long_path_keep_to_the_width() -> None:
    """80 columns hold what can be broken, and places move to the left."""
    after = {**DESTINATION, "log_types": tuple(f"Custom.LogType{number}" for number in range(12))}
    position = Position("destinations/production/critical.yaml", 14, 3)
    lines = block(replace(CREATE_DESTINATION, after=after, position=position))
    assert max(map(len, lines)) <= 80
    assert lines[1].endswith("  (destinations/production/critical.yaml:14)")

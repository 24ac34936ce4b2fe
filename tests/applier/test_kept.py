"""What was stored is compared with what was asked: by the answer, or by reading where it tells nothing."""

import pytest

from blinkdecl.applier.kept import tells_all, unlike
from blinkdecl.model.live import Capabilities, LiveObject
from blinkdecl.model.plan import Difference
from blinkdecl.model.resource import Attributes
from blinkdecl.model.results import Results
from tests.support.builders import URL, destination, trigger
from tests.support.world import World

BOTH = ("HIGH", "CRITICAL")
ASKED = destination(severities=BOTH).attributes
SHOWN = {name: value for name, value in ASKED.items() if name != "trigger"}
LESS = (Difference("severities", BOTH, ("HIGH",)),)


def note(results: Results, name: str) -> list[str]:
    """Return the summary and the notes of one result."""
    result = next(each for each in results.results if each.address == f"destination.{name}")
    assert result.diagnostic is not None
    return [result.diagnostic.summary, *(text for _, text in result.diagnostic.notes)]


@pytest.mark.parametrize(
    ("shown", "hidden", "expected"),
    [
        (SHOWN, (), ()),
        ({**SHOWN, "severities": ("HIGH",)}, (), LESS),
        ({**SHOWN, "severities": ("HIGH",)}, ("severities",), ()),
        ({"display_name": "blink"}, (), ()),
        ({**SHOWN, "webhook_url": URL}, (), (Difference("webhook_url", f"{URL}/soc", URL),)),
        ({**SHOWN, "trigger": "other"}, (), ()),
        ({**SHOWN, "log_types": ("A",)}, (), (Difference("log_types", (), ("A",)),)),
    ],
    ids=["same", "less", "hidden", "not told", "url", "bookkeeping", "log types"],
)
def test_what_is_compared(shown: Attributes, hidden: tuple[str, ...], expected: tuple[Difference, ...]) -> None:
    """What the provider shows, and nothing else."""
    assert unlike(ASKED, LiveObject("id", shown, hidden=hidden)) == expected


def test_a_url_behind_a_reference_is_not_compared() -> None:
    """Nobody asked for a URL that is known here."""
    assert unlike({**ASKED, "webhook_url": None}, LiveObject("id", SHOWN)) == ()


def test_what_tells_all() -> None:
    """Only what the provider can hold is missed."""
    found = LiveObject("id", {"display_name": "x", "severities": (), "alert_types": ()})
    assert tells_all(found, Capabilities(log_types=False, manual_dispatch=False))
    assert not tells_all(found, Capabilities())


@pytest.mark.parametrize("taciturn", [False, True], ids=["by its answer", "by one list at the end"])
@pytest.mark.parametrize("there", [False, True], ids=["create", "update"])
def test_a_severity_that_is_dropped(*, there: bool, taciturn: bool) -> None:
    """Failed, with both sides; the record holds what was kept, and the next plan shows the difference."""
    wanted = destination(severities=BOTH)
    world = World(wanted, destination("b"), there=(destination(severities=["LOW"]),) if there else ())
    world.provider.drops, world.provider.taciturn = {"blink": {"CRITICAL"}}, taciturn
    results = world.apply()
    assert world.outcomes(results) == {"blink": "failed", "b": "done"}
    summary, *notes = note(results, "blink")
    assert summary == "Panther did not keep destination.blink as it was asked to"
    assert notes[0] == "severities: asked for [HIGH, CRITICAL], kept [HIGH]"
    assert world.state.resources["destination.blink"].attributes["severities"] == ("HIGH",)
    assert world.state.pending == {}
    [change] = world.plan().changes
    assert change.differences == (Difference("severities", ("HIGH",), BOTH),)
    world.provider.drops = {}
    assert world.apply().count("done") == 1
    assert not world.plan().pending


@pytest.mark.parametrize("taciturn", [False, True])
def test_what_gives_too_little_releases_nothing(*, taciturn: bool) -> None:
    """CRITICAL goes from a to b; b is made without it, so a stays, and says why."""
    world = World(destination("b", severities=BOTH), there=(destination("a", severities=["CRITICAL"]),))
    world.provider.drops, world.provider.taciturn = {"b": {"CRITICAL"}}, taciturn
    results = world.apply()
    assert world.outcomes(results) == {"a": "skipped", "b": "failed"}
    assert note(results, "a")[:2] == [
        "destination.a was left as it is",
        "destination.b, which is to receive CRITICAL in its place, was not kept as it was asked to be",
    ]
    assert "id-a" in world.provider.names()


def test_a_first_step_that_is_kept_as_less() -> None:
    """In a swap of severities nothing relies on a union that was not stored."""
    there = (destination("a", severities=["CRITICAL"]), destination("b", severities=["HIGH"]), trigger())
    world = World(
        destination("a", severities=["HIGH"]), destination("b", severities=["CRITICAL"]), trigger(), there=there
    )
    world.provider.drops = {
        name: {"CRITICAL", "HIGH"} - set(keeps) for name, keeps in {"a": ["CRITICAL"], "b": ["HIGH"]}.items()
    }
    outcomes = world.outcomes(world.apply())
    assert sorted(outcomes.values()) == ["failed", "skipped"]
    severities = {each.display_name: each.attributes["severities"] for each in world.provider.list()}
    assert severities == {"a": ("CRITICAL",), "b": ("HIGH",)}


def test_a_lost_answer_to_a_create_that_kept_less() -> None:
    """It is found by its name, and recorded as what it is."""
    world = World(destination(severities=BOTH))
    world.provider.drops, world.provider.loses = {"blink": {"CRITICAL"}}, {"blink"}
    assert note(world.apply(), "blink")[1] == "severities: asked for [HIGH, CRITICAL], kept [HIGH]"
    assert world.state.resources["destination.blink"].attributes["severities"] == ("HIGH",)

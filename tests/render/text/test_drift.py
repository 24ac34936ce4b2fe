"""Drift as text: what, by whom, and the two ways out."""

from blinkdecl.diagnostics import Position
from blinkdecl.model.live import LiveObject
from blinkdecl.model.plan import Difference, Drift, Plan
from blinkdecl.model.secret_values import NewValue
from blinkdecl.render.view.plan import plan_view
from tests.support.builders import KEY, OTHER_KEY
from tests.support.made import DRIFTED, plan
from tests.support.rendered import drift_text

FIRST_DRIFT = """\
  # destination.blink-soc has changed
  ~ destination.blink-soc                                  (blinkdecl.yaml:17)
      ~ severities = [HIGH, CRITICAL] -> [CRITICAL]
        by jo@example.com, 2026-11-23 10:04:11 UTC

Drift: 1 changed, 0 deleted, 0 unmanaged, 1 unverified (api_key).

Undo it with `blinkdecl apply`, or keep it by editing blinkdecl.yaml:17."""


def text_of(made: Plan) -> str:
    """Return what the drift command says of a plan."""
    return drift_text(plan_view(made, applyable=False))


def test_the_first_drift() -> None:
    """The drift of the first five minutes, word for word."""
    assert text_of(plan(drift=(DRIFTED,), unverified=(("destination.blink-soc", ("api_key",)),))) == FIRST_DRIFT


def test_no_drift() -> None:
    """Without drift it is one sentence, and the count where something is left to know."""
    sentence = "No drift. The live destinations match the recorded state."
    assert text_of(plan()) == sentence
    text = text_of(plan(unverified=(("destination.x", ("api_key",)),)))
    doubtful = sentence.replace("state.", "state, as far as it could be verified.")
    total = "Drift: 0 changed, 0 deleted, 0 unmanaged, 1 unverified (api_key)."
    assert text.replace("be\nverified", "be verified") == f"{doubtful}\n\n{total}"


def test_deleted_and_changed() -> None:
    """An object that is gone, and one that was changed at a known time by nobody knows whom."""
    gone = Drift("destination.a", "deleted", position=Position("a.yaml", 3, 1))
    changed = Drift("destination.b", "changed", (Difference("severities", (), ("LOW",)),), at="2026-11-23T10:04:11Z")
    parts = text_of(plan(drift=(gone, changed))).split("\n\n")
    assert parts[0].splitlines()[0] == "  # destination.a has been deleted"
    assert parts[1].splitlines()[-1] == "        at 2026-11-23 10:04:11 UTC"
    assert parts[-1] == "Undo them with `blinkdecl apply`, or keep them by editing a.yaml:3."


def test_new_values_are_not_drift() -> None:
    """Apart from it, one sentence a reference, with who uses it, and with nobody's name."""
    new = tuple(NewValue(f"destination.{name}", "api_key", KEY) for name in "abcde")
    assert text_of(plan(not_applied=(*new, NewValue("destination.f", "api_key", OTHER_KEY)))) == (
        "No drift. The live destinations match the recorded state.\n\n"
        "Not applied yet: the value behind env BLINK_SOC_API_KEY is new (destination.a,\n"
        "destination.b, destination.c and 2 more).\n"
        "Not applied yet: the value behind env BLINK_OTHER_API_KEY is new\n"
        "(destination.f).\n"
        "`blinkdecl apply` proves it by a test alert, and puts it in place."
    )


def test_many_unmanaged_objects_are_counted() -> None:
    """A tenant with hundreds of other destinations does not fill the screen."""
    many = tuple(LiveObject(f"id-{number}", {"display_name": f"Hook {number}"}) for number in range(300))
    text = text_of(plan(unmanaged=many))
    assert "300 live destinations are not declared here." in text
    assert "  and 290 more, which -v lists" in text
    assert len(text.splitlines()) < 20


def test_ignored_objects_are_counted_alone() -> None:
    """Those of another repository are no list, and no secret."""
    one = LiveObject("id-1", {"display_name": "Hook"})
    assert "\n  and 3 destinations that `unmanaged.ignore` names, or another environment manages\n" in text_of(
        plan(unmanaged=(one,), unmanaged_ignored=3)
    )
    text = text_of(plan(unmanaged_ignored=1))
    assert "Unmanaged, and ignored: 1 destination that `unmanaged.ignore` names, or" in text
    assert "0 unmanaged and 1 ignored" in " ".join(text.split())

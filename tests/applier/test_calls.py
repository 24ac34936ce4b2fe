"""What a lost answer leads to: reading, and never a second create."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from blinkdecl.applier import calls
from blinkdecl.diagnostics import Failure, OutcomeUnknown
from blinkdecl.model.live import LiveObject
from blinkdecl.model.plan import Action, Change
from blinkdecl.model.resource import Attributes
from blinkdecl.secret.value import Secret
from tests.support.builders import destination, live
from tests.support.doubles import MemoryProvider

WANTED = destination().attributes


class Forgetful(MemoryProvider):
    """A tenant that loses answers, and of some calls also the call: `swallows` counts the calls that it never makes."""

    def __init__(self, objects: tuple[LiveObject, ...] = (), *, swallows: int = 0, loses: bool = True) -> None:
        super().__init__(objects)
        self.swallows = swallows
        self.loses = {"blink"} if loses else set()

    def _swallowed(self) -> None:
        self.swallows -= 1
        if self.swallows >= 0:
            raise OutcomeUnknown("no answer within 1s")

    def create(self, attributes: Attributes, secrets: Mapping[str, Secret]) -> LiveObject:
        """Create it, maybe."""
        self._swallowed()
        return super().create(attributes, secrets)

    def update(self, object_id: str, attributes: Attributes, secrets: Mapping[str, Secret]) -> LiveObject:
        """Update it, maybe."""
        self._swallowed()
        return super().update(object_id, attributes, secrets)

    def delete(self, object_id: str) -> None:
        """Delete it, maybe."""
        self._swallowed()
        super().delete(object_id)


def change(action: Action) -> Change:
    """Return a change of the one destination."""
    after = None if action is Action.DELETE else WANTED
    return Change("destination.blink", action, id="id-blink", before=WANTED, after=after)


def test_a_lost_create_is_found_by_its_name() -> None:
    """One call, one object, its id."""
    provider = Forgetful()
    made = calls.changed(provider, change(Action.CREATE), {}, ())
    assert (provider.list(), provider.calls) == ((made,), [("create", "blink")])


def test_a_create_that_was_swallowed_is_not_repeated() -> None:
    """Whether it is still on its way is not known: the next run finds out."""
    provider = Forgetful(swallows=1)
    with pytest.raises(OutcomeUnknown, match="no answer"):
        calls.changed(provider, change(Action.CREATE), {}, ())
    assert provider.calls == []


def test_what_bore_the_name_before_proves_nothing() -> None:
    """A list that lags shows an object that this run has deleted: the create stays open, and its intent is kept."""
    provider = Forgetful(live(destination()), swallows=1)
    with pytest.raises(OutcomeUnknown):
        calls.changed(provider, change(Action.CREATE), {}, ("id-blink",))


def test_what_somebody_else_made_meanwhile_is_not_ours() -> None:
    """The name is the same, the severities are not."""
    provider = Forgetful(live(destination(severities=["LOW"])), swallows=1)
    with pytest.raises(Failure, match="exists") as caught:
        calls.changed(provider, change(Action.CREATE), {}, ())
    assert "id-blink" in str(caught.value.diagnostics[0].notes)


def test_where_listing_fails_too_the_create_stays_open() -> None:
    """Nobody knows: the intent is kept."""
    provider = Forgetful()
    provider.deaf = True
    with pytest.raises(OutcomeUnknown):
        calls.changed(provider, change(Action.CREATE), {}, ())


@pytest.mark.parametrize("swallows", [0, 1, 3])
def test_an_update_is_read_and_repeated(swallows: int) -> None:
    """However often the call is lost: in the end the object is as declared."""
    provider = Forgetful(live(destination(severities=["LOW"])), swallows=swallows, loses=False)
    assert calls.changed(provider, change(Action.UPDATE), {}, ()) == provider.list()[0]
    assert provider.list()[0].attributes == WANTED


def test_an_update_that_never_gets_through_is_unknown() -> None:
    """After four times it is left to the next run."""
    with pytest.raises(OutcomeUnknown):
        calls.changed(Forgetful(live(destination(severities=["LOW"])), swallows=9), change(Action.UPDATE), {}, ())


def test_a_lost_update_that_was_made_is_not_repeated() -> None:
    """Reading shows that it is done."""
    provider = Forgetful(live(destination(severities=["LOW"])))
    calls.changed(provider, change(Action.UPDATE), {}, ())
    assert provider.calls == [("update", "blink")]


def test_an_update_of_what_vanished_is_a_failure() -> None:
    """Somebody deleted it meanwhile."""
    with pytest.raises(Failure, match="not-found"):
        calls.changed(Forgetful(swallows=1), change(Action.UPDATE), {}, ())


@pytest.mark.parametrize("swallows", [0, 1, 3])
def test_a_delete_is_repeated_until_it_is_gone(swallows: int) -> None:
    """Deleting what is gone does no harm."""
    provider = Forgetful(live(destination()), swallows=swallows)
    calls.changed(provider, change(Action.DELETE), {}, ())
    assert provider.list() == ()


def test_an_answer_that_names_another_object() -> None:
    """It proves nothing: what was made is found by its name."""

    class Confused(MemoryProvider):
        def create(self, attributes: Attributes, secrets: Mapping[str, Secret]) -> LiveObject:
            return replace(super().create(attributes, secrets), id="id-other")

    provider = Confused(live(destination("other")))
    made = calls.changed(provider, change(Action.CREATE), {}, (), {"id-other"})
    assert made is not None
    assert (made.display_name, made.id == "id-other") == ("blink", False)

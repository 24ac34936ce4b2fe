"""What every provider keeps, as the prose of `blinkdecl.provider.interface` says: one suite for all of them.

A provider joins with a subclass whose name starts with ``Test`` and whose `provider` fixture makes one without objects.
"""

from concurrent.futures import ThreadPoolExecutor

import pytest

from blinkdecl.diagnostics import Failure
from blinkdecl.model.resource import ALERT_TYPES, Attributes, canonical
from blinkdecl.provider.interface import Provider
from blinkdecl.secret.value import Secret
from tests.support.builders import destination

SECRETS = {"api_key": Secret("canary-of-the-contract")}


def attributes(name: str, **given: object) -> Attributes:
    """Return the canonical attributes of a destination."""
    return canonical("destination", {**destination(name).attributes, **given})


def refused(caught: "pytest.ExceptionInfo[Failure]") -> list[str]:
    """Return the codes of a failure."""
    return [each.code for each in caught.value.diagnostics]


class ProviderContract:
    """The suite. What a provider cannot express (see its capabilities) is not asked of it."""

    def test_create_lists_what_it_made(self, provider: Provider) -> None:
        """A created object is listed once, as it was returned, with an id of its own."""
        made = [provider.create(attributes(name), SECRETS) for name in ("a", "b")]
        assert sorted(provider.list(), key=lambda each: each.display_name) == made
        assert made[0].id != made[1].id

    def test_what_is_returned_is_as_declared(self, provider: Provider) -> None:
        """An attribute that is returned has the value that was given; one that cannot be read is absent."""
        given = attributes("a", severities=["HIGH", "LOW"], alert_types=["RULE"])
        made = provider.create(given, SECRETS)
        assert all(given[name] == value for name, value in made.attributes.items())
        assert made.display_name == "a"

    def test_create_refuses_a_name_in_use(self, provider: Provider) -> None:
        """Display names are unique: the second object is refused, and not made."""
        made = provider.create(attributes("a"), SECRETS)
        with pytest.raises(Failure) as caught:
            provider.create(attributes("a", severities=["LOW"]), SECRETS)
        assert refused(caught) == ["exists"]
        assert provider.list() == (made,)

    def test_update_replaces_the_attributes(self, provider: Provider) -> None:
        """An update leaves the id, and no attribute as it was before."""
        made = provider.create(attributes("a", log_types=["AWS.ALB"]), SECRETS)
        updated = provider.update(made.id, attributes("b", severities=["LOW"]), SECRETS)
        assert (updated.id, updated.display_name, updated.attributes["severities"]) == (made.id, "b", ("LOW",))
        assert provider.list() == (updated,)

    def test_update_without_a_secret_is_accepted(self, provider: Provider) -> None:
        """Secrets that are not given stay as they are."""
        made = provider.create(attributes("a"), SECRETS)
        assert provider.update(made.id, attributes("a", severities=["LOW"]), {}).id == made.id

    def test_update_refuses_a_name_in_use(self, provider: Provider) -> None:
        """A rename to a name in use is refused, and the object stays as it was."""
        made = [provider.create(attributes(name), SECRETS) for name in ("a", "b")]
        with pytest.raises(Failure) as caught:
            provider.update(made[1].id, attributes("a"), SECRETS)
        assert refused(caught) == ["exists"]
        assert sorted(provider.list(), key=lambda each: each.display_name) == made

    def test_update_of_what_is_not_there(self, provider: Provider) -> None:
        """An id that is gone is a failure, and makes nothing."""
        made = provider.create(attributes("a"), SECRETS)
        provider.delete(made.id)
        with pytest.raises(Failure) as caught:
            provider.update(made.id, attributes("a"), SECRETS)
        assert refused(caught) == ["not-found"]
        assert provider.list() == ()

    def test_delete_frees_the_name(self, provider: Provider) -> None:
        """What was deleted is not listed, and its name can be used again, also after a rename."""
        made = provider.create(attributes("a"), SECRETS)
        provider.update(made.id, attributes("b"), SECRETS)
        provider.create(attributes("a"), SECRETS)
        provider.delete(made.id)
        provider.create(attributes("b"), SECRETS)
        assert {each.display_name for each in provider.list()} == {"a", "b"}

    def test_delete_of_what_is_gone(self, provider: Provider) -> None:
        """A delete may be repeated."""
        made = provider.create(attributes("a"), SECRETS)
        provider.delete(made.id)
        provider.delete(made.id)
        assert provider.list() == ()

    def test_several_threads(self, provider: Provider) -> None:
        """Of many threads that want one name, one gets it; the others' objects are not made."""

        def create(number: int) -> bool:
            try:
                provider.create(attributes(f"name-{number % 4}"), SECRETS)
            except Failure:
                return False
            return True

        with ThreadPoolExecutor(8) as pool:
            assert sum(pool.map(create, range(40))) == 4
        assert len(provider.list()) == 4

    def test_secrets_never_come_out(self, provider: Provider) -> None:
        """Nothing that a provider answers or raises holds a secret."""
        made = provider.create(attributes("a"), SECRETS)
        with pytest.raises(Failure) as caught:
            provider.create(attributes("a"), SECRETS)
        assert "canary" not in repr((made, provider.list(), caught.value.diagnostics, vars(provider)))

    def test_capabilities(self, provider: Provider) -> None:
        """The alert types that are accepted are some of Panther's."""
        assert set(provider.capabilities.alert_types) <= set(ALERT_TYPES)

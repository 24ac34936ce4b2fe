"""The embedded provider, and the double that stands in for a tenant: both keep the contract."""

import pytest

from blinkdecl.provider.interface import Provider
from blinkdecl.provider.local import LocalProvider
from tests.provider.contract import ProviderContract
from tests.support.builders import destination, live, recorded, trigger
from tests.support.doubles import MemoryProvider


class TestLocalProvider(ProviderContract):
    """The contract, on the embedded provider."""

    @pytest.fixture
    def provider(self) -> Provider:
        """Return one without objects."""
        return LocalProvider({})


class TestMemoryProvider(ProviderContract):
    """The contract, on the double."""

    @pytest.fixture
    def provider(self) -> Provider:
        """Return one without objects."""
        return MemoryProvider()


def test_starts_from_the_record() -> None:
    """What is recorded is what is live; a trigger is no object."""
    provider = LocalProvider.from_state(recorded(trigger(), destination("a"), destination("b")))
    assert provider.list() == live(destination("a"), destination("b"))


def test_has_no_host() -> None:
    """A state of the local provider belongs to no tenant."""
    assert LocalProvider({}).host is None

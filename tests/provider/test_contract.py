"""The contract of providers, kept by Panther's on the sandbox in both profiles."""

from collections.abc import Iterator

import pytest

from blinkdecl.provider.interface import Provider
from blinkdecl.provider.panther import PantherProvider
from blinkdecl.sandbox import Sandbox
from blinkdecl.secret.value import Secret
from tests.provider.contract import ProviderContract


class TestPanther(ProviderContract):
    """A real server, over HTTP."""

    @pytest.fixture(params=["native", "self-hosted"])
    def provider(self, request: pytest.FixtureRequest) -> Iterator[Provider]:
        """A provider of an empty sandbox."""
        with (
            Sandbox(profile=request.param) as sandbox,
            PantherProvider(f"{sandbox.url}/public/graphql", {"X-API-Key": Secret("sandbox-token")}) as made,
        ):
            yield made

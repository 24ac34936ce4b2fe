"""A client to test with."""

from collections.abc import Iterator

import pytest

from blinkdecl.system.http import Client


@pytest.fixture
def client() -> Iterator[Client]:
    """A client for a few requests."""
    with Client(4) as opened:
        yield opened

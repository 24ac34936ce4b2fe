"""Requests whose key is a canary, and the check that a failure shows nothing of them."""

import traceback

import pytest

from blinkdecl.system.http import Client, TransportError

CANARY = "c4n4ry-0f-the-key"
HEADERS = {"BLINK-API-KEY": CANARY}


def failed(client: Client, url: str, headers: dict[str, str] = HEADERS, timeout: float = 5.0) -> TransportError:
    """Send one request that must fail, and check that the exception shows nothing of it."""
    with pytest.raises(TransportError) as caught:
        client.post(url, b"{}", headers, timeout)
    told = "".join(traceback.format_exception(caught.value)) + repr(caught.value.args)
    assert CANARY not in told
    assert "/webhooks" not in told
    assert caught.value.__context__ is None
    assert caught.value.__cause__ is None
    return caught.value

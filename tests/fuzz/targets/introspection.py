"""What a Panther says that it offers: the `data` of the answer to the introspection."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing

from blinkdecl.provider.panther.introspection import found_offer
from blinkdecl.provider.panther.operations import INTROSPECTION
from blinkdecl.sandbox.panther.history import History
from blinkdecl.sandbox.panther.schema import Api, Profile
from blinkdecl.sandbox.panther.tenant import Tenant

_PROFILES: tuple[Profile, ...] = ("self-hosted", "native")


def run(data: bytes) -> None:
    """Recognise what is offered."""
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        return  # the endpoint's module answers for that
    if isinstance(document, dict):
        found_offer(document)


def seeds() -> Iterator[bytes]:
    """Yield the sandbox's answers, of a Panther of either kind."""
    for profile in _PROFILES:
        with closing(sqlite3.connect(":memory:")) as connection:
            yield json.dumps(Api(profile, Tenant(connection), History()).execute(INTROSPECTION, {})["data"]).encode()

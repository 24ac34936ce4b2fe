"""The file of an alert that is sent by hand, and the bytes that are sent, cut or not."""

from contextlib import suppress
from pathlib import Path

from blinkdecl.alert.canonical_json import Unrepresentable
from blinkdecl.alert.payload import body
from blinkdecl.alert.truncation import TooLarge
from blinkdecl.cli.input import read_alert
from blinkdecl.cli.session import Session
from blinkdecl.model.invocation import HERE
from tests.fuzz.surroundings import folder

_LIMITS = (5_000_000, 4_000, 700)


def run(data: bytes) -> None:
    """Read the alert, and make its body; a body keeps its limit."""
    path = Path(folder()) / "alert.json"
    path.write_bytes(data)
    alert = read_alert(Session(HERE, quiet=True), path, ())
    for limit in _LIMITS:
        with suppress(TooLarge, Unrepresentable):
            assert len(body(alert, limit)) <= limit

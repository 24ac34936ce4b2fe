"""The Python files of detections, parsed and never run."""

from collections.abc import Iterator
from contextlib import suppress

from blinkdecl.detections.modules import Module, parse
from blinkdecl.detections.pypanther import read_classes
from blinkdecl.detections.returns import returns_of
from tests.detections.test_returns import LISTS, WORDS
from tests.support.paths import ROOT


def run(data: bytes) -> None:
    """Look for what its functions return."""
    with suppress(ValueError, RecursionError):  # which the repository's reader turns into warnings
        module = Module("rule.py", parse(data.decode("utf-8", "surrogateescape")))
        returns_of(module, "destinations", "lists")
        returns_of(module, "severity", "words")
        list(read_classes({"rule": module}, ("AWS.CloudTrail",)))


def seeds() -> Iterator[bytes]:
    """Yield the files of the examples, and the functions of other tests."""
    for path in sorted([*(ROOT / "examples").rglob("*.py"), *(ROOT / "tests/cases").rglob("*.py")]):
        yield path.read_bytes()
    for text, *_ in (*LISTS, *WORDS):
        yield text.encode()

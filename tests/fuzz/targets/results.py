"""What the unit tests of detections printed."""

from collections.abc import Iterator

from blinkdecl.detections.tested import read_results, with_tests
from tests.detections.test_tested import OUTPUT, RULE


def run(data: bytes) -> None:
    """Read it, and take what it shows for what a rule returns."""
    with_tests([RULE], read_results(data.decode(errors="replace").splitlines(), "results.txt"), {"Blink SOC"})


def seeds() -> Iterator[bytes]:
    """Yield the output of the tests."""
    yield OUTPUT.encode()

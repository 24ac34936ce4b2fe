"""Files of routing tests."""

from collections.abc import Iterator
from pathlib import Path

from blinkdecl.project.route_tests import read_route_tests
from tests.fuzz.surroundings import folder
from tests.support.paths import ROOT


def run(data: bytes) -> None:
    """Read the file."""
    root = folder() / "routes"
    root.mkdir(exist_ok=True)
    (root / "a.routes.test.yaml").write_bytes(data)
    read_route_tests(root, Path("a.routes.test.yaml"))


def seeds() -> Iterator[bytes]:
    """Yield those of the examples."""
    for path in sorted((ROOT / "examples").rglob("*routes.test.yaml")):
        yield path.read_bytes()

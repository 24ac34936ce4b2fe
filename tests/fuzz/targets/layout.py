"""A document that `fmt` lays out: it comes through and stays as it is then, or is refused."""

from blinkdecl.config.layout import formatted
from tests.support.paths import ROOT


def run(data: bytes) -> None:
    """Lay it out twice; that nothing else changes is checked on the way."""
    new = formatted("f.yaml", data.decode("utf-8", "ignore"))
    if formatted("f.yaml", new) != new:
        raise AssertionError("not laid out for good")


def seeds() -> list[bytes]:
    """Return the examples."""
    return [path.read_bytes() for path in sorted((ROOT / "examples").rglob("*.yaml"))]

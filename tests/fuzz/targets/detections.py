"""A detections repository: a YAML file, and after a line of ``#@`` the Python file beside it."""

from collections.abc import Iterator
from pathlib import Path

from blinkdecl.detections.repository import read_detections
from tests.fuzz.surroundings import folder
from tests.support.paths import ROOT

_MARK = b"\n#@\n"


def run(data: bytes) -> None:
    """Read the folder."""
    root = folder() / "detections"
    root.mkdir(exist_ok=True)
    described, _, code = data.partition(_MARK)
    (root / "rule.yml").write_bytes(described)
    (root / "rule.py").write_bytes(code)
    read_detections(root, Path())


def seeds() -> Iterator[bytes]:
    """Yield the detections of the examples."""
    for path in sorted((ROOT / "examples/detections/detections").rglob("*.yml")):
        code = path.with_suffix(".py")
        text = path.read_bytes().replace(code.name.encode(), b"rule.py")
        yield text + _MARK + (code.read_bytes() if code.is_file() else b"")

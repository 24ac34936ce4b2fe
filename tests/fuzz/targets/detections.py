"""A detections repository: a YAML file, and after a line of ``#@`` the Python file beside it; and where they lead."""

from collections.abc import Iterator
from pathlib import Path

from blinkdecl.detections.repository import read_detections
from blinkdecl.routing.detection_problems import lost_problems, not_known_problems, reference_problems
from blinkdecl.routing.detections import routes_of
from blinkdecl.routing.receiver import Receiver
from tests.fuzz.surroundings import folder
from tests.support.paths import ROOT

_MARK = b"\n#@\n"
_SOC = Receiver("destination.soc", "id-soc", "Blink SOC", ("HIGH",), (), ("AWS.CloudTrail",))
_HELPER = "AnalysisType: global\nGlobalID: acme\nFilename: rule.py\n"


def run(data: bytes) -> None:
    """Read the folder, in which the Python file is a helper as well, and route what is in it."""
    root = folder() / "detections"
    root.mkdir(exist_ok=True)
    described, _, code = data.partition(_MARK)
    (root / "rule.yml").write_bytes(described)
    (root / "rule.py").write_bytes(code)
    (root / "acme.yml").write_text(_HELPER)
    found = read_detections(root, Path())
    for rules in ("current", "2021"):
        routes = routes_of(found.detections, [_SOC], rules)
        list(lost_problems(routes))
        list(not_known_problems(routes, found.unread))
    list(reference_problems(found.detections, [_SOC], [_SOC], planned=False))


def seeds() -> Iterator[bytes]:
    """Yield the detections of the examples, and of the cases."""
    for place in ("examples/detections/detections", "tests/cases/detections"):
        for path in sorted((ROOT / place).rglob("*.yml")):
            code = path.with_suffix(".py")
            text = path.read_bytes().replace(code.name.encode(), b"rule.py")
            yield text + _MARK + (code.read_bytes() if code.is_file() else b"")
    classes = ROOT / "tests/cases/detections/pypanther"
    rule = b"AnalysisType: rule\nRuleID: A\nSeverity: High\nFilename: rule.py\n"
    yield rule + _MARK + (classes / "rules/soc.py").read_bytes() + (classes / "main.py").read_bytes()

"""`coverage`, and coverage rules in validate, plan, apply and drift, on the real command line."""

import json
import re
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

from blinkdecl.model.resource import ALERT_TYPES
from tests.support.repository import Repository

RULE = "coverage: [{severities: [CRITICAL], alert_types: [RULE]}]\n"


def require(repository: Repository, rules: str = RULE) -> None:
    """Add coverage rules to the project file."""
    repository.edit("version: 1\n", f"version: 1\n{rules}")


def test_the_first_plan_is_held_to_it(repository: Repository) -> None:
    """A rule that is kept is not mentioned; one that is not ends with 3 in validate, plan and apply alike."""
    require(repository)
    assert repository("validate").code == 0
    assert "coverage" not in repository("plan").out
    repository.edit("severities: [HIGH, CRITICAL]", "severities: [HIGH]")
    ran = repository("validate")
    assert ran.code == 3
    assert "Error: CRITICAL RULE alerts would reach nobody [coverage]\n  --> blinkdecl.yaml:2:12" in ran.err
    assert repository("plan").code == 3
    assert repository("apply", "--auto-approve").code == 3
    assert not repository.state.exists() or not json.loads(repository.state.read_text())["resources"]


def test_the_last_path_is_removed(repository: Repository) -> None:
    """The plan says in its first lines who loses, and at its end which rule that breaks, and by what."""
    assert repository("apply", "--auto-approve").code == 0
    require(repository)
    repository.edit("severities: [HIGH, CRITICAL]", "severities: [HIGH]")
    ran = repository("plan")
    assert ran.code == 3
    top = " ".join(ran.out.splitlines()[:5])
    assert "After this plan nobody receives: CRITICAL" in top
    assert "= note: destination.blink-soc is the last one, and this plan changes its\n" in ran.out
    top_of_json = "\n".join(repository("plan", "--format", "json").out.splitlines()[:5])
    assert "CRITICAL" in top_of_json
    top_of_markdown = "\n".join(repository("plan", "--format", "markdown").out.splitlines()[:5])
    assert "CRITICAL" in top_of_markdown


def test_destroy_is_asked_about_by_itself(repository: Repository) -> None:
    """A rule does not keep anybody from taking everything down on purpose."""
    require(repository)
    assert repository("apply", "--auto-approve").code == 0
    assert repository("destroy", "--auto-approve").code == 0


def test_the_matrix(repository: Repository) -> None:
    """Every kind of alert, the number of destinations, and the rules; `-v` names them."""
    require(repository, "coverage: [{severities: [HIGH]}, {severities: [LOW], min_destinations: 2}]\n")
    ran = repository("coverage")
    assert ran.code == 3
    assert ran.out.splitlines() == [
        "Destinations by kind of alert (desired):    CRITICAL  HIGH  MEDIUM  LOW  INFO",
        "  every alert type, every log                      1     1       -    -     -",
        "",
        "Rules:",
        "  kept    HIGH; every alert type: at least 1 destination  (blinkdecl.yaml:2)",
        "  broken  LOW; every alert type: at least 2 destinations  (blinkdecl.yaml:2)",
    ]
    assert "LOW alerts would reach nobody [coverage]" in ran.err
    assert "    CRITICAL, HIGH: blink-soc" in repository("coverage", "-v").out.splitlines()


def test_the_matrix_of_each_side(repository: Repository) -> None:
    """Live and recorded are asked for in the same way; the document says all."""
    require(repository)
    assert repository("apply", "--auto-approve").code == 0
    repository.edit("severities: [HIGH, CRITICAL]", "severities: [LOW]")
    for side, code in (("desired", 3), ("recorded", 0), ("live", 0)):
        ran = repository("coverage", "--against", side, "--format", "json")
        assert ran.code == code
        found = json.loads(ran.out)["coverage"]
        assert found["against"] == side
        assert [each["kept"] for each in found["rules"]] == [code == 0]
        [line] = found["matrix"]
        assert line["alert_types"] == list(ALERT_TYPES)
        taken = ["LOW"] if side == "desired" else ["CRITICAL", "HIGH"]
        assert [severity for severity, names in line["destinations"].items() if names] == taken


class Tables(HTMLParser):
    """Collects the cells of tables."""

    def __init__(self) -> None:
        super().__init__()
        self.cells: list[str] = []
        self._open = False

    def handle_starttag(self, tag: str, attrs: object) -> None:
        """Open a cell."""
        if tag in ("td", "th"):
            self.cells.append("")
            self._open = True

    def handle_endtag(self, tag: str) -> None:
        """Close a cell."""
        self._open = self._open and tag not in ("td", "th")

    def handle_data(self, data: str) -> None:
        """Add to the open cell."""
        if self._open:
            self.cells[-1] += data


def test_the_page(repository: Repository) -> None:
    """The map is well-formed, named and described; its numbers are in the table too; it loads nothing."""
    require(repository)
    ran = repository("coverage", "--format", "html", "--output", "coverage.html")
    assert (ran.code, ran.out) == (0, "")
    page = (repository.folder / "coverage.html").read_text()
    assert not re.search(r"<script|src=|href=|url\(|@import", page)
    drawing = re.search(r"<svg.*</svg>", page, re.DOTALL)
    assert drawing is not None
    svg = ET.fromstring(drawing[0])
    assert svg.get("role") == "img"
    named = {each.get("id"): each.text for each in svg.iter() if each.get("id")}
    assert list(named) == str(svg.get("aria-labelledby")).split()
    assert "3 fields of 5 have no destination." in str(named["map-text"])
    counts = [each.text for each in svg.iter("text") if each.get("class") == "count"]
    assert counts == ["1", "1", "nobody", "nobody", "nobody"]
    tables = Tables()
    tables.feed(page)
    assert tables.cells[6:12] == ["every alert type, every log", "blink-soc", "blink-soc", "nobody", "nobody", "nobody"]


def test_a_page_of_what_is_wrong(repository: Repository) -> None:
    """Whatever a name holds is text."""
    repository.edit("severities: [HIGH, CRITICAL]", 'severities: ["<b>"]')
    ran = repository("coverage", "--format", "html")
    assert ran.code == 1
    assert "<b>" not in ran.out
    assert "&lt;b&gt;" in ran.out

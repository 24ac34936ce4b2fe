"""What the benchmarks say of figures: budgets, what stands beside a line, two runs compared, the page."""

import re

from benchmarks.budgets import LINES as BUDGETED
from benchmarks.compare import compared
from benchmarks.lines import LINES
from benchmarks.process import Run, Sample
from benchmarks.readme import filled
from benchmarks.rows import Row, rows
from benchmarks.table import document, machine, table
from tests.support.paths import ROOT


def test_verdicts() -> None:
    """Over budget is said plainly; what was not measured is not called good."""
    assert Row("plan", "plan", 1.3, "s", 1.2).verdict == "over budget"
    assert Row("plan", "plan", 1.2, "s", 1.2).verdict == "holds"
    assert Row("test", "rate", 74.0, "%", 75, at_least=True).verdict == "too low"
    assert Row("plan", "plan", None, "x", 0.2).verdict == "not measured"
    assert Row("plan", "plan", 1.0, "s").verdict == ""


def test_growth_and_share_are_computed() -> None:
    """Growth is of whole processes, the rate is compared with what the latency allows."""
    samples = {
        ("test", 1_000): Sample((Run(1.0, 1.0, 1, 1_250),)),
        ("test", 10_000): Sample((Run(12.0, 1.0, 1, 2_500),)),
    }
    found = {(row.what, row.count): row for row in rows(samples) if row.limit}
    assert found["of the ideal 2,500/s", 1_000].value == 50
    assert found["growth, 1,000 to 10,000", 10_000].verdict == "over budget"
    assert max(map(len, table(list(found.values())).splitlines())) <= 100


def test_what_stands_beside_a_line() -> None:
    """Time is divided by that of the floor and of other tools; a tool that is not there is said to be missing."""
    samples = {
        ("plan", 10_000): _sample(1.0, peak=120_000_000),
        ("plan floor", 10_000): _sample(0.4),
        ("terraform plan", 10_000): _sample(25.0),
    }
    found = {row.what: row for row in rows(samples, {"octodns"})}
    assert (found["of composing the YAML"].value, found["of composing the YAML"].verdict) == (2.5, "holds")
    assert (found["of Terraform's time"].value, found["of Terraform's time"].verdict) == (0.04, "holds")
    assert found["of octoDNS's time"].verdict == "not installed"
    assert found["peak memory"].verdict == "over budget"


def test_every_line_has_a_place_in_the_table() -> None:
    """No line is measured and then left out: what the functions yield is what the budgets name, or begins with it."""
    names = [each.name for each in BUDGETED]
    assert [line for line in LINES if not any(name == line or name.startswith(f"{line}-") for name in names)] == []
    assert len(set(names)) == len(names)


def test_runs_are_compared() -> None:
    """Line by line as new/old, and what differs by more than 10 % is marked; what one run lacks is named."""
    old, new = (
        document(machine(), rows({("validate", 1_000): _sample(wall), (other, 0): _sample(0.05)}), "")
        for wall, other in ((1.0, "version"), (1.2, "help"))
    )
    text = "\n".join(compared(old, new))
    assert re.search(r"^validate 1,000 +validate 1,000 +1.00 s +1.20 s +1.20  more$", text, re.MULTILINE)
    assert "1 figures in both runs, 1 of them differ" in text
    assert "Only in the old run: version --version." in text


def test_the_table_is_put_between_its_marks() -> None:
    """The page keeps what is around the table, however often that is written."""
    page = (ROOT / "benchmarks/README.md").read_text()
    once = filled(page, "first")
    assert filled(once, "second") == filled(page, "second")
    assert (once.split("<!--")[0], "first" in once) == (page.split("<!--")[0], True)


def _sample(wall: float, peak: int = 1) -> Sample:
    return Sample((Run(wall, wall, peak),))

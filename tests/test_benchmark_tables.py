"""What the benchmarks say of figures: budgets, what stands beside a line, two runs compared, the page."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.bench import HUGE, Bench, Repeat
from benchmarks.budgets import LINES as BUDGETED
from benchmarks.compare import compared
from benchmarks.lines import LINES
from benchmarks.process import Run, Sample
from benchmarks.readme import filled, whole
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


def test_growth_is_of_ten_times_as_many() -> None:
    """From 1,000 to 100,000 nothing is said: the budget is for a size ten times as large."""
    samples = {("plan", count): _sample(wall) for count, wall in ((1_000, 1.0), (100_000, 90.0))}
    assert not [row for row in rows(samples) if row.what.startswith("growth")]


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
        document({**machine(), "load": 0.0}, rows({("validate", 1_000): _sample(wall), (other, 0): _sample(0.05)}), "")
        for wall, other in ((1.0, "version"), (1.2, "help"))
    )
    text = "\n".join(compared(old, new))
    assert re.search(r"^validate 1,000 +validate 1,000 +1.00 s +1.20 s +1.20  more$", text, re.MULTILINE)
    assert "Figures in both runs: 1; of these differ by more than 10%: 1." in text
    assert "Only in the old run: version --version." in text
    assert not [word for word in ("not the same", "busy") if word in text]
    other = "\n".join(compared(old, {**new, "machine": {**new["machine"], "processors": 128, "load": 65.0}}))
    assert "These are not the same processors: " in other
    assert "The machine of the new run was busy" in other


def test_what_is_compared_must_be_a_run(tmp_path: Path) -> None:
    """A file of something else, or none, is an error in one sentence."""
    (tmp_path / "other.json").write_text("{}")
    for name, reason in (("other.json", "is not what `python -m benchmarks` leaves"), ("none.json", "No such file")):
        words = [sys.executable, "-m", "benchmarks.compare", str(tmp_path / name), str(tmp_path / "other.json")]
        done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)
        assert (done.returncode, reason in done.stderr) == (1, True), done.stderr


def test_the_table_is_put_between_its_marks() -> None:
    """The page keeps what is around the table, however often that is written."""
    page = (ROOT / "benchmarks/README.md").read_text()
    once = filled(page, "first")
    assert filled(once, "second") == filled(page, "second")
    assert (once.split("<!--")[0], "first" in once) == (page.split("<!--")[0], True)


def test_only_a_whole_run_becomes_the_page() -> None:
    """A run of some lines is not written as if it were all; what it lacks is named."""
    every = document(machine(), rows({(line.name, 0): _sample(1.0) for line in BUDGETED}), "text")
    assert whole(every)["table"] == "text"
    with pytest.raises(ValueError, match="lacks plan, "):
        whole({**every, "rows": [row for row in every["rows"] if row["line"] not in {"plan", "test"}]})


def test_lines_are_repeated_as_often_as_they_need(tmp_path: Path) -> None:
    """A usual line has a run before those that count; one of 100,000 is measured once unless it says otherwise."""
    bench, called = Bench(tmp_path, 5, (), 0), list[str]()

    def once() -> Run:
        called.append("plan")
        return Run(1.0, 1.0, 1)

    cases: tuple[tuple[int, Repeat, int], ...] = (
        (10, "usual", 6),
        (10, "few", 3),
        (10, "once", 1),
        (HUGE, "usual", 1),
        (HUGE, "few", 3),
    )
    for count, repeat, times in cases:
        called.clear()
        list(bench.measure_runs(count, {"plan": once}, repeat))
        assert len(called) == times


def _sample(wall: float, peak: int = 1) -> Sample:
    return Sample((Run(wall, wall, peak),))

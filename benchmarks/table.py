"""The table for people, 100 columns, and the same as JSON for machines."""

import os
import platform
from collections.abc import Iterator, Sequence
from typing import Any

from benchmarks.budgets import Row, Unit
from benchmarks.process import Sample

_HEAD = ("what", "median", "budget", "verdict", "slowest", "CPU", "peak", "Terraform")
_WIDTHS = (34, 8, 9, 12, 7, 7, 6, 10)


def machine() -> dict[str, Any]:
    """Return the facts about the machine that the figures belong to; never its name."""
    return {
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "processors": os.cpu_count(),
        "load": round(os.getloadavg()[0], 2),
    }


def heading(facts: dict[str, Any], runs: int) -> str:
    """Return the lines above the table."""
    python, system, load = facts["python"], facts["system"], facts["load"]
    lines = [
        f"Python {python}, {system}, {facts['processors']} processors, load {load} at the start.",
        f"Whole processes, files in the page cache: the median of {runs} runs after one that does not count.",
        "Terraform's column: median of the same, or a single run, (1), where it takes long.",
        "One file holds 100 destinations. Tests go to a receiver on this machine that waits 20 ms each time;",
        "alone = what that receiver answers to plain sockets, 50 at a time.",
    ]
    if load > 0.5 * (facts["processors"] or 1):
        lines.append("The machine is busy with something else: these figures are too high.")
    return "\n".join(lines)


def table(rows: Sequence[Row]) -> str:
    """Return the table."""
    lines = [_line(_HEAD), _line(tuple("-" * width for width in _WIDTHS))]
    lines += [_line(_cells(row)) for row in rows if row.value is not None or row.limit is not None or row.peer]
    return "\n".join(lines)


def summary(rows: Sequence[Row]) -> str:
    """Return the closing line: how many budgets hold, and which do not."""
    verdicts = [row.verdict for row in rows if row.limit is not None]
    holding, unmeasured = verdicts.count("holds"), verdicts.count("not measured")
    return f"{holding} budgets hold, {len(verdicts) - holding - unmeasured} do not, {unmeasured} not measured."


def document(facts: dict[str, Any], rows: Sequence[Row]) -> dict[str, Any]:
    """Return the same for machines: seconds, bytes, and every run."""
    return {"machine": facts, "rows": [dict(_fields(row)) for row in rows]}


def _fields(row: Row) -> Iterator[tuple[str, Any]]:
    yield from (("line", row.line), ("what", row.what), ("value", row.value), ("unit", _BASE.get(row.unit, row.unit)))
    yield from (("limit", row.limit), ("at_least", row.at_least), ("verdict", row.verdict or None))
    for name, sample in (("runs", row.sample), ("terraform", row.peer)):
        yield name, None if sample is None else [_run(sample, index) for index in range(len(sample.runs))]


def _run(sample: Sample, index: int) -> dict[str, float | int | None]:
    run = sample.runs[index]
    return {"wall": run.wall, "cpu": run.cpu, "peak": run.peak, "rate": run.rate}


# Milliseconds are seconds, shown differently.
_BASE: dict[str, str] = {"ms": "s"}


def _cells(row: Row) -> tuple[str, ...]:
    bound = "" if row.limit is None else f"{'>=' if row.at_least else '<='} {_limit(row.limit, row.unit)}"
    own = ("", "", "")
    if row.sample is not None:
        unit: Unit = "ms" if row.unit == "ms" else "s"
        own = (_figure(row.sample.slowest, unit), _figure(row.sample.cpu, unit), f"{row.sample.peak / 1e6:.0f} MB")
    peer = ""
    if row.peer is not None:
        peer = _figure(row.peer.wall, "s") + (" (1)" if len(row.peer.runs) == 1 else "")
    what = f"  {row.what}" if row.part else row.what
    value = "-" if row.value is None else _figure(row.value, row.unit)
    return (what, value, bound, row.verdict, *own, peer)


def _figure(value: float, unit: Unit) -> str:
    match unit:
        case "ms":
            return f"{value * 1000:.0f} ms"
        case "s":
            return f"{value:.2f} s" if value < 10 else f"{value:.1f} s"
        case "x":
            return f"{value:.3f}x" if value < 0.1 else f"{value:.2f}x" if value < 10 else f"{value:.1f}x"
        case "/s":
            return f"{value:,.0f}/s"
        case "%":
            return f"{value:.1f} %"
        case "MB":
            return f"{value:.0f} MB"


def _limit(value: float, unit: Unit) -> str:
    match unit:
        case "ms":
            return f"{value * 1000:.0f} ms"
        case "x":
            return f"{value:g}x"
        case _:
            return f"{value:g} {unit}"


def _line(cells: tuple[str, ...]) -> str:
    """Align the words to the left and the figures to the right."""
    parts = []
    for index, (cell, width) in enumerate(zip(cells, _WIDTHS, strict=True)):
        parts.append(f"{cell:<{width}}" if index in (0, 3) else f"{cell:>{width}}")
    return " ".join(parts).rstrip()

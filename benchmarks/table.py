"""The table for people, 100 columns, and the same as JSON for machines."""

import os
import platform
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from benchmarks.process import Sample
from benchmarks.rows import Row, Unit

_HEAD = ("what", "median", "budget", "verdict", "slowest", "peak", "beside")
_WIDTHS = (39, 8, 9, 13, 7, 6, 10)


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
        f"Whole processes, files in the page cache, 100 destinations a file; medians of {runs} runs, or fewer",
        "where one takes long. Beside: the time by which the line above is divided; (1) = a single run.",
        *(f"{called} is not installed, so nothing is compared with it." for called in facts["not_installed"]),
    ]
    if busy(facts):
        lines.append("The machine is busy with something else: these figures are too high.")
    return "\n".join(lines)


def busy(facts: Mapping[str, Any]) -> bool:
    """Return whether the machine had so much else to do at the start that figures are too high."""
    return bool(facts["load"] > 0.5 * (facts["processors"] or 1))


def table(rows: Sequence[Row]) -> str:
    """Return the table."""
    lines = [_line(_HEAD), _line(tuple("-" * width for width in _WIDTHS))]
    lines += [_line(_cells(row)) for row in rows]
    return "\n".join(lines)


def summary(rows: Sequence[Row]) -> str:
    """Return the closing line: how many budgets hold, and which do not."""
    verdicts = [row.verdict for row in rows if row.limit is not None]
    holding, unmeasured = verdicts.count("holds"), sum(row.limit is not None and row.value is None for row in rows)
    return f"{holding} budgets hold, {len(verdicts) - holding - unmeasured} do not, {unmeasured} not measured."


def document(facts: dict[str, Any], rows: Sequence[Row], text: str) -> dict[str, Any]:
    """Return the same for machines: the printed text, and of each row seconds, bytes, and every run."""
    return {"machine": facts, "table": text, "rows": [dict(_fields(row)) for row in rows]}


def _fields(row: Row) -> Iterator[tuple[str, Any]]:
    yield from (("line", row.line), ("count", row.count), ("what", row.what))
    yield from (("value", row.value), ("unit", row.unit))
    yield from (("limit", row.limit), ("at_least", row.at_least), ("verdict", row.verdict or None))
    for name, sample in (("runs", row.sample), ("beside", row.peer)):
        yield name, None if sample is None else [_run(sample, index) for index in range(len(sample.runs))]


def _run(sample: Sample, index: int) -> dict[str, float | int | None]:
    run = sample.runs[index]
    return {"wall": run.wall, "cpu": run.cpu, "peak": run.peak, "rate": run.rate, **run.counted}


def _cells(row: Row) -> tuple[str, ...]:
    bound = "" if row.limit is None else f"{'>=' if row.at_least else '<='} {_limit(row.limit, row.unit)}"
    own = ("", "")
    if row.sample is not None:
        unit: Unit = "ms" if row.unit == "ms" else "s"
        own = (figure(row.sample.slowest, unit), f"{row.sample.peak / 1e6:.0f} MB")
    peer = ""
    if row.peer is not None:
        peer = figure(row.peer.wall, "ms" if row.peer.wall < 0.1 else "s") + (" (1)" if len(row.peer.runs) == 1 else "")
    what = f"  {row.what}" if row.part else row.what
    value = "-" if row.value is None else figure(row.value, row.unit)
    return (what, value, bound, row.verdict, *own, peer)


def figure(value: float, unit: Unit) -> str:
    """Return a figure as people read it; those in ms are seconds."""
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
        case "":
            return f"{value:,.0f}"


def _limit(value: float, unit: Unit) -> str:
    match unit:
        case "ms":
            return f"{value * 1000:.0f} ms"
        case "x":
            return f"{value:g}x"
        case "":
            return f"{value:,.0f}"
        case _:
            return f"{value:g} {unit}"


def _line(cells: tuple[str, ...]) -> str:
    """Align the words to the left and the figures to the right."""
    parts = []
    for index, (cell, width) in enumerate(zip(cells, _WIDTHS, strict=True)):
        parts.append(f"{cell:<{width}}" if index in (0, 3) else f"{cell:>{width}}")
    return " ".join(parts).rstrip()

"""Figures against budgets: which rows the table has, and whether each holds. Pure."""

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from benchmarks.bench import floor_of
from benchmarks.budgets import GROWTH, LINES, Budget, Line
from benchmarks.process import Sample

Unit = Literal["s", "ms", "MB", "x", "%", "/s", ""]
Samples = Mapping[tuple[str, int], Sample]

_NONE = Budget()


@dataclass(frozen=True, slots=True)
class Row:
    """One figure of a line at a count. `limit` is its budget, an upper bound unless `at_least`.

    A `part` belongs to the row above it. `sample` is its runs, where the row covers a whole line; `peer` is what it was
    divided by. `missing` says why there is no value where there is none.
    """

    line: str
    what: str
    value: float | None
    unit: Unit
    limit: float | None = None
    at_least: bool = False
    part: bool = False
    sample: Sample | None = None
    peer: Sample | None = None
    missing: str = "not measured"
    count: int = 0

    @property
    def verdict(self) -> str:
        """Whether the budget holds; "" without a budget."""
        if self.limit is None:
            return ""
        if self.value is None:
            return self.missing
        if self.at_least:
            return "holds" if self.value >= self.limit else "too low"
        return "holds" if self.value <= self.limit else "over budget"


def rows(samples: Samples, absent: Container[str] = ()) -> list[Row]:
    """Return the rows of the table for what was measured; `absent` are the tools that are not installed."""
    found: list[Row] = []
    for line in LINES:
        counts = sorted(count for name, count in samples if name == line.name)
        for count in counts:
            found += (replace(row, count=count) for row in _line(line, count, samples, absent))
        found += _growth(line, counts, samples)
    return found


def _line(line: Line, count: int, samples: Samples, absent: Container[str]) -> Iterator[Row]:
    sample, budget = samples[line.name, count], line.budgets.get(count, _NONE)
    yield Row(line.name, line.what.format(f"{count:,}"), sample.wall, line.unit, budget.seconds, sample=sample)
    floor = samples.get((floor_of(line.name), count))
    if floor is not None:
        yield _ratio(line.name, line.beside, sample, floor, budget.floor)
    for tool, called, limit in (
        ("terraform", "of Terraform's time", budget.terraform),
        ("octodns", "of octoDNS's time", budget.octodns),
    ):
        peer = samples.get((f"{tool} {line.name}", count))
        if peer is not None or limit is not None:
            missing = "not installed" if tool in absent else "not measured"
            yield _ratio(line.name, called, sample, peer, limit, missing)
    yield from _rates(line, sample, count, budget)
    for name, number in sample.counted.items():
        yield Row(line.name, name, number, "", budget.counted.get(name), part=True)
    if budget.memory is not None:
        yield Row(line.name, "peak memory", sample.peak / 1e6, "MB", budget.memory, part=True)
    if budget.memory_floor is not None:
        ratio = sample.peak / floor.peak if floor else None
        yield Row(line.name, f"memory, {line.beside}", ratio, "x", budget.memory_floor, part=True)


def _ratio(
    line: str, what: str, sample: Sample, peer: Sample | None, limit: float | None, missing: str = "not measured"
) -> Row:
    ratio = sample.wall / peer.wall if peer else None
    return Row(line, what, ratio, "x", limit, part=True, peer=peer, missing=missing)


def _rates(line: Line, sample: Sample, count: int, budget: Budget) -> Iterator[Row]:
    if line.ideal is None:
        return
    yield Row(line.name, "rate while sending", sample.rate, "/s", part=True)
    share = 100 * sample.rate / line.ideal
    yield Row(line.name, f"of the ideal {line.ideal:,.0f}/s", share, "%", budget.share, at_least=True, part=True)
    whole = 100 * count / sample.wall / line.ideal
    yield Row(line.name, "the same, start and end included", whole, "%", part=True)


def _growth(line: Line, counts: Sequence[int], samples: Samples) -> Iterator[Row]:
    for small, large in pairwise(counts):
        if large != 10 * small:
            continue
        grown = samples[line.name, large].wall / samples[line.name, small].wall
        yield Row(line.name, f"growth, {small:,} to {large:,}", grown, "x", GROWTH, part=True, count=large)

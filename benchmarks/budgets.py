"""Figures against budgets: which rows the table has, and whether each holds. Pure.

A budget that is a multiple of Terraform's time is compared only within one run on one machine.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from benchmarks.loopback import LATENCY, PARALLEL
from benchmarks.ours import ALERTS, DETECTIONS, LARGE_ALERT, ONE_FILE
from benchmarks.process import Sample
from benchmarks.stacks import PER_STACK, STACKS

Unit = Literal["s", "ms", "MB", "x", "%", "/s"]
Samples = Mapping[tuple[str, int], Sample]

IDEAL = PARALLEL / LATENCY


@dataclass(frozen=True, slots=True)
class Row:
    """One figure. `limit` is its budget, an upper bound unless `at_least`; a `part` belongs to the row above it.

    `sample` and `peer` are its runs and Terraform's, where the row covers a whole line.
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

    @property
    def verdict(self) -> str:
        """Whether the budget holds; "" without a budget."""
        if self.limit is None:
            return ""
        if self.value is None:
            return "not measured"
        if self.at_least:
            return "holds" if self.value >= self.limit else "too low"
        return "holds" if self.value <= self.limit else "over budget"


def rows(samples: Samples, sizes: Sequence[int]) -> list[Row]:
    """Return the rows of the table for what was measured."""
    found = [*_starts(samples), *_ones(samples)]
    for each in (_validate, _plan, _plan_changed, _apply, _test):
        found += each(samples, sizes)
    return [*found, *_dispatch(samples), *_detections(samples), *_replay(samples), *_stacks(samples)]


def _starts(samples: Samples) -> Iterator[Row]:
    for line, what in (
        ("version", "--version"),
        ("help", "--help"),
        ("completion", "TAB after `blinkdecl `"),
        ("completion-word", "TAB after `blinkdecl pl`"),
    ):
        if sample := samples.get((line, 0)):
            yield Row(line, what, sample.wall, "ms", 0.09, sample=sample)
    if sample := samples.get(("floor", 0)):
        yield Row("floor", "python that imports click", sample.wall, "ms", part=True, sample=sample)


def _ones(samples: Samples) -> Iterator[Row]:
    if sample := samples.get(("plan-one", ONE_FILE)):
        peer = samples.get(("terraform plan-one", ONE_FILE))
        what = "plan, one file, nothing changed"
        yield Row("plan-one", what, sample.wall, "ms", 0.16, sample=sample, peer=peer)


def _validate(samples: Samples, sizes: Sequence[int]) -> Iterator[Row]:
    for count in sizes:
        if sample := samples.get(("validate", count)):
            peer = samples.get(("terraform validate", count))
            large = count == 10_000
            yield Row(
                "validate", f"validate {count:,}", sample.wall, "s", 0.8 if large else None, sample=sample, peer=peer
            )
            yield _of_terraform("validate", sample, peer, 0.25 if large else None)
    yield from _growth("validate", samples, sizes)


def _plan(samples: Samples, sizes: Sequence[int]) -> Iterator[Row]:
    for count in sizes:
        if sample := samples.get(("plan", count)):
            peer = samples.get(("terraform plan", count))
            large = count == 10_000
            what = f"plan {count:,}, nothing changed"
            yield Row("plan", what, sample.wall, "s", 1.2 if large else None, sample=sample, peer=peer)
            yield _of_terraform("plan", sample, peer, 0.06 if large else None)
            if large:
                yield Row("plan", "of octoDNS's time", None, "x", 0.2, part=True)
                yield Row("plan", "peak memory", sample.peak / 1e6, "MB", 150, part=True)
        if first := samples.get(("terraform plan-first", count)):
            yield Row("plan", "Terraform's first plan", None, "s", part=True, peer=first)
    yield from _growth("plan", samples, sizes)


def _plan_changed(samples: Samples, sizes: Sequence[int]) -> Iterator[Row]:
    for count in sizes:
        if sample := samples.get(("plan-changed", count)):
            yield Row("plan-changed", f"plan {count:,}, 1 % changed", sample.wall, "s", sample=sample)
            unchanged = samples.get(("plan", count))
            ratio = sample.wall / unchanged.wall if unchanged else None
            limit = 1.3 if count == 10_000 else None
            yield Row("plan-changed", "of that with nothing changed", ratio, "x", limit, part=True)
    yield from _growth("plan-changed", samples, sizes)


def _apply(samples: Samples, sizes: Sequence[int]) -> Iterator[Row]:
    for count in sizes:
        if sample := samples.get(("apply", count)):
            peer = samples.get(("terraform apply", count))
            limit = 1.5 if count == 1_000 else None
            yield Row("apply", f"apply {count:,} creates, no tests", sample.wall, "s", limit, sample=sample, peer=peer)
            yield _of_terraform("apply", sample, peer, None)
    yield from _growth("apply", samples, sizes)


def _test(samples: Samples, sizes: Sequence[int]) -> Iterator[Row]:
    for count in sizes:
        if sample := samples.get(("test", count)):
            yield Row("test", f"test {count:,}, {PARALLEL} at a time", sample.wall, "s", sample=sample)
            limit = 75.0 if count == 1_000 else None
            yield Row("test", "rate while sending", sample.rate, "/s", part=True)
            share = 100 * sample.rate / IDEAL
            yield Row("test", f"of the ideal {IDEAL:,.0f}/s", share, "%", limit, at_least=True, part=True)
            whole = 100 * count / sample.wall / IDEAL
            yield Row("test", "the same, start and end included", whole, "%", part=True)
    for name, what in (("receiver-idle", "receiver alone, no latency"), ("receiver", "receiver alone, 20 ms")):
        if sample := samples.get((name, 0)):
            yield Row("test", what, sample.rate, "/s", part=True)
    yield from _growth("test", samples, sizes)


def _dispatch(samples: Samples) -> Iterator[Row]:
    size = f"{LARGE_ALERT // 10**6} MB"
    for line, what in (("dispatch-events", "events, cut"), ("dispatch-string", "a string, cut")):
        if sample := samples.get((line, 0)):
            yield Row("dispatch", f"{size} alert of {what}", sample.wall, "s", sample=sample)
            yield Row("dispatch", "peak memory", sample.peak / 1e6, "MB", part=True)


def _detections(samples: Samples) -> Iterator[Row]:
    if sample := samples.get(("detections", DETECTIONS)):
        yield Row("detections", f"route --detections, {DETECTIONS:,}", sample.wall, "s", 2.0, sample=sample)
        alone = samples.get(("detections-yaml", DETECTIONS))
        ratio = sample.wall / alone.wall if alone else None
        yield Row("detections", "of reading the YAML alone", ratio, "x", 1.5, part=True)


def _replay(samples: Samples) -> Iterator[Row]:
    if sample := samples.get(("replay", ALERTS)):
        yield Row("replay", f"plan --replay, {ALERTS:,} alerts", sample.wall, "s", sample=sample)
        alone = samples.get(("replay-decode", ALERTS))
        ratio = sample.wall / alone.wall if alone else None
        yield Row("replay", "of decoding the file alone", ratio, "x", 1.5, part=True)
        yield Row("replay", "peak memory", sample.peak / 1e6, "MB", 200, part=True)


def _stacks(samples: Samples) -> Iterator[Row]:
    for line, what, limit in (
        ("stacks", f"stacks, {STACKS:,} of {PER_STACK}", 1.0),
        ("stacks-changed", "stacks --changed-since", 1.5),
        ("merge-html", f"report --merge, {STACKS:,}, HTML", 1.0),
        ("merge-markdown", "the same, Markdown", 1.0),
    ):
        if sample := samples.get((line, STACKS)):
            yield Row(line, what, sample.wall, "s", limit, sample=sample)


def _of_terraform(line: str, sample: Sample, peer: Sample | None, limit: float | None) -> Row:
    return Row(line, "of Terraform's time", sample.wall / peer.wall if peer else None, "x", limit, part=True)


def _growth(line: str, samples: Samples, sizes: Sequence[int]) -> Iterator[Row]:
    small, large = (samples.get((line, count)) for count in (sizes[0], sizes[-1]))
    if small and large and len(sizes) > 1:
        grown = large.wall / small.wall
        yield Row(line, f"growth, {sizes[0]:,} to {sizes[-1]:,}", grown, "x", 11, part=True)

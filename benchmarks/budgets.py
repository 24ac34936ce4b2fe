"""The budgets, line by line: what each may cost, and beside what it is measured.

A budget that is a multiple of something else's time is compared only within one run on one machine.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from benchmarks.bench import HUGE, ONE_FILE
from benchmarks.lines.applying import PARALLELISM
from benchmarks.lines.past import DETECTIONS
from benchmarks.loopback import LATENCY, PANTHER_LATENCY, PARALLEL
from benchmarks.stacks import PER_STACK, STACKS

# From one size to the next, which has ten times as many.
GROWTH = 11


@dataclass(frozen=True, slots=True)
class Budget:
    """Upper bounds for a line at one count: seconds, times what stands beside it, MB at the peak, counts by name.

    Only `share` is a lower bound: percent of the rate that the latency of the other side allows.
    """

    seconds: float | None = None
    floor: float | None = None
    terraform: float | None = None
    octodns: float | None = None
    memory: float | None = None
    memory_floor: float | None = None
    share: float | None = None
    counted: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table. In `what`, ``{}`` stands for the count; `beside` says what its floor is.

    `ideal` is the rate that the latency allows, where there is one.
    """

    name: str
    what: str
    beside: str = "of composing the YAML"
    budgets: Mapping[int, Budget] = field(default_factory=dict)
    unit: Literal["s", "ms"] = "s"
    ideal: float | None = None


def _start(name: str, what: str, seconds: float, libraries: int | None = None) -> Line:
    counted = {} if libraries is None else {"libraries beside click": libraries}
    return Line(name, what, "of importing click", {0: Budget(seconds, counted=counted)}, "ms")


def _panther(parallel: int) -> Line:
    budgets = {count: Budget(share=88, counted={"requests": count + 2}) for count in (1_000, 10_000)}
    what = f"apply {{}} to Panther, {parallel} at a time"
    return Line(f"apply-panther-{parallel}", what, "of plain sockets", budgets, ideal=parallel / PANTHER_LATENCY)


LINES: tuple[Line, ...] = (
    _start("version", "--version", 0.05, 0),
    _start("help", "--help", 0.05, 0),
    _start("completion", "TAB after `blinkdecl `", 0.05, 0),
    _start("completion-word", "TAB after `blinkdecl pl`", 0.05, 0),
    _start("command-help", "plan --help", 0.085),
    _start("completion-options", "TAB after `blinkdecl plan --`", 0.085),
    Line("plan-one", f"plan, one file of {ONE_FILE}, nothing changed", budgets={ONE_FILE: Budget(0.125)}, unit="ms"),
    Line("validate", "validate {}", budgets={10_000: Budget(floor=2.0, terraform=0.18)}),
    Line(
        "plan",
        "plan {}, nothing changed",
        budgets={10_000: Budget(floor=2.8, terraform=0.05, octodns=0.15, memory=110)},
    ),
    Line("plan-changed", "plan {}, 1 % changed", budgets={10_000: Budget(floor=3.2)}),
    Line("plan-new", "plan {}, all new", budgets={10_000: Budget(floor=3.2, terraform=0.06)}),
    Line("plan-out", "plan --out {}, all new", budgets={10_000: Budget(floor=4.0, memory=130)}),
    Line(
        "plan-json",
        "plan --format json {}, all new",
        budgets={10_000: Budget(floor=4.0, memory=130), HUGE: Budget(memory=900)},
    ),
    Line("handover", "plan {} that hand over alerts", "of as many plain changes"),
    Line("report", "report --output {}"),
    Line("apply", "apply {} creates, no tests", budgets={1_000: Budget(0.45), 10_000: Budget(floor=6.5)}),
    *map(_panther, PARALLELISM),
    Line(
        "test",
        f"test {{}} webhooks, {PARALLEL} at a time",
        "of plain sockets",
        {1_000: Budget(share=80), 10_000: Budget(share=92)},
        ideal=PARALLEL / LATENCY,
    ),
    Line("test-one", "test of one of {}"),
    Line("dispatch-events", "50 MB of events, cut", "of decoding, encoding", {0: Budget(floor=4, memory_floor=1.2)}),
    Line("dispatch-string", "a string of 50 MB, cut", "of decoding, encoding", {0: Budget(floor=4, memory_floor=1.2)}),
    Line("detections", "route --detections, {}", "of loading the YAML", {DETECTIONS: Budget(2.0, 1.5)}),
    Line("replay", "plan --replay, {}", "of decoding the file", {1_000_000: Budget(floor=1.5, memory=200)}),
    Line("observe", "observe --alerts, {}", "of decoding the file"),
    Line("stacks", f"stacks, {{}} of {PER_STACK} destinations", "of reading the files", {STACKS: Budget(1.0)}),
    Line("stacks-changed", "stacks --changed-since", "of git diff", {STACKS: Budget(1.5)}),
    Line("merge-html", "report --merge {}, HTML", "of decoding them", {STACKS: Budget(1.0)}),
    Line("merge-markdown", "report --merge {}, Markdown", "of decoding them", {STACKS: Budget(1.0)}),
)

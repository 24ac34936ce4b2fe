"""Where and how much is measured, and what several lines need: repositories that are applied, and common commands."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Literal

from benchmarks.process import Command, Run, Sample, blinkdecl, measure, run
from benchmarks.repository import Repository, write

ONE_FILE = 100
# So many take long: a line that asks for nothing else is measured once with them.
HUGE = 100_000

# How often a line is measured. "few" are two runs less than usual and "once" is one, and neither begins with a run that
# does not count: for what takes so long that noise hardly matters.
Repeat = Literal["usual", "few", "once"]

# One measured line: its name, how many destinations (or alerts, or stacks; 0 = none), and its runs.
Measured = tuple[str, int, Sample]


def floor_of(name: str) -> str:
    """Return the name under which the floor of a line is measured."""
    return f"{name} floor"


@dataclass(slots=True)
class Bench:
    """Where and how much to measure. Repositories are made once for each size and shared by the lines.

    `alerts` is how many a month has that is replayed. With `huge`, the lines that need no network are measured at
    100,000 destinations as well.
    """

    folder: Path
    runs: int
    sizes: Sequence[int]
    alerts: int
    huge: bool = False
    _applied: dict[int, Repository] = field(default_factory=dict)

    @property
    def counts(self) -> tuple[int, ...]:
        """How many destinations a line is measured with, where it needs no network."""
        return (*self.sizes, HUGE) if self.huge else tuple(self.sizes)

    def applied(self, count: int) -> Repository:
        """Return a repository whose every destination is recorded."""
        if count not in self._applied:
            repository = write(self.folder / f"applied-{count}", count)
            run(apply_command(repository))
            self._applied[count] = repository
        return self._applied[count]

    def measure(self, count: int, commands: Mapping[str, Command], repeat: Repeat = "usual") -> Iterator[Measured]:
        """Measure commands side by side: see `measure_runs`."""
        return self.measure_runs(count, {name: partial(run, each) for name, each in commands.items()}, repeat)

    def measure_runs(
        self, count: int, cases: Mapping[str, Callable[[], Run]], repeat: Repeat = "usual"
    ) -> Iterator[Measured]:
        """Measure cases in turn, one run of each at a time, so that a busy moment of the machine meets all of them."""
        runs, warm_up = self._repeated("once" if count >= HUGE and repeat == "usual" else repeat)
        samples = measure(list(cases.values()), runs, warm_up)
        for name, sample in zip(cases, samples, strict=True):
            yield name, count, sample

    def _repeated(self, repeat: Repeat) -> tuple[int, int]:
        """Return how many runs count, and how many before them do not."""
        match repeat:
            case "usual":
                return self.runs, 1
            case "few":
                return max(1, self.runs - 2), 0
            case "once":
                return 1, 0


def plan_command(repository: Repository, *options: str, exit_code: int = 0, says: str = "No changes.") -> Command:
    """Return `plan`, which ends with 2 where there are changes."""
    arguments = [*blinkdecl(), "plan", "--detailed-exitcode", *options]
    return Command(arguments, repository.folder, repository.keys, exit_code, says)


def apply_command(repository: Repository, *options: str) -> Command:
    """Return `apply` of creates, without test alerts."""
    arguments = [*blinkdecl(), "apply", "--auto-approve", "--no-test", *options]
    return Command(arguments, repository.folder, repository.keys, says=f"{repository.count} added")

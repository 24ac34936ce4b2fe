"""One command as a whole process: how much time, how much processor time, how much memory at its peak."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

_ROOT = Path(__file__).resolve().parent.parent
_LAUNCHER = Path(__file__).with_name("launcher.py")
# ru_maxrss is in bytes on macOS, in KiB elsewhere.
_PEAK_UNIT = 1 if sys.platform == "darwin" else 1024


class BenchmarkError(Exception):
    """A command did not do what it is measured for, so its figure would mean nothing."""


@dataclass(frozen=True, slots=True)
class Command:
    """A command line and what its result must be. `before` runs before each run and is not measured."""

    arguments: Sequence[str]
    folder: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    exit_code: int = 0
    says: str = ""
    before: Callable[[], object] = lambda: None


@dataclass(frozen=True, slots=True)
class Run:
    """One run: seconds on the clock, seconds of processor, bytes at the peak; `rate` a second, where one applies.

    `counted` is what was counted on the way, in words and how many: requests, writes of the state.
    """

    wall: float
    cpu: float
    peak: int
    rate: float | None = None
    counted: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sample:
    """All runs of one line that count; figures are medians."""

    runs: tuple[Run, ...]

    @property
    def wall(self) -> float:
        """Seconds on the clock."""
        return median(run.wall for run in self.runs)

    @property
    def slowest(self) -> float:
        """The slowest run: far from the median if the machine was busy."""
        return max(run.wall for run in self.runs)

    @property
    def cpu(self) -> float:
        """Seconds of processor time, all threads and children together."""
        return median(run.cpu for run in self.runs)

    @property
    def peak(self) -> int:
        """Peak memory in bytes."""
        return int(median(run.peak for run in self.runs))

    @property
    def rate(self) -> float:
        """Per second."""
        return median(run.rate or 0.0 for run in self.runs)

    @property
    def counted(self) -> dict[str, int]:
        """What was counted: the most of any run."""
        return {name: max(run.counted[name] for run in self.runs) for name in self.runs[0].counted}


def measure(cases: Sequence[Callable[[], Run]], runs: int, warm_up: int = 1) -> list[Sample]:
    """Return a sample of each case: `warm_up` rounds that do not count (bytecode, page cache), then `runs` rounds.

    A round is one run of each case. Figures that are compared then belong to the same moments of the machine.
    """
    for _ in range(warm_up):
        for once in cases:
            once()
    rounds = [[once() for once in cases] for _ in range(runs)]
    return [Sample(tuple(of_one)) for of_one in zip(*rounds, strict=True)]


def run(command: Command) -> Run:
    """Run a command once; raises a `BenchmarkError` unless it ends and prints as it should."""
    command.before()
    output = command.folder.with_suffix(".out")  # beside the folder: nothing in it but what the command sees
    process = subprocess.Popen(
        [sys.executable, "-I", "-S", str(_LAUNCHER), str(output), *command.arguments],
        cwd=command.folder,
        env=environment(command),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,  # Ctrl-C reaches the harness alone, which then ends the whole group
    )
    with process:
        try:
            figures, _ = process.communicate()
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)
            raise
    if process.returncode:
        raise BenchmarkError(f"{command.arguments[0]} could not be started")
    code, wall, cpu, peak = figures.split()
    _check(command, int(code), output)
    return Run(float(wall), float(cpu), int(peak) * _PEAK_UNIT)


def blinkdecl() -> list[str]:
    """Return how blinkdecl is called: the console script where it is installed beside this interpreter."""
    script = Path(sys.executable).with_name("blinkdecl")
    return [str(script)] if script.exists() else [sys.executable, "-m", "blinkdecl"]


def environment(command: Command) -> dict[str, str]:
    """Return what a command sees: nothing of the caller's that could change what is measured (bytecode, colour, CI)."""
    kept = {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(command.folder), "LC_ALL": "C.UTF-8"}
    installed = Path(sys.executable).with_name("blinkdecl").exists()
    return kept | ({} if installed else {"PYTHONPATH": str(_ROOT)}) | dict(command.environment)


def _check(command: Command, code: int, output: Path) -> None:
    text = output.read_text(errors="replace")
    if code == command.exit_code and command.says in text:
        return
    words = " ".join(str(each) for each in command.arguments[:4])
    expected = f"{command.exit_code}" + (f' and "{command.says}"' if command.says else "")
    tail = "\n".join(text.splitlines()[-20:])
    raise BenchmarkError(f"`{words} ...` ended with exit code {code}, expected {expected}:\n{tail}")

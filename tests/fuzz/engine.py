"""Runs inputs within their limits: 1 s of CPU, 300 MB more memory, and no exception but a `Failure`."""

import resource
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from blinkdecl.diagnostics import Failure
from tests.fuzz.mutator import Mutator

_SECONDS = 1.0
_MEGABYTES = 300
_SLOW, _LARGE = f"takes more than {_SECONDS:g} s", f"takes more than {_MEGABYTES} MB"
# An input that takes this long is interrupted, as far as Python can be.
_HANGS = 10.0
_CLEAR = Path("/proc/self/clear_refs")
_PER_MB = 1024 * 1024 if sys.platform == "darwin" else 1024  # of `ru_maxrss`
# How often an input is run again to make it smaller.
_SHRINKING = 2000
_SHRINKING_SECONDS = 10.0


class Hangs(BaseException):
    """An input took too long, and was interrupted."""


@dataclass(frozen=True, slots=True)
class Target:
    """What is fuzzed: its name, what reads an input, and sound inputs."""

    name: str
    run: Callable[[bytes], None]
    corpus: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """An input that breaks the promise, and how. Two finds with the same `problem` are one bug."""

    target: str
    seed: int
    data: bytes
    problem: str
    details: str = ""

    def __str__(self) -> str:
        told = f"{self.target}: {self.problem}\nseed {self.seed}, the smallest input is\n{self.data!r}"
        return f"{told}\n{self.details}"


def problem_of(target: Target, data: bytes, base: float | None = None) -> tuple[str, str] | None:
    """Return what is wrong with how an input is read, in a line and in detail; None where it is read as promised.

    `base` is the memory (MB) from which it is counted, that of now where it is not given, which takes milliseconds.
    """
    memory, begun = _memory() if base is None else base, time.process_time()
    try:
        with _interrupted():
            target.run(data)
    except Failure:
        pass
    except (Exception, Hangs) as problem:  # noqa: BLE001 - this is what is looked for
        return f"{type(problem).__name__} in {_place(problem)}", "".join(traceback.format_exception(problem))
    if time.process_time() - begun > _SECONDS:
        return _SLOW, ""
    if _peak() - memory > _MEGABYTES:
        _memory()
        return _LARGE, ""
    return None


def fuzz(target: Target, seed: int, seconds: float, known: Iterable[str] = ()) -> Iterator[Found | None]:
    """Run inputs for some time; yield None for each that is read as promised, and each new bug once, made small."""
    mutator, seen = Mutator(target.corpus, seed), set(known)
    for data in target.corpus:
        problem_of(target, data)  # what the first call imports and compiles is not what the input costs
    todo, base, end = list(target.corpus), _memory(), time.monotonic() + seconds
    while time.monotonic() < end:
        data = todo.pop() if todo else mutator.input()
        problem = problem_of(target, data, base)
        if problem is not None and problem[0] in (_SLOW, _LARGE):
            problem = problem_of(target, data)  # only what is so twice is so
        if problem is None or problem[0] in seen:
            yield None
            continue
        seen.add(problem[0])
        small = shrunk(target, data, problem[0])
        yield Found(target.name, seed, small, *(problem_of(target, small) or problem))


def shrunk(target: Target, data: bytes, problem: str) -> bytes:
    """Return a smaller input with the same problem: pieces are left out, the larger ones first."""
    end, runs = time.monotonic() + _SHRINKING_SECONDS, 0
    size = max(1, len(data) // 2)
    while size:
        at, smaller = 0, False
        while at < len(data):
            shorter = data[:at] + data[at + size :]
            runs += 1
            if runs > _SHRINKING or time.monotonic() > end:
                return data
            if (problem_of(target, shorter) or ("",))[0] == problem:
                data, smaller = shorter, True
            else:
                at += size
        size = size if smaller and size > 1 else size // 2
    return data


def _place(problem: BaseException) -> str:
    """Return the function of ours in which a problem arose: what it called there is not the bug."""
    frames = traceback.extract_tb(problem.__traceback__)
    ours = [frame for frame in frames if "/blinkdecl/" in frame.filename] or frames
    return f"{Path(ours[-1].filename).stem}.{ours[-1].name}"


def _memory() -> float:
    """Return the memory that this process has, in MB, and have the kernel count the peak from here."""
    with suppress(OSError):
        _CLEAR.write_bytes(b"5")
    return _peak()


def _peak() -> float:
    """Return the most memory that this process had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _PER_MB


@contextmanager
def _interrupted() -> Iterator[None]:
    """Raise `Hangs` after a while of CPU time."""

    def interrupt(number: int, frame: FrameType | None) -> None:
        del number, frame
        raise Hangs

    earlier = signal.signal(signal.SIGPROF, interrupt)
    signal.setitimer(signal.ITIMER_PROF, _HANGS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, earlier)

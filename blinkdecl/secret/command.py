"""A secret's command: run within a time and a size, and nothing of it is left behind.

It leads a session of its own, so that its children end with it: by its end, in time or not, or by ours.
"""

import os
import selectors
import signal
import subprocess
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO


class CommandProblem(Exception):
    """The command gave no value. It says why, without anything that was printed."""


def output_of(argv: tuple[str, ...], root: Path, environ: Mapping[str, str], seconds: float, size: int) -> bytes:
    """Return what the command prints on stdout, cut off at `size` bytes; raises a `CommandProblem`."""
    try:
        process = subprocess.Popen(  # noqa: S603 - an argv from reviewed YAML, opted in twice, never through a shell
            argv, cwd=root, env=dict(environ), stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
    except (OSError, ValueError) as problem:
        reason = (problem.strerror if isinstance(problem, OSError) else None) or "not a command"
        raise CommandProblem(reason) from None
    with process:
        try:
            data, code = _await(process, time.monotonic() + seconds, size)
        except TimeoutError:
            raise CommandProblem(f"it ran for more than {seconds:g} seconds") from None
        finally:
            with suppress(ProcessLookupError, PermissionError):  # nobody of its session is left
                os.killpg(process.pid, signal.SIGKILL)
    if code != 0:
        raise CommandProblem(f"it ended with exit code {code}")
    return data


def _await(process: "subprocess.Popen[bytes]", end: float, size: int) -> tuple[bytes, int]:
    """Return the output and the exit code; 0 where the output is cut off, since the command is stopped there."""
    if process.stdout is None:
        raise TypeError
    data = _read(process.stdout, end, size)
    if len(data) >= size:
        return data, 0
    try:
        return data, process.wait(max(0.0, end - time.monotonic()))
    except subprocess.TimeoutExpired:
        raise TimeoutError from None


def _read(pipe: IO[bytes], end: float, size: int) -> bytes:
    data = b""
    with selectors.DefaultSelector() as ready:
        ready.register(pipe, selectors.EVENT_READ)
        while len(data) < size:
            left = end - time.monotonic()
            if left <= 0 or not ready.select(left):
                raise TimeoutError
            chunk = os.read(pipe.fileno(), size - len(data))
            if not chunk:
                break
            data += chunk
    return data

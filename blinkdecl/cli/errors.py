"""The outermost edge: whatever goes wrong becomes one message and one exit code, never a traceback."""

import errno
import os
import signal
import sys
import threading
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from blinkdecl.cli.session import Session
    from blinkdecl.diagnostics import Diagnostic

_USAGE = 64
# The formats that are written even where the command line could not be understood: programs wait for them.
_DOCUMENTS = ("json", "junit", "github", "gitlab", "gitlab-terraform", "sarif", "markdown", "html")


class Terminated(BaseException):
    """SIGTERM, where no other handler is installed."""


def guarded(group: click.Group, arguments: list[str]) -> int:
    """Run the group and return the exit code: 64 for usage errors, 70 for bugs, 130 and 143 for signals.

    What reports problems is imported only when there is one: completion runs on every key press.
    """
    _open_streams()
    in_main = threading.current_thread() is threading.main_thread()
    earlier = signal.signal(signal.SIGTERM, _terminate) if in_main else None
    try:
        return int(group.main(args=arguments, prog_name="blinkdecl", standalone_mode=False) or 0)
    except click.exceptions.NoArgsIsHelpError as problem:
        sys.stderr.write(f"{problem.format_message()}\n")
        return _USAGE
    except (KeyboardInterrupt, click.Abort):
        return _tell_signal(group, arguments, signal.SIGINT)
    except Terminated:
        return _tell_signal(group, arguments, signal.SIGTERM)
    except SystemExit:  # so click ends where the reader of its help has left
        return 0
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as problem:  # noqa: BLE001 - the last line: a bug is reported as a bug
        return _tell(group, arguments, problem)
    finally:
        if in_main:
            signal.signal(signal.SIGTERM, earlier)


def _open_streams() -> None:
    """Open the null device for each standard stream that the caller closed, so that nothing else has to care."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode))  # noqa: SIM115 - open as long as the process


def _tell(group: click.Group, arguments: Sequence[str], problem: Exception) -> int:
    """Print the problem in the format that was asked for and return the exit code."""
    from blinkdecl.cli.call import report
    from blinkdecl.diagnostics import Failure, error

    session = _session(group, arguments, problem)
    if isinstance(problem, OSError) and problem.errno == errno.ENOSPC:  # click's own output met a full disk
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        problem = error("unwritable", f"standard output cannot be written: {problem.strerror}")
    if isinstance(problem, Failure):
        return report(session, problem.diagnostics)
    if isinstance(problem, click.UsageError):
        from blinkdecl.cli.usage import usage_diagnostic

        return report(session, [usage_diagnostic(problem)])
    return report(session, [_bug(problem)])


def _tell_signal(group: click.Group, arguments: Sequence[str], number: int) -> int:
    """Return the exit code of a command that a signal ended; a machine format still gets its document."""
    from blinkdecl.cli.call import report
    from blinkdecl.diagnostics import Diagnostic

    session = _session(group, arguments, None)
    if session.machine_format:
        summary = f"ended by {signal.Signals(number).name} before it had a result"
        report(session, [Diagnostic("interrupted", summary)], 128 + number)
    return 128 + number


def _session(group: click.Group, arguments: Sequence[str], problem: Exception | None) -> "Session":
    """Return a session to report what went wrong with, even if the command line could not be understood."""
    from blinkdecl.cli.call import command_name
    from blinkdecl.cli.session import Session
    from blinkdecl.model.invocation import Invocation

    if isinstance(problem, click.UsageError) and problem.ctx is not None:
        name = command_name(problem.ctx)
    else:
        names = group.list_commands(click.Context(group))
        name = next((word for word in arguments if word in names), "")
    asked, output = _value(arguments, "--format"), _value(arguments, "--output")
    color = _value(arguments, "--color")
    # Where a file was to have it, standard output has not: a job reads one or the other.
    known = asked in _DOCUMENTS and output in ("", "-")
    return Session(Invocation(name, environ=os.environ), format=asked if known else "text", color=color or "auto")


def _terminate(number: int, frame: FrameType | None) -> None:
    del number, frame
    raise Terminated


def _value(arguments: Sequence[str], option: str) -> str:
    """Return the last value that an option is given, or "" if it is not given."""
    found = ""
    for word, following in pairwise([*arguments, ""]):
        if word == option:
            found = following
        elif word.startswith(f"{option}="):
            found = word.removeprefix(f"{option}=")
    return found


def _bug(problem: Exception) -> "Diagnostic":
    """Write the traceback to a file, without values of variables or messages, and name the file."""
    import traceback
    from datetime import UTC, datetime

    from blinkdecl.diagnostics import Diagnostic
    from blinkdecl.system.files import write_atomically  # which follows no link

    frames = traceback.extract_tb(problem.__traceback__)
    ours = [frame for frame in frames if "blinkdecl" in frame.filename] or frames
    where = f"{Path(ours[-1].filename).stem}.{ours[-1].name}" if ours else "?"
    name = f"blinkdecl-crash-{datetime.now(UTC):%Y%m%dT%H%M%S}.txt"
    text = "".join(f"{frame.filename}:{frame.lineno} {frame.name}\n" for frame in frames)
    try:
        write_atomically(Path(name), f"{type(problem).__name__}\n{text}".encode())
    except OSError:
        remedy = "the report cannot be written here; run the command again in a writable folder"
    else:
        remedy = f"report it with the file {name} (secrets are masked)"
    return Diagnostic(
        "internal", f"blinkdecl has a bug: {type(problem).__name__} in {where}", notes=(("help", remedy),)
    )

"""Colour, and the progress bar: what a terminal gets beyond the text, which is complete without either.

Colours are six ANSI codes, put onto plain lines. The bar is rich's, which is imported when there is a bar to show, and
never else.
"""

import re
import sys
from collections.abc import Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Self, TextIO

if TYPE_CHECKING:
    from rich.progress import Progress as Bar
    from rich.progress import TaskID

_BOLD, _RED, _GREEN, _YELLOW, _BLUE, _RED_BOLD, _YELLOW_BOLD, _GREEN_BOLD = (
    "1", "31", "32", "33", "34", "1;31", "1;33", "1;32",
)  # fmt: skip
# The first that matches paints its group, and nothing else of the line.
_PAINTS = tuple(
    (re.compile(pattern), style)
    for pattern, style in (
        (r"(Error:) ", _RED_BOLD),
        (r"(Warning:) ", _YELLOW_BOLD),
        (r" *\d* *\| *(\^+.*)", _RED),
        (r" *(\d+ \|)", _BLUE),
        (r" *(\||-->|=(?= \w+:))", _BLUE),
        (r"  (# .*)", _BOLD),
        (r" +(\+) ", _GREEN),
        (r" +(~) ", _YELLOW),
        (r" +(-) ", _RED),
        (r"((?:Plan|Drift):|Note:|Unverified:|Unmanaged, )", _BOLD),
        (r"((?:Apply|Destroy) (?:in|did |complete, but).*)", _YELLOW_BOLD),
        (r"((?:Apply|Destroy) complete!.*|No changes\.|No drift\.|Success!)", _GREEN_BOLD),
    )
)


def use_colour(flag: str, environ: Mapping[str, str], *, is_terminal: bool) -> bool:
    """Return whether to paint: ``--color`` > NO_COLOR > FORCE_COLOR (not "0") > TERM=dumb > is it a terminal."""
    if flag != "auto":
        return flag == "always"
    if environ.get("NO_COLOR"):
        return False
    if environ.get("FORCE_COLOR", "0") not in ("", "0"):
        return True
    return is_terminal and environ.get("TERM") != "dumb"


def paint(text: str) -> str:
    """Return `text`, which went through `safe` before, with colours; without them it is the same text."""
    return "\n".join(map(_painted, text.split("\n")))


def _painted(line: str) -> str:
    for pattern, style in _PAINTS:
        if found := pattern.match(line):
            start, end = found.span(1)
            return f"{line[:start]}\x1b[{style}m{line[start:end]}\x1b[0m{line[end:]}"
    return line


class Progress:
    """A bar that goes away when the work ends; silent where `shown` is False. Safe to call from several threads."""

    def __init__(self, stream: TextIO, *, shown: bool, colour: bool = True) -> None:
        self._stream = stream
        self._shown = shown
        self._colour = colour
        self._bar: Bar | None = None
        self._task: TaskID | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()
            self._bar = None

    def start(self, total: int, label: str = "") -> None:
        """Show the bar at 0 of `total`."""
        if not self._shown or self._bar is not None:
            return
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
        from rich.progress import Progress as Bar

        no_color = None if self._colour else True
        console = Console(
            file=self._stream, force_terminal=True, markup=False, highlight=False, emoji=False, no_color=no_color
        )
        columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn())
        # Lines that are printed meanwhile are put above the bar; not those that go to a file or a pipe.
        self._bar = Bar(
            *columns, TimeElapsedColumn(), console=console, transient=True, redirect_stdout=sys.stdout.isatty()
        )
        self._task = self._bar.add_task(label, total=total)
        self._bar.start()

    def advance(self, steps: int = 1) -> None:
        """Move the bar on."""
        if self._bar is not None and self._task is not None:
            self._bar.advance(self._task, steps)

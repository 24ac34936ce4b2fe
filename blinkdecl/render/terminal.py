"""Colour, and the progress bar: what a terminal gets beyond the text, which is complete without either.

Colours are a few ANSI codes in place of the marks that renderers put. The bar is rich's, which is imported when there
is a bar to show, and not otherwise.
"""

import sys
from collections.abc import Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Self, TextIO

from blinkdecl.render.text.marks import END, Mark

if TYPE_CHECKING:
    from rich.progress import Progress as Bar
    from rich.progress import TaskID

_BOLD, _RED, _GREEN, _YELLOW, _BLUE, _RED_BOLD, _YELLOW_BOLD, _GREEN_BOLD = (
    "1", "31", "32", "33", "34", "1;31", "1;33", "1;32",
)  # fmt: skip
_STYLES = {
    Mark.ERROR: _RED_BOLD,
    Mark.WARNING: _YELLOW_BOLD,
    Mark.GOOD: _GREEN_BOLD,
    Mark.ATTENTION: _YELLOW_BOLD,
    Mark.HEADING: _BOLD,
    Mark.LABEL: _BOLD,
    Mark.ADDED: _GREEN,
    Mark.CHANGED: _YELLOW,
    Mark.REMOVED: _RED,
    Mark.GUTTER: _BLUE,
    Mark.CARET: _RED,
    Mark.BULLET: _RED,
    Mark.LOSS: _RED_BOLD,
    Mark.NOBODY: _YELLOW,
}
_CODES = {ord(mark): f"\x1b[{style}m" for mark, style in _STYLES.items()} | {ord(END): "\x1b[0m"}


def use_colour(flag: str, environ: Mapping[str, str], *, is_terminal: bool) -> bool:
    """Return whether to paint: ``--color`` > NO_COLOR > FORCE_COLOR, CLICOLOR_FORCE > TERM=dumb > is it a terminal."""
    if flag != "auto":
        return flag == "always"
    if environ.get("NO_COLOR"):
        return False
    if any(environ.get(each, "0") not in ("", "0") for each in ("FORCE_COLOR", "CLICOLOR_FORCE")):
        return True
    return is_terminal and environ.get("TERM") != "dumb"


def paint(text: str) -> str:
    """Return `text`, which went through `safe_but_marks` before, with a colour for each mark."""
    return text.translate(_CODES)


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

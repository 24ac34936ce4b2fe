"""What a person sees while a run goes on: a line for each thing that happens, and a bar on a terminal."""

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from blinkdecl.cli.session import Session
from blinkdecl.diagnostics import Failure
from blinkdecl.render.terminal import Progress

# A terminal shows a bar below the lines if there are at least this many things to do.
_BAR_FROM = 20
# How many seconds lines are kept that are printed together.
_MOMENT = 0.1


class Listener:
    """Prints lines from any thread. A reader that has left, or stdout on a full disk, must not end the run.

    `failure` is set if a line could not be printed; the caller may raise it once everything is recorded.
    """

    def __init__(self, session: Session, bar: Progress) -> None:
        self._session, self._bar = session, bar
        self._guard = threading.RLock()
        self._lines: list[str] = []
        self._together = False
        self._printed_at = 0.0
        self.failure: Failure | None = None

    def line(self, text: str | None, *, finished: bool = False) -> None:
        """Print a line, if there is one; `finished` = one of the things that the bar counts is done."""
        with self._guard:
            if text is not None:
                self._lines.append(text)
                if not self._together or time.monotonic() - self._printed_at >= _MOMENT:
                    self.pause()
            if finished:
                self._bar.advance()

    @contextmanager
    def together(self) -> Iterator[None]:
        """Print the lines of a moment in one write: 0.9 of the time of an apply of 10,000.

        Whoever waits for something within the context calls `pause`.
        """
        self._together = True
        try:
            yield
        finally:
            self._together = False
            self.pause()

    def pause(self) -> None:
        """Print what was kept, since nothing may follow for a while."""
        with self._guard:
            if not self._lines:
                return
            text = "\n".join(self._lines)
            self._lines.clear()
            self._printed_at = time.monotonic()
            try:
                self._session.progress(text)
            except Failure as failure:
                self.failure = failure
            except OSError:
                pass  # a closed pipe is not an error


@contextmanager
def listening(session: Session, count: int, label: str, *, bar: bool = True) -> Iterator[Listener]:
    """Yield the listener of a run of `count` things; `bar` = a terminal shows a bar with `label`, if there are many."""
    shown = bar and session.interactive and not session.quiet and count >= _BAR_FROM
    with Progress(sys.stderr, shown=shown, colour=session.color != "never") as progress:
        progress.start(count, label)
        yield Listener(session, progress)

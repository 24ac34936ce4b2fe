"""Signals while something is being changed: the first asks to stop, the second not to wait, the third ends the run."""

import os
import signal
from collections.abc import Callable
from types import FrameType, TracebackType

_Handler = Callable[[int, FrameType | None], object] | int | None
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interrupt:
    """Within the context a signal is only noted: call the object for its number, or None if there was none.

    `hurried` = there was a second one: what is under way is not waited for, what is done is still recorded.
    """

    def __init__(self, announce: Callable[[str], None]) -> None:
        self._announce = announce
        self._number: int | None = None
        self.hurried = False
        self._earlier: dict[signal.Signals, _Handler] = {}

    def __call__(self) -> int | None:
        return self._number

    def __enter__(self) -> "Interrupt":
        for number in _SIGNALS:
            self._earlier[number] = signal.signal(number, self._note)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, handler in self._earlier.items():
            signal.signal(number, handler)

    def _note(self, number: int, frame: FrameType | None) -> None:
        del frame
        if self.hurried:
            os._exit(128 + number)  # every write is atomic: what is stored stays whole
        if self._number is not None:
            self.hurried = True
            self._announce("Interrupted again: recording what is done, giving up what is under way.")
            return
        self._number = number
        self._announce("Interrupted: finishing what has started. Press Ctrl-C again to stop at once.")

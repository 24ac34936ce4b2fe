"""Worker threads for calls that wait on a network. Daemons: a call that hangs never keeps the process alive."""

import threading
import time
from collections.abc import Callable, Iterable
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import Generic, TypeVar

Task = TypeVar("Task")
Done = TypeVar("Done")

# Seconds that `next` blocks at most, so that the main thread sees a signal soon.
_POLL = 0.1


class Workers(Generic[Task, Done]):
    """`count` threads that call `perform`; tasks go in and results come out on the thread that made it.

    An exception that `perform` lets out is raised again by `next`, in the main thread. With a `count` of 0 there is no
    thread, and `next` itself performs a task: where nothing is waited for, threads only hinder each other.
    """

    def __init__(self, count: int, perform: Callable[[Task], Done]) -> None:
        self._perform = perform
        self._tasks: SimpleQueue[Task | None] = SimpleQueue()
        self._done: SimpleQueue[tuple[Task, Done | BaseException]] = SimpleQueue()
        self._threads = [threading.Thread(target=self._work, daemon=True) for _ in range(count)]
        # By identity: tasks need not be hashable, and none is submitted twice. Only the main thread looks here.
        self._outstanding: dict[int, Task] = {}

    def __enter__(self) -> "Workers[Task, Done]":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.withdraw()
        for _ in self._threads:
            self._tasks.put(None)

    @property
    def busy(self) -> bool:
        """Whether results are still to come."""
        return bool(self._outstanding)

    @property
    def outstanding(self) -> int:
        """How many results are still to come."""
        return len(self._outstanding)

    @property
    def under_way(self) -> list[Task]:
        """The tasks whose results are still to come: after `withdraw`, those that threads are busy with."""
        return list(self._outstanding.values())

    def submit_all(self, tasks: Iterable[Task]) -> None:
        """Hand each task to the next free thread."""
        for task in tasks:
            self._outstanding[id(task)] = task
            self._tasks.put(task)

    def next(self) -> Done | None:
        """Return the next result, or None when there is none within a moment."""
        if not self._threads:
            return self._performed()
        try:
            task, done = self._done.get(timeout=_POLL)
        except Empty:
            return None
        del self._outstanding[id(task)]
        if isinstance(done, BaseException):
            raise done
        return done

    def _performed(self) -> Done | None:
        try:
            task = self._tasks.get_nowait()
        except Empty:
            return None
        if task is None:  # by which threads are told to end
            return None
        del self._outstanding[id(task)]
        return self._perform(task)

    def withdraw(self) -> None:
        """Take back every task that no thread has begun."""
        while True:
            try:
                task = self._tasks.get_nowait()
            except Empty:
                return
            self._outstanding.pop(id(task), None)

    def drain(self, settle: Callable[[Done], None], grace: float, hurried: Callable[[], bool] = lambda: False) -> None:
        """Give what is under way up to `grace` seconds, unless `hurried`, handing each result to `settle`."""
        until = time.monotonic() + grace
        while self.busy and time.monotonic() < until and not hurried():
            if (done := self.next()) is not None:
                settle(done)

    def _work(self) -> None:
        while (task := self._tasks.get()) is not None:
            try:
                self._done.put((task, self._perform(task)))
            except BaseException as problem:  # noqa: BLE001 - not swallowed: `next` raises it in the main thread
                self._done.put((task, problem))

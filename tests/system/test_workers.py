"""The worker threads by themselves."""

import threading
import time

import pytest

from blinkdecl.system.workers import Workers, performed


def test_every_task_gives_one_result() -> None:
    """All results come out, whichever thread made them."""
    with Workers[int, int](4, lambda number: number * 2) as workers:
        workers.submit_all(range(100))
        found = []
        while workers.busy:
            if (done := workers.next()) is not None:
                found.append(done)
    assert sorted(found) == [number * 2 for number in range(100)]


def test_without_threads_the_caller_works() -> None:
    """Tasks are done one by one in their order, by whoever asks for the next result; what is withdrawn is not."""
    done: list[tuple[int, str]] = []

    def perform(number: int) -> int:
        done.append((number, threading.current_thread().name))
        if number == 3:
            raise ValueError(number)
        return number

    with Workers[int, int](0, perform) as workers:
        assert workers.next() is None
        workers.submit_all([1, 2, 3, 4])
        assert (workers.next(), workers.next()) == (1, 2)
        with pytest.raises(ValueError, match="3"):
            workers.next()
        assert workers.busy
        workers.withdraw()
        workers.drain(lambda each: None, 5)
        assert (workers.busy, workers.under_way) == (False, [])
    assert done == [(number, threading.current_thread().name) for number in (1, 2, 3)]


def test_withdrawn_tasks_are_never_begun() -> None:
    """What no thread has begun can be taken back; what hangs is known by name."""
    gate, begun = threading.Event(), []

    def perform(number: int) -> int:
        begun.append(number)
        gate.wait(10)
        return number

    with Workers[int, int](1, perform) as workers:
        workers.submit_all(range(3))
        while not begun:
            time.sleep(0.001)
        workers.withdraw()
        assert workers.under_way == [0]
        gate.set()
        workers.drain(lambda done: None, 5)
        assert (workers.busy, workers.under_way) == (False, [])
    assert begun == [0]


def test_error_comes_out_and_ends_the_work() -> None:
    """What a task raises is raised to the caller, and no queued task is begun behind its back."""
    begun = []

    def perform(number: int) -> int:
        begun.append(number)
        time.sleep(0.01)
        raise ValueError(number)

    def run() -> None:
        with Workers[int, int](1, perform) as workers:
            workers.submit_all(range(50))
            while workers.busy:
                workers.next()

    with pytest.raises(ValueError, match="0"):
        run()
    time.sleep(0.1)
    assert len(begun) <= 3


def test_what_is_performed_comes_in_order() -> None:
    """Whichever ended first; without tasks there is nothing, and what is over is left out."""

    def slow(seconds: float) -> str:
        time.sleep(seconds)
        return str(seconds)

    assert list(performed(3, (0.05, 0.02, 0.0), slow).items()) == [(0.05, "0.05"), (0.02, "0.02"), (0.0, "0.0")]
    assert performed(3, (), slow) == {}
    assert performed(1, (0.0,), slow, over=lambda: True) == {}

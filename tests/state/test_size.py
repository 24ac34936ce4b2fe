"""Ten thousand resources: a write is quick, and a run's writes cost in proportion to its operations."""

import time
from pathlib import Path

from blinkdecl.model.state import State
from blinkdecl.state.local import LocalBackend
from tests.support.builders import destination, recorded

# The budget is 0.3 s on a quiet machine; tests share theirs.
_SECONDS = 1.5


def large(count: int) -> State:
    """Return a state with that many destinations."""
    return recorded(*(destination(f"d{number}") for number in range(count)))


def test_a_large_state_is_written_quickly(path: Path) -> None:
    """The best of three."""
    state, times = large(10_000), []
    backend = LocalBackend(path, "state.json")
    base = backend.write(state, None)
    for _ in range(3):
        begun = time.perf_counter()
        base = backend.write(state, base)
        times.append(time.perf_counter() - begun)
    assert min(times) < _SECONDS

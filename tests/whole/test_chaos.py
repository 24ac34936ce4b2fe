"""Every command that writes is killed behind proxies that lose and garble requests: whatever it left converges.

`make chaos TRIALS=100` is the same, longer; `.ci/run` calls it, too.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.whole.soak.__main__ import engines
from tests.whole.soak.chaos import one, summed
from tests.whole.soak.chaos_trial import ChaosOutcome
from tests.whole.soak.trial import Backend

# After this many trials without a find the harness is blind.
_PATIENCE = 40


def trials(
    backend: Backend, seeds: range, mutant: str = "", *, console: bool = False, most: int = 5
) -> list[ChaosOutcome]:
    """Run a trial for each seed, a few at a time."""
    with engines(backend) as where, ThreadPoolExecutor(4) as pool:
        return list(pool.map(lambda seed: one(backend, where, seed, mutant, console=console, most=most), seeds))


@pytest.mark.parametrize(
    ("backend", "console"),
    [("local", False), ("http", False), ("s3", False), ("postgres", False), ("http", True)],
)
def test_it_converges(backend: Backend, *, console: bool, record_property: Callable[[str, object], None]) -> None:
    """Three applies at most; no orphan, duplicate, rescue file or lock stays, no bug and no secret shows."""
    outcomes = trials(backend, range(1), console=console)
    record_property("told", f"chaos on {backend}: {summed(outcomes)}")
    assert [each.story for each in outcomes if each.failed] == []


def test_the_harness_has_teeth(record_property: Callable[[str, object], None]) -> None:
    """Runs that write down nothing before their first call leave orphans, and they are found."""
    outcomes: list[ChaosOutcome] = []
    while not any(each.orphans for each in outcomes) and len(outcomes) < _PATIENCE:
        outcomes += trials("local", range(len(outcomes), len(outcomes) + 4), "no-intent", most=0)
    record_property("told", f"chaos with no-intent: {summed(outcomes)}")
    assert any(each.orphans for each in outcomes)

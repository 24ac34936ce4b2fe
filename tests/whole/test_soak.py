"""Kills at any call and any moment, on every backend; and that the harness finds the flaws it is made for.

`make soak TRIALS=1000` is the same, longer.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.whole.soak.__main__ import engines, one, summed
from tests.whole.soak.trial import Backend, Outcome

# As many trials without a find mean that the harness is blind.
_PATIENCE = 36


def trials(backend: Backend, seeds: range, mutant: str = "", *, slow: bool = False) -> list[Outcome]:
    """Run a trial for each seed, a few at a time."""
    with engines(backend) as where, ThreadPoolExecutor(6) as pool:
        return list(pool.map(lambda seed: one(backend, where, seed, mutant, slow=slow), seeds))


@pytest.mark.parametrize(("backend", "count"), [("local", 20), ("http", 6), ("gitlab", 4), ("s3", 6), ("postgres", 6)])
def test_nothing_is_lost(backend: Backend, count: int, record_property: Callable[[str, object], None]) -> None:
    """No orphan, no duplicate, nothing lost or unreadable, no lock that stays; the next run converges."""
    outcomes = trials(backend, range(count))
    record_property("told", f"killed on {backend}: {summed(outcomes)}")
    assert [each.story for each in outcomes if each.failed] == []
    assert sum(each.kills for each in outcomes) >= count / 2


@pytest.mark.parametrize(("mutant", "slow"), [("no-intent", False), ("no-quiet-time", True), ("in-place", False)])
def test_the_harness_has_teeth(mutant: str, *, slow: bool, record_property: Callable[[str, object], None]) -> None:
    """Each flaw is found, most often in the first six trials; which calls are under way at a kill is chance."""
    outcomes: list[Outcome] = []
    while not any(each.failed for each in outcomes) and len(outcomes) < _PATIENCE:
        outcomes += trials("local", range(len(outcomes), len(outcomes) + 6), mutant, slow=slow)
    record_property("told", f"killed with {mutant}: {summed(outcomes)}")
    assert any(each.failed for each in outcomes)

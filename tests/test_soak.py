"""Kills at any call and any moment, on every backend; and that the harness finds the flaws it is made for.

`make soak TRIALS=1000` is the same, longer.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.soak.__main__ import engines, one, summed
from tests.soak.trial import Backend, Outcome


def trials(backend: Backend, count: int, mutant: str = "", *, slow: bool = False) -> list[Outcome]:
    """Run that many trials, a few at a time."""
    with engines(backend) as where, ThreadPoolExecutor(6) as pool:
        return list(pool.map(lambda seed: one(backend, where, seed, mutant, slow=slow), range(count)))


@pytest.mark.parametrize(("backend", "count"), [("local", 30), ("http", 8), ("gitlab", 6), ("s3", 8), ("postgres", 8)])
def test_nothing_is_lost(backend: Backend, count: int, record_property: Callable[[str, object], None]) -> None:
    """No orphan, no duplicate, nothing lost or unreadable, no lock that stays; the next run converges."""
    outcomes = trials(backend, count)
    record_property("told", f"killed on {backend}: {summed(outcomes)}")
    assert [each.story for each in outcomes if each.failed] == []
    assert sum(each.kills for each in outcomes) >= count / 2


@pytest.mark.parametrize(("mutant", "slow"), [("no-intent", False), ("no-quiet-time", True), ("in-place", False)])
def test_the_harness_has_teeth(mutant: str, *, slow: bool, record_property: Callable[[str, object], None]) -> None:
    """Each flaw is found; seeds are fixed, and one failure of eight trials is enough."""
    outcomes = trials("local", 8, mutant, slow=slow)
    record_property("told", f"killed with {mutant}: {summed(outcomes)}")
    assert any(each.failed for each in outcomes)

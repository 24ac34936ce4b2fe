"""Kills at any call and any moment, on every backend, and the harness, which must find the flaws it is made for.

`make soak TRIALS=1000` is the same, longer; `.ci/run` calls it, too.
"""

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.support.paths import ROOT
from tests.whole.soak.__main__ import engines, one, summed
from tests.whole.soak.child import replace_attribute, replace_default
from tests.whole.soak.trial import Backend, Outcome

# After this many trials without a find the harness is blind.
_PATIENCE = 36


def trials(backend: Backend, seeds: range, mutant: str = "", *, slow: bool = False) -> list[Outcome]:
    """Run a trial for each seed, a few at a time."""
    with engines(backend) as where, ThreadPoolExecutor(6) as pool:
        return list(pool.map(lambda seed: one(backend, where, seed, mutant, slow=slow), seeds))


@pytest.mark.parametrize(("backend", "count"), [("local", 4), ("http", 2), ("gitlab", 2), ("s3", 2), ("postgres", 2)])
def test_nothing_is_lost(backend: Backend, count: int, record_property: Callable[[str, object], None]) -> None:
    """No orphan, no duplicate, nothing lost or unreadable, no lock that stays, no gap; the next run converges."""
    outcomes = trials(backend, range(count))
    record_property("told", f"killed on {backend}: {summed(outcomes)}")
    assert [each.story for each in outcomes if each.failed] == []
    assert sum(each.kills for each in outcomes) >= count / 2


@pytest.mark.parametrize(
    ("mutant", "slow"),
    [("no-intent", False), ("no-quiet-time+believing", True), ("in-place", False), ("no-order", False)],
)
def test_the_harness_has_teeth(mutant: str, *, slow: bool, record_property: Callable[[str, object], None]) -> None:
    """Each flaw is found, most often in the first two trials; which calls are under way at a kill is chance."""
    outcomes: list[Outcome] = []
    while not any(each.failed for each in outcomes) and len(outcomes) < _PATIENCE:
        outcomes += trials("local", range(len(outcomes), len(outcomes) + 2), mutant, slow=slow)
    record_property("told", f"killed with {mutant}: {summed(outcomes)}")
    assert any(each.failed for each in outcomes)


class Flawed:
    """Something to build a flaw into."""

    pace = 1.0

    def wait(self, seconds: float = 1.0, *, patience: int = 3) -> tuple[float, int]:
        """Return what it was called with."""
        return seconds, patience


class Heir(Flawed):
    """Has nothing of its own."""


@pytest.mark.parametrize("mutant", ["no-intent", "no-quiet-time", "in-place", "no-order", "believing", "hasty"])
def test_every_mutant_still_hits(mutant: str) -> None:
    """What it replaces is there: a mutant that cannot be made would pass for one that was found."""
    command = [sys.executable, "-m", "tests.whole.soak.child", "0", mutant, "--version"]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")


def test_a_flaw_replaces_what_is_there() -> None:
    """An attribute, the default of a positional parameter, and that of a keyword."""
    replace_attribute(Flawed, "pace", 0.0)
    replace_default(Flawed.wait, "seconds", 0.5)
    replace_default(Flawed.wait, "patience", 1)
    assert (Flawed.pace, Flawed().wait()) == (0.0, (0.5, 1))


@pytest.mark.parametrize(("owner", "name"), [(Flawed, "pase"), (Heir, "wait"), (Flawed(), "pace")])
def test_a_flaw_of_a_wrong_name_is_refused(owner: object, name: str) -> None:
    """A name that the owner does not have itself: unknown, inherited, or its class's."""
    with pytest.raises(AssertionError, match=f"has no attribute {name}"):
        replace_attribute(owner, name, None)


@pytest.mark.parametrize(
    ("name", "value"), [("second", 0.5), ("self", Flawed()), ("seconds", "0.5"), ("patience", 1.0)]
)
def test_a_flaw_of_a_wrong_default_is_refused(name: str, value: object) -> None:
    """An unknown parameter, one without a default, and a default of another type."""
    with pytest.raises(AssertionError, match=f"default of {name}"):
        replace_default(Flawed.wait, name, value)

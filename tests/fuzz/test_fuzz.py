"""Every target, for a few seconds, with inputs that are the same in every run.

FUZZ_SECONDS is how long, for each; `make fuzz MINUTES=10` tries others.
"""

import os
import time
from collections.abc import Callable, Iterator

import pytest

from tests.fuzz import surroundings
from tests.fuzz.engine import Target, fuzz, problem_of, shrunk
from tests.fuzz.mutator import Mutator
from tests.fuzz.targets import TARGETS, target

_SEED = 20261123
_SECONDS = float(os.environ.get("FUZZ_SECONDS", "1"))


@pytest.fixture(autouse=True)
def _surroundings() -> Iterator[None]:
    """Leave no folder and no server behind."""
    yield
    surroundings.leave()


@pytest.mark.parametrize("name", TARGETS)
def test_nothing_but_failures(name: str, record_property: Callable[[str, object], None]) -> None:
    """Whatever is read, it is read, or refused with a `Failure`, quickly and in little memory."""
    results = list(fuzz(target(name), _SEED, _SECONDS))
    record_property("told", f"fuzzed {name}: {len(results)} inputs")
    found = [str(each) for each in results if each is not None]
    assert not found, "\n\n".join(found)
    assert results


def test_the_same_seed_makes_the_same_inputs() -> None:
    """A failure is found again from its seed."""
    corpus = target("panther").corpus
    one, other = (Mutator(corpus, 7) for _ in range(2))
    assert [one.input() for _ in range(200)] == [other.input() for _ in range(200)]


def test_the_harness_has_teeth() -> None:
    """A bug is found, told once, and its input made as small as it can be."""

    def run(data: bytes) -> None:
        if b"\xff" in data and b"b" in data:
            raise KeyError(data)

    broken = Target("broken", run, (b"abc" * 20,))
    [found] = [each for each in fuzz(broken, 1, 1.0) if each is not None]
    assert found.problem == "KeyError in test_fuzz.run"
    assert sorted(found.data) == sorted(b"b\xff")
    assert shrunk(broken, b"xxbxx\xffxx", "KeyError in test_fuzz.run") == b"b\xff"


def test_the_limits_are_held() -> None:
    """What takes a second, or much memory for a moment, is found however often it is run."""

    def run(data: bytes) -> None:
        if data == b"large":
            bytearray(320 * 2**20)[::4096] = b"x" * (320 * 2**8)
        end = time.process_time() + 1.1
        while data == b"slow" and time.process_time() < end:
            pass

    limited = Target("limited", run, ())
    for _ in range(2):
        assert problem_of(limited, b"large") == ("takes more than 300 MB", "")
        assert problem_of(limited, b"slow") == ("takes more than 1 s", "")
        assert problem_of(limited, b"") is None

"""What a killed run left open is waited for, no longer than the quiet time, and by the monotonic clock alone."""

from dataclasses import replace

import pytest

from blinkdecl.model.live import LiveObject
from blinkdecl.model.state import Intent, State
from blinkdecl.project.recovery import list_when_settled, unsettled
from tests.support.builders import destination, live, recorded
from tests.support.doubles import MemoryProvider

DECLARED = destination("blink")
RESOURCES = {DECLARED.address: DECLARED}
(OURS,) = live(DECLARED)
(CHANGED,) = live(destination("blink", severities=["LOW"]))
STRANGER = replace(OURS, id="stranger")


def state(operation: str, *, known: bool, before_ids: tuple[str, ...] = ()) -> State:
    """Return a state with one open intent; `known` = the destination is recorded."""
    base = recorded(*([DECLARED] if known else []))
    return replace(base, pending={DECLARED.address: Intent(operation, "blink", "run-1", before_ids)})


@pytest.mark.parametrize(
    ("operation", "known", "before_ids", "there", "shows"),
    [
        ("create", False, (), (), False),
        ("create", False, (), (STRANGER,), True),
        ("create", False, ("stranger",), (STRANGER,), False),
        ("create", True, (), (OURS,), True),
        ("create", True, (), (), False),
        ("update", True, (), (OURS,), True),
        ("update", True, (), (CHANGED,), False),
        ("update", True, (), (), True),
        ("delete", True, (), (OURS,), False),
        ("delete", True, (), (), True),
        ("delete", False, (), (STRANGER,), True),
    ],
)
def test_what_shows(
    operation: str, before_ids: tuple[str, ...], there: tuple[LiveObject, ...], *, known: bool, shows: bool
) -> None:
    """One row a case of the module's table."""
    found = unsettled(state(operation, known=known, before_ids=before_ids), RESOURCES, there)
    assert found == (() if shows else (DECLARED.address,))


def test_what_is_ignored_is_not_waited_for() -> None:
    """An attribute that is left alone need not become as declared."""
    resources = {DECLARED.address: replace(DECLARED, ignore_changes=("severities",))}
    there = (CHANGED,)
    assert unsettled(state("update", known=True), resources, there) == ()


class Late(MemoryProvider):
    """A tenant in which an object shows at the n-th list."""

    def __init__(self, shows_at: int, quiet_time: float) -> None:
        super().__init__()
        self.lists, self._shows_at, self.quiet_time = 0, shows_at, quiet_time

    def list(self) -> tuple[LiveObject, ...]:
        """Return the object, or nothing yet."""
        self.lists += 1
        return (STRANGER,) if self.lists >= self._shows_at else ()


class Time:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now, self.slept = 100.0, [0.0]
        self.told: list[tuple[int, float]] = []

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.now += seconds
        self.slept.append(seconds)

    def wait(self, provider: MemoryProvider, held: State) -> tuple[LiveObject, ...]:
        """Return the settled list."""

        def waiting(count: int, seconds: float) -> None:
            self.told.append((count, seconds))

        return list_when_settled(provider, held, RESOURCES, waiting, lambda: self.now, self.sleep)


def test_what_shows_late_is_found() -> None:
    """The wait ends with it, and is told once."""
    provider, time = Late(4, 60.0), Time()
    assert time.wait(provider, state("create", known=False)) == (STRANGER,)
    assert (provider.lists, sum(time.slept), time.told) == (4, 9.0, [(1, 60.0)])


def test_the_quiet_time_ends_the_wait() -> None:
    """Counted from the first list, and no longer; the last list comes after it."""
    provider, time = Late(10**9, 10.0), Time()
    assert time.wait(provider, state("create", known=False)) == ()
    assert sum(time.slept) == pytest.approx(10.0)
    assert provider.lists == len(time.slept)


def test_nobody_waits_for_nothing() -> None:
    """Neither without intents, nor where calls cannot outlive their client."""
    for provider, held in (
        (Late(10**9, 60.0), replace(state("create", known=False), pending={})),
        (Late(10**9, 0.0), state("create", known=False)),
    ):
        time = Time()
        time.wait(provider, held)
        assert (provider.lists, time.told) == (1, [])

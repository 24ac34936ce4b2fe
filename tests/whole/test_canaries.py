"""No secret of a run is in anything that it prints or leaves, whatever goes wrong; `make canaries` runs all of it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.canaries import Scanner
from tests.whole.canaries.commands import commands
from tests.whole.canaries.faults import faults
from tests.whole.canaries.matrix import PEERS, under
from tests.whole.canaries.place import Place, place

Told = Callable[[str, object], None]
_SHARES = 6


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Place]:
    """A project with a canary in each place."""
    with place(tmp_path, Scanner()) as found:
        yield found


def told(made: Place, record_property: Told) -> None:
    """Nothing was found; say how much was read."""
    assert made.scanner.hits == []
    size = made.scanner.size // 1024
    record_property("told", f"canaries: {made.runs} runs, {made.scanner.outputs} outputs, {size} KiB, 0 hits")


@pytest.mark.parametrize("share", range(_SHARES))
def test_nothing_is_left_of_a_secret(share: int, made: Place, record_property: Told) -> None:
    """Every fault, with a command that meets it."""
    for number, fault in enumerate(faults()):
        if number % _SHARES != share:
            continue
        met = [each for each in commands() if fault.kind not in PEERS or each.meets(fault.kind)]
        under(made, fault, [met[number * 7 % len(met)]])
    told(made, record_property)


def test_every_command_once(made: Place, record_property: Told) -> None:
    """Where nothing goes wrong."""
    under(made, next(iter(faults())), commands(0))
    told(made, record_property)

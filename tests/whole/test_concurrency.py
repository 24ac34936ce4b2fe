"""Two runs at once, on every backend, as processes of their own."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.whole.soak.__main__ import engines
from tests.whole.soak.race import Race, race
from tests.whole.soak.trial import Backend, place


@pytest.fixture(params=["local", "http", "gitlab", "s3", "postgres"])
def backend(request: pytest.FixtureRequest) -> Backend:
    """Each backend."""
    found: Backend = request.param
    return found


@pytest.fixture
def runners(backend: Backend, tmp_path: Path) -> Iterator[Race]:
    """A repository whose state this backend keeps."""
    with engines(backend) as where, place(backend, tmp_path, where, tmp_path.name) as kept:
        made, sandbox = race(tmp_path, kept)
        with sandbox:
            yield made


def test_two_at_once(runners: Race, backend: Backend, record_property: Callable[[str, object], None]) -> None:
    """One works, the other waits or is refused; what a run recorded stays."""
    record_property("told", f"two applies at once on {backend}: {runners.rounds(2)}")


def test_a_paused_writer_overwrites_nothing(runners: Race, backend: Backend) -> None:
    """Stopped in the midst, its lock taken away, overtaken and resumed: it ends with an error, the state stands."""
    runners.paused(local=backend == "local")


def test_a_signal_releases_the_lock(runners: Race) -> None:
    """Within five seconds: what is done is recorded, and the next run goes on without waiting."""
    assert runners.terminated() < 5

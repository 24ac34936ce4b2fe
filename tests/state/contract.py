"""What every state backend must do: a test class of each backend inherits `StateContract` and gives it backends."""

import pytest

from blinkdecl.diagnostics import Failure
from blinkdecl.state import new_state
from blinkdecl.state.interface import LockInfo, StateBackend
from blinkdecl.state.lock_info import lock_info
from tests.support.states import small_state


def holder_of(backend: StateBackend) -> str | None:
    """Return the id of the lock that is held."""
    held = backend.holder()
    return held.id if held is not None else None


def code_of(caught: pytest.ExceptionInfo[Failure]) -> str:
    """Return the code of the only diagnostic."""
    [diagnostic] = caught.value.diagnostics
    return diagnostic.code


class StateContract:
    """Inheriting classes define the fixtures `backend` and `other`: two clients of one place, empty at first."""

    info: LockInfo = lock_info("blinkdecl apply", {})

    def test_nothing_there(self, backend: StateBackend) -> None:
        """A place that never held a state answers None."""
        assert backend.read() is None
        assert backend.location

    def test_first_write(self, backend: StateBackend, other: StateBackend) -> None:
        """What was written is what the next one reads, with serial 1."""
        stored = backend.write(new_state(None, None), backend.read())
        assert stored.serial == 1
        assert other.read() == stored

    def test_serial_grows(self, backend: StateBackend, other: StateBackend) -> None:
        """Every write counts one up, whatever serial the written value claims."""
        first = backend.write(small_state(), None)
        second = backend.write(small_state(serial=77), first)
        assert (first.serial, second.serial) == (1, 2)
        assert other.read() == second

    def test_unread_base(self, backend: StateBackend, other: StateBackend) -> None:
        """A client that never read may write if its base is the stored version."""
        first = backend.write(small_state(), None)
        assert other.write(small_state(), first).serial == 2

    def test_stale_base(self, backend: StateBackend, other: StateBackend) -> None:
        """A writer that was overtaken overwrites nothing, and leaves nothing if it has only read so far."""
        other.write(small_state(), None)
        first = backend.read()
        second = other.write(small_state(resources={}), first)
        with pytest.raises(Failure) as caught:
            backend.write(small_state(pending={}), first)
        assert code_of(caught) == "state-conflict"
        assert other.read() == second == backend.read()

    def test_the_same_bytes_are_decoded_once(self, backend: StateBackend, other: StateBackend) -> None:
        """What nobody has written since is known already; what somebody has is not taken for it."""
        first = other.write(small_state(), None)
        found = backend.read()
        assert backend.read() is found
        assert found == first
        second = other.write(small_state(resources={}), first)
        assert backend.read() == second
        third = backend.write(small_state(pending={}), second)
        assert backend.read() == other.read() == third

    def test_overtaken_between_two_writes(self, backend: StateBackend, other: StateBackend) -> None:
        """A run that was overtaken after its first write may have done things: a rescue file holds its second."""
        first = backend.write(small_state(), None)
        second = other.write(small_state(resources={}), first)
        with pytest.raises(Failure) as caught:
            backend.write(small_state(pending={}), first)
        assert code_of(caught) == "state-conflict"
        assert "state push --force" in str(caught.value.diagnostics)
        assert other.read(despite_rescue=True) == second
        with pytest.raises(Failure) as caught:
            other.read()
        assert code_of(caught) == "rescue-pending"

    def test_overwrite(self, backend: StateBackend, other: StateBackend) -> None:
        """By force anything is stored: over nothing with its own serial, over a state with the serial after it."""
        first = backend.overwrite(small_state(serial=6))
        second = other.overwrite(small_state(lineage="another", serial=2))
        assert (first.serial, second.serial) == (6, 7)
        assert backend.read() == second

    def test_second_beginning(self, backend: StateBackend, other: StateBackend) -> None:
        """Two first writers cannot both begin."""
        assert backend.read() is None
        first = other.write(new_state(None, None), None)
        with pytest.raises(Failure) as caught:
            backend.write(new_state(None, None), None)
        assert code_of(caught) == "state-conflict"
        assert backend.read() == first

    def test_other_lineage(self, backend: StateBackend) -> None:
        """The same serial of another lineage is another state."""
        first = backend.write(small_state(), None)
        with pytest.raises(Failure) as caught:
            backend.write(small_state(), small_state(lineage="another", serial=first.serial))
        assert code_of(caught) == "state-conflict"

    def test_lock_excludes(self, backend: StateBackend, other: StateBackend) -> None:
        """While one holds the lock, the other is told who it is; afterwards it is free."""
        with backend.lock(self.info, 0):
            assert holder_of(other) == self.info.id
            with pytest.raises(Failure) as caught, other.lock(lock_info("blinkdecl destroy", {}), 0.2):
                pytest.fail("two hold the lock")
            assert code_of(caught) == "locked"
            assert caught.value.exit_code == 5
        assert other.holder() is None
        with other.lock(self.info, 0):
            assert holder_of(backend) == self.info.id

    def test_lock_is_freed_by_failure(self, backend: StateBackend, other: StateBackend) -> None:
        """A run that fails under the lock leaves it free."""
        with pytest.raises(ZeroDivisionError), backend.lock(self.info, 0):
            raise ZeroDivisionError
        assert other.holder() is None

    def test_unlock_without_lock(self, backend: StateBackend) -> None:
        """There is nothing to unlock where nothing is locked."""
        with pytest.raises(Failure) as caught:
            backend.unlock(self.info.id)
        assert code_of(caught) == "not-locked"

    def test_unlock_of_another_id(self, backend: StateBackend, other: StateBackend) -> None:
        """An id that is not the holder's frees nothing, and the holder's is named."""
        with backend.lock(self.info, 0):
            with pytest.raises(Failure) as caught:
                other.unlock("00000000")
            assert code_of(caught) == "not-locked"
            assert self.info.id[:8] in str(caught.value.diagnostics)
            assert holder_of(other) == self.info.id

    def test_sidecar(self, backend: StateBackend, other: StateBackend) -> None:
        """What is kept beside the state is replaced whole, read by everybody, and no part of the state."""
        stored = backend.write(small_state(), None)
        beside, theirs = backend.sidecar, other.sidecar
        if beside is None or theirs is None:  # a protocol of one document
            assert (beside, theirs) == (None, None)
            return
        assert beside.read() is None
        for data in (b"first", b"second, which is longer", b"3"):
            beside.write(data)
            assert theirs.read() == data
        assert other.read() == stored
        assert beside.location.endswith("deliveries")

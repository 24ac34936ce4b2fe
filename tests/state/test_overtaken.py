"""What becomes of a run's record when something else replaced the state while it was going on."""

from pathlib import Path

import pytest

from blinkdecl.diagnostics import Failure
from blinkdecl.state import local
from blinkdecl.state.codec import decode, encode
from blinkdecl.state.local import LocalBackend
from blinkdecl.state.versions import relation
from blinkdecl.system.files import folder_alone
from tests.state.common import notes
from tests.state.contract import code_of
from tests.support.states import small_state

MEANWHILE = {
    "an older version, from Git": (encode(small_state(serial=1)), "state-conflict"),
    "a later version": (encode(small_state(serial=9)), "state-conflict"),
    "another version of the serial to come": (encode(small_state(serial=3)), "state-conflict"),
    "a merge conflict": (b"<<<<<<< HEAD\n", "invalid-state"),
    "nothing": (None, "invalid-state"),
}


def push(path: Path, rescued: Path, command: str) -> None:
    """Do what `command`, a `state push`, does."""
    backend, state = LocalBackend(path, "state.json"), decode(rescued.read_bytes(), "rescue")
    if command == f"blinkdecl state push --force {rescued}":
        backend.overwrite(state)
    else:
        assert command == f"blinkdecl state push {rescued}"
        stored = backend.read(despite_rescue=True)
        assert stored is None or stored.serial < state.serial
        backend.write(state, stored)


@pytest.mark.parametrize(("meanwhile", "code"), MEANWHILE.values(), ids=MEANWHILE)
@pytest.mark.parametrize("by", ["the run", "the next one"])
def test_printed_command(path: Path, meanwhile: bytes | None, code: str, by: str) -> None:
    """Whatever replaced the state during a run, its record is rescued, and the command that is printed stores it."""
    run = LocalBackend(path, "state.json")
    announced = run.write(small_state(), run.write(small_state(resources={}), None))
    path.unlink() if meanwhile is None else path.write_bytes(meanwhile)
    with pytest.raises(Failure) as caught:
        run.write(small_state(pending={}), announced)
    assert code_of(caught) == code
    if by == "the next one":
        with pytest.raises(Failure) as caught:
            LocalBackend(path, "state.json").read()
    rescued = path.with_name("state.rescue.json")
    push(path, rescued, notes(caught)["help"].split("`")[1])
    stored = LocalBackend(path, "state.json").read()
    assert stored is not None
    assert stored == small_state(pending={}, serial=stored.serial)
    assert not rescued.exists()


def test_overtaken_twice(backend: LocalBackend, path: Path) -> None:
    """A run that tries again rescues the later record in place of the earlier."""
    first = backend.write(small_state(), None)
    path.write_bytes(encode(small_state(serial=9)))
    for host in ("earlier", "later"):
        with pytest.raises(Failure, match="state-conflict"):
            backend.write(small_state(provider_host=host), first)
    rescued = path.with_name("state.rescue.json")
    assert decode(rescued.read_bytes(), "rescue") == small_state(provider_host="later", serial=2)


def test_state_comes_back(backend: LocalBackend, path: Path) -> None:
    """A run whose state is put back before its next write has nothing left to rescue."""
    first = backend.write(small_state(), None)
    data = path.read_bytes()
    path.write_bytes(encode(small_state(serial=9)))
    with pytest.raises(Failure, match="state-conflict"):
        backend.write(small_state(resources={}), first)
    path.write_bytes(data)
    stored = backend.write(small_state(pending={}), first)
    assert LocalBackend(path, "state.json").read() == stored


def test_no_place_for_a_rescue_file(backend: LocalBackend, path: Path, tmp_path: Path) -> None:
    """Where no rescue file can be written either, that is said."""
    first = backend.write(small_state(), None)
    path.write_bytes(encode(small_state(serial=9)))
    path.with_name("state.rescue.json").mkdir()
    for folder in ("current", "temporary"):
        (tmp_path / folder / f"blinkdecl-{first.lineage}.rescue.json").mkdir()
    with pytest.raises(Failure, match="state-conflict") as caught:
        backend.write(small_state(pending={}), first)
    assert "recorded nowhere" in notes(caught)["note"]


def test_overtaken_by_a_newer_version(backend: LocalBackend, path: Path) -> None:
    """What a newer blinkdecl wrote is for that one to replace."""
    first = backend.write(small_state(), None)
    path.write_bytes(path.read_bytes().replace(b'"format_version": 2', b'"format_version": 3'))
    with pytest.raises(Failure, match="newer-state") as caught:
        backend.write(small_state(pending={}), first)
    assert notes(caught)["help"].startswith("use the version of blinkdecl that wrote it, or a newer one, then run `")


def test_another_writer_that_never_ends(
    backend: LocalBackend, other: LocalBackend, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Paused between its comparison and its replacement: the rescue file is a later version, pushed without force."""
    monkeypatch.setattr(local, "_SECONDS_ALONE", 0.1)
    first = backend.write(small_state(), None)
    with folder_alone(path.parent, 1), pytest.raises(Failure) as caught:
        backend.write(small_state(resources={}), first)
    assert [each.code for each in caught.value.diagnostics] == ["state-unwritable"]
    assert "--force" not in str(caught.value.diagnostics)
    [rescued] = path.parent.glob("*.rescue.json")
    assert relation(decode(rescued.read_bytes(), ""), first) == "ahead"
    assert other.read(despite_rescue=True) == first

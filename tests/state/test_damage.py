"""What became of a state, told with the way out that fits: an older version only where the content is not whole."""

import json
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest

from blinkdecl.diagnostics import Failure
from blinkdecl.state.codec import decode, encode, restored
from blinkdecl.state.local import LocalBackend
from tests.state.common import notes
from tests.state.test_codec import first_version
from tests.support.repository import Repository
from tests.support.states import small_state
from tests.system.test_contents import KINDS

Change = Callable[[bytes], bytes]
WHOLE: dict[str, tuple[Change, str]] = {
    "prettier": (lambda data: json.dumps(json.loads(data), indent=4).encode(), "formatted anew"),
    "jq -S": (lambda data: json.dumps(json.loads(data), indent=2, sort_keys=True).encode(), "the order of its keys"),
    "one line": (lambda data: json.dumps(json.loads(data), separators=(",", ":")).encode(), "formatted anew"),
    "no ASCII": (lambda data: json.dumps(json.loads(data), ensure_ascii=False).encode(), "formatted anew"),
    "a last newline": (lambda data: data + b"\n", "formatted anew"),
    "CRLF": (lambda data: data.replace(b"\n", b"\r\n"), "CRLF"),
    "byte order mark": (lambda data: b"\xef\xbb\xbf" + data, "byte order mark"),
    "PowerShell": (lambda data: data.decode().replace("\n", "\r\n").encode("utf-16"), "UTF-16"),
}
DAMAGED: dict[str, tuple[Change, str]] = {
    "empty": (lambda data: b"", "it is empty"),
    "zeros": (lambda data: b"\0" * len(data), "zeros"),
    "truncated": (lambda data: data[:-60], "truncated or altered"),
    "altered": (lambda data: data.replace(b"3f1f8a0f", b"3f1f8a0e"), "truncated or altered"),
    "altered and formatted": (lambda data: json.dumps({**json.loads(data), "serial": 7}).encode(), "not start like"),
    "altered and saved as UTF-16": (lambda data: data[:-60].decode().encode("utf-16"), "not start like"),
}
ELSE = [name for name, (_, kind, _) in KINDS.items() if kind not in ("empty", "utf-16", "mark")]


def told(backend: LocalBackend, path: Path, change: Change) -> dict[str, str]:
    """Return the notes of the refusal of a state, with a version before it, that was changed."""
    backend.write(small_state(resources={}), backend.write(small_state(), None))
    path.write_bytes(change(path.read_bytes()))
    with pytest.raises(Failure, match="invalid-state") as caught:
        LocalBackend(path, ".blinkdecl/state.json").read()
    return notes(caught)


@pytest.mark.parametrize(("change", "word"), WHOLE.values(), ids=WHOLE)
def test_what_is_whole_is_stored_again(backend: LocalBackend, path: Path, change: Change, word: str) -> None:
    """The older version is not even named."""
    said = told(backend, path, change)
    assert "nothing of its content is lost" in said["note"]
    assert word in said["note"]
    assert said["help"].startswith(f"`blinkdecl state push --force {path}` stores it as it was written")
    assert "backup" not in said["help"]


@pytest.mark.parametrize(("change", "word"), DAMAGED.values(), ids=DAMAGED)
def test_an_older_version_says_what_is_lost(backend: LocalBackend, path: Path, change: Change, word: str) -> None:
    """Its serial, its size and its time; and the damaged one's serial, as far as it can be read."""
    said = told(backend, path, change)
    assert word in said["note"]
    assert f"`cp {path}.backup {path}`: serial 1 with 2 resources, written 20" in said["help"]
    assert "is lost" in said["help"]


@pytest.mark.parametrize(
    ("change", "serial"), [(lambda data: data[:-60], "2"), (DAMAGED["altered"][0], "2 with 0 res")]
)
def test_both_versions_are_compared(backend: LocalBackend, path: Path, change: Change, serial: str) -> None:
    """As far as the damaged one can be read."""
    assert f"the damaged one says serial {serial}" in told(backend, path, change)["help"]


@pytest.mark.parametrize("name", ELSE)
def test_what_is_something_else_has_its_own_way_out(backend: LocalBackend, path: Path, name: str) -> None:
    """Nothing is restored over it."""
    said = told(backend, path, lambda _: KINDS[name][0])
    assert KINDS[name][2] in said["note"]
    assert "backup" not in said["help"]


def test_a_backup_that_is_damaged_as_well_is_not_offered(backend: LocalBackend, path: Path) -> None:
    """It would not be taken."""
    backend.write(small_state(), backend.write(small_state(), None))
    path.with_name("state.json.backup").write_bytes(b"{}")
    path.write_bytes(b"")
    with pytest.raises(Failure) as caught:
        backend.read()
    assert notes(caught)["help"] == "restore the file from Git or from a backup of the disk"


def test_a_backup_that_is_whole_is_offered(backend: LocalBackend, path: Path) -> None:
    """By the command that takes it."""
    backend.write(small_state(), backend.write(small_state(), None))
    backup = path.with_name("state.json.backup")
    backup.write_bytes(WHOLE["CRLF"][0](backup.read_bytes()))
    path.write_bytes(b"")
    with pytest.raises(Failure) as caught:
        backend.read()
    assert f"with `blinkdecl state push --force {backup}`: serial 1 with 2 resources" in notes(caught)["help"]


def test_the_first_version_of_the_format_is_restored_too() -> None:
    """Its own checksum proves it."""
    data = json.dumps(json.loads(first_version(encode(small_state())))).encode()
    assert restored(data) == small_state()
    with pytest.raises(Failure, match="invalid-state"):
        decode(data, "")


@pytest.mark.parametrize("change", [change for change, _ in WHOLE.values()], ids=WHOLE)
def test_the_printed_command_stores_it_again(repository: Repository, change: Change) -> None:
    """Byte for byte as it was before."""
    assert repository("apply", "--auto-approve").code == 0
    before = repository.state.read_bytes()
    repository.state.write_bytes(change(before))
    refused = repository("plan", "--format", "json")
    remedy = {each["label"]: each["text"] for each in refused.document["diagnostics"][0]["notes"]}["help"]
    assert refused.code == 1
    assert repository(*shlex.split(remedy.split("`")[1])[3:]).code == 0
    assert repository.state.read_bytes() == before

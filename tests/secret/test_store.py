"""Secrets: values that nobody sees by accident, and references that become values or are refused."""

import copy
import json
import os
import pickle
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from blinkdecl.diagnostics import Failure
from blinkdecl.model.resource import SecretReference
from blinkdecl.secret.store import SecretStore
from blinkdecl.secret.value import Secret

CANARY = "canary-7f3a9c"
ENV = SecretReference("env", "KEY")
FILE = SecretReference("file", "key")
COMMAND = SecretReference("command", ("sh", "-c", "cat key"))


def store(root: Path, *, commands: bool = False, **environ: str) -> SecretStore:
    """Return a store with this environment (and a PATH for commands)."""
    return SecretStore({"PATH": os.environ["PATH"], **environ}, root, commands=commands)


def refusal(secrets: SecretStore, reference: SecretReference, code: str = "secret-missing") -> str:
    """Return all that the refusal of `reference` says; fails if that holds a part of the canary."""
    with pytest.raises(Failure) as caught:
        secrets.resolve(reference)
    [diagnostic] = caught.value.diagnostics
    assert diagnostic.code == code
    said = f"{caught.value!r} {diagnostic!r} {caught.value.__cause__!r}"
    assert "canary" not in said
    return said


@pytest.mark.parametrize("show", [str, repr, "{}".format, "{:>20}".format, "%s".__mod__, lambda s: str([s])])
def test_printing_shows_nothing(show: Callable[[Secret], str]) -> None:
    """However a secret is printed, its value does not appear."""
    assert CANARY not in show(Secret(CANARY))


@pytest.mark.parametrize("leak", [pickle.dumps, copy.copy, copy.deepcopy, json.dumps, vars, bytes])
def test_serialising_refuses(leak: Callable[[object], object]) -> None:
    """Pickle, copies, JSON and the like refuse, and say no value."""
    with pytest.raises(TypeError) as caught:
        leak(Secret(CANARY))
    assert CANARY not in str(caught.value)


def test_equality_and_reveal() -> None:
    """Secrets are equal by value; only `reveal` gives it out."""
    assert Secret(CANARY) == Secret(CANARY) != Secret("other")
    assert Secret(CANARY) != CANARY
    assert hash(Secret(CANARY)) == hash(Secret(CANARY))
    assert Secret(CANARY).reveal() == CANARY


@pytest.mark.parametrize("value", [CANARY, CANARY * 2])
def test_fingerprint(value: str) -> None:
    """A fingerprint is 16 hex digits that depend on value and salt, however it is made."""
    one, salt = Secret(value), "5a" * 32
    digits = one.fingerprint(salt).removeprefix("scrypt:")
    assert len(digits) == 16
    assert int(digits, 16) >= 0
    assert one.fingerprint(salt) == Secret(value).fingerprint(salt)
    assert one.fingerprint(salt) != one.fingerprint("5b" * 32)
    assert one.fingerprint(salt) != Secret("other").fingerprint(salt)


def test_env(tmp_path: Path) -> None:
    """A variable's value is taken as it is: a string, whatever it looks like."""
    assert store(tmp_path, KEY="000123").resolve(ENV).reveal() == "000123"
    assert "export KEY=..." in refusal(store(tmp_path), ENV)


@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
@pytest.mark.parametrize("reference", [FILE, COMMAND], ids=["file", "command"])
def test_one_newline_is_dropped(tmp_path: Path, reference: SecretReference, end: str) -> None:
    """A file or command may end its value with one newline."""
    (tmp_path / "key").write_bytes((CANARY + end).encode())
    assert store(tmp_path, commands=True).resolve(reference).reveal() == CANARY


@pytest.mark.parametrize(
    "value",
    ["", CANARY + "\n\n", CANARY + "\nX-Injected: 1", "\n" + CANARY, CANARY + "\x1b[0m", CANARY + "é", CANARY + "\x7f"],
)
@pytest.mark.parametrize("reference", [ENV, FILE, COMMAND], ids=["env", "file", "command"])
def test_unusable_values(tmp_path: Path, reference: SecretReference, value: str) -> None:
    """What no header can carry is refused without being shown."""
    (tmp_path / "key").write_text(value)
    refusal(store(tmp_path, commands=True, KEY=value), reference, "invalid-secret" if value else "secret-missing")


def test_newline_of_a_variable(tmp_path: Path) -> None:
    """A variable has no newline to drop: one in it is a mistake."""
    refusal(store(tmp_path, KEY=CANARY + "\n"), ENV, "invalid-secret")


@pytest.mark.parametrize("reference", [FILE, COMMAND], ids=["file", "command"])
def test_not_text(tmp_path: Path, reference: SecretReference) -> None:
    """Bytes that are no UTF-8 are refused without being shown."""
    (tmp_path / "key").write_bytes(CANARY.encode() + b"\xff")
    assert "UTF-8" in refusal(store(tmp_path, commands=True), reference, "invalid-secret")


@pytest.mark.parametrize("reference", [FILE, COMMAND], ids=["file", "command"])
def test_too_large(tmp_path: Path, reference: SecretReference) -> None:
    """A value has a limit."""
    (tmp_path / "key").write_text("canary" * 20_000)
    assert "larger than 65536 bytes" in refusal(store(tmp_path, commands=True), reference, "invalid-secret")


def test_file_that_is_none(tmp_path: Path) -> None:
    """A FIFO does not hang the run; a folder, a missing file and a name with NUL are refused."""
    os.mkfifo(tmp_path / "fifo")
    secrets = store(tmp_path)
    assert "not a regular file" in refusal(secrets, SecretReference("file", "fifo"), "invalid-secret")
    (tmp_path / "folder").mkdir()
    assert "cannot be read" in refusal(secrets, SecretReference("file", "folder"))
    assert "No such file" in refusal(secrets, SecretReference("file", "none"))
    assert "not a path" in refusal(secrets, SecretReference("file", "a\0b"))


@pytest.mark.parametrize(
    "path",
    ["../outside", "/etc/hostname", "link", "folder/link", "/proc/self/environ", ".", ".git/config", "a/.git/config",
     ".blinkdecl/state.json", "folder/../../outside", "/run/secrets/../../etc/hostname", "/proc/self/fd/3",
     "/run/secrets/kubernetes.io/serviceaccount/token"],
)  # fmt: skip
def test_a_file_outside_of_the_folders_for_secrets(tmp_path: Path, path: str) -> None:
    """Whatever links lead there, and whatever Git, Kubernetes and blinkdecl keep inside."""
    root = tmp_path / "project"
    for folder in (".git", "a/.git", "folder", ".blinkdecl"):
        (root / folder).mkdir(parents=True)
        (root / folder / "config").write_text(CANARY)
    (tmp_path / "outside").write_text(CANARY)
    (root / "link").symlink_to(tmp_path / "outside")
    (root / "folder/link").symlink_to("../../outside")
    assert "BLINKDECL_SECRET_ROOT" in refusal(store(root), SecretReference("file", path), "forbidden-secret")


def test_folders_for_secrets(tmp_path: Path) -> None:
    """The project's own, systemd's, and those of the operator, who then names all of them; links inside hold."""
    project, other = tmp_path / "project", tmp_path / "other"
    for folder in (project, other):
        folder.mkdir()
        (folder / "key").write_text("value\n")
    (project / "link").symlink_to("key")
    outside, inside = (SecretReference("file", str(each)) for each in (other / "key", "link"))
    assert store(project).resolve(inside).reveal() == "value"
    assert store(project, CREDENTIALS_DIRECTORY=str(other)).resolve(outside).reveal() == "value"
    operator = store(project, BLINKDECL_SECRET_ROOT=f"/nowhere:{other}")
    assert operator.resolve(outside).reveal() == "value"
    assert "the folders of" in refusal(operator, inside, "forbidden-secret")


def test_variables_that_the_operator_allows() -> None:
    """Also of what a state names, which no YAML has shown."""
    secrets = store(Path(), BLINKDECL_SECRET_ENV="BLINK_*", BLINK_A="value", OTHER="canary")
    assert secrets.resolve(SecretReference("env", "BLINK_A")).reveal() == "value"
    assert "BLINKDECL_SECRET_ENV" in refusal(secrets, SecretReference("env", "OTHER"), "forbidden-secret")


def test_commands_are_opted_in(tmp_path: Path) -> None:
    """Without both opt-ins no command is run."""
    touch = SecretReference("command", ("touch", "ran"))
    refusal(store(tmp_path), touch, "command-forbidden")
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize(
    ("argv", "reason"),
    [
        (("sh", "-c", f"echo {CANARY[:6]}; echo {CANARY[:6]} >&2; exit 3"), "exit code 3"),
        (("no-such-program-here",), "No such file"),
        (("a\0b",), "not a command"),
        (("true",), "it is empty"),
    ],
)
def test_command_that_fails(tmp_path: Path, argv: tuple[str, ...], reason: str) -> None:
    """A failed command is named with its reason; its output, which may be secret, is not shown."""
    assert reason in refusal(store(tmp_path, commands=True), SecretReference("command", argv))


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("echo $$ > pid; yes & wait", "larger than 65536 bytes"),
        ("echo $$ > pid; (exec >&-; sleep 60) & exit 3", "exit code 3"),
        ("echo $$ > pid; sleep 60; echo x", "more than 0.3 seconds"),
        ("echo $$ > pid; exec >&-; sleep 60", "more than 0.3 seconds"),
    ],
)
def test_a_command_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, reason: str
) -> None:
    """Its children end with it: when it prints without end, takes too long, or leaves them behind."""
    monkeypatch.setattr("blinkdecl.secret.store._COMMAND_SECONDS", 5 if "more" not in reason else 0.3)
    code = "invalid-secret" if "larger" in reason else "secret-missing"
    assert reason in refusal(store(tmp_path, commands=True), SecretReference("command", ("sh", "-c", script)), code)
    assert not session_lives(int((tmp_path / "pid").read_text()))


def session_lives(number: int) -> bool:
    """Say whether a process of this session runs on; one that was killed has a moment to end."""
    for _ in range(100):
        done = subprocess.run(["ps", "-o", "stat=", "-s", str(number)], capture_output=True, text=True, check=False)
        if all(state.startswith("Z") for state in done.stdout.split()):
            return False
        time.sleep(0.02)
    return True


def test_no_shell(tmp_path: Path) -> None:
    """Arguments are arguments: nothing is expanded."""
    reference = SecretReference("command", ("printf", "%s", "$HOME;id"))
    assert store(tmp_path, commands=True).resolve(reference).reveal() == "$HOME;id"


def test_resolved_once(tmp_path: Path) -> None:
    """A command runs once, however often its value is asked for."""
    reference = SecretReference("command", ("sh", "-c", "echo x >> runs; wc -l < runs"))
    secrets = store(tmp_path, commands=True)
    assert [secrets.resolve(reference).reveal() for _ in range(3)] == ["1"] * 3


def test_present_ones(tmp_path: Path) -> None:
    """What is there is resolved without running anything; what is missing is left out."""
    missing = SecretReference("env", "MISSING")
    found = store(tmp_path, commands=True, KEY=CANARY).resolve_present([ENV, missing, COMMAND])
    assert found == {ENV: Secret(CANARY)}


@pytest.mark.parametrize("line", ["NAME=canary", "export NAME=canary", "  NAME='canary'"])
def test_a_dot_env_file_is_named(tmp_path: Path, line: str) -> None:
    """Nothing reads it, though many expect that; without one, or without the variable in it, the advice is as ever."""
    store, wanted = SecretStore({}, tmp_path), SecretReference("env", "NAME")
    for text in (None, "OTHER=NAME=1\nNAMELY=1\n", f"OTHER=1\n{line}\n"):
        if text is not None:
            (tmp_path / ".env").write_text(text)
        with pytest.raises(Failure) as caught:
            store.resolve(wanted)
        told = dict(caught.value.diagnostics[0].notes)["help"]
        assert (told == "export NAME=...") == (text is None or "canary" not in text)
    (problem,) = caught.value.diagnostics
    assert dict(problem.notes)["help"] == "export NAME=...; .env has a line for it, and is not read"
    assert "canary" not in repr(problem)

"""The reader: strict, the same on both loaders, and never brought down by what it reads."""

import os
import random
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from blinkdecl.config.document.parse import DefaultLoader, Document, PureLoader, Source
from tests.support.memory import PEAK
from tests.support.paths import CASES

BOTH = pytest.mark.parametrize("loader", [DefaultLoader, PureLoader], ids=["libyaml", "pure"])
LAUGHS = "a0: &a0 [lol]\n" + "".join(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 30))
MERGES = "a0: &a0 {k: v}\n" + "".join(f"a{i}: &a{i} {{<<: [{', '.join([f'*a{i - 1}'] * 9)}]}}\n" for i in range(1, 30))

# Bytes that would not survive an editor or Git are made here: (content, code, position).
BYTES = {
    "nul": (b"version: 1\na: \0\n", "invalid-encoding", "2:4"),
    "latin-1": ("version: 1\nname: Caf\u00e9\n".encode("latin-1"), "invalid-encoding", "2:10"),
    "bom": (b"\xef\xbb\xbfversion: 1\n", "invalid-encoding", "1:1"),
    "utf-16": ("version: 1\n".encode("utf-16"), "invalid-encoding", "1:1"),
    "surrogate": (b"version: \xed\xa0\x80\n", "invalid-encoding", "1:10"),
    "control": (b"version: 1\na: \x07\n", "invalid-encoding", "2:4"),
    "empty": (b"", "invalid-yaml", "1:1"),
    "comments only": (b"# nothing\n", "invalid-yaml", "1:1"),
    "huge": (b"a: 1\n" * 300_000, "too-large", "1:1"),
    "brackets": (b"a: " + b"[" * 100_000, "too-large", None),  # libyaml 0.2.6 counts too, and looks further ahead
    "braces": (b"{a: " * 100_000, "too-large", "1:201"),
    "dashes": (b"- " * 100_000, "too-large", "1:101"),
    "questions": (b"? " * 100_000, "too-large", "1:101"),
    "stairs": (b"".join(b" " * i + b"a:\n" for i in range(1000)), "too-large", "51:51"),
    "many items": (b"a: [" + b"1," * 100_000 + b"1]", "too-large", "1:99999"),
    "laughs": (LAUGHS.encode(), "too-large", None),
    "recursion": (b"&a [*a, *a]: 1\nb: &b [*b, *b]\n", "too-large", None),
}


def _read(folder: Path, data: bytes, loader: object = DefaultLoader) -> Document:
    (folder / "f.yaml").write_bytes(data)
    return Source(folder, loader).read("f.yaml")


@BOTH
@pytest.mark.parametrize("name", BYTES)
def test_odd_bytes_are_refused_with_their_place(tmp_path: Path, name: str, loader: object) -> None:
    """One clear error, in under a second, on either loader."""
    data, code, place = BYTES[name]
    began = time.monotonic()
    document = _read(tmp_path, data, loader)
    assert time.monotonic() - began < 5  # generous for a busy machine; a hang is what it tells
    assert document.broken or document.problems
    problem = document.problems[-1]
    assert problem.code == code
    assert place is None or str(problem.position) == f"f.yaml:{place}"


def test_alias_bombs_cost_no_memory(tmp_path: Path) -> None:
    """Nine to the thirtieth values are refused within 100 MB."""
    (tmp_path / "f.yaml").write_text(LAUGHS)
    code = (
        f"{PEAK}\nfrom blinkdecl.config.document.parse import Source\n"
        "print(Source(Path()).read('f.yaml').problems[0].code, peak())"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    problem, kilobytes = done.stdout.split()
    assert problem == "too-large"
    assert int(kilobytes) < 100_000


def test_merge_keys_are_refused_without_following_them(tmp_path: Path) -> None:
    """The chain that hangs PyYAML's own loader for half a minute is weighed before it is walked."""
    document = _read(tmp_path, MERGES.encode())
    assert [each.code for each in document.problems] == ["too-large"]


@BOTH
@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True), ("FALSE", False), ("null", None), ("~", None), ("", None), ("0", 0), ("-12", -12), ("'1'", "1"),
        *((text, text) for text in ("on", "yes", "No", "012", "-0x1", "0o7", "1.10", "1e3", "12:30", "2024-01-01")),
        ("9999-99-99", "9999-99-99"), ("9" * 18, int("9" * 18)), ("9" * 19, "9" * 19), ("9" * 5000, "9" * 5000),
        ("2024-13-45T99:00:00Z", "2024-13-45T99:00:00Z"), (".inf", ".inf"), ("!!str 12", "12"),
        ("[1, a]", [1, "a"]), ("{a: 1}", {"a": 1}), ("|\n  a\n  b\n", "a\nb\n"), ("&x y", "y"),
    ],
)  # fmt: skip
def test_scalars_mean_what_they_say(text: str, value: object, loader: object) -> None:
    """No YAML 1.1 guesses: what is no plain boolean, null or integer stays the text that stands there."""
    document = Source(Path(), loader).parse("f.yaml", f"a: {text}\n")
    assert (document.problems, document.data) == ((), {"a": value})
    assert type(document.data["a"]) is type(value)


@BOTH
@pytest.mark.parametrize("case", sorted((CASES / "invalid").rglob("*.yaml")), ids=lambda path: path.parent.name)
def test_both_loaders_see_the_same(case: Path, loader: object) -> None:
    """Data, places and problems are equal, except that libyaml and PyYAML may stop a character apart."""
    text = case.read_text()
    ours, other = Source(Path()).parse("f.yaml", text), Source(Path(), loader).parse("f.yaml", text)
    assert (ours.data, ours.places) == (other.data, other.places)
    assert [each.code for each in ours.problems] == [each.code for each in other.problems]


@pytest.mark.parametrize("kind", ["folder", "fifo", "device", "loop", "absent", "nul in name"])
def test_only_regular_files_are_read(tmp_path: Path, kind: str) -> None:
    """What would hang or never end is refused at once."""
    path = tmp_path / "f.yaml"
    if kind == "folder":
        path.mkdir()
    elif kind == "fifo":
        os.mkfifo(path)
    elif kind == "device":
        path.symlink_to("/dev/zero")
    elif kind == "loop":
        path.symlink_to(path)
    document = Source(tmp_path).read("f\0.yaml" if kind == "nul in name" else "f.yaml")
    assert [each.code for each in document.problems] == ["unreadable"]


@settings(
    max_examples=150, deadline=2000, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
@given(
    data=st.binary(max_size=300)
    | st.text(alphabet=" \n\t-:?[]{},&*!|>'\"%@`#<ab1\u2028\x85", max_size=120).map(str.encode)
)
def test_no_bytes_bring_the_reader_down(tmp_path: Path, data: bytes) -> None:
    """Anything is data or an error; either way the places are within the text."""
    document = _read(tmp_path, data)
    assert document.broken == bool(document.broken and document.problems)
    for problem in document.problems:
        assert problem.position is not None
        assert problem.position.line <= data.decode(errors="replace").count("\n") + data.count(b"\r") + 400
        if problem.excerpt:
            assert problem.position.line in dict(problem.excerpt.lines)


def test_mutated_files_never_bring_the_reader_down(tmp_path: Path) -> None:
    """A real file with bytes changed, lost and doubled: a seeded walk through what editors and merges do to files."""
    chance = random.Random(7)
    whole = (CASES / "valid/everything/blinkdecl.yaml").read_bytes()
    for _ in range(200):
        data = bytearray(whole)
        for _ in range(chance.randint(1, 8)):
            at = chance.randrange(len(data))
            data[at : at + chance.randint(0, 3)] = chance.randbytes(chance.randint(0, 3))
        document = _read(tmp_path, bytes(data))
        assert all(re.fullmatch(r"f\.yaml:\d+:\d+", str(each.position)) for each in document.problems)

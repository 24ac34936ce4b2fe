"""Help: as wide as the terminal, whole in a pipe, with topics."""

import os
import pty
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from blinkdecl.cli import run
from blinkdecl.cli.topics import EXIT_CODES, TOPICS
from blinkdecl.config.document.parse import Source
from blinkdecl.config.document.schema import schema
from blinkdecl.config.document.schema_errors import flow
from blinkdecl.diagnostics import codes
from tests.support.paths import ROOT


def on_a_terminal(columns: int, *words: str) -> str:
    """Return what a command prints on a terminal of this width."""
    ours, theirs = pty.openpty()
    environ = {**os.environ, "COLUMNS": str(columns), "PYTHONPATH": str(ROOT)}
    with subprocess.Popen([sys.executable, "-m", "blinkdecl", *words], stdout=theirs, env=environ) as process:
        os.close(theirs)
        parts = []
        while True:
            try:
                part = os.read(ours, 65536)
            except OSError:  # how Linux says that the other side is gone
                break
            if not part:
                break
            parts.append(part)
        assert process.wait() == 0
    os.close(ours)
    return b"".join(parts).decode().replace("\r\n", "\n")


@pytest.mark.parametrize(("columns", "width"), [(20, 40), (60, 60), (100, 100), (400, 200)])
def test_help_is_as_wide_as_the_terminal(columns: int, width: int) -> None:
    """Within bounds: no shorter than can be read, no longer than the eye finds back."""
    longest = max(map(len, on_a_terminal(columns, "help", "route").splitlines()))
    assert width - 12 <= longest or columns < 60
    assert max(map(len, on_a_terminal(columns, "help").splitlines())) <= width


@pytest.mark.parametrize("topic", TOPICS)
def test_topics(topic: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Each is explained, within 80 columns, and named in the help of `help`."""
    assert run(["help", topic]) == 0
    out = capsys.readouterr().out
    assert len(out.splitlines()) > 5
    assert max(map(len, out.splitlines())) <= 80
    assert run(["help", "--help"]) == 0
    assert topic.replace("-", "") in re.sub(r"[-\s]", "", capsys.readouterr().out)


def test_exit_codes_are_those_that_commands_have() -> None:
    """The topic tells of each of them."""
    known = (codes.ERROR, codes.CHANGES, codes.POLICY, codes.PARTIAL, codes.LOCKED, codes.STALE, codes.USAGE, codes.BUG)
    assert list(EXIT_CODES) == ["0", *map(str, known), "130", "143"]


def test_help_of_a_command_within_a_group(capsys: pytest.CaptureFixture[str]) -> None:
    """`help state list` is what `state list --help` prints."""
    assert run(["help", "state", "list"]) == 0
    told = capsys.readouterr().out
    assert run(["state", "list", "--help"]) == 0
    assert capsys.readouterr().out == told


@pytest.mark.parametrize("command", ["demo", "schema", "completion", "help"])
def test_what_works_on_no_project_takes_none(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    """An option that would do nothing is not taken."""
    assert run([command, "--env", "prod"]) == 64
    assert 'no such option "--env"' in capsys.readouterr().err


@pytest.mark.parametrize("name", ["removed", "unmanaged", "moved", "severities", "webhook_hosts", "lifecycle"])
def test_properties(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A word of the YAML is explained with where it belongs, and an example that can be pasted."""
    assert run(["help", name]) == 0
    out = capsys.readouterr().out
    assert re.match(rf"{name} \(in .+\)\n\S", out)
    (example, *_) = [line.strip() for line in out.splitlines() if line.startswith(f"  {name}: ")]
    assert Source(Path()).parse("f.yaml", f"{example}\n").problems == ()


def names_in(node: object) -> Iterator[str]:
    """Yield the name of every property below a part of a schema."""
    for key, each in node.items() if isinstance(node, dict) else ():
        if key == "properties":
            yield from each
        if key != "examples":
            yield from names_in(each)


def test_every_property_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    """However deep it is in the YAML, and also where a code, a command or a topic has its name."""
    names = {*names_in(schema("config"))}
    assert len(names) > 80
    for name in sorted(names):
        assert run(["help", name]) == 0, name
        assert re.search(rf"^{name} \(in .+\)\n\S", capsys.readouterr().out, re.MULTILINE), name


@pytest.mark.parametrize(
    ("name", "where"),
    [
        ("max_deletes", "`limits`"),
        ("prevent_destroy", "a destination's `lifecycle` and a trigger's `lifecycle`"),
        ("ignore", "`unmanaged`"),
        ("until", "an entry of `drift.waive`"),
        ("from", "an entry of `moved`"),
        ("test_alert", "`provider.capabilities`"),
        ("env", "a reference to a secret"),
        ("environments", "a destination and a trigger"),
        ("limits", "blinkdecl.yaml"),
    ],
)
def test_where_a_property_belongs(name: str, where: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Two places with one meaning are told at once."""
    assert run(["help", name]) == 0
    assert f"{name} (in {where})\n" in capsys.readouterr().out


def test_a_property_that_is_misspelt(capsys: pytest.CaptureFixture[str]) -> None:
    """It is among what may be meant."""
    assert run(["help", "max_delets"]) == 1
    err = capsys.readouterr().err
    assert 'there is no code, command, topic, property or option "max_delets" [not-found]' in " ".join(err.split())
    assert "did you mean max_deletes?" in err


def test_an_option(capsys: pytest.CaptureFixture[str]) -> None:
    """It is explained with the commands that take it, without its dashes or, behind `--`, with them."""
    assert run(["help", "replay"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("--replay FILE|DURATION (an option of `blinkdecl plan`, `blinkdecl report`)\n  Show what")
    assert run(["help", "--", "--replay"]) == 0
    assert capsys.readouterr().out == out


@pytest.mark.parametrize("name", ["migrate-state", "by", "chdir", "no-introspection", "prove-timeout"])
def test_options_of_every_kind(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Those of a group, of a command below one, and of the program itself; each told once."""
    assert run(["help", name]) == 0
    assert capsys.readouterr().out.count(f"--{name}") == 1


def test_what_has_two_meanings(capsys: pytest.CaptureFixture[str]) -> None:
    """An option is told once for all commands where it does the same, and for each where it does not."""
    assert run(["help", "since"]) == 0
    out = capsys.readouterr().out
    assert len(out.split("\n\n")) == out.count("(an option of ")
    assert max(map(len, out.splitlines())) <= 80


@pytest.mark.parametrize(("name", "also"), [("prove", "prove: true"), ("destroy", "Usage: blinkdecl destroy")])
def test_an_option_with_the_name_of_something_else(name: str, also: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A property's or a command's: both are told."""
    assert run(["help", name]) == 0
    out = capsys.readouterr().out
    assert also in out
    assert f"\n--{name} (an option of `blinkdecl " in out


def test_an_option_of_other_commands(capsys: pytest.CaptureFixture[str]) -> None:
    """Where it is not taken, `help` is named, which says where it is."""
    assert run(["drift", "--replay", "3d"]) == 64
    told = " ".join(capsys.readouterr().err.split())
    assert "`blinkdecl drift --help` lists what is available, `blinkdecl help replay` which commands have it" in told


def test_an_option_that_is_misspelt(capsys: pytest.CaptureFixture[str]) -> None:
    """It is among what may be meant."""
    assert run(["help", "prove-timeot"]) == 1
    assert "did you mean prove-timeout?" in capsys.readouterr().err


def test_every_example_of_the_schema_can_be_pasted() -> None:
    """On one line, as YAML that means the same."""
    source, waiting, seen = Source(Path()), [schema("config")], 0
    while waiting:
        node = waiting.pop()
        for each in node.get("examples", ()) if isinstance(node.get("examples", ()), list) else ():
            document = source.parse("f.yaml", f"a: {flow(each)}\n")
            assert (document.problems, document.data) == ((), {"a": each})
            seen += 1
        waiting += [each for each in node.values() if isinstance(each, dict)]
    assert seen > 100


def test_help_in_a_narrow_terminal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """What an option does has room for words: none is cut in the middle, unless it is longer than that."""
    monkeypatch.setattr("blinkdecl.system.columns.columns", lambda *_: 40)
    assert run(["plan", "--help"]) == 0
    text = capsys.readouterr().out
    assert "                     repeatable, also a\n" in text

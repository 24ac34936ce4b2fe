"""Every command that is printed anywhere is one that the command line takes: its name, its options, their values."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from blinkdecl.diagnostics.codes import CODES
from tests.support.printed import (
    Told,
    catalogue,
    documents,
    known_options,
    options,
    outputs,
    printed,
    problem_of,
    schemas,
    sources,
)

KINDS = [sources, catalogue, documents, schemas, outputs]


@pytest.mark.parametrize("told", KINDS, ids=lambda each: each.__name__)
def test_printed_commands_parse(told: Callable[[], Iterator[Told]]) -> None:
    """With the place of each that does not."""
    found = {each for text in told() for each in printed(text)}
    assert found
    problems = {f"{each.place}: {each.line}": problem_of(each) for each in found}
    assert [f"{place}: {problem}" for place, problem in problems.items() if problem is not None] == []


@pytest.mark.parametrize("told", KINDS, ids=lambda each: each.__name__)
def test_printed_options_exist(told: Callable[[], Iterator[Told]]) -> None:
    """Also those in prose, without a command before them."""
    known = known_options()
    assert [(text.place, name) for text in told() for name in sorted(options(text) - known)] == []


def test_every_code_is_looked_at() -> None:
    """The catalogue says something of each."""
    assert {each.place.removeprefix("help ") for each in catalogue()} == {*CODES}


@pytest.mark.parametrize(
    "text",
    [
        "run `blinkdecl aply`",
        "run `blinkdecl apply --lock-timeot 5m`",
        "run `blinkdecl apply --lock-timeout soon`",
        "run `blinkdecl state unlock`, or `blinkdecl state unlock --force`",
        "run `blinkdecl state mv a b c`",
        "then\n\n  blinkdecl test --lock-timeout 5m --target destination.soc",
        "`plan --format xml` prints it",
    ],
)
def test_a_wrong_command_is_found(text: str) -> None:
    """Its name, an option, a value, too much or too little, alone on a line or in a sentence."""
    assert any(problem_of(each) for each in printed(Told("here", text)))


def test_a_command_that_is_composed_is_found(tmp_path: Path) -> None:
    """What is put in stands for a word; a choice counts with its longer side."""
    source = tmp_path / "made.py"
    source.write_text("f\"run `{called.command_line('state', 'push', *(['--forc'] if force else []), str(path))}`\"")
    [command] = [each for text in sources(tmp_path) for each in printed(text)]
    assert "No such option '--forc'" in (problem_of(command) or "")

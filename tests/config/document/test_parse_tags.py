"""No tag of a document is taken for one of ours, and none gets a handle of its own."""

import time
from pathlib import Path

import pytest

from blinkdecl.config.document.parse import DefaultLoader, PureLoader, Source

BOTH = pytest.mark.parametrize("loader", [DefaultLoader, PureLoader], ids=["libyaml", "pure"])


@BOTH
@pytest.mark.parametrize("text", ['a: !<plain> "true"', "a: !<implicit> b", '!<plain> "true": a', "a: !<implicit> [b]"])
def test_tags_that_spell_ours_are_refused(text: str, loader: object) -> None:
    """A quoted text cannot call itself plain and become a boolean."""
    document = Source(Path(), loader).parse("f.yaml", text)
    assert document.problems
    assert True not in document.data.values()


@BOTH
@pytest.mark.parametrize(("before", "line"), [("", 1), ("# x\r\n", 2), ("a: 1\n...\u2028", 3), ("\ufeff", 1)])
def test_tag_handles_are_refused_before_parsing(before: str, line: int, loader: object) -> None:
    """Sixty thousand handles take no time, and one is refused wherever a line of YAML begins."""
    text = before + "".join(f"%TAG !a{number}! tag:x\n" for number in range(60_000)) + "---\nversion: 1\n"
    began = time.monotonic()
    document = Source(Path(), loader).parse("f.yaml", text)
    assert time.monotonic() - began < 5  # generous for a busy machine
    (problem,) = document.problems
    assert (problem.code, problem.summary) == ("forbidden-yaml", "custom tags are refused")
    assert problem.position is not None
    assert problem.position.line == line


@BOTH
def test_text_that_names_the_directive_is_a_text(loader: object) -> None:
    """Only a line that begins with it is one."""
    document = Source(Path(), loader).parse("f.yaml", "a: |\n  %TAG\nb: x %TAG\n")
    assert (document.problems, document.data) == ((), {"a": "%TAG\n", "b": "x %TAG"})

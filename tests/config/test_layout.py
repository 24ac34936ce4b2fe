"""The one layout: what a file says stays, its comments stay, and what is laid out is laid out for good."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blinkdecl.config.document.parse import Source
from blinkdecl.config.layout import formatted
from blinkdecl.config.layout.check import comments
from blinkdecl.diagnostics import Failure
from tests.support.paths import CASES, ROOT

# Beside them are other programs' files.
EXAMPLES = [each for each in sorted((ROOT / "examples").rglob("*.yaml")) if "\nversion: 1\n" in f"\n{each.read_text()}"]
FOUND = sorted(path for path in CASES.rglob("*.yaml") if path.is_file())

# A text, and what becomes of it.
LAID_OUT = {
    "blocks by two columns": (
        "a:\n    b:\n        c: 1\n    d:\n    - 1\n    -   e: 2\n        f: 3\n",
        "a:\n  b:\n    c: 1\n  d:\n    - 1\n    - e: 2\n      f: 3\n",
    ),
    "one blank after a colon": ("a:    1\nb:\n  'x'\n", "a: 1\nb: 'x'\n"),
    "values as they are": (
        "a: [X,Y]\nb: {env:  X}\nc: \"\\x41\"\nd: 'it''s'\ne: ~\nf: 012\ng: yes\nh: 2024-01-01t00:00:00Z\ni:\nj: 1e3\n",
        None,
    ),
    "lists on several lines": (
        "a:\n    b: [\n        X,  # one\n        # none\n        Y,\n    ]\n",
        "a:\n  b: [\n      X,  # one\n      # none\n      Y,\n  ]\n",
    ),
    "texts": (
        "a:\n    b: |\n        x #1\n\n          y\n    c: >-\n        z\n",
        "a:\n  b: |\n      x #1\n\n        y\n  c: >-\n      z\n",
    ),
    "a text with its blank lines": ("a: |+\n  x\n\n\nb: 1\n", None),
    "comments beside their block": (
        "# top\na: # of a\n    # of b\n    b: 1   # beside\n    # end of a\n# c\nc:\n# of the item\n- 1\n# end\n",
        "# top\na: # of a\n  # of b\n  b: 1   # beside\n  # end of a\n# c\nc:\n  # of the item\n  - 1\n# end\n",
    ),
    "no blanks at the end": ("a: 1  \n# b \t\nc: [X,  \n  Y]\n\n\n", "a: 1\n# b\nc: [X,\n  Y]\n"),
    "line ends": ("a: 1\r\nb: |\r\n  x\r\n", "a: 1\nb: |\n  x\n"),
    "document markers": (
        "%YAML 1.2\n# c\n---\na:\n    b: 1\n...\n# end\n",
        "%YAML 1.2\n# c\n---\na:\n  b: 1\n...\n# end\n",
    ),
    "aliases": (
        "a: &one\n    b: 1\nc: *one\nd: &two [x]\ne:\n    - *two\n",
        "a: &one\n  b: 1\nc: *one\nd: &two [x]\ne:\n  - *two\n",
    ),
    "one mapping in braces": ("{version: 1,\n a: 1}\n", None),
    "other letters": ('a: é # ü\nb:   "日本" # 😀\n', 'a: é # ü\nb: "日本" # 😀\n'),
}
ORDERED = {
    "sections": (
        "destinations: {}\n\nversion: 1\ninclude: []\n# of limits\nlimits: {}\n",
        "version: 1\ninclude: []\n# of limits\nlimits: {}\n\ndestinations: {}\n",
    ),
    "a file's first lines": (
        "# a file\n# yaml-language-server: $schema=x\n\n# of destinations\ndestinations: {}\nversion: 1\n",
        "# a file\n# yaml-language-server: $schema=x\n\nversion: 1\n# of destinations\ndestinations: {}\n",
    ),
    "properties, not names": (
        "destinations:\n  z:\n    trigger: t\n    display_name: Z\n  a:\n    trigger: t\n",
        "destinations:\n  z:\n    display_name: Z\n    trigger: t\n  a:\n    trigger: t\n",
    ),
    "with their comments": (
        "triggers:\n  t:\n    # of pack\n    pack: P # beside\n      # more\n    # of workspace\n    workspace: W\n",
        "triggers:\n  t:\n    # of workspace\n    workspace: W\n    # of pack\n    pack: P # beside\n    # more\n",
    ),
    "beside a dash": (
        "coverage:\n  - reason: r\n    # of nobody\n    nobody: true\n  - {reason: r, nobody: true}\n",
        "coverage:\n  # of nobody\n  - nobody: true\n    reason: r\n  - {reason: r, nobody: true}\n",
    ),
    "what is not known, last": ("typo: 1\nversion: 1\nother: 2\n", "version: 1\ntypo: 1\nother: 2\n"),
    "texts as a whole": (
        "triggers:\n  t:\n    pack: |\n      a\n\n      b\n    workspace: W\n",
        "triggers:\n  t:\n    workspace: W\n    pack: |\n      a\n\n      b\n",
    ),
    "routing tests": (
        "routes:\n  - expect: []\n    name: n\nversion: 1\n",
        "version: 1\nroutes:\n  - name: n\n    expect: []\n",
    ),
    "not where an anchor comes first": ("triggers: &a {}\nversion: 1\ndestinations: *a\n", None),
}


def kept(text: str) -> str:
    """Return the text laid out, after a look at all that a layout promises."""
    new = formatted("f.yaml", text)
    source = Source(Path())
    assert source.parse("f.yaml", new).data == source.parse("f.yaml", text).data
    assert comments(new) == comments(text.replace("\r\n", "\n"))
    assert formatted("f.yaml", new) == new
    assert new.endswith("\n")
    assert not new.endswith("\n\n")
    return new


@pytest.mark.parametrize("name", LAID_OUT)
def test_a_file_is_laid_out(name: str) -> None:
    """Blocks are indented alike, and what is within a line stays as it was written."""
    text, expected = LAID_OUT[name]
    assert kept(text) == (text if expected is None else expected)


@pytest.mark.parametrize("name", ORDERED)
def test_keys_follow_the_schema(name: str) -> None:
    """Whole lines change places, with the comments that belong to them."""
    text, expected = ORDERED[name]
    assert kept(text) == (text if expected is None else expected)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: str(path.relative_to(ROOT / "examples")))
def test_the_examples_are_laid_out(path: Path) -> None:
    """What people copy is in the one layout already."""
    assert kept(path.read_text()) == path.read_text()


@pytest.mark.parametrize("number", range(len(re.findall("^```yaml", (ROOT / "README.md").read_text(), re.MULTILINE))))
def test_the_readme_is_laid_out(number: int) -> None:
    """So are its snippets."""
    text = re.findall(r"^```yaml\n(.*?)^```", (ROOT / "README.md").read_text(), re.MULTILINE | re.DOTALL)[number]
    assert kept(text) == text


@pytest.mark.parametrize("part", range(4))
def test_every_case_keeps_what_it_says(part: int) -> None:
    """Whatever a file says, right or wrong: it comes through, or the parser or the check says why not."""
    refused = []
    for path in FOUND[part::4]:
        try:
            kept(path.read_bytes().decode(errors="replace"))
        except Failure as failure:
            refused.append(failure.code)
    assert "not-formattable" not in refused
    assert len(refused) < len(FOUND[part::4]) / 2


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("? a\n: 1\n", '"?"'),
        ("a:\n  - ? b\n", '"?"'),
        ("a:\n  &b\n  c: 1\n", "beside its key"),
        ("a: # c\n  1\nb: # d\n  - &x\n    c: 1\n", "beside its key"),
        ("a: &x b\n*x : 1\n", "alias"),
        ("a: b\u2028\nc: 1\n", "line ends"),
    ],
)
def test_what_would_not_come_through_is_refused(text: str, why: str) -> None:
    """It is legal, nobody writes it, and it is named."""
    with pytest.raises(Failure) as caught:
        formatted("f.yaml", text)
    assert caught.value.code == "not-formattable"
    assert why in caught.value.diagnostics[0].summary


@pytest.mark.parametrize("text", ["a: !!python/object:os.system x\n", "a: 1\na: 2\n", "a: [\n", "- a\n", ""])
def test_what_the_strict_parser_refuses_is_never_laid_out(text: str) -> None:
    """Its own error says where and why."""
    with pytest.raises(Failure) as caught:
        formatted("f.yaml", text)
    assert caught.value.code in ("forbidden-yaml", "duplicate-key", "invalid-yaml", "wrong-type")


_NAMES = ["version", "triggers", "destinations", "coverage", "workspace", "pack", "webhook", "url", "x", '"q r"', "é"]
_LEAVES = ["1", "~", "", "on", "[A,  B]", "{env:   X}", "'it''s # no'", '"a\\tb"', "plain text", "[A, # c\n A]", "&a x"]


@st.composite
def _block(draw: st.DrawFn, depth: int, column: int) -> list[str]:
    """Make the lines of a mapping or a list, indented by chance, with comments and blank lines anywhere."""
    lines: list[str] = []
    listed = depth > 0 and draw(st.booleans())
    names = draw(st.lists(st.sampled_from(_NAMES), min_size=1, max_size=4, unique=True))
    for name in names:
        lines += draw(_between(column))
        blanks = " " * draw(st.integers(1, 3))
        head = " " * column + ("-" if listed else f"{name}:")
        if depth < 3 and draw(st.integers(0, 2)) == 0:
            inner = column + draw(st.integers(1, 4))
            lines += [head + draw(_end()), *draw(_block(depth + 1, inner))]
        elif draw(st.integers(0, 5)) == 0:
            text = " " * (column + draw(st.integers(1, 4)))
            lines += [head + blanks + draw(st.sampled_from(["|", ">-", "|-"])), f"{text}one # no", "", f"{text}  two"]
        else:
            leaf = draw(st.sampled_from(_LEAVES)).replace("\n", "\n" + " " * (column + 1))
            lines.append(head + blanks + leaf + draw(_end()))
    return lines + draw(_between(column))


def _end() -> st.SearchStrategy[str]:
    return st.sampled_from(["", "", "  ", " # beside", "    #far"])


def _between(column: int) -> st.SearchStrategy[list[str]]:
    shifted = st.integers(-2, 3).map(lambda by: " " * max(0, column + by) + "# between")
    return st.lists(st.just("") | shifted, max_size=2)


@settings(max_examples=200, deadline=None)
@given(_block(0, 0))
def test_any_document_keeps_what_it_says(lines: list[str]) -> None:
    """Also with comments where nobody would put them."""
    text = "\n".join(lines) + "\n"
    if not Source(Path()).parse("f.yaml", text).problems:
        kept(text)

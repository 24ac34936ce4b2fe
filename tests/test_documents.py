"""Every document, read as GitHub reads it: what it links to is there, and what it shows is valid.

Commands are held by `tests/cli/test_printed_commands.py`, blocks marked ``console`` are run by `tests/test_readme.py`.
"""

import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from blinkdecl.config.document.parse import Source
from blinkdecl.config.document.schema import PROJECT, check, schema
from docs.generator.markdown import escaped, slug
from tests.support.markdown import DOCUMENTS, parse, read
from tests.support.paths import ROOT

# Links that lead out of the repository begin with one of these: each was looked at by a person.
ELSEWHERE = (
    "https://www.blinkops.com/",
    "https://github.com/your-org/blinkdecl",
    "https://docs.github.com/",
    "https://docs.gitlab.com/",
    "https://docs.pypi.org/",
    "https://www.conftest.dev/",
    "https://keepachangelog.com/",
    "https://semver.org/",
    "https://www.schemastore.org/",
)
_EXAMPLE = re.compile(r"(?<![\w/.-])examples/[\w./-]*\w")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:")
every_document = pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))


def target(path: Path, link: str) -> tuple[Path, str]:
    """Return the file that a relative link leads to, and the anchor there."""
    name, _, anchor = unquote(link).partition("#")
    return (path.parent / name).resolve() if name else path, anchor


@every_document
def test_links_lead_somewhere(path: Path) -> None:
    """To a file of the repository, and to a heading of it where one is named."""
    dead = []
    for link in read(path).links:
        if _SCHEME.match(link):
            continue
        found, anchor = target(path, link)
        there = found.exists() and found.is_relative_to(ROOT)
        if not there or (anchor and (found.suffix != ".md" or anchor not in read(found).anchors)):
            dead.append(link)
    assert dead == []


@every_document
def test_links_out_of_the_repository_are_known(path: Path) -> None:
    """A new one is put on the list above, by somebody who has followed it."""
    assert [each for each in read(path).links if _SCHEME.match(each) and not each.startswith(ELSEWHERE)] == []


@every_document
def test_examples_that_are_named_exist(path: Path) -> None:
    """In prose and in commands."""
    assert [each for each in _EXAMPLE.findall(path.read_text()) if not (ROOT / each).exists()] == []


@every_document
def test_configurations_that_are_shown_are_valid(path: Path) -> None:
    """A block of YAML whose keys are all the project file's; one without `version` is a part of a file."""
    ours = schema("config")["properties"].keys()
    for fence in read(path).fences:
        if fence.language not in ("yaml", "yml"):
            continue
        document = Source(Path()).parse(f"{path.name}:{fence.line}", fence.text)
        data = document.data
        if not isinstance(data, dict) or not data:
            continue
        if "routes" in data:
            assert check(data, "routes") == (), fence
        elif data.keys() <= ours and not _is_of_gitlab(data):
            assert document.problems == (), fence
            assert check({"version": 1, **data}, PROJECT) == (), fence


def _is_of_gitlab(data: dict[str, Any]) -> bool:
    """Whether a file's only key, which is one of ours as well, includes a component of a pipeline."""
    return any(isinstance(each, dict) and "component" in each for each in data.get("include", ()))


def test_every_page_can_be_found() -> None:
    """From the README, by way of other pages that can be."""
    found, todo = set[Path](), [ROOT / "README.md"]
    while todo:
        path = todo.pop()
        if path not in found and path.suffix == ".md" and path.is_file():
            found.add(path)
            todo += [target(path, link)[0] for link in read(path).links if not _SCHEME.match(link)]
    assert [str(each) for each in (ROOT / "docs").rglob("*.md") if each not in found] == []


@pytest.mark.parametrize(
    ("heading", "anchor"),
    [
        ("blinkdecl.yaml", "blinkdeclyaml"),
        ("drift.waive[]", "driftwaive"),
        ("Who gets this alert?", "who-gets-this-alert"),
        ("A & B - c_d", "a--b---c_d"),
        ("Größe", "größe"),
    ],
)
def test_anchors_are_those_of_github(heading: str, anchor: str) -> None:
    """Letters of any script, digits, `_` and `-` stay, blanks become `-`, each of them."""
    assert slug(heading) == anchor


def test_the_second_heading_of_a_name_has_a_number() -> None:
    """As on GitHub, and `code` in a heading counts as its text."""
    assert parse("# A\n## `A`\n### [a](b.md)\n").anchors == {"a", "a-1", "a-2"}


@pytest.mark.parametrize("text", ["a *b* c", "<env>", "_a_ and b_c", "[code] at the end", "`*` and `_a_`", "a \\ b"])
def test_what_is_escaped_reads_the_same(text: str) -> None:
    """No mark of Markdown's is made of what a schema or a help text says."""
    from markdown_it import MarkdownIt

    (inline,) = [each for each in MarkdownIt().parse(escaped(text)) if each.type == "inline"]
    kinds = {each.type for each in inline.children or []}
    assert kinds <= {"text", "text_special", "code_inline"}
    assert "".join(each.content for each in inline.children or []) == text.replace("`", "")

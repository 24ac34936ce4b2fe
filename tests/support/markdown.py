"""The documents, as GitHub reads them: their blocks of code, their links, and the anchors that links may name."""

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from markdown_it import MarkdownIt

from docs.generator.markdown import slug
from tests.support.paths import ROOT

DOCUMENTS = (
    *sorted(ROOT.glob("*.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
    *sorted((ROOT / "examples").rglob("README.md")),
)
_LINKING = ("link_open", "image")
_ANCHOR = re.compile(r"""<a (?:id|name)=["']([^"']+)["']""")


@dataclass(frozen=True, slots=True)
class Fence:
    """A block of code, and what it is said to be written in."""

    language: str
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Document:
    """What a test asks of a document."""

    fences: tuple[Fence, ...]
    links: tuple[str, ...]
    anchors: frozenset[str]


@cache
def read(path: Path) -> Document:
    """Return what is in a document."""
    return parse(path.read_text())


def parse(text: str) -> Document:
    """Return what is in the text of a document."""
    tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(text)
    fences, links, anchors, seen = [], list[str](), set(_ANCHOR.findall(text)), Counter[str]()
    for before, token in zip([None, *tokens], tokens, strict=False):
        if token.type == "fence":
            fences.append(Fence(token.info.split(" ")[0], token.content, token.map[0] + 1 if token.map else 0))
        children = token.children or []
        links += [str(each.attrs.get("href") or each.attrs["src"]) for each in children if each.type in _LINKING]
        if before is not None and before.type == "heading_open":
            name = slug("".join(each.content for each in children if each.type in ("text", "code_inline")))
            anchors.add(f"{name}-{seen[name]}" if seen[name] else name)
            seen[name] += 1
    return Document(tuple(fences), tuple(links), frozenset(anchors))

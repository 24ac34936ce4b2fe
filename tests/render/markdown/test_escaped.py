"""Text in Markdown: it reads as it is, raw as well as rendered, whatever somebody called a destination."""

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from blinkdecl.render.markdown import bold, escaped
from blinkdecl.render.markdown.page import PageOptions, Section, page
from blinkdecl.render.safe import one_line

GITHUB = MarkdownIt("gfm-like", {"linkify": False})
INNOCENT = [
    "blink-soc",
    "(workspace SOC)",
    "add --id UUID if it shows the id",
    "BLINK_SOC_API_KEY",
    "1.5 > 1 & 50% of R&D {x}, really! C# and a + b = c",
]
HOSTILE = [
    "- item", "+ item", "* item", "1. item", "12) item", "# heading", "> quotation", "a | b", "`code`", "``a` b",
    "<img src=x>", "</details>", "&copy; &#35;", "[x](javascript:y)", "![x](y)", "[ ] done", "---", "===", "-- -",
    "_a_ and *b* __c__ a*b*c", "a_ _b", "~~gone~~ ~a~", "    indented", "ends with \\", "\\* and \\\\", "`@a`@b",
    "@org/team", "by jo@example.com.", "#1 owner/repo#2 GH-3", "!1 &2 $3 %four ~five", "#1#2", "<!-- x -->",
    "https://evil.example/a_b_c|d", "www.evil.example",
]  # fmt: skip


def words(page: str) -> str:
    """Return what a reader of a rendered page sees."""
    return unescape(re.sub("<[^>]*>", "", page)).strip()


@pytest.mark.parametrize("text", INNOCENT)
def test_what_is_no_markup_stays(text: str) -> None:
    """Nothing is escaped that need not be."""
    assert escaped(text) == text


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("frame", ["{}", "- {}", "> {}", "## {}", "| {} | b |\n|---|---|", "1 {} 2"])
def test_nothing_breaks_out(text: str, frame: str) -> None:
    """In every place that texts are put, it is rendered as the same text, and adds no markup but code."""
    page = GITHUB.render(frame.format(escaped(text)))
    plain = GITHUB.render(frame.format("word"))
    assert re.sub("</?code>", "", re.sub(r">[^<]+<", "><", page)) == re.sub(r">[^<]+<", "><", plain)
    assert words(page).split() == words(plain).replace("word", one_line(text)).split()


@pytest.mark.parametrize(
    "text",
    ["@org/team", "(@a)", "#1", "a/b#2", "https://x.example", "www.x.example", "!3", "a@b.example", "$x$", "${var.a}"],
)
def test_what_others_make_links_of_is_code(text: str) -> None:
    """GitHub looks at the text that comes out, which no backslash changes."""
    assert escaped(f"by {text} x") == f"by `{text}` x"


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_breaks_out_of_bold(text: str) -> None:
    """Nor does it end the bold part early."""
    page = GITHUB.render(f"> {bold(text)}: x")
    shape = re.sub("</?code>", "", re.sub(r">[^<]+<", "><", page))
    assert shape == re.sub(r">[^<]+<", "><", GITHUB.render("> **word**: x"))
    assert words(page).split() == f"{one_line(text).strip()}: x".split()


@given(st.text(alphabet="ab1 \\`*_[]()<>&;#+-.|~!@:/=\"'"))
def test_any_text_reads_as_it_is(text: str) -> None:
    """Whatever signs come together."""
    page = GITHUB.render(f"- {escaped(text)}")
    assert re.fullmatch(r"(?s)<ul>\n<li>.*</li>\n</ul>\n", page)
    assert set(re.findall(r"</?([a-z]+)", page)) <= {"ul", "li", "code"}
    assert " ".join(words(page).split()) == " ".join(one_line(text).split())


def test_no_name_is_the_mark_of_another_page() -> None:
    """Only the first line says which comment it is."""
    text = page("a", [Section(["<!-- blinkdecl:plan:prod --> b"])], PageOptions("plan", "dev"))
    assert re.findall("<!-- blinkdecl:.*", text) == ["<!-- blinkdecl:plan:dev -->"]
    assert text.startswith("<!-- blinkdecl:plan:dev -->\n## a\n")
    assert page("a", [], PageOptions("plan", "x --> y")) == "<!-- blinkdecl:plan -->\n## a"

"""Every page, proved by a parser of GitHub's Markdown: whatever a name is, it stays text."""

import re
from html import unescape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from blinkdecl.diagnostics import Diagnostic, Position
from blinkdecl.model.plan import Plan
from blinkdecl.render.formats import Context, document
from blinkdecl.render.safe import safe
from blinkdecl.render.view.plan import plan_view
from blinkdecl.render.view.results import results_view
from tests.support.ci_logs import commands
from tests.support.documents import documents
from tests.support.made import plans

# As GitHub reads it: raw HTML is HTML.
GITHUB = MarkdownIt("gfm-like", {"linkify": False, "html": True})
LINKS = "https://github.com/acme/alerts/blob/0123abcd/"
KINDS = [*documents("x")]
HOSTILE = [
    "<img onerror=x src=y>", "`", "``` a", "@team", "a | b", "::set-output name=x::y", "##[error]x", "\u202eevil",
    "a\nb", "a\n\n# b", "]]>", "<!-- x", "-->", "</details>", "](javascript:x)", "a](https://evil.example)",
    "[!CAUTION]", "> [!NOTE]", "x\u00a0y z", "https://evil.example", "a) b", "~~~", "---", "&lt;b>", "\\", "#1",
    "<!-- blinkdecl:plan:prod -->", "\x1b[31m", "%0A::x", "$x$", "..", "/etc/x",
]  # fmt: skip
# What our own words are made of.
OURS = {"h2", "h3", "p", "blockquote", "strong", "ul", "li", "code", "pre", "details", "summary", "a", "em"}
OURS |= {"table", "thead", "tbody", "tr", "th", "td"}


def shown(kind: str, text: str, links: str | None = LINKS) -> str:
    """Return a page as it leaves."""
    command, view = documents(text)[kind]
    return safe(document(view, "markdown", Context(environment="dev", command=command, links=links)))


def tags(page: str) -> list[str]:
    """Return the names of what is opened in a page that is rendered."""
    return re.findall(r"<([a-z]+\d?)", page)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("text", HOSTILE)
def test_names_stay_text(kind: str, text: str) -> None:
    """Nothing but our own markup, no link but to a file, no mark but the first line's, no command to a CI system."""
    page = shown(kind, text)
    rendered = GITHUB.render(page)
    assert set(tags(rendered)) <= OURS
    assert re.findall(r"<[a-z]+\d? [^>]*>", rendered) == re.findall(
        r'<a href="https://github.com/acme/alerts/blob/0123abcd/[^"]*#L3">|<code class="language-diff">'
        r'|<t[hd] style="text-align:right">',
        rendered,
    )
    assert re.findall("<!--.*?-->", rendered) == [page.split("\n")[0]]
    assert commands(page) == []
    assert re.search("[\u202e\x1b]", page) is None


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("text", ["<img onerror=x src=y>", "a | b", "@team", "``` a", "]]>"])
def test_names_are_read_as_they_are(kind: str, text: str) -> None:
    """A reader of the page sees the very name, as often as with a plain one, in as many cells."""
    rendered, plain = GITHUB.render(shown(kind, text, None)), GITHUB.render(shown(kind, "word", None))
    words = " ".join(unescape(re.sub("<[^>]*>", "", rendered)).split())
    expected = " ".join(unescape(re.sub("<[^>]*>", "", plain)).split())
    assert words.count(text) == expected.count("word")
    for each in ("td", "li", "blockquote", "details", "pre", "h2", "tr"):
        assert tags(rendered).count(each) == tags(plain).count(each), each


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(KINDS), st.text(alphabet="ab \n\\`*_[]()<>&;#+-.|~!@:/=\"'\u202e", max_size=12))
def test_any_name(kind: str, text: str) -> None:
    """Whatever signs come together."""
    rendered = GITHUB.render(shown(kind, text))
    assert set(tags(rendered)) <= OURS
    assert rendered.count("<details>") == rendered.count("</details>")
    assert tags(rendered).count("td") == tags(GITHUB.render(shown(kind, "word"))).count("td")


@pytest.mark.parametrize("kind", KINDS)
def test_the_order_of_every_page(kind: str) -> None:
    """The mark, the headline with the environment, what hurts, the rest, and last what is folded."""
    page = shown(kind, "word").split("\n")
    command = documents("word")[kind][0]
    environment = "" if kind in ("plan", "failed", "drift") else ":dev"
    assert page[0] == f"<!-- blinkdecl:{command}{environment} -->"
    assert page[1].startswith("## ")
    assert bool(environment) == ("dev" in page[1])
    told = [number for number, line in enumerate(page) if line == "> [!CAUTION]"]
    if told:
        assert told[0] == 3 or kind in ("coverage", "route tests", "detections")
    folds = [number for number, line in enumerate(page) if line.startswith("<details>")]
    tables = [number for number, line in enumerate(page) if line.startswith("|---")]
    assert not folds or not tables or kind == "route" or folds[0] > tables[-1]


def test_links_lead_to_the_commit() -> None:
    """From every place that is named; where nothing is known of the repository, the place stands alone."""
    link = f"[`a b/c.yaml:3`]({LINKS}a%20b/c.yaml#L3)"
    for kind in ("plan", "failed", "drift", "coverage", "validate", "route tests"):
        assert link in shown(kind, "a b/c.yaml")
        assert LINKS not in shown(kind, "a b/c.yaml", None)
        assert LINKS not in shown(kind, "../elsewhere.yaml")


def test_many_problems_of_one_kind() -> None:
    """Three in full, then how many more there are and where: a place is named once."""
    at = (Position("a.yaml", line, column) for line in (1, 2) for column in range(1, 8))
    problems = [Diagnostic("limits", "too much", position=each) for each in at]
    page = document(results_view("validate", 1, diagnostics=problems), "markdown")
    assert page.count("Error: too much [limits]") == 3
    assert "and 11 more like it, at `a.yaml:1`, `a.yaml:2`." in page
    assert page.count("- error: too much (`a.yaml:") == 11


@settings(max_examples=60, deadline=None)
@given(plans)
def test_any_plan(made: Plan) -> None:
    """Whatever a plan holds, it is a page of ours, as a plan and as drift."""
    for command in ("plan", "drift"):
        rendered = GITHUB.render(safe(document(plan_view(made), "markdown", Context(command=command, links=LINKS))))
        assert set(tags(rendered)) <= OURS

"""Pages: whatever a name holds is text, every link leads somewhere, and the style is the one that its policy allows."""

import base64
import hashlib
import re
from html.parser import HTMLParser

import pytest

from blinkdecl.diagnostics import Diagnostic
from blinkdecl.model.plan import RoutingRow
from blinkdecl.render.formats import Context, document
from blinkdecl.render.html.style import POLICY, STYLE
from blinkdecl.render.safe import one_line
from blinkdecl.render.view.plan import failed_plan_view, plan_view
from tests.browser.pages import HOSTILE, page
from tests.support.documents import documents
from tests.support.made import CREATE_DESTINATION, DRIFTED, plan

# What HTML has no end tag for.
_VOID = frozenset(("meta", "br", "hr", "img", "input", "link"))
_TAGS = re.compile(
    "html|head|meta|title|style|body|main|h[123]|p|div|span|strong|code|pre|ul|li|dl|dt|dd|nav|a|section|table|caption|"
    "thead|tbody|tr|th|td|details|summary|i|meter"
)


class Parsed(HTMLParser):
    """A page as a parser sees it; fails where an element is not closed, or is not one of ours."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text, self.ids, self.targets, self.open = "", list[str](), list[str](), list[str]()
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take its name, and where it leads."""
        assert _TAGS.fullmatch(tag), tag
        assert not [name for name, _ in attrs if name.startswith("on") or name in ("src", "srcset", "style")]
        if tag not in _VOID:
            self.open.append(tag)
        given = dict(attrs)
        self.ids += [str(given["id"])] if "id" in given else []
        self.targets += [str(given["href"])] if "href" in given else []

    def handle_endtag(self, tag: str) -> None:
        """Close the innermost element."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Keep the text of the page."""
        if self.open and self.open[-1] != "style":
            self.text += data


@pytest.mark.parametrize(("count", "hostile"), [(5, False), (60, False), (12, True)])
def test_a_report(count: int, hostile: bool) -> None:  # noqa: FBT001 - a table's column
    """Complete, and without a link to nowhere; of which environment, commit and time it is stands on it."""
    found = Parsed(page(count, hostile=hostile))
    assert len(found.ids) == len(set(found.ids))
    assert set(found.targets) <= {f"#{each}" for each in found.ids}
    for told in ("Where alerts go, prod", "0f1e2d3c4b5a", "blinkdecl 0.", "After this plan nobody receives"):
        assert told in found.text
    if hostile:
        assert one_line(HOSTILE) in found.text


def test_every_kind_of_document_has_a_page() -> None:
    """Of what a command printed, also where it failed."""
    for name, (command, view) in documents(HOSTILE).items():
        context = Context(environment="dev", command=command, commit="abcdef0", at="2026-11-29T10:00Z")
        found = Parsed(document(view, "html", context))
        assert ("dev" in found.text, "abcdef0" in found.text) == (True, True), name


def test_only_our_style_applies() -> None:
    """By its hash: nothing else is loaded, sent or run."""
    digest = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in POLICY
    assert "default-src 'none'" in POLICY
    assert re.search(rf"<style>{re.escape(STYLE)}</style>", page(3))


def test_a_page_of_drift_is_called_that() -> None:
    """By its command: a plan may have nothing but drift, too."""
    drift = documents("x")
    for command, title in (("drift", "What was changed outside"), ("plan", "Plan")):
        view = next(view for name, view in drift.values() if name == "plan" and "resource_changes" in view)
        assert f"<h1>{title}" in document(view, "html", Context(command=command))


def test_a_page_says_what_the_text_says() -> None:
    """Who lost alerts, how much was verified, whether it can be applied, and by which word it is approved."""
    clean = plan_view(plan(provider="panther", compared="live"))
    told = Parsed(document(clean, "html", Context(command="drift"))).text
    assert "No drift. The live destinations match the recorded state" in told
    lost = RoutingRow(("HIGH",), ("RULE",), None, ("destination.blink-soc",), ())
    drifted = plan_view(plan(drift=(DRIFTED,), routing=(lost,), unverified=(("destination.blink-soc", ("api_key",)),)))
    told = Parsed(document(drifted, "html", Context(command="drift"))).text
    for part in ("Nobody receives any more: HIGH", "1 unverified (api_key)", "Recorded", "Live", "Undo it with"):
        assert part in told, part
    failed = Parsed(document(failed_plan_view([Diagnostic("limits", "x")]), "html", Context(command="drift"))).text
    assert ("Drift is not known." in failed, "No plan" in failed) == (True, False)
    made = plan(CREATE_DESTINATION, diagnostics=(Diagnostic("limits", "x"),), exposure=("alerts may go to evil",))
    told = Parsed(document(plan_view(made), "html", Context())).text
    for part in ("This plan cannot be applied: 1 error", "Where secrets go", "alerts may go to evil"):
        assert part in told, part
    approved = Parsed(document(plan_view(plan(CREATE_DESTINATION, review_digest="1234-abc")), "html", Context())).text
    assert "1234-abc" in approved


def test_a_line_that_is_broken_stays_below_its_beginning() -> None:
    """Each line of a block keeps its indentation, and an arrow is one word."""
    text = document(plan_view(plan(drift=(DRIFTED,))), "html", Context(command="drift"))
    assert re.search(r'<div class="i6">~ severities', text)
    assert '<span class="name">-&gt;</span>' in text

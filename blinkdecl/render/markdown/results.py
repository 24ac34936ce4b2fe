"""What apply did as Markdown, for the comment when it is done: failures and losses first, then the counts."""

from collections.abc import Iterator

from blinkdecl.render.markdown import bold, code_cell, escaped
from blinkdecl.render.markdown.blocks import MOST, fenced, identified, page, routing_table
from blinkdecl.render.text.changes import action_word
from blinkdecl.render.text.diagnostics import diagnostics_text
from blinkdecl.render.text.impact import end_heads, missed_text
from blinkdecl.render.text.layout import PLAIN, Layout
from blinkdecl.render.text.marks import plain
from blinkdecl.render.text.results import apply_headline
from blinkdecl.render.view.parts import View
from blinkdecl.render.view.routing import missed_alerts

_MOST_RESULTS = 100
# What a reader has to look at comes first.
_ORDER = ("failed", "skipped", "awaiting", "done")


def results_markdown(document: View, layout: Layout = PLAIN, environment: str | None = None) -> str:
    """Return how a run ended: its sum, losses, what went wrong, who receives what now, and each change."""
    return identified(_page(document, layout, environment), document["command"], environment)


def _page(document: View, layout: Layout, environment: str | None) -> str:
    first, *rest = plain(apply_headline(document, layout)).split("\n")
    where = f"{escaped(environment)}: " if environment else ""
    lines = [f"## {where}{escaped(first)}"]
    if rest:
        lines += ["", escaped(" ".join(rest))]
    if missed := missed_text(missed_alerts(document["routing"])):
        lines += ["", f"> {bold(missed)}"]
    problems = fenced("", plain(diagnostics_text(document["diagnostics"], layout))) if document["diagnostics"] else []
    heads = (head.capitalize() for head in end_heads(document))
    routing = routing_table(document["routing"], *heads) if document["routing"] else ()
    return page(
        lines,
        (["", *problems] if problems else [], MOST // 3),
        (routing, MOST // 6),
        ([*_results(document), *_tests(document)], MOST // 5),
    )


def _results(document: View) -> Iterator[str]:
    results = sorted(document["results"], key=lambda each: _ORDER.index(each["outcome"]))
    if not results:
        return
    yield from ("", "| Outcome | Action | Resource |", "|---|---|---|")
    for each in results[:_MOST_RESULTS]:
        outcome = f"**{each['outcome']}**" if each["outcome"] in ("failed", "skipped") else each["outcome"]
        reason = f" ({escaped(each['code'])})" if each["code"] else ""
        yield f"| {outcome}{reason} | {escaped(action_word(each))} | {code_cell(each['address'])} |"
    if len(results) > _MOST_RESULTS:
        yield from ("", f"and {len(results) - _MOST_RESULTS} more.")


def _tests(document: View) -> Iterator[str]:
    total = document["summary"]
    if document["tests"]:
        yield from ("", f"Test alerts: {total['tests_delivered']} delivered, {total['tests_failed']} failed.")

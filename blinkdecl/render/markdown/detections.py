"""Where the alerts of detections go, as Markdown: the sum, what is wrong by its kind, and who gets how many."""

from collections import Counter
from collections.abc import Iterator

from blinkdecl.render.markdown import code_cell, escaped
from blinkdecl.render.markdown.blocks import MOST, fenced, identified, page
from blinkdecl.render.text.detections import kinds_of, problems_text, summary_text
from blinkdecl.render.text.layout import PLAIN, Layout
from blinkdecl.render.text.marks import plain
from blinkdecl.render.view.parts import View


def detections_markdown(document: View, layout: Layout = PLAIN, environment: str | None = None) -> str:
    """Return the report; the text of the problems is folded."""
    head = [f"## {escaped(summary_text(document['detection_summary']))}"]
    others = (_problems(document, layout), MOST // 2), (_destinations(document), MOST // 4)
    return identified(page(head, *others, rest=_unknown(document)), document["command"], environment)


def _problems(document: View, layout: Layout) -> Iterator[str]:
    if not document["diagnostics"]:
        return
    yield from ("", "| Problem | Severity | Count |", "|---|---|---|")
    for severity, code, count in kinds_of(document["diagnostics"]):
        yield f"| {code_cell(code)} | {severity} | {count} |"
    text = plain(problems_text(document["diagnostics"], layout, verbose=False, hint=""))
    yield from ("", "<details><summary>What is wrong</summary>", "", *fenced("", text), "", "</details>")


def _destinations(document: View) -> Iterator[str]:
    reached = (each for each in document["detections"] if each["outcome"] == "reached")
    found = Counter(name for each in reached for name in each["destinations"])
    if found:
        yield from ("", "| Destination | Detections |", "|---|---|")
        yield from (f"| {escaped(name)} | {count} |" for name, count in sorted(found.items()))


def _unknown(document: View) -> Iterator[str]:
    found = [each for each in document["detections"] if each["outcome"] == "not_known"]
    if found:
        yield from ("", "| Not known | Why |", "|---|---|")
        for each in found:
            yield f"| {code_cell(each['id'])} | {escaped('; '.join(each['not_known']))} |"

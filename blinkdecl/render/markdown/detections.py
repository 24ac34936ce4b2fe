"""Where the alerts of detections go, as Markdown: the sum, who reaches nobody, what is wrong, who gets how many."""

from collections import Counter
from collections.abc import Iterator

from blinkdecl.render.markdown import code, code_cell, escaped
from blinkdecl.render.markdown.blocks import at_place, listed_whole, other_problems, problems
from blinkdecl.render.markdown.page import PageOptions, Section, Whole, page
from blinkdecl.render.text.detections import kinds_of, summary_text
from blinkdecl.render.view.parts import View


def detections_markdown(document: View, options: PageOptions) -> str:
    """Return the report; the problems of which there are many alike are folded."""
    title = escaped(summary_text(document["detection_summary"]))
    if options.environment:
        title = f"Route{escaped(options.where)}: {title}"
    return page(title, _sections(document, options), options)


def _sections(document: View, options: PageOptions) -> Iterator[Section | Whole]:
    told = document["diagnostics"]
    lost = [each for each in document["detections"] if each["outcome"] == "lost"]
    places = [{"file": each["file"], "line": each["line"]} for each in lost]
    items = [f"{code(each['id'])}{at_place(at, options)}" for each, at in zip(lost, places, strict=True)]
    yield listed_whole("CAUTION", f"Reach nobody, which is not meant ({len(lost)}):", items, [e["id"] for e in lost])
    yield Section(_kinds(document))
    yield Section(problems(told, options), 3)
    yield Section(_destinations(document), 2)
    yield Section(_unknown(document), 2)
    yield Section(other_problems(told, options), 2)


def _kinds(document: View) -> Iterator[str]:
    if document["diagnostics"]:
        yield from ("", "| Problem | Severity | Count |", "|---|---|---|")
        for severity, name, count in kinds_of(document["diagnostics"]):
            yield f"| {code_cell(name)} | {severity} | {count} |"


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

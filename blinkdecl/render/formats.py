"""The formats for machines and pages, by their names on the command line: each takes the view, and returns a text."""

from blinkdecl.render.text.layout import PLAIN, Layout
from blinkdecl.render.view.parts import View


def document(
    view: View,
    name: str,
    *,
    ascii_only: bool = False,
    program: str = PLAIN.program,
    environment: str | None = None,
) -> str:
    """Return the view in the format `name`, without a final newline; `ascii_only` = the output takes nothing else.

    `program` = how a command that people read begins (`Layout`); to programs, commands are as they are. `environment` =
    what a page is of where the view does not say. Each format is imported only when it is asked for.
    """
    match name:
        case "junit":
            from blinkdecl.render.ci.junit import junit_text

            return junit_text(view)
        case "html":
            from blinkdecl.render.html.coverage import coverage_html

            return coverage_html(view)
        case "markdown" if "detections" in view:
            from blinkdecl.render.markdown.detections import detections_markdown

            return detections_markdown(view, Layout(program=program), environment)
        case "markdown" if "results" in view:
            from blinkdecl.render.markdown.results import results_markdown

            return results_markdown(view, Layout(program=program), environment)
        case "markdown":
            from blinkdecl.render.markdown.plan import plan_markdown

            return plan_markdown(view, Layout(program=program))
        case "json":
            from blinkdecl.render.view.json import to_json

            return to_json(view, ascii_only=ascii_only).rstrip("\n")
    raise KeyError(name)

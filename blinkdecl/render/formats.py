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
    command: str = "plan",
    links: str | None = None,
    summary: bool = False,
) -> str:
    """Return the view in the format `name`, without a final newline; `ascii_only` = the output takes nothing else.

    `program` = how a command that people read begins (`Layout`); to programs, commands are as they are. `environment` =
    what a page is of where the view does not say, and `command` = whose it is. `links` = what the URL of a file begins
    with, where that is known; `summary` = the page is a CI job's, which takes more than a comment. Each format is
    imported only when it is asked for.
    """
    match name:
        case "junit":
            from blinkdecl.render.ci.junit import junit_text

            return junit_text(view)
        case "html":
            from blinkdecl.render.html.coverage import coverage_html

            return coverage_html(view)
        case "markdown":
            from blinkdecl.render.markdown.document import document_markdown
            from blinkdecl.render.markdown.page import COMMENT, SUMMARY, PageOptions

            room = SUMMARY if summary else COMMENT
            return document_markdown(view, PageOptions(command, environment, Layout(program=program), links, room))
        case "json":
            from blinkdecl.render.view.json import to_json

            return to_json(view, ascii_only=ascii_only).rstrip("\n")
    raise KeyError(name)

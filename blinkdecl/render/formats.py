"""The formats for machines and pages, by their names on the command line: each takes the view, and returns a text."""

from dataclasses import dataclass

from blinkdecl.render.text.layout import PLAIN, Layout
from blinkdecl.render.view.parts import View


@dataclass(frozen=True, slots=True)
class Context:
    """What a document is of beyond its view, and what it is for.

    `ascii_only` = the output takes nothing else; `program` = how a command that people read begins (`Layout`); to
    programs, commands are as they are. `command` = who made the view; `folder` = the project's within its repository,
    which the places in a CI system's formats are relative to; `links` = what the URL of a file begins with, where that
    is known; `summary` = a page is a CI job's, which takes more than a comment. `commit` and
    `at` (RFC 3339, UTC) = of which commit, and when, a page was made.
    """

    ascii_only: bool = False
    program: str = PLAIN.program
    environment: str | None = None
    command: str = "plan"
    folder: str = ""
    links: str | None = None
    summary: bool = False
    commit: str = ""
    at: str = ""


_PLAIN = Context()


def document(view: View, name: str, context: Context = _PLAIN) -> str:
    """Return the view in the format `name`, without a final newline. Each format is imported only when asked for."""
    layout = Layout(program=context.program)
    match name:
        case "html":
            from blinkdecl.render.html.page import Facts
            from blinkdecl.render.html.report import html_page

            text = html_page(view, Facts(context.environment or "", context.commit, context.at, context.command))
            return text.encode("ascii", "xmlcharrefreplace").decode() if context.ascii_only else text
        case "markdown":
            from blinkdecl.render.markdown.document import document_markdown
            from blinkdecl.render.markdown.page import COMMENT, SUMMARY, PageOptions

            room = SUMMARY if context.summary else COMMENT
            return document_markdown(
                view, PageOptions(context.command, context.environment, layout, context.links, room, context.folder)
            )
        case "json":
            from blinkdecl.render.view.json import to_json

            return to_json(view, ascii_only=context.ascii_only).rstrip("\n")
        case _:
            return _for_ci(view, name, context, layout)


def _for_ci(view: View, name: str, context: Context, layout: Layout) -> str:
    """Return the view in a format that a CI system reads."""
    match name:
        case "junit":
            from blinkdecl.render.ci.junit import junit_text

            return junit_text(view, context.command, folder=context.folder, environment=context.environment)
        case "sarif":
            from blinkdecl.render.ci.sarif import sarif_text

            return sarif_text(
                view,
                command=context.command,
                environment=context.environment,
                folder=context.folder,
                ascii_only=context.ascii_only,
            )
        case "github":
            from blinkdecl.render.ci.github import github_annotations

            return github_annotations(view, context.command, folder=context.folder, layout=layout)
        case "github-matrix":
            from blinkdecl.render.ci.stacks import matrix_text

            return matrix_text(view, ascii_only=context.ascii_only)
        case "gitlab" if context.command == "stacks":
            from blinkdecl.render.ci.stacks import child_pipeline

            return child_pipeline(view)
        case "gitlab":
            from blinkdecl.render.ci.gitlab import code_quality

            return code_quality(view, context.command, folder=context.folder, ascii_only=context.ascii_only)
        case "gitlab-terraform":
            from blinkdecl.render.ci.gitlab_terraform import terraform_report

            return terraform_report(view)
    raise KeyError(name)

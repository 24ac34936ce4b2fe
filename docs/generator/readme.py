"""The session in README.md, really run: what was written around it stays."""

from pathlib import Path

from docs.generator.markdown import fence
from docs.generator.sessions import Project, Ran, in_a_project

README = Path(__file__).parents[2] / "README.md"
_BEGIN, _END = "<!-- The session is written by `make docs`. -->\n", "<!-- Its end. -->\n"


def readme_page() -> str:
    """Return the README with the session as it is now; raises a `ValueError` where its place is not marked."""
    text = README.read_text()
    begin, end = text.index(_BEGIN) + len(_BEGIN), text.index(_END)
    return f"{text[:begin]}\n{fence('text', in_a_project(_story).text)}\n\n{text[end:]}"


def _story(project: Project) -> Ran:
    """Play what happens to a destination: it is made, a pull request narrows it, somebody edits it in the console."""
    told = ["# main: the first apply", *_told(project, "blinkdecl apply --auto-approve")]
    project.edit("[HIGH, CRITICAL]", "[HIGH]")
    told += ["", "# a pull request: severities: [HIGH]", *_told(project, "blinkdecl plan")]
    project.edit("[HIGH]", "[HIGH, CRITICAL]")
    project.sandbox.edit("Blink SOC", severities="CRITICAL")
    told += ["", "# cron, after somebody's edit in the console", *_told(project, "blinkdecl drift")]
    return Ran("\n".join(told), 0)


def _told(project: Project, line: str) -> list[str]:
    return [f"$ {line}", project.run(line).text.strip("\n")]

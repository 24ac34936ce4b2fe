"""The steps of a guided provider, told to a person: on the screen, and as a checklist in a file."""

from pathlib import Path

from blinkdecl.cli.session import refuse_project_file
from blinkdecl.cli.wiring import Project
from blinkdecl.diagnostics import error
from blinkdecl.files import write_atomically
from blinkdecl.guide import sections
from blinkdecl.plan import Plan
from blinkdecl.render.steps import steps_markdown, steps_text


def check_checklist(project: Project, checklist: Path | None) -> None:
    """Raise a `Failure` for a checklist that nobody would write to: with another provider, or onto the project."""
    if checklist is None:
        return
    provider = project.configuration.settings.provider.type
    if provider != "console":
        way_out = "leave --checklist out: nobody has to do anything by hand"
        raise error("usage", f"--checklist is for the console provider, this is {provider}", way_out=way_out)
    refuse_project_file(project.session.path(checklist))


def write_steps(project: Project, plan: Plan, checklist: Path | None) -> None:
    """Print the steps for every change that a person has to make, and write them to `checklist` as Markdown.

    Raises a `Failure` (``unwritable``).
    """
    session = project.session
    commands = {each.address: session.called("confirm", each.address) for each in plan.changes}
    found = sections(plan.changes, project.configuration.resources, commands)
    session.progress(steps_text(found))
    if checklist is None:
        return
    try:
        write_atomically(session.path(checklist), steps_markdown(found).encode(), mode=0o644)
    except OSError as problem:
        raise error("unwritable", f"{checklist} cannot be written: {problem.strerror}") from None
    session.progress(f"\nThe steps are in {checklist} as well.")

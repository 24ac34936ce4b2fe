"""The work of ``blinkdecl stacks``: the projects of a repository and their environments."""

from pathlib import Path

from blinkdecl.cli.session import Session
from blinkdecl.diagnostics import Diagnostic, exit_code
from blinkdecl.model.stack import Stack
from blinkdecl.project.stacks import find_stacks
from blinkdecl.render.ci.stacks import MOST_JOBS
from blinkdecl.render.text.stacks import stacks_text
from blinkdecl.render.view.stacks import stacks_view


def run(session: Session, folder: Path, changed_since: str | None, part: tuple[int, int] | None) -> int:
    """Run the command; returns its exit code, raises a `Failure`."""
    found = find_stacks(session.root, folder, changed_since, session.invocation.environ)
    stacks = found.stacks if part is None else _part(found.stacks, *part)
    problems = [*found.problems]
    if session.format == "github-matrix" and len(stacks) > MOST_JOBS:
        problems.append(_too_many(len(found.stacks), len(stacks)))
    code = exit_code(problems)
    view = stacks_view(stacks, code, problems)
    if stacks or session.machine_format:
        session.show(view, stacks_text)
    session.problems(problems)
    return code


def _part(stacks: tuple[Stack, ...], number: int, parts: int) -> tuple[Stack, ...]:
    """Return the stacks of a part, counted from 1; the parts differ by one stack at most."""
    return stacks[len(stacks) * (number - 1) // parts : len(stacks) * number // parts]


def _too_many(found: int, listed: int) -> Diagnostic:
    parts = -(-found // MOST_JOBS)
    remedy = f"`--part 1/{parts}` is for the first of {parts} jobs with a matrix, `--part {parts}/{parts}` for the last"
    summary = f"GitHub makes at most {MOST_JOBS} jobs of a matrix, and these are {listed} stacks"
    return Diagnostic("too-many-jobs", summary, "warning", notes=(("help", remedy),))

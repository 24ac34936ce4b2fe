"""``blinkdecl stacks``: the projects of a repository and their environments, for a pipeline that has a job for each."""

from pathlib import Path

import click

from blinkdecl.cli.command import session_command
from blinkdecl.cli.session import Session
from blinkdecl.cli.types import Part
from blinkdecl.diagnostics import Diagnostic, exit_code
from blinkdecl.model.stack import Stack
from blinkdecl.project.stacks import find_stacks
from blinkdecl.render.ci.stacks import MOST_JOBS
from blinkdecl.render.text.stacks import stacks_text
from blinkdecl.render.view.stacks import stacks_view


@session_command(
    "stacks",
    click.Argument(["folder"], required=False, default=".", type=click.Path(path_type=Path), metavar="[DIR]"),
    click.Option(
        ["--changed-since"],
        metavar="REV",
        help="Only what differs from where the working tree left REV, such as origin/main.",
    ),
    click.Option(["--part"], metavar="I/N", type=Part(), help="Only the I-th of N parts of the list."),
    formats=["json", "github-matrix", "gitlab"],
    project=False,
    yaml=True,  # GitLab takes a pipeline from no other file
    examples=(
        "blinkdecl stacks",
        "blinkdecl stacks teams --changed-since origin/main",
        "blinkdecl stacks --changed-since origin/main --format github-matrix",
        "blinkdecl stacks --format gitlab --output stacks.yml",
    ),
)
def command(session: Session, folder: Path, changed_since: str | None, part: tuple[int, int] | None) -> int:
    """List the stacks below DIR: each folder with a blinkdecl.yaml, and each of its environments.

    Hidden folders, node_modules and links are passed over. With --changed-since, a stack is listed if its project
    file, a file that it includes, its environment's file, a routing test or a schema in its .blinkdecl was changed,
    deleted or is new; and if its project file cannot be read. Untracked files count unless Git ignores them.
    `github-matrix` is one line for fromJSON; `gitlab` a child pipeline of jobs that extend `.blinkdecl`, with
    STACK_DIR and STACK_ENV. Needs no network and no secret. Exit codes: 0 = listed, 1 = error.
    """
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

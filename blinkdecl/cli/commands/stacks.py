"""``blinkdecl stacks``: the projects of a repository and their environments, for a pipeline that has a job for each."""

from pathlib import Path

import click

from blinkdecl.cli.command import Work, session_command
from blinkdecl.cli.types import Part


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
def command() -> Work:
    """List the stacks below DIR: each folder with a blinkdecl.yaml, and each of its environments.

    Hidden folders, node_modules and links are passed over. With --changed-since, a stack is listed if its project
    file, a file that it includes, its environment's file, a routing test or a schema in its .blinkdecl was changed,
    deleted or is new; and if its project file cannot be read. Untracked files count unless Git ignores them.
    `github-matrix` is one line for fromJSON; `gitlab` a child pipeline of jobs that extend `.blinkdecl`, with
    STACK_DIR and STACK_ENV. Needs no network and no secret. Exit codes: 0 = listed, 1 = error.
    """
    from blinkdecl.cli.work.stacks import run

    return run

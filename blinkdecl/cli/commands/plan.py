"""``blinkdecl plan``: what apply would do, and what prevents it."""

from pathlib import Path

import click

from blinkdecl.cli.command import Work, session_command
from blinkdecl.cli.options import allow_commands, replay, scope
from blinkdecl.cli.options import detections as detection_options
from blinkdecl.cli.types import OutputFile


@session_command(
    "plan",
    *scope(),
    click.Option(
        ["--out"],
        metavar="FILE",
        type=OutputFile(),
        help="Save the plan for `blinkdecl apply FILE`; it holds no secret. `-` is standard output.",
    ),
    click.Option(["--detailed-exitcode"], is_flag=True, help="Exit with 2 if there are changes or drift."),
    allow_commands(),
    click.Option(["--destroy"], is_flag=True, help="Plan what `blinkdecl destroy` would do."),
    click.Option(["--offline"], is_flag=True, help="Open no connection, resolve no secret."),
    click.Option(
        ["--detections"],
        metavar="DIR",
        type=click.Path(path_type=Path),
        help="Check that no detection in DIR loses its destination.",
    ),
    *detection_options(),
    replay(),
    formats=["json", "markdown", "html", "junit", "github", "gitlab", "gitlab-terraform", "sarif"],
    examples=(
        "blinkdecl plan",
        "blinkdecl plan --out plan.json",
        "blinkdecl plan --target destination.blink-soc --target trigger.soc",
        "blinkdecl plan --detailed-exitcode --format markdown --output comment.md",
        "blinkdecl plan --format gitlab-terraform --output terraform.json",
        "blinkdecl plan --out - | blinkdecl apply -",
        "blinkdecl plan --destroy --out plan.json",
        "blinkdecl plan --replay 30d",
    ),
)
def command() -> Work:
    """Show what apply would do. Changes nothing, and takes no lock.

    Exit codes: 0 = planned, 1 = error, 2 = there are changes or drift (with --detailed-exitcode), 3 = the plan is
    against a policy (limits, prevent_destroy, coverage), or a detection names what is not there after it.
    """
    from blinkdecl.cli.work.plan import run

    return run

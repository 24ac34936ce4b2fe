"""``blinkdecl report``: one page for whoever has to know where alerts go, and how that is known."""

from pathlib import Path

import click

from blinkdecl.cli.command import Work, session_command
from blinkdecl.cli.options import allow_commands, replay
from blinkdecl.cli.types import InputFile, OneOf, OutputFile


@session_command(
    "report",
    click.Option(
        ["--output"], metavar="FILE", type=OutputFile(), help="Write the page to FILE; otherwise it is printed."
    ),
    click.Option(
        ["--merge"],
        metavar="DIR",
        type=click.Path(path_type=Path),
        help="Fold the documents (`--format json`) of many stacks, *.json below DIR, into one; no project is read.",
    ),
    click.Option(
        ["--stacks"],
        metavar="FILE",
        type=InputFile(),
        help="With --merge: the list of `blinkdecl stacks` (json or github-matrix); who left no result is told.",
    ),
    click.Option(
        ["--format", "form"],
        type=OneOf(["html", "markdown"]),
        default="html",
        show_default=True,
        help="With --merge: a page, or a comment and a job's summary.",
    ),
    replay(),
    allow_commands(),
    examples=(
        "blinkdecl report --output report.html",
        "blinkdecl report --replay 30d --output report.html",
        "blinkdecl --env prod report > prod.html",
        "blinkdecl report --merge plans --format markdown",
        "blinkdecl report --merge plans --stacks stacks.json --output all.html",
    ),
)
def command() -> Work:
    """Write one HTML page: who receives which alerts now and after a plan, what it changes, rules, drift, last proofs.

    With --replay, it has past alerts over the plan as well: how many a day each destination gets now and after it. The
    page needs no script and nothing from elsewhere, so that it can be filed or mailed. Changes nothing, and takes
    no lock. Exit codes: 0 = written, 1 = error, 3 = the plan is against a policy (the page says so). With --merge,
    whatever the documents say: 0 = written, 1 = one of them could not be read (the page says so).
    """
    from blinkdecl.cli.work.report import run

    return run

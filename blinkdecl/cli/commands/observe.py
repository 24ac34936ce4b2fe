"""``blinkdecl observe``: what really happened to the alerts of the last days, against what is declared."""

import click

from blinkdecl.cli.command import Work, session_command
from blinkdecl.cli.options import metrics_file
from blinkdecl.cli.types import InputFile, OutputFile, Seconds


@session_command(
    "observe",
    click.Option(["--alerts"], type=InputFile(), metavar="FILE", help="Read the alerts from FILE, not from Panther."),
    click.Option(
        ["--since"], metavar="DURATION", type=Seconds(), help="Look at this time alone; by default 7d, or all of FILE."
    ),
    click.Option(["--save"], type=OutputFile(), metavar="FILE", help="Write the alerts to FILE as well."),
    click.Option(["--titles"], is_flag=True, help="Write their titles, too, which may tell of people and systems."),
    metrics_file(),
    formats=["json", "markdown", "html", "junit", "github", "gitlab", "sarif"],
    examples=(
        "blinkdecl observe",
        "blinkdecl observe --since 30d --save alerts.jsonl",
        "blinkdecl observe --alerts alerts.jsonl --since 7d --format json",
    ),
)
def command() -> Work:
    """Compare what destinations did with alerts with what is declared: drift, where Panther's API shows none.

    For each destination: what was delivered, what only when tried again, what was lost for good, what should have come
    and did not, and what came and should not. What cannot be known is counted, and held against nobody. Changes
    nothing; Panther's token needs AlertRead, RuleRead and PolicyRead. When each destination last got an alert, and last
    failed, is kept with the state for `show`, `coverage` and `report`, unless it comes from a file. Exit codes: 0 = as
    declared, 1 = error, 2 = a destination is not as declared, 4 = alerts were lost for good.
    """
    from blinkdecl.cli.work.observe import run

    return run

"""``blinkdecl coverage``: who receives what, and which coverage rules hold."""

import click

from blinkdecl.cli.command import Work, session_command
from blinkdecl.cli.complete import complete
from blinkdecl.cli.options import against as against_option
from blinkdecl.cli.options import metrics_file


@session_command(
    "coverage",
    against_option(),
    click.Option(
        ["--without"],
        metavar="WHAT",
        multiple=True,
        shell_complete=complete("triggers"),
        help="Say who is left if trigger.NAME, workspace:NAME or host:NAME were down; repeatable.",
    ),
    metrics_file(),
    formats=["json", "html", "markdown", "junit", "github", "gitlab", "sarif"],
    examples=(
        "blinkdecl coverage",
        "blinkdecl coverage --against live",
        "blinkdecl coverage --without trigger.soc --without host:acme.app.blinkops.com",
        "blinkdecl coverage --format html --output coverage.html",
        "blinkdecl coverage --format gitlab --output quality.json",
    ),
)
def command() -> Work:
    """Print how many destinations receive each kind of alert, and which coverage rules in blinkdecl.yaml hold.

    Alerts that a detection routes by OutputIds or destinations() go where these say, whatever is shown here. Alerts
    that are declared to reach nobody (`nobody: true`) are shown as `-`, others that reach nobody as 0. With --against
    recorded or live, it is also said when each destination was last proved. --without is a drill on paper. Exit codes:
    0 = every rule holds, 1 = error, 3 = a rule is broken, or would be in the drill.
    """
    from blinkdecl.cli.work.coverage import run

    return run

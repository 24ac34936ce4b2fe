"""``blinkdecl test``: does an alert arrive?"""

import click

from blinkdecl.cli.command import Work, session_command
from blinkdecl.cli.options import address_argument, allow_commands, lock_timeout, metrics_file, parallelism
from blinkdecl.cli.types import OneOf, Seconds


@session_command(
    "test",
    address_argument(many=True),
    click.Option(["--via"], type=OneOf(["direct", "panther"]), default="direct", show_default=True, help="Who sends."),
    click.Option(
        ["--stale"], metavar="DURATION", type=Seconds(), help="Only where none has arrived for this long, e.g. 7d."
    ),
    click.Option(["--each"], is_flag=True, help="Send to each destination, even where several have one webhook."),
    click.Option(["--prove"], is_flag=True, help="Look in Blink for the run of each alert; needs `blink` in the YAML."),
    click.Option(
        ["--prove-timeout"],
        metavar="DURATION",
        type=Seconds(),
        default="2m",
        show_default=True,
        help="How long a run may take to be seen and to end.",
    ),
    click.Option(["--strict"], is_flag=True, help="A run of which nothing is proved is an error."),
    parallelism(),
    lock_timeout(),
    allow_commands(),
    metrics_file(),
    formats=["json", "junit", "markdown", "html", "github"],
    examples=(
        "blinkdecl test",
        "blinkdecl test destination.blink-soc trigger.night",
        "blinkdecl test --prove --prove-timeout 5m",
        "blinkdecl test --stale 7d --format junit --output tests.xml",
    ),
)
def command() -> Work:
    """Send Panther's test alert to each destination, or to those named, and record the outcome.

    Each is sent once and never repeated: a repeat runs somebody's automation twice. For the same reason destinations
    with the same URL, key and authentication share one. Name a trigger to test it directly. `--via panther` lets
    Panther send; only recorded destinations that accept RULE. Without it a webhook and its key are proved, not that
    the destination exists in Panther: one that is not recorded is named. With `--prove`, Blink is asked what became of
    each: whether its automation ran, and how that ended. Exit code 4 if one did not arrive, failed or was not run.
    """
    from blinkdecl.cli.work.test import run

    return run

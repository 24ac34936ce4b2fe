"""``blinkdecl apply``: make the changes, and prove them."""

import click

from blinkdecl.cli.command import Work, session_command
from blinkdecl.cli.options import allow_commands, applying, expect, file_argument, no_test, scope
from blinkdecl.cli.types import OutputFile, Seconds


@session_command(
    "apply",
    file_argument("plan", required=False),
    *scope(),
    *applying(),
    no_test(),
    allow_commands(),
    expect(),
    click.Option(
        ["--checklist"],
        type=OutputFile(),
        metavar="FILE",
        help="Write the steps for a person as Markdown (console provider).",
    ),
    click.Option(
        ["--max-age"], type=Seconds(), metavar="DURATION", help="Refuse a saved plan that is older, e.g. 24h."
    ),
    formats=["json", "markdown"],
    examples=(
        "blinkdecl apply",
        "blinkdecl apply plan.json --max-age 24h",
        "blinkdecl apply --auto-approve --target destination.blink-soc",
        "blinkdecl apply --checklist steps.md  # with the console provider",
    ),
)
def command() -> Work:
    """Make the live destinations match what is declared. A test alert proves each new URL and key first.

    With the console provider it writes the steps for a person instead, and `blinkdecl confirm` records them.

    With PLAN, a file that `plan --out` wrote (`-` = standard input), exactly that plan is applied, or refused if it is
    stale or was made for another --env. Without a file, `--expect DIGEST` refuses whatever is not the plan that was
    reviewed, and names what differs: the options, the YAML, the record or what is live.

    What Panther stored is compared with what it was asked to store. After a run that was not complete, the end says who
    receives which alerts now. `--format markdown` is for the comment when it is done.

    Exit codes: 0 = done, or the steps for a person are written (`awaiting` in JSON), 1 = error, 3 = against a policy,
    or a coverage rule is broken by what is live after the run, 4 = partly applied, something was stored differently,
    or a test alert failed, 5 = another run holds the lock, 6 = stale plan, 130 and 143 = ended by a signal; what was
    done is recorded.
    """
    from blinkdecl.cli.work.apply import run

    return run

"""``blinkdecl drift``: what was changed outside; made for cron."""

from blinkdecl.cli.command import Work, session_command
from blinkdecl.cli.options import accept_missing, allow_commands, metrics_file


@session_command(
    "drift",
    accept_missing(),
    allow_commands(),
    metrics_file(),
    formats=["json", "markdown", "html", "junit", "github", "gitlab", "sarif"],
    examples=(
        "blinkdecl drift",
        "blinkdecl drift --format json --output drift.json",
        "blinkdecl drift --quiet --metrics-file /var/lib/node/drift.prom",
    ),
)
def command() -> Work:
    """Show what was changed or deleted outside blinkdecl since it was recorded.

    A new value behind a secret reference is listed as not applied yet: it is a change, not drift. With `blink` in
    blinkdecl.yaml, the automations of the triggers are looked at as well. Changes nothing, and takes no lock. Exit
    codes: 0 = no drift, 1 = error, 2 = drift, 3 = the live destinations break a coverage rule.
    """
    from blinkdecl.cli.work.drift import run

    return run

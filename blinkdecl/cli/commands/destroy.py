"""``blinkdecl destroy``: remove everything that is managed here."""

from blinkdecl.cli.command import Work, session_command
from blinkdecl.cli.options import accept_missing, applying, expect, selection


@session_command(
    "destroy",
    *selection("Only this, and what needs it; repeatable, also a pattern such as 'destination.soc-*'."),
    accept_missing(),
    *applying(),
    expect(),
    formats=["json"],
    examples=(
        "blinkdecl destroy",
        "blinkdecl destroy --auto-approve --target destination.blink-soc",
    ),
)
def command() -> Work:
    """Remove every destination that is managed here, and its record.

    `limits` do not apply: however many there are, all go at once. Resources with lifecycle.prevent_destroy are
    protected: exit code 3, and nothing is destroyed unless `--exclude` leaves them out. `blinkdecl plan --destroy`
    shows what it would do, for review; `--expect DIGEST` refuses whatever is not that (exit code 6).
    """
    from blinkdecl.cli.work.destroy import run

    return run

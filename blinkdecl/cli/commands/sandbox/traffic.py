"""``blinkdecl sandbox traffic``: the alerts of some days, as if they had been raised."""

import click

from blinkdecl.cli.command import session_command
from blinkdecl.cli.running_sandbox import ask_sandbox, url_option
from blinkdecl.cli.session import Session
from blinkdecl.cli.types import Number, Share
from blinkdecl.diagnostics import counted

_SECONDS = 60.0


@session_command(
    "traffic",
    click.Option(["--alerts"], metavar="N", type=Number(1), default=1000, show_default=True, help="How many."),
    click.Option(
        ["--days"], metavar="N", type=Number(1), default=30, show_default=True, help="Over how many days, until now."
    ),
    click.Option(
        ["--seed"],
        metavar="N",
        type=Number(),
        default=0,
        show_default=True,
        help="The same alerts for the same number.",
    ),
    click.Option(
        ["--lost"],
        type=Share(),
        default=0.0,
        metavar="SHARE",
        help="Share of deliveries in which Panther tries ten times more, and gives up.",
    ),
    url_option(),
    project=False,
    examples=(
        "blinkdecl sandbox traffic",
        "blinkdecl sandbox traffic --alerts 20000 --days 30",
        "blinkdecl sandbox traffic --days 3 --alerts 200 --lost 0.02",
    ),
)
def command(session: Session, *, alerts: int, days: int, seed: int, lost: float, url: str | None) -> int:
    """Have the alerts of the last days in a running sandbox, delivered to its destinations as they are now.

    What its Panther has of these days is replaced, and what is older stays: make a month, edit a destination, make
    the last days again, and the edit was some days ago. Nothing is sent; `blinkdecl observe` reads it. A SHARE is
    between 0 and 1.
    """
    wanted = {"alerts": alerts, "days": days, "seed": seed, "lost": lost}
    done = ask_sandbox(session, url, "traffic", wanted, _SECONDS)
    destinations = counted(done["destinations"], "destination")
    session.result(f"{counted(alerts, 'alert')} in {counted(days, 'day')}, delivered to {destinations} as set now.")
    return 0

"""The work of ``blinkdecl sandbox traffic``: the alerts of some days, as if they had been raised."""

from blinkdecl.cli.running_sandbox import ask_sandbox
from blinkdecl.cli.session import Session
from blinkdecl.diagnostics import counted

_SECONDS = 60.0


def run(session: Session, *, alerts: int, days: int, seed: int, lost: float, url: str | None) -> int:
    """Run the command; returns its exit code, raises a `Failure`."""
    wanted = {"alerts": alerts, "days": days, "seed": seed, "lost": lost}
    done = ask_sandbox(session, url, "traffic", wanted, _SECONDS)
    destinations = counted(done["destinations"], "destination")
    session.result(f"{counted(alerts, 'alert')} in {counted(days, 'day')}, delivered to {destinations} as set now.")
    return 0

"""A declared destination of hosted Panther, and alerts that it got or did not get, in a file."""

from datetime import UTC, datetime, timedelta

from blinkdecl.history.codec import write_alerts
from blinkdecl.model.observed import Attempt, ObservedAlert, Period
from tests.support.repository import Repository

ID = "4f1d7b1e-8a53-4d0e-9f0c-2f5f1c0e6a11"
END = datetime(2026, 11, 8, tzinfo=UTC)
WEEK = Period(END - timedelta(days=7), END)


def alert(severity: str, *outputs: str, days: int = 5, success: bool = True) -> ObservedAlert:
    """Return an alert that these destinations got, or that could not be delivered."""
    at = END - timedelta(days=days)
    tried = tuple(Attempt(each, at, success, 200 if success else 503) for each in outputs)
    return ObservedAlert(f"{severity}-{days}", at, severity, "RULE", "Rule", "known", ("Custom.App",), (), tried)


def keep(repository: Repository, *alerts: ObservedAlert) -> None:
    """Write a file of alerts."""
    repository.write("alerts.jsonl", "".join(write_alerts(WEEK, alerts)))


def confirmed(repository: Repository) -> Repository:
    """Return the repository, for hosted Panther; its destination is confirmed with the id that it has there."""
    repository.edit("version: 1\n", "version: 1\nprovider: {type: console}\n")
    assert repository("apply", "--auto-approve").code == 0
    assert repository("confirm", "destination.blink-soc", "--id", ID).code == 0
    return repository


def observed(repository: Repository, *words: str) -> tuple[int, str]:
    """Return the exit code of `observe` over the file, and what was printed."""
    ran = repository("observe", "--alerts", "alerts.jsonl", *words)
    return ran.code, ran.out

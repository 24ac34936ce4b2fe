"""``--replay``: which alerts go over a plan, of a file or of the last days."""

from pathlib import Path
from typing import TYPE_CHECKING

from blinkdecl.cli.session import Session
from blinkdecl.diagnostics import error
from blinkdecl.model.plan import Plan
from blinkdecl.project.snapshot import Snapshot

if TYPE_CHECKING:
    from blinkdecl.render.view.parts import View


def check_replay(replay: Path | float | None, *, offline: bool = False) -> None:
    """Raise a `Failure` (``usage``) for a time of which no alerts can be read."""
    if not isinstance(replay, float):
        return
    if offline:
        raise error("usage", "--offline reads no alerts from Panther", remedy="give --replay a file")
    if replay == 0:
        raise error("usage", "--replay 0 leaves no time to look at", remedy="for example `--replay 30d`")


def replayed(session: Session, snapshot: Snapshot, plan: Plan, source: Path | float | None) -> "dict[str, View]":
    """Return what the document of a plan has in addition: ``replay``, or nothing where no alerts are to be replayed.

    It is shown beside the plan, and is no part of it: what it tells of is past, and no apply depends on it. Raises a
    `Failure` where the alerts of the file, or of the last seconds, cannot be read.
    """
    if source is None:
        return {}
    from blinkdecl.cli.input import open_alerts  # seldom, and milliseconds
    from blinkdecl.project.observed import read_period
    from blinkdecl.project.replay import replay_plan
    from blinkdecl.render.view.replay import replay_view

    opened = open_alerts(session, source) if isinstance(source, Path) else read_period(snapshot.project, source)
    with opened as (period, alerts):
        return {"replay": replay_view(replay_plan(snapshot, plan, period, alerts))}

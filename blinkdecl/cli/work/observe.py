"""The work of ``blinkdecl observe``: what really happened to the alerts of the last days, against what is declared."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TypedDict, Unpack
from uuid import UUID

from blinkdecl.cli.input import open_alerts
from blinkdecl.cli.metrics import measured
from blinkdecl.cli.session import Session
from blinkdecl.diagnostics import error, exit_code
from blinkdecl.history.codec import alert_line, period_line
from blinkdecl.model.observed import ObservedAlert, Period
from blinkdecl.project.deliveries import keep_observed
from blinkdecl.project.observed import observed_receivers, positions_of, read_period, recording_command
from blinkdecl.project.project import Project, open_project
from blinkdecl.render.metrics import Measured
from blinkdecl.render.text.observation import observation_text
from blinkdecl.render.view.observation import observation_view
from blinkdecl.render.view.parts import View
from blinkdecl.render.view.results import results_view
from blinkdecl.routing.observation import Observation, observe
from blinkdecl.routing.observation_problems import problems_of
from blinkdecl.routing.receiver import Receiver

_WEEK = 7 * 86400.0


class _How(TypedDict):
    """What to look at, and what to keep of it."""

    alerts: Path | None
    since: float | None
    save: Path | None
    titles: bool


def run(session: Session, *, metrics_file: Path | None, **how: Unpack[_How]) -> int:
    """Run the command; returns its exit code, raises a `Failure`."""
    if how["since"] == 0:
        raise error("usage", "--since 0 leaves no time to look at", remedy="for example `--since 7d`")
    if how["titles"] and how["save"] is None:
        raise error("usage", "--titles says what is saved, and nothing is", remedy="add `--save FILE`")
    return measured(session, metrics_file, lambda: _observe(session, **how))


def _observe(session: Session, **how: Unpack[_How]) -> Measured:
    """Read, compare, print, and return what was found."""
    alerts, since, save = how["alerts"], how["since"], how["save"]
    project = open_project(session.invocation, session.say, warn=session.warn)
    receivers, recorded = observed_receivers(project)
    if alerts is not None:
        opened = open_alerts(session, alerts)
    else:
        opened = read_period(project, _WEEK if since is None else since, titles=how["titles"])
    with opened as (period, read), ExitStack() as saving:
        if save is not None:
            read = _kept(period, read, saving.enter_context(session.saving(save)), titles=how["titles"])
        found = observe(read, receivers, _within(period, since), recorded)
    last = keep_observed(project, found) if alerts is None else {}
    code, view = _show(session, project, found)
    return Measured(code, view, heard=last)


def _kept(
    period: Period, alerts: Iterable[ObservedAlert], add: Callable[[str], None], *, titles: bool
) -> Iterator[ObservedAlert]:
    """Yield the alerts, each as soon as its line is written; without their titles, unless these are wanted."""
    add(period_line(period))
    for each in alerts:
        kept = each if titles or each.title is None else replace(each, title=None)
        add(alert_line(kept))
        yield kept


def _within(period: Period, since: float | None) -> Period:
    """Return the last part of a period."""
    if since is None:
        return period
    try:
        begin = period.end - timedelta(seconds=since)
    except OverflowError:
        return period
    return replace(period, begin=max(period.begin, begin))


def _show(session: Session, project: Project, found: Observation) -> tuple[int, View]:
    """Print what was found, and return the exit code and the document."""
    positions = positions_of(project)
    problems = problems_of(found, positions)
    code = exit_code(problems)
    view = results_view("observe", code, diagnostics=problems)
    view |= observation_view(found, positions, partial(_recording, project))
    recording = recording_command(project, "ADDRESS", "UUID")
    session.show(view, partial(observation_text, recording=recording, verbose=session.verbose, layout=session.layout))
    session.refused(problems)
    return code, view


def _recording(project: Project, receiver: Receiver, output_id: str) -> str | None:
    """Return the command that records a destination's id; None where there is none, or it is no id that one takes."""
    try:
        as_recorded = str(UUID(output_id))
    except ValueError:
        return None
    if as_recorded != output_id:  # in another spelling, what is recorded would never be seen again
        return None
    return recording_command(project, str(receiver.address), output_id, instead=receiver.id is not None)

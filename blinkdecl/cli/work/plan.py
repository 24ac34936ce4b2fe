"""The work of ``blinkdecl plan``: what apply would do, and what prevents it."""

from dataclasses import replace
from pathlib import Path
from typing import Unpack

from blinkdecl.cli.options import Scope
from blinkdecl.cli.output import announce_reading, show_plan
from blinkdecl.cli.replaying import check_replay, replayed
from blinkdecl.cli.session import Session
from blinkdecl.diagnostics import error, exit_code
from blinkdecl.diagnostics.codes import CHANGES
from blinkdecl.model.plan import Options, Plan
from blinkdecl.project.project import open_project
from blinkdecl.project.snapshot import Snapshot, take_snapshot
from blinkdecl.secret.fingerprints import Fingerprints


def run(
    session: Session,
    out: Path | None,
    *,
    detailed_exitcode: bool,
    allow_commands: bool,
    destroy: bool,
    offline: bool,
    detections: Path | None,
    unmanaged: tuple[str, ...],
    strict: bool,
    replay: Path | float | None,
    **chosen: Unpack[Scope],
) -> int:
    """Run the command; returns its exit code, raises a `Failure`."""
    if detections is None and (strict or unmanaged):
        raise error("usage", "--strict and --unmanaged are for --detections", remedy="add `--detections DIR`")
    if offline and allow_commands:
        raise error("usage", "--offline resolves no secret, so it runs no command", remedy="leave out one of the two")
    check_replay(replay, offline=offline)
    if destroy:
        _check_destroy(detections, chosen)
    project = open_project(session.invocation, session.say, commands=allow_commands)
    if destroy and offline and project.is_remote:
        remedy = "leave --offline out"
        raise error("usage", "what is to be destroyed is in a state that --offline does not read", remedy=remedy)
    with take_snapshot(project, offline=offline, commands=allow_commands) as snapshot:
        announce_reading(session, snapshot)
        fingerprints = Fingerprints(snapshot.state.salt, {}) if offline else snapshot.fingerprints
        digested = session.machine_format or session.verbose or out is not None
        plan = snapshot.plan(Options(**chosen, destroy=destroy), fingerprints, digested=digested)
        if detections is not None:
            plan = _with_detections(snapshot, plan, detections, unmanaged, strict=strict)
        if not destroy:
            plan = replace(snapshot.with_automations(plan), without_value=snapshot.without_value)
        beside = replayed(session, snapshot, plan, replay)
    show_plan(session, plan, out=out, beside=beside)
    if plan.refused:
        return exit_code(plan.diagnostics)
    return CHANGES if detailed_exitcode and (plan.pending or plan.drifted) else 0


def _with_detections(
    snapshot: Snapshot, plan: Plan, detections: Path, unmanaged: tuple[str, ...], *, strict: bool
) -> Plan:
    """Return the plan with what it does to the detections below a folder."""
    from blinkdecl.project.detections import DetectionOptions, check_detections  # seldom, and twenty milliseconds

    how = DetectionOptions(detections, unmanaged=unmanaged, strict=strict)
    plan = replace(plan, diagnostics=check_detections(snapshot, how, plan))
    # Nobody can approve by its digest what apply would not look at.
    return replace(plan, review_digest="" if plan.refused else plan.review_digest)


def _check_destroy(detections: Path | None, chosen: Scope) -> None:
    """Raise a `Failure` for options that mean nothing where all is destroyed."""
    if detections is not None:
        raise error("usage", "--detections is for what is declared", remedy="leave out --destroy")
    if chosen["allow_deletes"] is not None or chosen["allow_changes"] is not None:
        remedy = "leave --allow-deletes and --allow-changes out"
        raise error("usage", "no limits apply to --destroy", remedy=remedy)

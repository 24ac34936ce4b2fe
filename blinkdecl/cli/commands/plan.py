"""``blinkdecl plan``: what apply would do, and what prevents it."""

from dataclasses import replace
from pathlib import Path
from typing import Unpack

import click

from blinkdecl.cli.command import session_command
from blinkdecl.cli.options import Scope, allow_commands, scope
from blinkdecl.cli.options import detections as detection_options
from blinkdecl.cli.output import announce_reading, show_plan, write_plan
from blinkdecl.cli.replaying import check_replay, replay_option, replayed
from blinkdecl.cli.session import Session
from blinkdecl.cli.types import OutputFile
from blinkdecl.diagnostics import error, exit_code
from blinkdecl.diagnostics.codes import CHANGES
from blinkdecl.model.plan import Options, Plan
from blinkdecl.planner.stale import sealed
from blinkdecl.project.project import open_project
from blinkdecl.project.snapshot import Snapshot, take_snapshot
from blinkdecl.secret.fingerprints import Fingerprints


@session_command(
    "plan",
    *scope(),
    click.Option(
        ["--out"],
        metavar="FILE",
        type=OutputFile(),
        help="Save the plan for `blinkdecl apply FILE`; it holds no secret. `-` is standard output.",
    ),
    click.Option(["--detailed-exitcode"], is_flag=True, help="Exit with 2 if there are changes or drift."),
    allow_commands(),
    click.Option(["--destroy"], is_flag=True, help="Plan what `blinkdecl destroy` would do."),
    click.Option(["--offline"], is_flag=True, help="Open no connection, resolve no secret."),
    click.Option(
        ["--detections"],
        metavar="DIR",
        type=click.Path(path_type=Path),
        help="Check that no detection in DIR loses its destination.",
    ),
    *detection_options(),
    replay_option(),
    formats=["json", "markdown", "html", "junit", "github", "gitlab", "gitlab-terraform", "sarif"],
    examples=(
        "blinkdecl plan",
        "blinkdecl plan --out plan.json",
        "blinkdecl plan --target destination.blink-soc --target trigger.soc",
        "blinkdecl plan --detailed-exitcode --format markdown --output comment.md",
        "blinkdecl plan --format gitlab-terraform --output terraform.json",
        "blinkdecl plan --out - | blinkdecl apply -",
        "blinkdecl plan --destroy --out plan.json",
        "blinkdecl plan --replay 30d",
    ),
)
def command(
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
    """Show what apply would do. Changes nothing, and takes no lock.

    Exit codes: 0 = planned, 1 = error, 2 = there are changes or drift (with --detailed-exitcode), 3 = the plan is
    against a policy (limits, prevent_destroy, coverage), or a detection names what is not there after it.
    """
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
        plan = snapshot.plan(Options(**chosen, destroy=destroy), fingerprints)
        if detections is not None:
            plan = _with_detections(snapshot, plan, detections, unmanaged, strict=strict)
        if not destroy:
            plan = replace(snapshot.with_automations(plan), without_value=snapshot.without_value)
        beside = replayed(session, snapshot, plan, replay)
    if out is not None:
        write_plan(session, out, plan)
    show_plan(session, plan, saved=out, beside=beside)
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
    return sealed(replace(plan, review_digest="" if plan.refused else plan.review_digest))


def _check_destroy(detections: Path | None, chosen: Scope) -> None:
    """Raise a `Failure` for options that mean nothing where all is destroyed."""
    if detections is not None:
        raise error("usage", "--detections is for what is declared", remedy="leave out --destroy")
    if chosen["allow_deletes"] is not None or chosen["allow_changes"] is not None:
        remedy = "leave --allow-deletes and --allow-changes out"
        raise error("usage", "no limits apply to --destroy", remedy=remedy)

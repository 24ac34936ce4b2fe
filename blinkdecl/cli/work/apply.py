"""The work of ``blinkdecl apply``: make the changes, and prove them."""

from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Unpack

from blinkdecl.cli.execute import ApplyOptions, check_checklist, plan_and_apply
from blinkdecl.cli.input import plan_again, read_plan
from blinkdecl.cli.options import Scope
from blinkdecl.cli.session import Session
from blinkdecl.diagnostics import error
from blinkdecl.model.plan import Options, Plan
from blinkdecl.model.resource import is_address
from blinkdecl.planner.review import Reviewed
from blinkdecl.planner.stale import check_age, check_environment
from blinkdecl.project.project import open_project
from blinkdecl.render.view.following import selection_words

_QUESTION = "Do you want to perform these actions?"


def run(
    session: Session,
    plan: Path | None,
    *,
    auto_approve: bool,
    parallelism: int,
    lock_timeout: float,
    no_test: bool,
    allow_commands: bool,
    expect: Reviewed | None,
    checklist: Path | None,
    max_age: float | None,
    **chosen: Unpack[Scope],
) -> int:
    """Run the command; returns its exit code, raises a `Failure`."""
    options, saved, replan = Options(**chosen), None, ""
    if plan is None and max_age is not None:
        raise error("usage", "--max-age is for a saved plan", remedy="name one, or leave the option out")
    if plan is not None:
        if expect is not None:
            remedy = "leave one of the two out: a saved plan is checked by itself"
            raise error("usage", "--expect is for a plan that is made anew", remedy=remedy)
        saved = _read(session, plan)
        replan = plan_again(session, plan, saved)
        _check_saved(session, plan, saved, options, replan)
        options = saved.options
        if max_age is not None:
            check_age(saved, max_age, datetime.now(UTC), replan)
    if expect is not None:
        _check_expected(session, expect, options)
    project = open_project(session.invocation, session.say, commands=allow_commands, warn=session.warn)
    check_checklist(session, project, checklist)
    how = ApplyOptions(_QUESTION, auto_approve, not no_test, parallelism, lock_timeout, saved, replan, checklist)
    return plan_and_apply(session, project, options, replace(how, expected=expect))


def _read(session: Session, plan: Path) -> Plan:
    if is_address(str(plan)):
        remedy = f"one address alone is selected by `--target {plan}`"
        raise error("usage", f"{plan} is not a saved plan", remedy=remedy)
    return read_plan(session, plan, to_apply=True)


def _check_saved(session: Session, plan: Path, saved: Plan, options: Options, replan: str) -> None:
    """Raise a `Failure` for the plan of another environment, or for options beside those that it carries."""
    there = replace(session.invocation, environment=saved.environment)
    right = there.command_line("apply", str(plan))
    check_environment(saved.environment, session.invocation.environment, right, replan)
    if options != Options():
        remedy = f"plan again with them: `{replan} ...`"
        raise error("usage", "a saved plan carries its own --target, --allow-... and the like", remedy=remedy)


def _check_expected(session: Session, expect: Reviewed, options: Options) -> None:
    """Raise a `Failure` (``other-environment``) for the digest of another environment."""
    there, chosen = replace(session.invocation, environment=expect.environment), selection_words(asdict(options))
    right = there.command_line("apply", *chosen, "--expect", expect.digest)
    again = session.invocation.command_line("plan", *chosen)
    what = "the plan with this digest"
    check_environment(expect.environment, session.invocation.environment, right, again, what=what)

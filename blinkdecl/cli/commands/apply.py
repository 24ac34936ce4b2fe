"""``blinkdecl apply``: make the changes, and prove them."""

from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Unpack

import click

from blinkdecl.cli.command import session_command
from blinkdecl.cli.execute import ApplyOptions, check_checklist, plan_and_apply
from blinkdecl.cli.input import plan_again, read_plan
from blinkdecl.cli.options import Scope, allow_commands, applying, expect, file_argument, no_test, scope
from blinkdecl.cli.session import Session
from blinkdecl.cli.types import OutputFile, Seconds
from blinkdecl.diagnostics import error
from blinkdecl.model.plan import Options, Plan
from blinkdecl.model.resource import is_address
from blinkdecl.planner.review import Reviewed
from blinkdecl.planner.stale import check_age, check_environment
from blinkdecl.project.project import open_project
from blinkdecl.render.view.following import selection_words

_QUESTION = "Do you want to perform these actions?"


@session_command(
    "apply",
    file_argument("plan", required=False),
    *scope(),
    *applying(),
    no_test(),
    allow_commands(),
    expect(),
    click.Option(
        ["--checklist"],
        type=OutputFile(),
        metavar="FILE",
        help="Write the steps for a person as Markdown (console provider).",
    ),
    click.Option(
        ["--max-age"], type=Seconds(), metavar="DURATION", help="Refuse a saved plan that is older, e.g. 24h."
    ),
    formats=["json", "markdown"],
    examples=(
        "blinkdecl apply",
        "blinkdecl apply plan.json --max-age 24h",
        "blinkdecl apply --auto-approve --target destination.blink-soc",
        "blinkdecl apply --checklist steps.md  # with the console provider",
    ),
)
def command(
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
    """Make the live destinations match what is declared. A test alert proves each new URL and key first.

    With the console provider it writes the steps for a person instead, and `blinkdecl confirm` records them.

    With PLAN, a file that `plan --out` wrote (`-` = standard input), exactly that plan is applied, or refused if it is
    stale or was made for another --env. Without a file, `--expect DIGEST` refuses whatever is not the plan that was
    reviewed, and names what differs: the options, the YAML, the record or what is live.

    What Panther stored is compared with what it was asked to store. After a run that was not complete, the end says who
    receives which alerts now. `--format markdown` is for the comment when it is done.

    Exit codes: 0 = done, or the steps for a person are written (`awaiting` in JSON), 1 = error, 3 = against a policy,
    or a coverage rule is broken by what is live after the run, 4 = partly applied, something was stored differently,
    or a test alert failed, 5 = another run holds the lock, 6 = stale plan, 130 and 143 = ended by a signal; what was
    done is recorded.
    """
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

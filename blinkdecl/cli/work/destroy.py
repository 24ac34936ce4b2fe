"""The work of ``blinkdecl destroy``: remove everything that is managed here."""

from dataclasses import asdict, replace

from blinkdecl.cli.execute import ApplyOptions, plan_and_apply
from blinkdecl.cli.session import Session
from blinkdecl.model.plan import Options
from blinkdecl.planner.review import Reviewed
from blinkdecl.planner.stale import check_environment
from blinkdecl.project.project import open_project
from blinkdecl.render.view.following import selection_words

_QUESTION = "Do you really want to destroy all of these? There is no undo: alerts stop reaching them."


def run(
    session: Session,
    *,
    targets: tuple[str, ...],
    excludes: tuple[str, ...],
    accept_missing: int | None,
    auto_approve: bool,
    parallelism: int,
    lock_timeout: float,
    expect: Reviewed | None,
) -> int:
    """Run the command; returns its exit code, raises a `Failure`."""
    options = Options(targets, excludes, accept_missing=accept_missing, destroy=True)
    if expect is not None:
        _check_expected(session, expect, options)
    # There is nothing left for a test alert to prove.
    how = ApplyOptions(
        _QUESTION, auto_approve, test=False, parallelism=parallelism, lock_timeout=lock_timeout, expected=expect
    )
    return plan_and_apply(session, open_project(session.invocation, session.say, warn=session.warn), options, how)


def _check_expected(session: Session, expect: Reviewed, options: Options) -> None:
    """Raise a `Failure` (``other-environment``) for the digest of another environment."""
    there, chosen = replace(session.invocation, environment=expect.environment), selection_words(asdict(options))
    right = there.command_line("destroy", *chosen, "--expect", expect.digest)
    again = session.invocation.command_line("plan", "--destroy", *chosen)
    what = "the plan with this digest"
    check_environment(expect.environment, session.invocation.environment, right, again, what=what)

"""Before something is changed: the lock is held, the plan is shown, and a person says yes or has said so already."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace

from blinkdecl.cli.errors import Terminated
from blinkdecl.cli.session import Session
from blinkdecl.diagnostics import error
from blinkdecl.model.plan import Plan, PlannedAlerts
from blinkdecl.project.project import Project
from blinkdecl.project.snapshot import Snapshot, take_snapshot
from blinkdecl.render.text.layout import paragraph
from blinkdecl.render.text.plan import plan_text
from blinkdecl.render.view.plan import plan_view


@contextmanager
def unchanged(session: Session) -> Iterator[None]:
    """Say that nothing was changed when a signal ends the context."""
    try:
        yield
    except (KeyboardInterrupt, Terminated):
        session.say("")
        session.say(f"{session.invocation.command} was interrupted, nothing was changed.")
        raise


@contextmanager
def locked(session: Session, project: Project, lock_timeout: float, parallelism: int = 10) -> Iterator[Snapshot]:
    """Hold the lock, and yield what is recorded and live then; a signal that ends the wait has changed nothing."""
    with ExitStack() as held:
        with unchanged(session):
            held.enter_context(project.lock(lock_timeout))
            snapshot = held.enter_context(take_snapshot(project, parallelism))
        yield snapshot


def approve(session: Session, plan: Plan, question: str, *, approved: bool, test: bool, expected: bool) -> None:
    """Show the plan, and return when it may be applied; raises a `Failure` (``not-approved``) when it may not.

    `question` is asked unless it is `approved` already; `test` = alerts are sent. `expected` = it is the one that was
    reviewed. That alone approves nothing: an option that makes a run safer never makes it start.
    """
    if not (session.machine_format or session.quiet):
        shown = plan if test else replace(plan, test_alerts=PlannedAlerts())
        view = plan_view(shown)
        session.progress(plan_text(view, verbose=session.verbose, applying=True, layout=session.layout))
    if not approved:
        _ask(session, question, expected=expected)
    session.progress("")


def _ask(session: Session, question: str, *, expected: bool) -> None:
    """Return if the person says yes; raises a `Failure` (``not-approved``) if not, or if nobody is there.

    Nobody is asked to approve what was not shown: with a machine format, --output or --quiet there is no question.
    """
    command = session.invocation.command
    if not session.interactive or session.machine_format or session.output or session.quiet:
        remedy = "apply a reviewed plan (`blinkdecl apply plan.json`),\nor pass --auto-approve"
        if expected:
            remedy = "pass --auto-approve too: nothing but what --expect names is done"
        elif command == "destroy":
            remedy = "pass --auto-approve"
        where = "there is no terminal to ask on" if not session.interactive else "the plan is not shown here"
        session.progress("")
        raise error("not-approved", f'{command} needs a "yes" and {where}', remedy=remedy)
    told = paragraph(question, session.layout)
    if session.ask(f'\n{told}\n  Only "yes" is accepted.\n\n  Enter a value: ') != "yes":
        raise error("not-approved", f"{command} was not approved, nothing was changed")

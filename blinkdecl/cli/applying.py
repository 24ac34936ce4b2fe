"""The run that changes something: what apply and destroy share, from the lock to the closing line."""

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from blinkdecl.applier import Tools, apply
from blinkdecl.cli.guiding import write_steps
from blinkdecl.cli.interrupt import Interrupt
from blinkdecl.cli.planning import announce_reading, check_fresh, show_plan
from blinkdecl.cli.probing import Probe, delivery_problem, open_probe, sending
from blinkdecl.cli.session import Session
from blinkdecl.cli.wiring import Project, Snapshot, fingerprints_for, take_snapshot
from blinkdecl.codes import PARTIAL
from blinkdecl.diagnostics import Diagnostic, Failure, error, exit_code
from blinkdecl.fingerprints import Fingerprints
from blinkdecl.plan import Action, Options, Plan
from blinkdecl.provider.interface import Provider
from blinkdecl.render.plan_text import plan_text
from blinkdecl.render.progress_text import event_line
from blinkdecl.render.results_text import apply_text
from blinkdecl.render.terminal import Progress
from blinkdecl.render.view import plan_view, results_view
from blinkdecl.results import Event, Results

# From this many changes on, a terminal shows a bar beside the lines.
_BAR_FROM = 20


@dataclass(frozen=True, slots=True)
class Terms:
    """How the caller wants it done. `question` is asked unless `approved`; `saved` is the reviewed plan, if any.

    `checklist` = where to write the steps for a person, with the console provider.
    """

    question: str
    approved: bool
    test: bool
    parallelism: int
    lock_timeout: float
    saved: Plan | None = None
    checklist: Path | None = None


def carry_out(project: Project, options: Options, terms: Terms) -> int:
    """Plan under the lock, ask, apply, and tell; return the exit code."""
    with project.lock(terms.lock_timeout), take_snapshot(project, terms.parallelism) as snapshot:
        return _carry_out(snapshot, options, terms)


def _carry_out(snapshot: Snapshot, options: Options, terms: Terms) -> int:
    session = snapshot.project.session
    if terms.saved is None:
        announce_reading(session, snapshot)
    plan = snapshot.plan(options, snapshot.fingerprints)
    if terms.saved is not None:
        check_fresh(terms.saved, plan)
        if terms.saved.refused:  # for what planning anew does not look at, as detections
            return refuse(session, terms.saved)
    if plan.refused:
        return refuse(session, plan)
    fingerprints = fingerprints_for(snapshot, plan)
    plan = snapshot.plan(options, fingerprints)  # now with what only commands could resolve
    if plan.refused:
        return refuse(session, plan)
    if not plan.pending:
        _close_intents(snapshot, plan)
        return conclude(session, plan, Results())
    if terms.saved is None:
        _approve(session, plan, terms)
    return _run(snapshot, plan, fingerprints, terms)


def _close_intents(snapshot: Snapshot, plan: Plan) -> None:
    """Forget what an earlier run intended, and a person was told to do, once nothing is left of it to be done."""
    state = snapshot.state
    if state.pending and not plan.partial:
        snapshot.project.backend.write(replace(state, pending={}), snapshot.base)


def _run(snapshot: Snapshot, plan: Plan, fingerprints: Fingerprints, terms: Terms) -> int:
    project, session = snapshot.project, snapshot.project.session
    with open_probe(project, fingerprints, terms.parallelism, enabled=terms.test) as probe:
        results = run_plan(snapshot, plan, fingerprints, snapshot.provider, probe, terms.parallelism)
    if results.count("awaiting"):
        write_steps(project, plan, terms.checklist)
    return conclude(session, plan, results, snapshot)


def run_plan(
    snapshot: Snapshot,
    plan: Plan,
    fingerprints: Fingerprints,
    provider: Provider,
    probe: Probe | None,
    parallelism: int,
    *,
    prove_all: bool = False,
) -> Results:
    """Apply a plan while telling what happens; a signal ends it early, with everything recorded."""
    project = snapshot.project
    with _watched(project.session, len(plan.changes)) as report, Interrupt(project.session.say) as interrupted:
        tools = Tools(
            provider=provider,
            backend=project.backend,
            fingerprints=fingerprints,
            probe=probe,
            report=report,
            interrupted=interrupted,
            hurried=lambda: interrupted.hurried,
            parallelism=parallelism,
            prove_all=prove_all,
        )
        return apply(plan, project.configuration, snapshot.state, snapshot.base, snapshot.live, tools)[1]


def conclude(session: Session, plan: Plan, results: Results, snapshot: Snapshot | None = None) -> int:
    """Print the closing lines and return the exit code."""
    problems = [] if snapshot is None else [*_undelivered(results, snapshot)]
    if session.machine:  # for a person they were printed with the plan
        problems = [*plan.diagnostics, *problems]
    failed = results.count("failed") or results.count("skipped")
    code = PARTIAL if failed else exit_code(problems)
    if results.interrupted is not None:
        code = 128 + results.interrupted
    view = results_view(session.command, code, results=results, diagnostics=problems)
    if session.machine:
        session.document(view)
    elif plan.pending:
        session.result(apply_text(view) if session.quiet else "\n" + apply_text(view))
    else:
        show_plan(session, plan)
    return code


def _undelivered(results: Results, snapshot: Snapshot) -> Iterator[Diagnostic]:
    for each in results.results:
        if each.delivery is not None and not each.delivery.delivered:
            left = "was not created" if each.action is Action.CREATE else "was left as it was"
            note = f"{sending(each.delivery)}; {each.address} {left}"
            yield delivery_problem(each.delivery, snapshot.project.configuration, note)
        if each.proof is not None and not each.proof.delivered:
            note = f"{each.address} was {'created' if each.action is Action.CREATE else 'changed'} and recorded before"
            yield delivery_problem(each.proof, snapshot.project.configuration, note)


def refuse(session: Session, plan: Plan) -> int:
    """Show a plan that may not be applied, and return the exit code."""
    code = exit_code(plan.diagnostics)
    if session.machine:
        session.document(results_view(session.command, code, diagnostics=plan.diagnostics))
    else:
        show_plan(session, plan)
    return code


def _approve(session: Session, plan: Plan, terms: Terms) -> None:
    """Show the plan, and return when it may be applied; raises a `Failure` (``not-approved``) when it may not."""
    if not session.machine:
        session.progress(plan_text(plan_view(plan), verbose=session.verbose))
    if not terms.approved:
        _ask(session, terms.question)
    session.progress("")


def _ask(session: Session, question: str) -> None:
    """Return when the person says yes; raises a `Failure` (``not-approved``) when not, or when nobody is there.

    Nobody is asked to approve what was not shown: with a machine's format, a file or --quiet there is no question.
    """
    if not session.interactive or session.machine or session.output or session.quiet:
        way_out = "apply a reviewed plan (`blinkdecl apply plan.json`),\nor pass --auto-approve"
        if session.command == "destroy":
            way_out = "pass --auto-approve"
        where = "there is no terminal to ask on" if not session.interactive else "the plan is not shown here"
        summary = f'{session.command} needs a "yes" and {where}'
        session.progress("")
        raise error("not-approved", summary, way_out=way_out)
    sys.stderr.write(f'\n{question}\n  Only "yes" is accepted.\n\n  Enter a value: ')
    sys.stderr.flush()
    if sys.stdin.readline().strip() != "yes":
        raise error("not-approved", f"{session.command} was not approved, nothing was changed")


@contextmanager
def _watched(session: Session, count: int) -> Iterator[Callable[[Event], None]]:
    """Yield the function that hears the run's events: lines, and a bar on a terminal."""
    guard = threading.Lock()
    shown = session.interactive and not session.quiet and count >= _BAR_FROM
    with Progress(sys.stderr, shown=shown, colour=session.color != "never") as bar:
        bar.start(count)

        def report(event: Event) -> None:
            with guard:
                line = event_line(event)
                # A reader that has left, or a full disk behind stdout, must not end the run.
                with suppress(OSError, Failure):
                    if line is not None:
                        session.progress(line)
                refused = event.delivery is not None and not event.delivery.delivered
                if event.moment in ("finished", "failed") or refused:
                    bar.advance()

        yield report

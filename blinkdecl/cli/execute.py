"""The run that changes something: what apply, destroy and confirm share, from the plan to the closing line."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from blinkdecl.applier.change import Tools
from blinkdecl.applier.run import Baseline, apply
from blinkdecl.cli.approval import approve, locked, unchanged
from blinkdecl.cli.files import STREAM
from blinkdecl.cli.output import announce_reading, plan_words, selection, show_plan
from blinkdecl.cli.progress import Listener, listening
from blinkdecl.cli.session import Session
from blinkdecl.cli.signals import Interrupt
from blinkdecl.diagnostics import Diagnostic, Failure, error, exit_code, several
from blinkdecl.diagnostics.codes import PARTIAL, POLICY
from blinkdecl.model.plan import Action, Options, Plan
from blinkdecl.model.results import Delivery, Event, Results
from blinkdecl.model.state import State
from blinkdecl.planner.by_hand import in_sequence
from blinkdecl.planner.exposure import project_record
from blinkdecl.planner.review import Reviewed, check_reviewed
from blinkdecl.planner.stale import check_fresh
from blinkdecl.project.ending import NOTHING_LEFT, Ending, ending
from blinkdecl.project.project import Project
from blinkdecl.project.snapshot import Snapshot
from blinkdecl.project.targets import Probe, delivery_problems, left_text, open_probe
from blinkdecl.provider.interface import Provider
from blinkdecl.render.checklist import sections, steps_markdown, steps_text
from blinkdecl.render.safe import one_line, safe
from blinkdecl.render.text.progress import event_line
from blinkdecl.render.text.results import apply_text
from blinkdecl.render.view.results import results_view
from blinkdecl.secret.fingerprints import Fingerprints

# What the bar counts.
_LABELS = {"destroy": "Destroying", "confirm": "Recording"}


@dataclass(frozen=True, slots=True)
class ApplyOptions:
    """How the caller wants it done. `question` is asked unless `approved`; `saved` is the reviewed plan, if any.

    `replan` = the command that makes such a plan again. `checklist` = where to write the steps for a person, with the
    console provider. `expected` = what was reviewed, without a file.
    """

    question: str
    approved: bool
    test: bool
    parallelism: int
    lock_timeout: float
    saved: Plan | None = None
    replan: str = ""
    checklist: Path | None = None
    expected: Reviewed | None = None


def plan_and_apply(session: Session, project: Project, options: Options, how: ApplyOptions) -> int:
    """Plan under the lock, ask, apply, and report; return the exit code."""
    with locked(session, project, how.lock_timeout, how.parallelism) as snapshot:
        return _plan_and_apply(session, snapshot, options, how)


def run_plan(
    session: Session,
    snapshot: Snapshot,
    plan: Plan,
    fingerprints: Fingerprints,
    provider: Provider,
    probe: Probe | None,
    interrupted: Interrupt,
    parallelism: int,
    *,
    prove_all: bool = False,
) -> tuple[State, Results, Failure | None]:
    """Apply a plan while reporting what happens; a signal ends it early, with everything recorded.

    `interrupted` is the caller's until all is told: a signal in between would hide it. A line that could not be printed
    ends nothing: its failure is returned, to be raised then. `prove_all` = a person has made the changes.
    """
    project = snapshot.project
    triggers = all(each.kind == "trigger" for each in plan.changes)
    label = _LABELS.get(session.invocation.command, "Applying")
    with listening(session, len(plan.changes), label) as listener, listener.together():
        tools = Tools(
            provider=provider,
            backend=project.backend,
            fingerprints=fingerprints,
            probe=probe,
            report=lambda event: _report(listener, event, recording=prove_all, triggers=triggers),
            interrupted=interrupted,
            hurried=lambda: interrupted.hurried,
            parallelism=parallelism,
            prove_all=prove_all,
            called=project.invocation,
            warn=session.warn,
            idle=listener.pause,
        )
        record = None if plan.partial else project_record(project.configuration.settings)
        baseline = Baseline(fingerprints.upgraded(snapshot.state), snapshot.base, snapshot.live, record)
        state, results = apply(plan, project.configuration, baseline, tools)
    return state, results, listener.failure


def conclude(
    session: Session, plan: Plan, results: Results, snapshot: Snapshot | None = None, left: Ending = NOTHING_LEFT,
    *, recorded: bool = False,
) -> int:  # fmt: skip
    """Print the closing lines and return the exit code; `left` = where a run that was not complete leaves things.

    `recorded` = the settings of the project were, although there was nothing to do.
    """
    problems = [] if snapshot is None else [*_undelivered(results, snapshot)]
    if session.machine_format:  # in text they were printed with the plan
        problems = [*plan.diagnostics, *problems]
    failed = results.count("failed") or results.count("skipped")
    code = POLICY if left.uncovered else PARTIAL if failed else exit_code(problems)
    problems += left.uncovered
    if results.interrupted is not None:
        code = 128 + results.interrupted
    if not (plan.pending or session.machine_format):
        show_plan(session, plan, recorded=recorded)
        return code
    view = results_view(
        session.invocation.command, code, results=results, diagnostics=problems, routing=left.routing,
        routing_recorded=left.recorded, provider=plan.provider,
    )  # fmt: skip
    begin = "" if session.quiet else "\n"
    session.show(view, lambda view: begin + apply_text(view, verbose=session.verbose, layout=session.layout))
    if results.count("awaiting", kind="destination"):
        first = next(each for each in in_sequence(plan.changes) if each.calls_provider)
        session.next_step(session.invocation.command_line("confirm", first.address))
    return code


def refuse(session: Session, plan: Plan) -> int:
    """Show a plan that may not be applied, and return the exit code."""
    code = exit_code(plan.diagnostics)
    if session.machine_format:
        session.show_document(results_view(session.invocation.command, code, diagnostics=plan.diagnostics))
        session.refused(plan.diagnostics)
    else:
        show_plan(session, plan)
    return code


def check_checklist(session: Session, project: Project, checklist: Path | None) -> None:
    """Raise a `Failure` for a checklist that makes no sense: with another provider."""
    if checklist is None:
        return
    provider = project.configuration.settings.provider.type
    if provider != "console":
        remedy = "leave --checklist out: nobody has to do anything by hand"
        raise error("usage", f"--checklist is for the console provider, this is {provider}", remedy=remedy)


def _plan_and_apply(session: Session, snapshot: Snapshot, options: Options, how: ApplyOptions) -> int:
    with ExitStack() as held:
        with unchanged(session):
            plan, fingerprints = _reviewed(session, snapshot, options, how)
            begun = None
            if plan.pending and not plan.refused:
                if how.saved is None:
                    expected = how.expected is not None
                    approve(session, plan, how.question, approved=how.approved, test=how.test, expected=expected)
                begun = held.enter_context(_begun(session, snapshot, plan, fingerprints, how))
        if plan.refused:
            return refuse(session, plan)
        if begun is None:
            recorded = _close_intents(session, snapshot, plan)
            return conclude(session, plan, Results(), recorded=recorded)
        return _carry_out(session, snapshot, plan, fingerprints, begun, how)


def _reviewed(session: Session, snapshot: Snapshot, options: Options, how: ApplyOptions) -> tuple[Plan, Fingerprints]:
    """Return the plan that is the reviewed one, if one was, with every secret that it needs unless it is refused."""
    if how.saved is None:
        announce_reading(session, snapshot)
    digested = session.machine_format or session.verbose or how.saved is not None
    plan = _planned(snapshot, options, snapshot.fingerprints, digested=digested)
    _check_reviewed(session, snapshot, plan, how)
    if how.saved is not None and how.saved.refused:  # for a reason that planning does not look at, such as detections
        return how.saved, snapshot.fingerprints
    if plan.refused:
        return plan, snapshot.fingerprints
    fingerprints = snapshot.fingerprints_for(plan)
    if fingerprints.knows_more_than(snapshot.fingerprints):  # by what only commands could resolve
        plan = _planned(snapshot, options, fingerprints, digested=digested)
    return plan, fingerprints


@contextmanager
def _begun(
    session: Session, snapshot: Snapshot, plan: Plan, fingerprints: Fingerprints, how: ApplyOptions
) -> Iterator[tuple[Probe | None, Interrupt]]:
    """Yield what proves webhooks, and what notes a signal: from here on none ends the run by itself."""
    test = how.test and not snapshot.capabilities.manual
    again = how.replan or session.invocation.command_line("apply", *selection(plan))
    opened = open_probe(
        snapshot.project, fingerprints, how.parallelism,
        enabled=test, again=lambda _: again, parallel=how.saved is None, changes=plan.changes,
    )  # fmt: skip
    with opened as probe, Interrupt(session.say) as interrupted:
        yield probe, interrupted


def _carry_out(
    session: Session,
    snapshot: Snapshot,
    plan: Plan,
    fingerprints: Fingerprints,
    begun: tuple[Probe | None, Interrupt],
    how: ApplyOptions,
) -> int:
    state, results, unprinted = run_plan(
        session, snapshot, plan, fingerprints, snapshot.provider, *begun, how.parallelism
    )
    if results.count("awaiting"):
        _write_steps(session, snapshot.project, plan, how.checklist)
    left = Ending() if results.complete else ending(plan, snapshot, state, results)
    code = conclude(session, plan, results, snapshot, left)
    if unprinted is not None:
        raise unprinted
    return code


def _check_reviewed(session: Session, snapshot: Snapshot, plan: Plan, how: ApplyOptions) -> None:
    """Raise a `Failure` (``stale-plan``) unless a plan is the one that was reviewed, by its file or its digest."""
    if how.expected is not None:
        told = replace(plan, review_digest=snapshot.review_digest(plan))  # what is refused was not reviewed either
        check_reviewed(how.expected, told, session.invocation.command_line(*plan_words(plan)))
    if how.saved is not None:
        check_fresh(how.saved, plan, how.replan)


def _planned(snapshot: Snapshot, options: Options, fingerprints: Fingerprints, *, digested: bool) -> Plan:
    """Return the plan, with the reason for each secret that it could not verify unless all are still resolved."""
    plan = snapshot.plan(options, fingerprints, digested=digested)
    if plan.unverified and (plan.refused or snapshot.capabilities.manual):
        return replace(plan, without_value=snapshot.without_value)
    return plan


def _close_intents(session: Session, snapshot: Snapshot, plan: Plan) -> bool:
    """Forget what an earlier run intended, and what a person was asked to do, once nothing of it is left to do.

    What the project file says of hosts and references is recorded as well, which is returned, and so are slow
    fingerprints in place of quick ones.
    """
    if snapshot.base is None or plan.partial:
        return False
    project = project_record(snapshot.project.configuration.settings)
    settled = replace(snapshot.recorded, pending={}, project=project)
    with session.warning():
        if settled != snapshot.state:
            snapshot.project.backend.write(settled, snapshot.base)
        return True
    return False


def _write_steps(session: Session, project: Project, plan: Plan, checklist: Path | None) -> None:
    """Print the steps for every change that a person has to make, and write them to `checklist` as Markdown.

    They are what was asked for, so that even --quiet leaves nobody without them. Raises a `Failure` (``unwritable``).
    """
    commands = {each.address: session.invocation.command_line("confirm", each.address) for each in plan.changes}
    found = sections(in_sequence(plan.changes), project.configuration.resources, commands)
    session.progress(steps_text(found, session.layout), essential=checklist is None)
    if checklist is not None:
        session.save(checklist, safe(steps_markdown(found)))
        if checklist != STREAM:
            told = f"The steps are in {one_line(str(checklist))}"
            session.progress(f"{told}." if session.quiet else f"\n{told} as well.", essential=True)


def _report(listener: Listener, event: Event, *, recording: bool, triggers: bool) -> None:
    refused = event.delivery is not None and not event.delivery.delivered
    finished = event.moment in ("finished", "failed", "unlike") or refused
    listener.line(event_line(event, recording=recording, triggers=triggers), finished=finished)


def _undelivered(results: Results, snapshot: Snapshot) -> Iterator[Diagnostic]:
    configuration = snapshot.project.configuration
    created = {each.address for each in results.results if each.action is Action.CREATE}
    by_hand = snapshot.project.invocation.command == "confirm"  # a person has made the change already
    before = [each.delivery for each in results.results if each.delivery is not None]
    after = [each.proof for each in results.results if each.proof is not None]
    yield from delivery_problems(before, configuration, lambda group: left_text(group, created, by_hand=by_hand))
    yield from delivery_problems(after, configuration, lambda group: _recorded(group, created))


def _recorded(refused: Sequence[Delivery], created: Collection[str]) -> str:
    addresses = [each.address for each in refused]
    deed = "created" if all(each in created for each in addresses) else "changed"
    return f"{several(addresses)} {'were' if len(addresses) > 1 else 'was'} {deed} and recorded before"

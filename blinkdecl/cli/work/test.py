"""The work of ``blinkdecl test``: does an alert arrive?"""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Literal, TypedDict, Unpack

from blinkdecl.alert.delivery import given_up, send_all
from blinkdecl.alert.probe import shared
from blinkdecl.cli.metrics import arrivals, measured
from blinkdecl.cli.progress import listening
from blinkdecl.cli.session import Session
from blinkdecl.cli.signals import Interrupt
from blinkdecl.diagnostics import Diagnostic, counted, error, exit_code
from blinkdecl.model.duration import spelt
from blinkdecl.model.resource import TEST_ALERT_TYPE, Resource, accepts_type
from blinkdecl.model.results import Delivery, Results
from blinkdecl.model.state import State
from blinkdecl.project.project import Project, open_project
from blinkdecl.project.proving import Follow, open_proving, run_problems
from blinkdecl.project.records import read_state, recorded_state
from blinkdecl.project.targets import (
    Batch,
    Send,
    batches_of,
    delivery_problems,
    named_resources,
    not_recorded,
    run_tag,
    send_directly,
    sent_for,
    targets_of,
    through_panther,
    unproved_by,
)
from blinkdecl.project.tested import record_runs, record_tests
from blinkdecl.render.metrics import Measured
from blinkdecl.render.text.progress import run_line, sending_line, tested_line
from blinkdecl.render.text.results import tests_text
from blinkdecl.render.view.results import results_view


class _How(TypedDict):
    """What the caller says of how to test."""

    via: Literal["direct", "panther"]
    stale: float | None
    each: bool
    prove: bool
    prove_timeout: float
    strict: bool
    parallelism: int
    lock_timeout: float
    allow_commands: bool


def run(session: Session, addresses: tuple[str, ...], *, metrics_file: Path | None, **how: Unpack[_How]) -> int:
    """Run the command; returns its exit code, raises a `Failure`."""
    if how["each"] and how["via"] == "panther":
        raise error("usage", "--each is for alerts that blinkdecl sends: Panther sends to each destination anyway")
    if how["prove"] and how["via"] == "panther":
        raise error("usage", "--prove is for alerts that blinkdecl sends: Panther's have no tag to find them by")
    return measured(session, metrics_file, lambda: _run(session, addresses, how))


def _run(session: Session, addresses: tuple[str, ...], how: _How) -> Measured:
    """Choose who is tested and who sends, test, and return what came of it."""
    parallelism, stale, through = how["parallelism"], how["stale"], how["via"] == "panther"
    project = open_project(session.invocation, session.say, commands=how["allow_commands"], warn=session.warn)
    resources = _chosen(project, addresses, through=through)
    with ExitStack() as stack, ExitStack() as locked:
        state = recorded_state(project) if through else read_state(project)
        if state is not None:
            locked.enter_context(project.lock(how["lock_timeout"]))
            state = recorded_state(project)  # as the run that held the lock left it
        if stale is not None and resources:
            due = [found for found in resources if _is_stale(state, found.address, stale)]
            if not due and not session.machine_format:
                session.result(f"Nothing is stale: {_all_tested(resources)} within {spelt(stale)}.")
                return Measured(0, tested=arrivals(state, ()))
            resources = due
        if through and state is not None:
            resources, left_out = _within_reach(resources, state)
            send = stack.enter_context(through_panther(project, state, parallelism))
            batches, announced, proving, tag = _one_by_one(resources), None, None, ""
        else:
            left_out = [*not_recorded(project, resources, state)]
            targets = targets_of(project, resources)
            webhooks = batches_of(resources, targets)
            batches = _one_by_one(resources) if how["each"] else webhooks
            announced = sending_line(len(batches), len(webhooks), len(resources))
            tag = run_tag()
            wanted = open_proving(project, batches, tag, parallelism, everything=how["prove"], strict=how["strict"])
            proving = stack.enter_context(wanted)
            marks = proving.marks if proving is not None else {}
            send = stack.enter_context(send_directly(project, targets, parallelism, tag, marks))
        left_out += (each for each in project.loaded.warnings if each.code == "nothing-declared")
        follow = None if proving is None else partial(proving.follow, how["prove_timeout"])
        lost = partial(_lost, project, how["via"], tag)
        test = _Test(
            project, batches, send, lost, parallelism, left_out, state, announced, follow, locked.close,
            how["lock_timeout"],
        )  # fmt: skip
        return _test(session, test)


def _one_by_one(resources: Sequence[Resource]) -> list[Batch]:
    return [(resource,) for resource in resources]


def _lost(project: Project, via: Literal["direct", "panther"], tag: str, batch: Batch) -> Delivery:
    """Return the outcome of an alert whose answer is not waited for after a second signal."""
    address = batch[0].address
    through = ("--via", "panther") if via == "panther" else ()
    return given_up(address, via, project.invocation.command_line("test", *through, address), tag)


@dataclass(frozen=True, slots=True)
class _Test:
    """What is to be sent, and how; `follow` = how its runs are looked for, if they are to be.

    `lost` is the outcome of an alert that is given up, which is not recorded.
    `release` gives the state's lock back; `lock_timeout` = the seconds that it is waited for once more.
    """

    project: Project
    batches: Sequence[Batch]
    send: Send
    lost: Send
    parallelism: int
    left_out: Sequence[Diagnostic]
    state: State | None
    announced: str | None
    follow: Follow | None
    release: Callable[[], None]
    lock_timeout: float


def _test(session: Session, test: _Test) -> Measured:
    """Say what is about to be sent, send, record and report; return what came of it."""
    deliveries: list[Delivery] = []
    behind = {batch[0].address: batch for batch in test.batches}
    with listening(session, sum(map(len, test.batches)), "Testing") as listener, Interrupt(session.say) as interrupted:
        listener.line(test.announced)

        def tested(delivery: Delivery) -> None:
            for each in behind[delivery.address]:
                deliveries.append(shared(delivery, each.address))
                listener.line(tested_line(deliveries[-1]), finished=True)

        try:
            with listener.together():
                sent = send_all(
                    test.batches,
                    test.send,
                    parallelism=test.parallelism,
                    on_delivery=tested,
                    cancelled=lambda: interrupted() is not None,
                    hurried=lambda: interrupted.hurried,
                    lost=test.lost,
                    idle=listener.pause,
                )
        finally:
            problems = record_tests(test.project, deliveries) if test.state is not None else ()
        test.release()  # others need not wait for what Blink does
        in_order = tuple(shared(one, each.address) for one in sent for each in behind[one.address])
        if test.follow is not None:
            in_order = test.follow(
                in_order,
                lambda each: listener.line(run_line(each)),
                lambda: interrupted() is not None,
                lambda: interrupted.hurried,
            )
        recorded = [each for each in in_order if test.state is not None and each.address in test.state.resources]
        problems += record_runs(test.project, recorded, test.lock_timeout, lambda: interrupted() is not None)
    if listener.failure is not None:
        raise listener.failure
    problems = (*run_problems(in_order), *test.left_out, *problems)
    code = _conclude(session, test.project, in_order, problems, interrupted())
    known = {each.address for each in deliveries}  # what was given up says nothing new
    return Measured(code, tested=arrivals(test.state, (each for each in in_order if each.address in known)))


def _is_stale(state: State | None, address: str, seconds: float) -> bool:
    """Whether the last test alert that arrived is older than `seconds`, or none is recorded."""
    record = state.resources.get(address) if state is not None else None
    if record is None or record.last_test is None or not record.last_test.delivered:
        return True
    age = datetime.now(UTC) - datetime.fromisoformat(record.last_test.at)
    return age.total_seconds() > seconds


def _all_tested(resources: Sequence[Resource]) -> str:
    """Return what a run that has nothing to do says of the resources that it looked at."""
    if len(resources) == 1:
        return f"a test alert reached {resources[0].address}"
    return f"a test alert reached each of {counted(len(resources), 'resource')}"


def _within_reach(resources: Sequence[Resource], state: State) -> tuple[list[Resource], list[Diagnostic]]:
    """Return the destinations that Panther can send a test alert to, and a warning for each of the others."""
    reached, left_out = [], []
    for each in resources:
        record = state.resources.get(each.address)
        if record is None or record.id is None:
            reason, remedy = "it is not recorded", "run `blinkdecl apply` first"
        elif not accepts_type(record.attributes["alert_types"], TEST_ALERT_TYPE):
            reason, remedy = f"it does not accept the alert type {TEST_ALERT_TYPE}", "test it without `--via panther`"
        else:
            reached.append(each)
            continue
        summary = f"Panther was not asked to test {each.address}: {reason}"
        left_out.append(Diagnostic("not-tested", summary, severity="warning", notes=(("help", remedy),)))
    return reached, left_out


def _chosen(project: Project, addresses: tuple[str, ...], *, through: bool) -> list[Resource]:
    """Return what to test: every destination, or what is named; raises a `Failure` for an unknown name."""
    found = named_resources(project, addresses, "to test")
    if through and (triggers := [each.address for each in found if each.kind == "trigger"]):
        raise error("usage", f"Panther knows no {triggers[0]}: it sends test alerts to destinations")
    declared = project.configuration.resources
    return found or [each for each in declared.values() if not addresses and each.kind == "destination"]


def _conclude(
    session: Session,
    project: Project,
    deliveries: tuple[Delivery, ...],
    others: tuple[Diagnostic, ...],
    interrupted: int | None,
) -> int:
    problems = [*delivery_problems(deliveries, project.configuration, sent_for), *others]
    code = exit_code(problems) if interrupted is None else 128 + interrupted
    results = Results(interrupted=interrupted)
    view = results_view("test", code, results=results, deliveries=deliveries, diagnostics=problems)
    lines = session.quiet or session.output is not None
    gap = "\n" if deliveries and not lines else ""
    told = session.quiet or any(each.code == "not-recorded" for each in others)
    beyond = None if told else unproved_by(project, deliveries)
    session.show(view, lambda view: gap + tests_text(view, session.layout, lines=lines, beyond=beyond))
    return code

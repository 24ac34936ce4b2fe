"""``blinkdecl test``: does an alert arrive?"""

import sys
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from dataclasses import replace
from datetime import UTC, datetime

import click

from blinkdecl.cli.command import session_command
from blinkdecl.cli.interrupt import Interrupt
from blinkdecl.cli.options import Seconds, allow_commands, lock_timeout, parallelism
from blinkdecl.cli.probing import (
    Send,
    delivery_problem,
    named_resources,
    run_tag,
    sending,
    straight,
    through_panther,
)
from blinkdecl.cli.session import Session
from blinkdecl.cli.wiring import Project, open_project, read_state, recorded_state
from blinkdecl.delivering import send_all
from blinkdecl.diagnostics import Diagnostic, Failure, error, exit_code
from blinkdecl.model import LastTest, Resource, State, kind_of
from blinkdecl.render.progress_text import tested_line
from blinkdecl.render.results_text import tests_text
from blinkdecl.render.terminal import Progress
from blinkdecl.render.view import results_view
from blinkdecl.results import Delivery, Results

_BAR_FROM = 20


@session_command(
    "test",
    click.Argument(["addresses"], nargs=-1, metavar="[ADDRESS]..."),
    click.Option(
        ["--via"], type=click.Choice(["direct", "panther"]), default="direct", show_default=True, help="Who sends."
    ),
    click.Option(["--stale"], metavar="AGE", type=Seconds(), help="Only where none arrived for so long, e.g. 7d."),
    parallelism(),
    lock_timeout(),
    allow_commands(),
    formats=["json", "junit"],
)
def command(
    session: Session,
    addresses: tuple[str, ...],
    *,
    via: str,
    stale: float | None,
    parallelism: int,
    lock_timeout: float,
    allow_commands: bool,
) -> int:
    """Send Panther's test alert to each destination, or to those named, and record what came of it.

    Each is sent once and never repeated: a repeat runs somebody's automation twice. A trigger is tested where it is
    named. With `--via panther` Panther sends its own test alert to what is recorded and accepts the alert type RULE.
    Exit code 4 if one did not arrive.
    """
    project = open_project(session, commands=allow_commands)
    resources = _chosen(project, addresses, through=via == "panther")
    with ExitStack() as stack:
        state = recorded_state(project) if via == "panther" else read_state(project)
        if state is not None:
            stack.enter_context(project.lock(lock_timeout))
            state = recorded_state(project)  # as the run that held the lock left it
        if stale is not None:
            resources = [each for each in resources if _is_stale(state, each.address, stale)]
        if via == "panther" and state is not None:
            resources, left_out = _within_reach(resources, state)
            send = stack.enter_context(through_panther(project, state, parallelism))
        else:
            left_out = []
            send = stack.enter_context(straight(project, resources, parallelism, run_tag()))
        return _test(project, resources, send, parallelism, left_out, recorded=state is not None)


def _test(
    project: Project,
    resources: Sequence[Resource],
    send: Send,
    parallelism: int,
    left_out: Sequence[Diagnostic],
    *,
    recorded: bool,
) -> int:
    """Send, record and tell; return the exit code."""
    session = project.session
    shown = session.interactive and not session.quiet and len(resources) >= _BAR_FROM
    with Progress(sys.stderr, shown=shown) as bar, Interrupt(session.say) as interrupted:
        bar.start(len(resources))
        watch = _Watch(session, bar)
        try:
            deliveries = send_all(
                resources,
                send,
                parallelism=parallelism,
                on_delivery=watch,
                cancelled=lambda: interrupted() is not None,
            )
        finally:
            problems = _record(project, watch.deliveries) if recorded else ()
    if watch.failure is not None:
        raise watch.failure
    return _conclude(project, deliveries, (*left_out, *problems), interrupted())


def _is_stale(state: State | None, address: str, seconds: float) -> bool:
    """Whether the last test alert that arrived is older than that, or none is recorded."""
    record = state.resources.get(address) if state is not None else None
    if record is None or record.last_test is None or not record.last_test.delivered:
        return True
    age = datetime.now(UTC) - datetime.fromisoformat(record.last_test.at)
    return age.total_seconds() > seconds


def _within_reach(resources: Sequence[Resource], state: State) -> tuple[list[Resource], list[Diagnostic]]:
    """Return the destinations that Panther can send a test alert to, and a warning for each other."""
    reached, left_out = [], []
    for each in resources:
        record = state.resources.get(each.address)
        accepted = record.attributes["alert_types"] if record is not None else ()
        if record is None or record.id is None:
            reason, way_out = "it is not recorded", "run `blinkdecl apply` first"
        elif isinstance(accepted, tuple) and accepted and "RULE" not in accepted:
            reason, way_out = "it does not accept the alert type RULE", "test it without `--via panther`"
        else:
            reached.append(each)
            continue
        summary = f"Panther was not asked to test {each.address}: {reason}"
        left_out.append(Diagnostic("not-tested", summary, severity="warning", notes=(("help", way_out),)))
    return reached, left_out


class _Watch:
    """Hears of each test alert: keeps what came of it, and tells it, as long as somebody can be told."""

    def __init__(self, session: Session, bar: Progress) -> None:
        self._session = session
        self._bar = bar
        self.deliveries: list[Delivery] = []
        self.failure: Failure | None = None

    def __call__(self, delivery: Delivery) -> None:
        self.deliveries.append(delivery)
        # A full disk behind stdout must not end the batch: it is an error when all is sent and recorded.
        with suppress(OSError):
            try:
                self._session.progress(tested_line(delivery))
            except Failure as failure:
                self.failure = failure
            self._bar.advance()


def _chosen(project: Project, addresses: tuple[str, ...], *, through: bool) -> list[Resource]:
    """Return what to test: every destination, or what is named; raises a `Failure` for a name that is none."""
    found = named_resources(project, addresses, "to test")
    if through and (triggers := [each.address for each in found if kind_of(each.address) == "trigger"]):
        raise error("usage", f"Panther knows no {triggers[0]}: it sends test alerts to destinations")
    declared = project.configuration.resources
    return found or [each for each in declared.values() if not addresses and kind_of(each.address) == "destination"]


def _record(project: Project, deliveries: Sequence[Delivery]) -> tuple[Diagnostic, ...]:
    """Keep the outcomes in the state of what is recorded there, and return why that failed, if it did.

    The alerts are out: what came of them is told in any case.
    """
    try:
        state = recorded_state(project)
        resources = dict(state.resources)
        for each in deliveries:
            if (record := resources.get(each.address)) is not None:
                last = LastTest(each.at, each.delivered, each.status, each.latency)
                resources[each.address] = replace(record, last_test=last)
        if resources != state.resources:
            project.backend.write(replace(state, resources=resources), state)
    except Failure as failure:
        return failure.diagnostics
    return ()


def _conclude(
    project: Project, deliveries: tuple[Delivery, ...], others: tuple[Diagnostic, ...], interrupted: int | None
) -> int:
    session = project.session
    problems = [
        *(
            delivery_problem(each, project.configuration, f"{sending(each)} to {each.address}")
            for each in deliveries
            if not each.delivered
        ),
        *others,
    ]
    code = exit_code(problems) if interrupted is None else 128 + interrupted
    results = Results(interrupted=interrupted)
    view = results_view("test", code, results=results, deliveries=deliveries, diagnostics=problems)
    if session.machine:
        session.document(view)
    else:
        lines = session.quiet or session.output is not None
        session.result(("\n" if deliveries and not lines else "") + tests_text(view, lines=lines))
    return code
